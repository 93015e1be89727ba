// Which rows: repeated ones, counted ones, copies, a sample.
#pragma once

#include "data/frame.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace data {

/// How often each combination of the columns (all when empty) occurs. Missing is a value like others.
struct Copies {
  Grouping groups;                      ///< in order of first appearance
  std::vector<std::uint32_t> of_group;  ///< rows of each group
  std::size_t surplus = 0;              ///< rows beyond the first of their group
};
Copies copies(const Frame& frame, std::span<const std::string> columns);

/// One row per combination of the columns, sorted, with its number of rows; `zero` adds combinations of values that do
/// not occur, with 0. Weights: one per row, or empty.
struct Contracted {
  Frame frame;                 ///< the columns only
  std::vector<double> counts;  ///< rows, or weights, of each combination
};
Contracted contract(const Frame& frame, std::span<const std::string> columns, std::span<const double> weights,
                    bool zero);

/// Every row, then for each row with times[r] > 1 its times[r] − 1 copies, in the order of rows. Throws core::Error
/// when that is too much.
std::vector<std::uint32_t> expanded_rows(std::span<const std::int64_t> times, std::size_t columns);

/// Rows become columns: v1, v2, … hold row 1, 2, …; all columns must be numbers. A text column named `names`, when not
/// empty, gives the columns their names instead. The first column of the result, `variable`, holds the old names.
Frame transposed(const Frame& frame, const std::string& names);

}  // namespace data
