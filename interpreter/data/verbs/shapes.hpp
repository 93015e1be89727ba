// Shapes of a map through verbs that make new rows.
#pragma once

#include "data/frame.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace data {

/// `made` with shapes: its row i has that of row rows[i] of `from`. A row without one (no_row) means that no shapes are
/// kept, with a note. As it is where `from` has no shapes.
Frame with_shapes_of(const Frame& from, Frame made, std::span<const std::uint32_t> rows,
                     std::vector<std::string>& notes);

/// The same for groups of rows: codes gives the row of `made` that each row of `from` goes into. Shapes are kept when
/// all rows of a group share theirs, else a note says that they are not.
Frame with_shapes_of_groups(const Frame& from, Frame made, std::span<const std::int32_t> codes,
                            std::span<const std::uint32_t> first, std::vector<std::string>& notes);

}  // namespace data
