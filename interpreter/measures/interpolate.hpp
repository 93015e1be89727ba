// Fills missing cells of a series between the ones that are known.
#pragma once

#include "data/column.hpp"

#include <cstdint>
#include <span>
#include <vector>

namespace measures {

enum class Ends { missing, nearest, extrapolate };

struct Interpolated {
  std::vector<double> values;         ///< n, the known values unchanged
  std::vector<std::uint8_t> imputed;  ///< n, 1 where a missing cell was filled
  std::size_t filled = 0;
};

/// Within each group (codes −1 are left alone), straight lines in `x` between known points of `y`; `log` interpolates
/// ln y (constant growth) and needs positive values. Before the first and after the last known point: missing, the
/// nearest value, or the line through the two nearest points. x need not be sorted; rows with missing x stay as they
/// are. Throws core::Error on repeated x with different y in a group, and on non-positive y with `log`.
Interpolated interpolate(std::span<const double> y, std::span<const double> x, const data::Grouping& groups, bool log,
                         Ends ends);

}  // namespace measures
