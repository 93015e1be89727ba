// The linear regression under reg, ols, feols, did and event_study.
#pragma once

#include "estimators/pipeline.hpp"

namespace estimators {

/// OLS or weighted least squares of `parts` on `frame`; two-stage least squares or LIML when the formula has
/// instruments. Any number of fixed effects and varying slopes. Options read beside the common ones: cons, method.
results::Fit fit_linear(const Request& request, const Settings& settings, formula::Parts parts,
                        const data::Frame& frame);

/// The columns of the fit's regressors with the fixed effects removed, and y's in front: n×(1+k), in the order of
/// `names` (no _cons row). Built again from the context, since a fit does not keep its design.
Matrix absorbed_columns(const Context& context, const std::vector<std::string>& names);

/// Options of the linear regressions beside common_options().
std::vector<core::OptionSpec> linear_options();

extern const Estimator reg, ols, feols;

/// Two-stage least squares and LIML (linear/iv.cpp).
results::Fit fit_iv(const Request& request, const Settings& settings, formula::Parts parts, const data::Frame& frame);

}  // namespace estimators
