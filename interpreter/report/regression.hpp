// Fit → text: the summary of one fit (etable.hpp: several side by side).
#pragma once

#include "report/table.hpp"
#include "results/fit.hpp"

#include <string>

namespace report {

/// One fit as printed after the command: title, formula, sample, coefficient table, statistics, notes.
std::string summary(const results::Fit& fit, const TextStyle& style = {}, double level = 0.95);
/// The coefficient table alone.
Table coefficient_table(const results::Fit& fit, double level = 0.95);

}  // namespace report
