#include "data/radix.hpp"

#include "core/interrupt.hpp"
#include "core/parallel.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <numeric>
#include <utility>

namespace data {
namespace {

constexpr std::size_t items_per_task = 1 << 16;
constexpr unsigned digit_bits = 11;
constexpr std::size_t digits = std::size_t{1} << digit_bits;

/// A key with its row; when both fit into 64 bits, as one number, the key in the upper bits.
struct Item {
  std::uint64_t key;
  std::uint32_t row;
};
std::uint64_t key_of(const Item& item) { return item.key; }
std::uint64_t key_of(std::uint64_t item) { return item; }

/// One stable counting pass by the digit at `shift`.
template <class T>
void pass(std::span<const T> from, T* to, unsigned shift, std::vector<std::array<std::uint32_t, digits>>& counts) {
  const auto digit = [shift](const T& item) {
    return static_cast<std::size_t>((key_of(item) >> shift) & (digits - 1));
  };
  core::for_blocks(from.size(), items_per_task, [&](std::size_t begin, std::size_t end) {
    auto& count = counts[begin / items_per_task];
    count.fill(0);
    for (std::size_t i = begin; i < end; ++i) ++count[digit(from[i])];
  });
  std::uint32_t total = 0;
  for (std::size_t d = 0; d < digits; ++d)
    for (auto& count : counts) total += std::exchange(count[d], total);
  core::for_blocks(from.size(), items_per_task, [&](std::size_t begin, std::size_t end) {
    auto& next = counts[begin / items_per_task];
    for (std::size_t i = begin; i < end; ++i) to[next[digit(from[i])]++] = from[i];
  });
}

/// Sorts by the bits of the key that differ, and hands every item to put(place, item).
template <class T, class Make, class Put>
void sort_items(std::size_t n, std::uint64_t differ, const Make& make, const Put& put) {
  Buffer<T> items(n), other(n);
  core::for_blocks(n, items_per_task, [&](std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i < end; ++i) items[i] = make(i);
  });
  std::vector<std::array<std::uint32_t, digits>> counts((n + items_per_task - 1) / items_per_task);
  while (differ != 0) {
    core::poll();
    const auto shift = static_cast<unsigned>(std::countr_zero(differ));
    pass<T>(items.span(), other.data(), shift, counts);
    std::swap(items, other);
    differ &= shift + digit_bits < 64 ? ~std::uint64_t{0} << (shift + digit_bits) : 0;
  }
  core::for_blocks(n, items_per_task, [&](std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i < end; ++i) put(i, items[i]);
  });
}

/// Doubles in an order that whole numbers have: negative numbers turned around.
std::uint64_t ordered_bits(double value) {
  constexpr std::uint64_t sign = std::uint64_t{1} << 63;
  const auto bits = std::bit_cast<std::uint64_t>(value + 0.0);  // −0 and 0 are one value
  return bits & sign ? ~bits : bits | sign;
}

/// Keys of values that are known, counted from the smallest (from the largest when descending); missing after all.
template <class Key, class Missing>
OrderKeys counted_keys(std::size_t n, bool descending, const Key& key, const Missing& missing) {
  const std::size_t blocks = (n + items_per_task - 1) / items_per_task;
  std::vector<std::uint64_t> lows(blocks, ~std::uint64_t{0}), highs(blocks, 0);
  core::for_blocks(n, items_per_task, [&](std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i < end; ++i) {
      if (missing(i)) continue;
      lows[begin / items_per_task] = std::min(lows[begin / items_per_task], key(i));
      highs[begin / items_per_task] = std::max(highs[begin / items_per_task], key(i));
    }
  });
  OrderKeys out;
  out.keys.resize(n);
  const std::uint64_t low = n ? *std::min_element(lows.begin(), lows.end()) : 0;
  const std::uint64_t high = n ? *std::max_element(highs.begin(), highs.end()) : 0;
  const std::uint64_t last = low > high ? 0 : high - low + 1;
  core::for_blocks(n, items_per_task, [&](std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i < end; ++i)
      out.keys[i] = missing(i) ? last : descending ? high - key(i) : key(i) - low;
  });
  out.bits = static_cast<unsigned>(std::bit_width(last));
  return out;
}

}  // namespace

std::vector<std::uint32_t> radix_order(std::span<const std::uint64_t> keys) {
  const std::size_t n = keys.size();
  std::vector<std::uint32_t> out(n);
  std::iota(out.begin(), out.end(), 0U);
  if (std::is_sorted(keys.begin(), keys.end())) return out;
  constexpr std::size_t few = 4096;
  if (n < few) {
    std::stable_sort(out.begin(), out.end(), [&](std::uint32_t a, std::uint32_t b) { return keys[a] < keys[b]; });
    return out;
  }
  std::uint64_t differ = 0;
  for (const std::uint64_t key : keys) differ |= key ^ keys.front();
  const auto row_bits = static_cast<unsigned>(std::bit_width(n));
  const auto key_bits = static_cast<unsigned>(std::bit_width(differ));
  if (row_bits + key_bits <= 64) {
    const std::uint64_t rows = (std::uint64_t{1} << row_bits) - 1;
    sort_items<std::uint64_t>(
        n, differ << row_bits, [&](std::size_t i) { return keys[i] << row_bits | i; },
        [&](std::size_t i, std::uint64_t item) { out[i] = static_cast<std::uint32_t>(item & rows); });
  } else {
    sort_items<Item>(
        n, differ,
        [&](std::size_t i) {
          return Item{keys[i], static_cast<std::uint32_t>(i)};
        },
        [&](std::size_t i, const Item& item) { out[i] = item.row; });
  }
  return out;
}

std::vector<std::uint32_t> text_order(std::span<const std::string_view> texts) {
  std::vector<std::uint64_t> heads(texts.size());
  for (std::size_t i = 0; i < texts.size(); ++i) {
    constexpr std::size_t bytes = 8;
    std::uint64_t head = 0;
    for (std::size_t b = 0; b < bytes; ++b)
      head = head << 8 | (b < texts[i].size() ? static_cast<unsigned char>(texts[i][b]) : 0U);
    heads[i] = head;
  }
  std::vector<std::uint32_t> order = radix_order(heads);
  for (auto begin = order.begin(); begin != order.end();) {  // texts that begin alike
    auto end = begin + 1;
    while (end != order.end() && heads[*end] == heads[*begin]) ++end;
    if (end - begin > 1) std::sort(begin, end, [&](std::uint32_t a, std::uint32_t b) { return texts[a] < texts[b]; });
    begin = end;
  }
  return order;
}

OrderKeys order_keys(const Column& column, bool descending) {
  const std::size_t n = column.size();
  switch (column.type()) {
    case Type::real: {
      const auto values = column.reals();
      return counted_keys(
          n, descending, [&](std::size_t i) { return ordered_bits(values[i]); },
          [&](std::size_t i) { return std::isnan(values[i]); });
    }
    case Type::integer:
    case Type::date: {
      const auto values = column.integers();
      constexpr std::uint64_t half = std::uint64_t{1} << 63;
      return counted_keys(
          n, descending, [&](std::size_t i) { return static_cast<std::uint64_t>(values[i]) ^ half; },
          [&](std::size_t i) { return values[i] == missing_integer; });
    }
    case Type::boolean: {
      const auto values = column.booleans();
      return counted_keys(
          n, descending, [&](std::size_t i) { return std::uint64_t{values[i]}; },
          [&](std::size_t i) { return values[i] == missing_boolean; });
    }
    case Type::category: {
      const auto codes = column.codes();
      return counted_keys(
          n, descending, [&](std::size_t i) { return static_cast<std::uint64_t>(codes[i]); },
          [&](std::size_t i) { return codes[i] == missing_code; });
    }
    case Type::text:
      break;
  }
  const Grouping groups = sorted(group(column), column);
  return counted_keys(
      n, descending, [&](std::size_t i) { return static_cast<std::uint64_t>(groups.codes[i]); },
      [&](std::size_t i) { return groups.codes[i] < 0; });
}

}  // namespace data
