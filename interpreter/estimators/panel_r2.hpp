// R² of a panel by the level it is taken at.
#pragma once

#include "results/fit.hpp"

namespace estimators {

/// r2_within, r2_between, r2_overall: squared correlations of y and what the model expects of it, as deviations from
/// the means by unit, as those means, and over all rows. y, expected: n; unit: n codes, of which some may have no row.
void set_panel_r2(results::Fit& fit, const numerics::Vector& y, const numerics::Vector& expected,
                  const numerics::Codes& unit);

}  // namespace estimators
