// dose_did: difference-in-differences with a continuous treatment, and its curves.
#pragma once

#include "estimators/did/group_time.hpp"
#include "numerics/bspline.hpp"

#include <cstdint>
#include <vector>

namespace estimators {

extern const Estimator dose_did;

/// What dose_did's curves are drawn from.
struct DoseSample final : GroupTime {
  numerics::BSpline spline;
  Vector beta;                        ///< p
  Matrix beta_influence;              ///< units×p
  std::vector<double> treated_doses;  ///< ascending
};

struct DoseBand {
  std::vector<double> doses, level, level_se, slope, slope_se;
  double level_critical = 0, slope_critical = 0;  ///< of bands that hold for every dose at once
};
/// Curves at these doses. Bands by the multiplier bootstrap, standard errors by the vcov in force.
/// Throws core::Error: not a result of dose_did by doses; a dose outside of those observed.
DoseBand dose_band(const results::Fit& fit, std::vector<double> doses, int reps, std::uint64_t seed, double level);

}  // namespace estimators
