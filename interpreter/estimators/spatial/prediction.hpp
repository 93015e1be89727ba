// In-sample predictions after spatial models, named as spatialreg names them: y = trend + signal + noise.
//   trend   Xb + WXg + effects;  signal  ρWy + λW(y − ρWy − trend), of mess y − e^{αW}y;  TS  trend + signal: the fit
//   TC      (I − ρW)⁻¹ trend, of mess e^{−αW} trend: the reduced form, what the model says without knowing y.
// Source: Goulard, Laurent & Thomas-Agnan (2017), Spatial Economic Analysis 12(2–3).
#pragma once

#include "results/fit.hpp"

#include <string>

namespace estimators {

/// One value per row of the sample. what: "fitted", "residuals", "xb", "trend", "signal", "TS", "TC". Throws
/// core::Error for other words, for fits of other models, and after random effects for the last four.
numerics::Vector spatial_prediction(const results::Fit& fit, const std::string& what);
bool predicts_spatially(const results::Fit& fit);

/// What a change of a regressor in each unit does: the matrix S = (I − ρW)⁻¹(bI + gW) read by unit of W.
struct Spillovers {
  std::vector<std::string> units;
  numerics::Vector direct;    ///< S_ii
  numerics::Vector received;  ///< Σ_{j≠i} S_ij: when x rises in all others
  numerics::Vector sent;      ///< Σ_{j≠i} S_ji: on all others, when x rises here
  numerics::Vector effect;    ///< S_ij for one j, when `from` was given
};
/// Throws core::Error: no such regressor, no such unit, over 3,000 units, W that differs between periods.
Spillovers spillovers(const results::Fit& fit, const std::string& regressor, const std::string& from);

}  // namespace estimators
