// Correlations of several variables.
#pragma once

#include "numerics/types.hpp"

#include <span>
#include <vector>

namespace measures {

enum class CorrelationMethod { pearson, spearman };

struct Correlations {
  numerics::Matrix r;  ///< k×k, symmetric, ones on the diagonal; NaN where a variable does not vary
  numerics::Matrix p;  ///< k×k, two-sided, t with n − 2 degrees of freedom; NaN where n < 3 and on the diagonal
  numerics::Matrix n;  ///< k×k, rows used
};

/// columns: k variables of equal length, NaN missing. `pairwise`: each correlation on the rows where its two variables
/// are known; else all on the rows where every variable is. weights (Pearson only): one per row, or empty; rows with
/// weights that are missing or zero are left out. p values treat n as the number of rows.
/// Pearson's r is formed from double-double sums of deviations. Spearman's is Pearson's of the ranks, ties at their
/// mean rank; its p is the t approximation. Sources: Pearson (1896); Spearman (1904).
Correlations correlate(std::span<const std::vector<double>> columns, CorrelationMethod method, bool pairwise,
                       std::span<const double> weights = {});

/// Ranks 1 … n of values without missing, ties at their mean rank.
std::vector<double> ranks(std::span<const double> values);

}  // namespace measures
