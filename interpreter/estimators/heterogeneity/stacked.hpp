// One coefficient in several samples: are they equal? And how a slope changes with a moderator.
//   Stacked: the influence of a row on each estimate is bread · score; covariances between samples are those of the
//   stacked influences by the rule of the fits' vcov (clusters, periods or neighbours that are in several samples),
//   scaled so that the variances stay those of the fits. W = (Rb)'(R V R')⁻¹(Rb), χ² with as many degrees of freedom as
//   samples less one. Permutation: group labels change places among units (or rows), the samples are estimated again;
//   p = (1 + #{W* or |difference*| at least as large})/(R + 1).
//   Moderation: y = b1 x + b2 z + b3 x·z + …: slope of x at z is b1 + b3 z, and Johnson–Neyman's bounds are the roots
//   of (b1 + b3 z)² = t² (v11 + 2 z v13 + z² v33).
// Sources: Weesie (1999) and Stata's suest; Cleary (1999) for permutation of differences; Johnson & Neyman (1936);
//          Bauer & Curran (2005).
#pragma once

#include "estimators/heterogeneity/split.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace estimators {

struct Heterogeneity {
  std::string term, by;
  bool by_units = false;  ///< every unit is in one group
  std::vector<std::string> levels;
  std::vector<FitPtr> fits;
  numerics::Vector estimate, se;
  numerics::Matrix covariance;
  double wald = 0, df = 0, p = 1;
  double p_permutation = 0;   ///< NaN without draws
  double difference = 0;      ///< of two groups: the second minus the first
  std::vector<double> draws;  ///< of the difference, or of W with more groups
  std::vector<std::string> notes;
};

/// Is `term` (empty: the first) the same in every part? Throws core::Error: a part without the coefficient, results
/// that keep neither scores nor rows while parts share units.
Heterogeneity heterogeneity(const SplitFits& parts, const std::string& term, int reps, std::uint64_t seed);

/// Least squares with absorbed fixed effects, as feols.
results::Fit fit_feols(const Request& request);

struct Slope {
  std::string where;
  double at = 0, slope = 0, se = 0, t = 0, p = 1, low = 0, high = 0;
};
struct Moderation {
  FitPtr fit;
  std::string x, z, z_used;  ///< z_used: the column in the regression
  double centre = 0, scale = 1, interaction = 0, interaction_p = 1, level = 0.95;
  std::vector<Slope> slopes;                 ///< at mean − sd, mean, mean + sd, or as asked; `at` in z's own units
  std::vector<double> bounds;                ///< Johnson–Neyman, in z's own units: 0, 1 or 2
  std::string region;                        ///< where the slope is significant, in words
  double z_low = 0, z_high = 0, inside = 0;  ///< range of z; share of rows where the slope is significant
  std::vector<Slope> curve;                  ///< over the range of z
};
struct ModerationOptions {
  formula::Tree x, z;
  bool centre = true, standardise = false;
  std::vector<double> at;  ///< values of z in its own units
  double level = 0.95;
};
/// request: y ~ controls; x, z and x:z are added.
Moderation moderate(const Request& request, const ModerationOptions& options);

}  // namespace estimators
