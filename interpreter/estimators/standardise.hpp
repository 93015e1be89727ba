// Standardised coefficients.
#pragma once

#include "results/fit.hpp"

#include <map>
#include <string>

namespace estimators {

/// Coefficient → sd(x) / sd(y) over the estimation sample, with the fit's weights: what a coefficient is multiplied by
/// to be in standard deviations. Standard deviations are those of the columns as they are, also where fixed effects are
/// absorbed (Stata's regress, beta). The constant and coefficients that are no expression over columns (levels of
/// factors, event times) have none. Throws core::Error for a fit without its data, or a constant dependent variable.
std::map<std::string, double> standard_factors(const results::Fit& fit);

}  // namespace estimators
