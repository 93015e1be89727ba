// Leverage of each row with the fixed effects included, for HC2 and HC3.
#pragma once

#include "numerics/absorb.hpp"
#include "numerics/types.hpp"

#include <vector>

namespace estimators {

/// Leverage h_i of the fixed effects alone: the diagonal of D(D'WD)⁻D'W. n values; empty effects give zeros.
/// The largest intercept dimension is eliminated exactly, the others are solved densely: exact, and affordable while
/// these have at most 3000 columns in all. Throws core::Error beyond that.
numerics::Vector absorbed_leverage(const std::vector<numerics::FixedEffect>& effects, const numerics::Vector& weights,
                                   numerics::Index n);

}  // namespace estimators
