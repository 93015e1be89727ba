// Fills missing cells of a series from the ones that are known.
#pragma once

#include "data/column.hpp"

#include <cstdint>
#include <span>
#include <vector>

namespace measures {

enum class Method {
  linear,    ///< straight lines between known points
  log,       ///< straight lines in ln y: constant growth
  nearest,   ///< the known value nearest in x, the earlier of two at the same distance
  previous,  ///< the last known value (carried forward)
};
enum class Ends { missing, nearest, extrapolate };

struct Interpolated {
  std::vector<double> values;         ///< n, the known values unchanged
  std::vector<std::uint8_t> imputed;  ///< n, 1 where a missing cell was filled
  std::size_t filled = 0;
};

/// Within each group (codes −1 are left alone), missing y from known points at other x. Before the first and after the
/// last known point: missing, the nearest value, or the line through the two nearest points (linear and log). x need
/// not be sorted; rows with missing x stay as they are. Throws core::Error on repeated x with different y in a group,
/// on non-positive y with `log`, and on `extrapolate` with a method that has no lines.
Interpolated interpolate(std::span<const double> y, std::span<const double> x, const data::Grouping& groups,
                         Method method, Ends ends);

}  // namespace measures
