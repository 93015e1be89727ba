// How complete a panel is: what `panel` prints.
#pragma once

#include "data/panel.hpp"

#include <array>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace data {

struct PanelReport {
  std::string unit, time;
  std::int64_t rows = 0, units = 0, periods = 0;
  std::string first, last, step;  ///< as people read them: "2011", "2020-03-15"; "1", "7 days", "3 months"
  bool balanced = false;
  std::int64_t missing_pairs = 0;  ///< units × periods − rows
  std::int64_t gaps = 0;           ///< runs of steps missing between a unit's first and last row, over all units
  std::int64_t units_with_gaps = 0;
  /// Rows per unit: least, 5, 25, 50, 75, 95 %, most (quantiles of type 2 in Hyndman & Fan), and the mean.
  std::array<double, 7> rows_per_unit{};
  double mean_rows_per_unit = 0;
  /// The commonest patterns of presence over the periods ("1" present, "." absent), with the number of units, most
  /// first; ties in text order. At most ten, and none when there are more than 60 periods.
  std::vector<std::pair<std::string, std::int64_t>> patterns;
};

/// `format`: the display format of the time column; %tm, %tq, … show numbers as periods.
PanelReport report(const Panel& panel, const std::string& format = {});

}  // namespace data
