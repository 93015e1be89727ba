// How effects depend on a dose: the regressions under dose_did, on units by periods.
#pragma once

#include "numerics/bspline.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace estimators {

struct DosePanel {
  numerics::Matrix y;               ///< units×periods; NaN: not seen
  std::vector<numerics::Matrix> x;  ///< of each covariate, units×periods; the constant is not among them
  numerics::Vector dose;            ///< of each unit, 0: untreated
  numerics::Vector weights;         ///< of each unit
  numerics::BSpline spline;
};

/// A cohort, compared with units untreated in both periods.
struct DoseCell {
  std::int64_t cohort = 0, event = 0;
  std::string cohort_name;
  std::int32_t base = 0, period = 0;
  std::vector<std::int32_t> treated, controls;  ///< units seen in both periods
};

/// ATT(d) = b(d)'beta with b the spline, ACRT(d) = b'(d)'beta, and their means over treated units.
struct DoseCurve {
  numerics::Vector beta;       ///< p
  numerics::Matrix influence;  ///< units×p: estimate − truth ≈ their mean
  double att = 0, acrt = 0;
  numerics::Vector att_influence, acrt_influence;  ///< units
};

/// The curve of these cells. `pooled`: one regression of all of them, each unit counting once. Otherwise one for each
/// cohort, averaged by the cohorts' sizes (sums of weights), which are estimates, too.
/// Throws core::Error: fewer different doses than the spline has terms; singular covariates among the controls.
DoseCurve dose_curve(const DosePanel& panel, const std::vector<DoseCell>& cells, bool pooled);

}  // namespace estimators
