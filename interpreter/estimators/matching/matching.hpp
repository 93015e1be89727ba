// Matching treated to untreated rows: who is matched with whom, and the weights that follow. Arrays in, arrays out.
//   nearest: the k nearest by a distance (propensity score, its index, or Mahalanobis), with or without replacement
//   radius:  all within a caliper, equally;   kernel: all, weighted by K(distance/bandwidth)
//   strata:  exact values, coarsened values (CEM), or quantile classes of the score
// Weights (ATT): 1 for a matched treated row, Σ over its treated rows of (share of that row's match) for a control;
// scaled so that the controls' average to 1, as MatchIt. Strata: n_treated/n_control of the stratum, scaled so.
// Sources: Rosenbaum & Rubin (1983, 1984); Heckman, Ichimura & Todd (1997) for kernels; Iacus, King & Porro (2012);
//          Abadie & Imbens (2006), Econometrica 74(1) for standard errors.
// Peers: MatchIt, psmatch2, teffects (tests/reference/match/).
#pragma once

#include "numerics/types.hpp"

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace estimators {

enum class MatchMethod { nearest, radius, kernel, strata };
enum class MatchOrder { largest, smallest, data, random };
enum class Estimand { att, ate, atc };

struct MatchRules {
  MatchMethod method = MatchMethod::nearest;
  int k = 1;
  bool replace = false;
  MatchOrder order = MatchOrder::largest;
  double caliper = 0;     ///< in units of the distance; 0: none
  bool all_ties = false;  ///< with replacement: every control at the least distance shares the match
  std::string kernel = "epanechnikov";
  double bandwidth = 0.06;
  Estimand estimand = Estimand::att;
  std::uint64_t seed = 0;
};

using Partners = std::vector<std::pair<numerics::Index, double>>;  ///< rows and shares that sum to 1
struct Matched {
  std::vector<Partners> partners;             ///< of each row that was to be matched; empty: not matched
  numerics::Vector weights;                   ///< n, 0: not in the matched sample
  numerics::Codes strata;                     ///< n, −1: in none; empty without strata
  numerics::Index treated = 0, controls = 0;  ///< with positive weight
};

/// `score`: n×1 (a score) or n×p (points whose Euclidean distance is taken: covariates already scaled by the root of
/// the inverse covariance). Throws core::Error: nobody to match, a kernel unknown, more partners than controls.
Matched match_rows(const numerics::Vector& treat, const numerics::Matrix& points, const MatchRules& rules);
/// Weights of given strata. Strata without both treated and controls drop out.
Matched match_strata(const numerics::Vector& treat, numerics::Codes strata, Estimand estimand);

/// Points for Mahalanobis distances: X S^(−1/2), S the pooled covariance within treated and controls.
numerics::Matrix mahalanobis_points(const numerics::Vector& treat, const numerics::Matrix& X);
/// Classes by quantiles (type 7) of the score among the treated (ATT), controls (ATC) or all (ATE).
numerics::Codes score_classes(const numerics::Vector& treat, const numerics::Vector& score, int classes,
                              Estimand estimand);

struct MatchEffect {
  double estimate = 0, se = 0;
  std::string how;  ///< of the standard error
};
/// The weighted difference of means with Abadie and Imbens's (2006) standard error; conditional variances from the
/// nearest `neighbours` rows of the same group. For matches without replacement the pairs' differences (Abadie & Spiess
/// 2022); for strata the strata's own variances.
MatchEffect match_effect(const numerics::Vector& treat, const numerics::Vector& y, const numerics::Matrix& points,
                         const Matched& matched, const MatchRules& rules, int neighbours = 1);

/// What an estimated score takes from (or adds to) the variance of match_effect. Abadie & Imbens (2016), Econometrica
/// 84(2), theorems 1 and 2. X: regressors of the score with the constant; density, score at the index; information⁻¹.
double score_adjustment(const numerics::Vector& treat, const numerics::Vector& y, const numerics::Matrix& X,
                        const numerics::Vector& score, const numerics::Vector& density, const numerics::Matrix& bread,
                        double effect, Estimand estimand, int neighbours = 2);

struct Balance {
  double mean_treated = 0, mean_control = 0, difference = 0;  ///< standardised
  double variance_ratio = 0, ks = 0, ecdf_mean = 0;           ///< largest and mean gap of the distribution functions
};
/// Standardised by the standard deviation of the treated (ATT), controls (ATC), or the root of the mean of both
/// variances (ATE), before matching. weights: n or empty. Binary columns have no variance ratio (NaN).
Balance balance_of(const numerics::Vector& x, const numerics::Vector& treat, const numerics::Vector& weights,
                   Estimand estimand);
/// (Σw)²/Σw² of a group.
double effective_size(const numerics::Vector& weights, const numerics::Vector& treat, double group);

}  // namespace estimators
