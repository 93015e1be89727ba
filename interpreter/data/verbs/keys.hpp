// Groups for verbs that join, spread and count rows: missing is a value like others, as in Stata's by.
#pragma once

#include "data/frame.hpp"

#include <span>
#include <string>
#include <vector>

namespace data {

/// The named columns. Throws core::Error for one that is not there, or named twice.
std::vector<ColumnPtr> columns_of(const Frame& frame, std::span<const std::string> names);

/// Groups by the columns in order of first appearance; no code is −1. `first` holds rows. All rows are one group when
/// there are no columns.
Grouping keyed(std::span<const ColumnPtr> columns, std::size_t rows);
/// The same, levels in the sorted order of the values, the first column slowest, missing last.
Grouping keyed_in_order(std::span<const ColumnPtr> columns, std::size_t rows);

/// Rows group by group, in row order within each: those of group g are rows[start[g]] … rows[start[g + 1] − 1]. Rows
/// with code −1 are left out.
struct GroupRows {
  std::vector<std::uint32_t> rows, start;
  std::size_t groups() const { return start.size() - 1; }
  std::span<const std::uint32_t> of(std::size_t group) const {
    return std::span(rows).subspan(start[group], start[group + 1] - start[group]);
  }
};
GroupRows rows_by_group(std::span<const std::int32_t> codes, std::size_t groups);

/// "city = A, year = 2011": a row as errors name it.
std::string key_text(std::span<const std::string> names, std::span<const ColumnPtr> columns, std::size_t row);

/// Rows of the first group that has more than one row, and how many groups do; nothing when none has.
struct Repeated {
  std::uint32_t first = 0, second = 0;  ///< rows
  std::size_t groups = 0;
};
std::optional<Repeated> repeated(const Grouping& grouping);

}  // namespace data
