// Growth of units between two periods, or from each period to the next: the rows of a beta-convergence regression.
#pragma once

#include "data/panel.hpp"

#include <cstdint>
#include <span>
#include <vector>

namespace measures {

struct Growth {
  std::vector<double> growth;        ///< (ln x_end − ln x_start) / periods, one per kept unit or pair of periods
  std::vector<double> initial;       ///< ln x_start
  std::vector<std::uint32_t> start;  ///< row of the start
  std::vector<std::uint32_t> end;    ///< row of the end
  std::size_t left_out = 0;          ///< units (pairs of periods) without both values
};

/// From time `from` to `to`, a unit with both values each. x: positive or NaN. units: codes over the rows.
/// Throws core::Error when a unit has two rows at either time.
Growth growth_between(std::span<const double> x, std::span<const double> times, const data::Grouping& units,
                      double from, double to);
/// From each period to the next of the panel, `step` long.
Growth growth_by_period(std::span<const double> x, const data::Panel& panel);

/// Mean of `values` of each unit over times in [from, to]; NaN of units without a value.
std::vector<double> unit_means(std::span<const double> values, std::span<const double> times,
                               const data::Grouping& units, double from, double to);

}  // namespace measures
