// Fit → text: the summary of one fit (etable.hpp: several side by side).
#pragma once

#include "report/table.hpp"
#include "results/fit.hpp"

#include <optional>
#include <string>

namespace report {

/// Levels of intervals are the fit's own unless given.

/// One fit as printed after the command: title, formula, sample, coefficient table, statistics, notes.
std::string summary(const results::Fit& fit, const TextStyle& style = {}, std::optional<double> level = {});
/// The coefficient table alone.
Table coefficient_table(const results::Fit& fit, std::optional<double> level = {});

}  // namespace report
