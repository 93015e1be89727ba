// Two groups, two periods: doubly robust, weighting and regression estimates of the effect on the treated, with their
// influence functions. Arrays in, numbers out.
#pragma once

#include "numerics/types.hpp"

#include <memory>
#include <string>

namespace estimators {

enum class DidMethod {
  dr,                ///< doubly robust, least squares and logit by maximum likelihood (Sant'Anna & Zhao, 2020)
  improved,          ///< doubly robust, weighted least squares and inverse probability tilting (same, section 3.1)
  ipw,               ///< weighting, weights that sum to one (Hájek)
  horvitz_thompson,  ///< weighting (Abadie, 2005)
  reg,               ///< outcome regression (Heckman, Ichimura & Todd, 1997)
};

struct TwoByTwo {
  double att = 0;
  numerics::Vector influence;   ///< n: estimate − ATT ≈ mean(influence)
  numerics::Index trimmed = 0;  ///< comparison rows left out because their propensity score is at least 0.995
};

/// Both periods of each unit are seen:
///   dr:  ATT = E_w1[Δy − x'β] − E_w0[Δy − x'β],  w1 ∝ D,  w0 ∝ p(x)/(1 − p(x)) (1 − D),
///        β by least squares of Δy among the untreated, p(x) by logit;
///   reg: w0 of x'β is w1;   ipw: without x'β.
/// The influence functions hold what estimating β and p adds. What does not depend on Δy is found once.
/// Source: Sant'Anna & Zhao (2020), J. Econometrics 219(1), 101–122. Peers: DRDID, drdid.
class PanelDid {
 public:
  /// treated: n values 0 or 1; X: n×k with its constant; weights: n positive or empty. Throws core::Error when X is
  /// collinear among the untreated, or the propensity score has no maximum (separation).
  PanelDid(numerics::Vector treated, numerics::Matrix X, numerics::Vector weights, DidMethod method);
  ~PanelDid();
  PanelDid(PanelDid&&) noexcept;
  TwoByTwo operator()(const numerics::Vector& change) const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// Repeated cross-sections: y in one of two periods for each row (post: n values 0 or 1). dr is the locally efficient
/// estimator, which also regresses among the treated. Source: the same, section 2.2 and 3.2.
TwoByTwo sections_did(const numerics::Vector& y, const numerics::Vector& post, const numerics::Vector& treated,
                      const numerics::Matrix& X, const numerics::Vector& weights, DidMethod method);

/// "dr", "imp", "ipw", "stdipw", "reg": the words of options. Throws core::Error with near names.
DidMethod did_method(const std::string& word);

}  // namespace estimators
