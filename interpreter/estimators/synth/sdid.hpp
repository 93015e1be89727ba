// Synthetic difference-in-differences, with synthetic control and difference-in-differences as its corners.
//   ω: min over the simplex and ω₀ of Σ_{t≤T0} (ω₀ + Σ_i ω_i Y_it − Ȳ_tr,t)² + ζ² T0 ‖ω‖²,  ζ = (N_tr T_post)^¼ σ̂
//   λ: the same over periods with controls as rows, ζ_λ = 1e-6 σ̂;  σ̂: s.d. of first differences of controls before
//   τ = Σ weights' double difference. Several adoption dates: one estimate a date against the never treated, averaged
//   by treated unit-periods. Weights are the exact minimum (active set), not a few Frank–Wolfe steps.
// Sources: Arkhangelsky, Athey, Hirshberg, Imbens & Wager (2021), American Economic Review 111(12), algorithms 1–4;
//          Clarke, Pailañir, Athey & Imbens (2023) for staggered adoption; Kranz (2022) for projected covariates.
// Peers: synthdid, sdid (tests/reference/sdid/).
#pragma once

#include "estimators/synth/panel_matrix.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace estimators {

enum class SdidMethod { sdid, sc, did };
enum class SdidError { none, placebo, jackknife, bootstrap };

struct SdidOptions {
  SdidMethod method = SdidMethod::sdid;
  SdidError error = SdidError::placebo;
  int reps = 200;
  std::uint64_t seed = 0;
};

struct SdidCohort {
  numerics::Index start = 0;  ///< first treated period
  std::vector<numerics::Index> treated;
  double estimate = 0, share = 0, zeta = 0, intercept = 0;
  numerics::Vector omega;   ///< over Sdid::controls
  numerics::Vector lambda;  ///< over the periods before start
};
struct Sdid {
  double estimate = 0, se = 0;
  std::vector<numerics::Index> controls;
  std::vector<SdidCohort> cohorts;
  std::vector<double> draws;
  numerics::Matrix Y;  ///< as used: covariates taken out
  std::vector<std::string> notes;
};

/// `start`: first treated period of each unit, T where never. Throws core::Error: no never-treated unit, a cohort
/// without two periods before, placebo with no more controls than treated units, jackknife with a cohort of one unit.
Sdid sdid(const PanelMatrix& panel, const std::vector<numerics::Index>& start, const SdidOptions& options);

}  // namespace estimators
