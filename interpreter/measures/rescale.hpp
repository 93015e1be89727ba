// Columns moved and scaled by statistics of their group.
#pragma once

#include "data/column.hpp"

#include <cstddef>
#include <span>
#include <vector>

namespace measures {

enum class Rescaling {
  center,       ///< x − mean
  standardize,  ///< (x − mean) / sd
  minmax,       ///< (x − min) / (max − min)
  minmax_cost,  ///< (max − x) / (max − min): small is good
};

struct Rescaled {
  std::vector<double> values;
  std::size_t groups = 0;    ///< groups with a value
  std::size_t constant = 0;  ///< groups without spread: their values become missing (not when centred)
};

/// Within groups (all rows when null). Missing values and rows without a group become missing and count nowhere.
/// `population`: the sd divides by n and not by n − 1. Sums are compensated; the digits do not depend on threads.
Rescaled rescale(std::span<const double> x, Rescaling kind, bool population = false,
                 const data::Grouping* groups = nullptr);

}  // namespace measures
