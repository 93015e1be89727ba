// Weighting and regression adjustment: entropy balancing, and treatment effects by RA, IPW, AIPW and IPWRA.
#pragma once

#include "estimators/glm/binary.hpp"
#include "estimators/matching/matching.hpp"

#include <string>
#include <vector>

namespace estimators {

/// Entropy balancing: control weights w_i ∝ q_i exp(λ'c_i) whose moments equal the treated ones', nearest to the base
/// weights q in entropy. λ minimises log Σ q_i exp(λ'(c_i − c̄_treated)): Newton with halved steps.
/// Source: Hainmueller (2012), Political Analysis 20(1). Peer: ebal, ebalance.
struct EntropyWeights {
  numerics::Vector weights;  ///< n: 1 for treated, controls summing to the number of treated
  int iterations = 0;
  double worst = 0;  ///< largest remaining gap, in standard deviations of the treated
};
/// C: n×m moments to balance. Throws core::Error when no weights balance them (the treated mean is outside the
/// controls' hull).
EntropyWeights entropy_balance(const numerics::Vector& treat, const numerics::Matrix& C, const numerics::Vector& base,
                               double tol = 1e-10, int maxiter = 200);

/// C with squares (2) and products (all pairs) or cubes (3) of the columns that are not 0/1, as asked.
numerics::Matrix moments(const numerics::Matrix& X, int order, bool products);

enum class EffectMethod { ra, ipw, aipw, ipwra };
struct TreatmentEffect {
  double estimate = 0, se = 0, mean0 = 0, mean0_se = 0;
  numerics::Vector influence;  ///< n: estimate's, summing to 0
};
/// τ and the mean without treatment, standard errors from the stacked moment conditions of the score, the outcome
/// regressions and τ. ipw: weights normalised (Hájek). X: outcome regressors with constant; b: fitted score on Z (n×k).
/// clusters: n codes or empty. Sources: Robins, Rotnitzky & Zhao (1994); Wooldridge (2010), chapter 21; Imbens &
/// Wooldridge (2009). Peer: teffects.
TreatmentEffect treatment_effect(EffectMethod method, Estimand estimand, const numerics::Vector& treat,
                                 const numerics::Vector& y, const numerics::Matrix& X, const numerics::Matrix& Z,
                                 Link link, const numerics::Codes& clusters);

}  // namespace estimators
