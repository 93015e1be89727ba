// One coefficient in several samples: are they equal? And how a slope changes with a moderator.
//   Stacked: the influence of a row on each estimate is bread · score; covariances between samples come from clusters
//   (or rows) that are in several. W = (Rb)'(R V R')⁻¹(Rb), χ² with as many degrees of freedom as samples less one.
//   Permutation: group labels change places among units (or rows), the samples are estimated again;
//   p = (1 + #{W* or |difference*| at least as large})/(R + 1).
//   Moderation: y = b1 x + b2 z + b3 x·z + …: slope of x at z is b1 + b3 z, and Johnson–Neyman's bounds are the roots
//   of (b1 + b3 z)² = t² (v11 + 2 z v13 + z² v33).
// Sources: Weesie (1999) and Stata's suest; Cleary (1999) for permutation of differences; Johnson & Neyman (1936);
//          Bauer & Curran (2005).
#pragma once

#include "estimators/estimator.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace estimators {

struct SplitSample {
  std::string level;
  FitPtr fit;
};
struct Heterogeneity {
  std::string term, by;
  bool by_units = false;  ///< every unit is in one group
  std::vector<SplitSample> samples;
  numerics::Vector estimate, se;
  numerics::Matrix covariance;
  double wald = 0, df = 0, p = 1;
  double p_permutation = 0;   ///< NaN without draws
  double difference = 0;      ///< of two groups: the second minus the first
  std::vector<double> draws;  ///< of the difference, or of W with more groups
  std::vector<std::string> notes;
};

/// request: a regression with the common options; `by`: the groups. Throws core::Error: fewer than two groups, a group
/// without the coefficient.
Heterogeneity heterogeneity(const Request& request, const formula::Tree& by, const std::string& term, int reps,
                            std::uint64_t seed);

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
