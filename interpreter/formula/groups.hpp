// Groups of several columns in the sorted order of their values.
#pragma once

#include "data/column.hpp"

#include <cstdint>
#include <vector>

namespace formula {

/// Groups of several columns over `rows` (all rows when null), numbered in the sorted order of their values, the first
/// column slowest; `first` holds frame rows. A row that is missing in any column gets −1.
data::Grouping sorted_groups(const std::vector<data::ColumnPtr>& columns, const std::vector<std::uint32_t>* rows);
/// The same over all rows with missing values as a level of their own, the last.
data::Grouping sorted_groups(const std::vector<data::ColumnPtr>& columns);

}  // namespace formula
