// The Gaussian likelihood of the spatial family, with coefficients and σ² concentrated out:
//   A(ρ) y = X b + a + u,  B(λ) u = ε,  A = I − ρW, B = I − λM, ε ~ N(0, σ²)
//   ln L = −n/2 ln(2πσ²) + Σ_t [ln|A_t| + ln|B_t|] − n/2,  σ² = SSE/n
// and with random unit effects of variance φσ²: either filtered like ε (Kapoor, Kelejian & Prucha 2007), or not
// (Anselin 1988; Baltagi, Song & Koh 2003).
// Sources: Ord (1975), JASA 70; Anselin (1988); LeSage & Pace (2009); Elhorst (2014); Lee & Yu (2010), J. Econometrics
// 154.
#pragma once

#include "estimators/spatial/model.hpp"

namespace estimators {

struct LikelihoodOptions {
  bool rho = false, lambda = false, phi = false;
  bool kkp = false;     ///< random effects are filtered by B, too
  bool lee_yu = false;  ///< likelihood of the transformed data: T − 1 periods, N − 1 units
  std::string logdet = "auto";
};

/// ln φ below which random effects count as absent.
inline constexpr double no_variance = -9;

class Likelihood {
 public:
  Likelihood(const SpatialModel& model, const LikelihoodOptions& options);
  ~Likelihood();

  struct Point {
    double value = 0, sigma2 = 0, sse = 0;
    Vector beta;
  };
  /// theta: those of ρ, λ, ln φ that the model has, in this order. value −∞ where it is not defined.
  Point at(const Vector& theta, bool coarse = false) const;
  Vector maximise() const;  ///< throws core::Error when the maximum lies at a bound or is not reached
  /// −Hessian⁻¹ of the concentrated likelihood: the covariance of theta by observed information.
  Matrix covariance(const Vector& theta) const;
  /// db/dtheta along the concentrated likelihood, k×p.
  Matrix slopes(const Vector& theta) const;
  /// (X'Ω⁻¹X)⁻¹ at theta, times σ² the covariance of b given theta.
  Matrix coefficient_inverse(const Vector& theta) const;

  Index size() const;  ///< parameters in theta
  double n() const;    ///< observations counted: (N − 1)(T − 1) … after Lee and Yu's transformation
  std::vector<std::string> names() const;  ///< "rho", "lambda", "phi"
  std::shared_ptr<const StackedLogDet> lag_logdet() const;
  std::shared_ptr<const StackedLogDet> error_logdet() const;
  std::vector<spatial::Interval> bounds() const;
  /// Lee and Yu's transformation of time effects: N − 1 deviations in every period.
  bool counts_deviations() const;

  /// B(λ)(y − ρWy) and B(λ)X without effects; with random effects quasi-demeaned as φ asks (KKP or λ absent).
  Vector filtered_y(const Vector& theta) const;
  Matrix filtered_X(const Vector& theta) const;
  /// Are unit effects dummies that the error's filter changes, because it differs between periods?
  bool filters_effects() const;
  /// A filtered column without the effects.
  Vector without_filtered_effects(const Vector& theta, const Vector& filtered) const;
  /// The errors u of A y − X b = a + u: without the effects, before the filter B.
  Vector disturbances(const Vector& theta, const Vector& unfiltered) const;
  double rho_of(const Vector& theta) const;
  double lambda_of(const Vector& theta) const;
  double phi_of(const Vector& theta) const;

 private:
  /// [B A y, B X]'Ω⁻¹[B A y, B X] of scaled columns, and ln|B A| − ½ ln|Ω|; nothing outside the bounds.
  bool moments(const Vector& theta, bool coarse, Matrix& C, double& logs) const;
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace estimators
