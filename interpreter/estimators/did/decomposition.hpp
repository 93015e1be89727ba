// What a two-way fixed-effects estimate with staggered treatment is an average of.
#pragma once

#include "estimators/did/staggered.hpp"

#include <string>
#include <vector>

namespace estimators {

/// One two-by-two comparison: cohort `treated` against cohort `control`.
struct Comparison {
  std::string treated, control, type;
  double estimate = 0, weight = 0;
};

struct BaconDecomposition {
  std::vector<Comparison> comparisons;  ///< by type, then cohort
  double twfe = 0;                      ///< Σ weight · estimate
  std::string depvar;
  std::vector<std::string> notes;
};

/// β of y on a 0/1 treatment with unit and period effects = Σ weight · two-by-two estimate over pairs of cohorts:
///   treated k, untreated U:   s ∝ (n_k + n_U)² n_kU (1 − n_kU) D_k (1 − D_k)
///   early k, late l before:   s ∝ ((n_k + n_l)(1 − D_l))² n_kl (1 − n_kl) (D_k − D_l)/(1 − D_l) · (1 − D_k)/(1 − D_l)
///   late l, early k after:    s ∝ ((n_k + n_l) D_k)² n_kl (1 − n_kl) D_l/D_k · (D_k − D_l)/D_k
/// n: shares of units, n_kl = n_k/(n_k + n_l), D: share of periods treated. Source: Goodman-Bacon (2021), J.
/// Econometrics 225(2), Theorem 1.
/// With covariates, d̃ the residual of treatment on them and the effects: β = Ω β_w + (1 − Ω) Σ s_kl β_kl, Ω the share
/// of d̃'s squares within cohorts and periods, and over means by cohort and period
///   β_kl = Σ_t (y_kt − y_lt)(d̃_kt − d̃_lt)/Σ_t (d̃_kt − d̃_lt)²,  s_kl ∝ n_k n_l Σ_t (d̃_kt − d̃_lt)². Same, section 5.2.
/// treatment=: a 0/1 column instead of cohort=. Throws core::Error: an unbalanced panel, weights, treatment that ends.
BaconDecomposition bacon(const Request& request);

/// Weights of ATT(g, t) in the same β.
struct TwfeWeights {
  struct Cell {
    std::string cohort, period;
    double weight = 0;
    std::int64_t rows = 0;
  };
  std::vector<Cell> cells;  ///< treated ones
  double beta = 0;
  std::int64_t positive = 0, negative = 0;
  double negative_sum = 0;
  /// The least standard deviation of effects between cells with which β can be and all effects average 0 (sigma), or
  /// with which all effects have the sign opposite to β's (sigma_sign; NaN: no weight is negative).
  double sigma = 0, sigma_sign = 0;
  std::string depvar;
  std::vector<std::string> notes;
};

/// β = Σ over treated rows of W Δ, W = ε/Σ_treated ε, ε the residual of treatment on the fixed effects. Source: de
/// Chaisemartin & D'Haultfœuille (2020), American Economic Review 110(9), Theorem 1 and Corollary 1.
TwfeWeights twfe_weights(const Request& request);

}  // namespace estimators
