// Orders of rows.
#pragma once

#include "data/frame.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace data {

struct SortKey {
  std::string column;
  bool descending = false;
};

/// Row numbers in sorted order: by the first key, ties by the next, then by the row's place (stable, also within equal
/// rows of a descending key). Numbers and dates by value, text by bytes (in UTF-8: by code point), categories by level,
/// false before true; missing last in both directions. Throws core::Error for unknown columns.
std::vector<std::uint32_t> sorted_rows(const Frame& frame, std::span<const SortKey> keys);

/// The first row of each distinct combination of the columns, in order of appearance. Missing is a value like others.
/// All columns when `columns` is empty.
std::vector<std::uint32_t> distinct_rows(const Frame& frame, std::span<const std::string> columns);

/// The rows whose mark is 1. Throws core::Error when the number of marks is not the number of rows.
std::vector<std::uint32_t> marked_rows(const Frame& frame, std::span<const std::uint8_t> marks);

}  // namespace data
