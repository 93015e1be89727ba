// Dynamic spatial panels:
//   y_t = ρWy_t + τy_{t−1} + ηWy_{t−1} + X_t b + a + d_t + ε_t
// The effects bend the score: E s(θ) = −c(θ), with S = I − ρW, G = WS⁻¹, P = ((1 − τ)I − (ρ + η)W)⁻¹ and J the
// deviations from means of periods (I without time effects), in units of the whole sample
//   c_τ = tr(JP),  c_η = tr(JWP),  c_b = 0,  c_ρ = τ tr(JGP) + η tr(JGWP) + [tr G counted] − T' tr(JG),
//   c_σ² = [n counted − T'N']/(2σ²)
// where the brackets are what the likelihood counts (all T and N without Lee and Yu's transformation), T' = T − 1 with
// unit effects, N' = N − 1 with time effects. c_τ, c_η and their parts of c_ρ are there with unit effects alone.
// Corrected: θ + I(θ)⁻¹c(θ), which leaves a bias of order 1/T².
// Sources: Yu, de Jong & Lee (2008), J. Econometrics 146, theorem 4 (unit effects); Lee & Yu (2010), Econometric
// Theory 26 (both). Variant: sums over the past are taken to infinity, as there.
#pragma once

#include "estimators/spatial/model.hpp"

#include <functional>
#include <string>

namespace estimators {

struct Dynamics {
  Vector beta;
  double rho = 0, sigma2 = 0;
};

/// Throws core::Error unless the model has what the correction needs: balanced panel, no random effects, one W, not too
/// many units.
void require_dynamic(const SpatialModel& model);
/// Moves the estimates by I⁻¹c; `inverse` gives I⁻¹ over (b, ρ, σ²), `counted` the observations of the likelihood.
/// Returns the note that says what was done. Estimates of an unstable process stay as they are, and the note says so.
std::string correct_bias(const SpatialModel& model, bool lee_yu, double counted, const std::function<Matrix()>& inverse,
                         Dynamics& at);
/// The largest root of the process in time: max |τ + ηω|/|1 − ρω| over the eigenvalues ω of W. Below 1: stable.
double largest_root(const spatial::Weights& W, double rho, double tau, double eta);

}  // namespace estimators
