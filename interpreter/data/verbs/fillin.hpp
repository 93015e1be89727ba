// Rows that are not there: every combination of some columns, and the missing periods of a panel.
#pragma once

#include "data/frame.hpp"

#include <span>
#include <string>
#include <vector>

namespace data {

struct Filled {
  Frame frame;
  std::vector<std::uint8_t> added;  ///< 1 for the rows that were not there
  std::size_t count = 0;            ///< of those
  std::vector<std::string> notes;
};

/// Adds a row for every combination of values of the columns that has none; other columns are missing there. Rows come
/// sorted by the columns, as in Stata; missing is a value like others.
Filled fillin(const Frame& frame, std::span<const std::string> columns);

/// Adds the periods that a unit misses between its first and its last one; with `full`, between the first and the last
/// of the whole panel. One period is the panel's step. Rows come sorted by unit and time; other columns are missing in
/// new rows. Throws core::Error without panel.
Filled fill_times(const Frame& frame, bool full);

}  // namespace data
