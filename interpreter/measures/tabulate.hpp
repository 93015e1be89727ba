// Frequency tables of one and two variables.
#pragma once

#include "data/column.hpp"
#include "measures/describe.hpp"
#include "numerics/types.hpp"

#include <span>
#include <string>
#include <vector>

namespace measures {

struct TabulateOptions {
  Weighting weighting = Weighting::none;  ///< analytic weights are rescaled to sum to the number of rows
  bool missing = false;                   ///< count missing values as a level of their own, the last
};

/// Levels in sorted order, as text ("" is missing).
struct OneWayTable {
  std::vector<std::string> levels;
  std::vector<double> counts;
  std::vector<double> shares;      ///< of the total, in [0, 1]
  std::vector<double> cumulative;  ///< of the shares
  double total = 0;
};

struct TwoWayTable {
  std::vector<std::string> rows, columns;
  numerics::Matrix counts;  ///< rows × columns
  numerics::Vector row_totals, column_totals;
  double total = 0;
  double chi2 = 0;  ///< Pearson's statistic of independence; NaN for analytic weights
  double df = 0, p = 0;
  double cramers_v = 0;  ///< √(chi2 / (total · min(rows − 1, columns − 1))); NaN with one row or column

  numerics::Matrix row_shares() const;     ///< each row sums to 1
  numerics::Matrix column_shares() const;  ///< each column sums to 1
  numerics::Matrix shares() const;         ///< all sum to 1
};

/// weights: one per row, or empty without weighting; rows whose weight is missing or zero do not count.
/// Throws core::Error on negative weights and on frequency weights that are not whole.
OneWayTable tabulate(const data::Column& x, std::span<const double> weights = {}, const TabulateOptions& options = {});

/// Cross table; a row missing in either variable is left out unless options.missing.
/// Throws as above. Source of the test: Pearson (1900), Philosophical Magazine 50, 157-175.
TwoWayTable tabulate(const data::Column& row, const data::Column& column, std::span<const double> weights = {},
                     const TabulateOptions& options = {});

}  // namespace measures
