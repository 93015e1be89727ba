// sunab(cohort, period) among the terms of a regression: y ~ x + sunab(cohort, year) | id + year.
#pragma once

#include "estimators/estimator.hpp"

#include <optional>

namespace estimators {

/// The request of the command sunab that a formula with such a term asks for: the formula without it, cohort, time,
/// ref= and agg= of the term, the units from the fixed effects when no panel says them, and the covariance that
/// `command` takes by default. Nothing when there is no such term. Throws core::Error: several of them; no fixed
/// effects; a period that is no column; unknown keywords.
std::optional<Request> sunab_request(const Request& request, const std::string& command);

}  // namespace estimators
