// The panel index: units × time with a sorted view, for lags and within-unit work.
#pragma once

#include "data/column.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace data {

/// What one unit of `first` and `step` is. Dates that all fall on one day of the month (or all on its last day) count
/// in months, so that a lag of monthly, quarterly or yearly dates is the period before; other dates count in days.
enum class TimeUnit { number, day, month };

struct Panel {
  std::string unit, time;                 ///< column names
  Grouping units;                         ///< codes over the frame's rows
  std::vector<std::int64_t> times;        ///< time of each row, in steps: (t − first) / step
  std::int64_t first = 0;                 ///< earliest time
  std::int64_t step = 1;                  ///< greatest common divisor of the gaps between distinct times
  TimeUnit time_unit = TimeUnit::number;  ///< months are counted from January of year 0
  std::vector<std::uint32_t> order;       ///< rows sorted by unit, then time
  std::vector<std::uint32_t> start;       ///< units + 1 positions in `order`
  std::int64_t periods = 0;               ///< distinct times
  bool balanced = false;                  ///< every unit has every period
  bool gaps = false;                      ///< some unit misses a step between its first and last

  /// For each row, the row of the same unit `by` steps earlier (negative: later), or -1: never the previous row across
  /// a gap.
  std::vector<std::int64_t> shifted_rows(std::int64_t by) const;
};

/// Throws core::Error on missing identifiers, on times that are not whole numbers or dates, on repeated pairs (names
/// the first pair and its rows).
Panel make_panel(const Column& unit, const Column& time, std::string unit_name, std::string time_name);

/// The index of a selection of rows, with the same first time and step (a lag still means one step of the whole panel).
/// Nothing when the selection repeats a unit-time pair.
std::optional<Panel> take_rows(const Panel& panel, std::span<const std::uint32_t> rows);

}  // namespace data
