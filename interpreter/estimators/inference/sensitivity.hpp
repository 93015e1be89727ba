// How strong would what is left out have to be? Oster's δ and β*, Cinelli and Hazlett's robustness value.
#pragma once

#include "results/fit.hpp"

#include <string>
#include <vector>

namespace estimators {

/// Oster: selection on unobservables proportional to that on observables.
/// With the short regression of y on x (β°, R°), the long one (β̃, R̃), Rmax, σ² the variances of y and x, τ that of x
/// given the controls, ν = β̃ − β the bias:
///   δ(β) [(Rmax − R̃)σ_y²((β° − β̃)σ_x² + ν(σ_x² − τ)) + ν²τ(β° − β̃)σ_x² + ν³τ(σ_x² − τ)]
///     = ν(R̃ − R°)σ_y²τ + νσ_x²τ(β° − β̃)² + 2ν²τ(β° − β̃)σ_x² + ν³τ(σ_x² − τ),
/// and β*(δ) is the root of the same equation in ν that is nearest to β̃ (the others are listed).
/// Source: Oster (2019), J. of Business & Economic Statistics 37(2), propositions 2 and 3.
/// Peers: psacalc, robomit (tests/reference/oster/).
struct Oster {
  std::string term;
  double short_coef = 0, short_r2 = 0, coef = 0, r2 = 0, r2_max = 0;
  double tau = 0, var_x = 0, var_y = 0;
  double target = 0;              ///< the β of delta
  double delta = 0;               ///< of proportional selection that makes the coefficient `target`
  double at = 1;                  ///< the δ of beta
  double beta = 0;                ///< β*
  std::vector<double> others;     ///< further roots
  std::vector<std::string> kept;  ///< terms in both regressions
};
struct OsterOptions {
  double r2_max = 0;  ///< 0: the least of 1.3 R̃ and 1
  double target = 0, delta = 1;
  std::vector<std::string> keep;  ///< terms taken out of everything first
  bool keep_fe = false;           ///< the same for the fixed effects
};
/// Throws core::Error: instruments, no controls, Rmax below R̃, a term that is not there.
Oster oster(const results::Fit& fit, const std::string& term, const OsterOptions& options);

/// Partial R² of a confounder with the treatment and with the outcome that would change the conclusion.
/// With f = |t|/√df: R²_{y~d|x} = t²/(t² + df); RV_q = (√(f_q⁴ + 4f_q²) − f_q²)/2, f_q = q f; RV_{q,α} the same with
/// f_q − t_{α, df−1}/√(df − 1) (0 when negative). A confounder k times as strong as a benchmark x_j:
///   R²_{d~z|x} = k_d ρ/(1 − ρ), ρ = R²_{d~x_j|x_−j};   R²_{z~x_j|x_−j,d} = k_d ρ²/((1 − k_d ρ)(1 − ρ))
///   R²_{y~z|d,x} = ((√k_y + √R²_{z~x_j|…})/√(1 − R²_{z~x_j|…}))² R²_{y~x_j|…}/(1 − R²_{y~x_j|…})
/// bias = se √(df R²_y R²_d/(1 − R²_d)). Standard errors are those of homoskedastic errors, as in the paper.
/// Source: Cinelli & Hazlett (2020), J. of the Royal Statistical Society B 82(1). Peer: sensemakr.
struct Bound {
  std::string benchmark;
  double kd = 1, ky = 1, r2_treatment = 0, r2_outcome = 0;
  double estimate = 0, se = 0, t = 0, low = 0, high = 0;  ///< after such a confounder
};
struct Sensitivity {
  std::string term;
  double estimate = 0, se = 0, t = 0, df = 0, q = 1, alpha = 0.05;
  double partial_r2 = 0, rv = 0, rv_alpha = 0;
  std::vector<Bound> bounds;
};
/// Throws core::Error: instruments, a term that is not there, a benchmark so strong that a confounder k times as strong
/// is impossible.
Sensitivity sensitivity(const results::Fit& fit, const std::string& term, const std::vector<std::string>& benchmarks,
                        const std::vector<double>& kd, const std::vector<double>& ky, double q, double alpha);
/// The estimate after a confounder with these partial R².
double adjusted_estimate(const Sensitivity& s, double r2_treatment, double r2_outcome);

}  // namespace estimators
