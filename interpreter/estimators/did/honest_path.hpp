// What sensitivity analysis takes of an event study: the coefficients before and after the reference period as a path
// in time, and their covariance.
#pragma once

#include "estimators/estimator.hpp"
#include "numerics/types.hpp"

#include <optional>
#include <string>
#include <vector>

namespace estimators {

using numerics::Index;
using numerics::Matrix;
using numerics::Vector;

/// Estimates β̂ = τ + δ of the periods −K … −1 and 1 … P around the reference period 0, where δ is 0: τ is 0 before it.
struct EventPath {
  Index before = 0, after = 0;  ///< K, P
  Vector estimates;             ///< K + P, in time order
  Matrix vcov;
  std::vector<double> events;  ///< event time of each
  double reference = -1;       ///< event time of period 0
  std::vector<std::string> notes;

  Index size() const { return before + after; }
  /// Position of period t ≠ 0 (−K … P) among the estimates.
  Index at(Index t) const { return t < 0 ? before + t : before + t - 1; }
};

/// Reads the event-study coefficients of a fit. `reference`: the event time whose effect becomes the zero of the path,
/// for results that have none (imputation with leads, gardner): its effect is subtracted from the others. Throws
/// core::Error: no event times, no reference, several references, gaps in event time, nothing before or after.
EventPath event_path(const results::Fit& fit, std::optional<double> reference = {});

/// Weights of the effects after the reference period in what is asked: "first" (event time 0), "average" (event times
/// 0 and later), or the event time as a number. P values.
Vector effect_weights(const EventPath& path, const std::string& effect);

}  // namespace estimators
