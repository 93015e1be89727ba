// The Gini coefficient: weighted, with a standard error, decomposed by groups.
#pragma once

#include "measures/values.hpp"
#include "numerics/types.hpp"

#include <vector>

namespace measures {

enum class GiniError { none, jackknife, influence };

struct GiniOptions {
  bool corrected = false;  ///< times n / (n − 1)
  GiniError error = GiniError::none;
};

struct Gini {
  double gini = 0;
  double se = 0;  ///< NaN when not asked for, or of fewer than three observations
  double n = 0, mean = 0;
};

/// G = Σ_i Σ_j w_i w_j |x_i − x_j| / (2 W² x̄), from one sort: Σ_i w_i (x_i − x̄)(2 C_i − w_i − W) / (W² x̄), with C_i
/// the weights up to i.
/// Standard errors. jackknife: √((n − 1)/n Σ (G_(i) − mean)²) over the n coefficients without one observation (all
/// found in one pass; with frequency weights, without one of the identical rows). influence: the linearised variance
/// n/(n − 1) Σ (w_i IF_i)² / W² with IF_i = d_i/x̄ − G − G x_i/x̄, d_i = Σ_j w_j |x_i − x_j| / W.
/// NaN of no values. Throws core::Error when the values sum to zero.
/// Sources: Gini (1912); Ogwang (2000), Oxford Bulletin 62(1); Davidson (2009), Journal of Econometrics 150(1).
Gini gini(const Values& values, const GiniOptions& options = {});

struct GiniGroups {
  double total = 0, within = 0, between = 0, overlap = 0;  ///< total = within + between + overlap
  std::vector<double> gini, population, income;            ///< per group: its Gini, its shares of Σw and Σwx
  numerics::Matrix pairs;                                  ///< G_jh: groups × groups, group Ginis on the diagonal
  numerics::Matrix distance;                               ///< D_jh: relative economic affluence, zero diagonal
};

/// within = Σ p_g s_g G_g; between = the Gini of the group means; overlap = the rest. In Dagum's terms between is the
/// net contribution Σ G_jh (p_j s_h + p_h s_j) D_jh, and overlap the intensity of transvariation: the two
/// decompositions coincide because D_jh = |x̄_j − x̄_h| / Δ_jh. Every group has at least one value.
/// Sources: Bhattacharya & Mahalanobis (1967), JASA 62; Lambert & Aronson (1993), Economic Journal 103; Dagum (1997),
/// Empirical Economics 22.
GiniGroups gini_groups(const std::vector<Values>& groups);

}  // namespace measures
