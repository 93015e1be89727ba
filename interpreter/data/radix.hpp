// Stable order of whole-number keys by counting: what sorting and numbering in sorted order stand on.
#pragma once

#include "data/column.hpp"

#include <cstdint>
#include <span>
#include <vector>

namespace data {

/// Places of `keys` from the smallest to the largest, equal keys in their order: counting passes over the bits in which
/// keys differ, in fixed blocks on core::threads(). Source: Knuth, TAOCP 3, 5.2.5 (radix list sort, from the right).
std::vector<std::uint32_t> radix_order(std::span<const std::uint64_t> keys);

/// Numbers in the order of a column's values, for sorting: order[i] < order[j] exactly when value i comes before value
/// j. Missing values come last, also when descending. All are below 2^bits.
struct OrderKeys {
  std::vector<std::uint64_t> keys;
  unsigned bits = 0;
};
OrderKeys order_keys(const Column& column, bool descending = false);

/// Ranks 0, 1, … of texts by bytes; equal texts are not expected.
std::vector<std::uint32_t> text_order(std::span<const std::string_view> texts);

}  // namespace data
