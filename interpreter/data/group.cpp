// Dense group codes of a column, and of several together.
#include "data/column.hpp"
#include "data/radix.hpp"

#include <algorithm>
#include <bit>
#include <cassert>
#include <cmath>
#include <numeric>

namespace data {
namespace {

/// Codes for 64-bit keys in order of first appearance: open addressing, doubled when half full.
class CodeTable {
 public:
  std::int32_t code(std::uint64_t key) {
    std::size_t at = place(key);
    while (slots_[at].code >= 0) {
      if (slots_[at].key == key) return slots_[at].code;
      at = (at + 1) & mask_;
    }
    slots_[at] = {key, used_};
    if (static_cast<std::size_t>(++used_) * 2 > mask_) grow();
    return used_ - 1;
  }

 private:
  struct Slot {
    std::uint64_t key = 0;
    std::int32_t code = -1;
  };
  std::size_t place(std::uint64_t key) const {
    key ^= key >> 32;  // multiplicative hashing needs the high bits in play
    return static_cast<std::size_t>((key * 0x9E3779B97F4A7C15ULL) >> 20) & mask_;
  }
  void grow() {
    std::vector<Slot> old = std::move(slots_);
    mask_ = mask_ * 2 + 1;
    slots_.assign(mask_ + 1, Slot{});
    for (const Slot& slot : old) {
      if (slot.code < 0) continue;
      std::size_t at = place(slot.key);
      while (slots_[at].code >= 0) at = (at + 1) & mask_;
      slots_[at] = slot;
    }
  }
  std::size_t mask_ = 1023;
  std::int32_t used_ = 0;
  std::vector<Slot> slots_ = std::vector<Slot>(1024);
};

/// Groups n keys: key(i) is a number in [0, range) or -1 for missing; row(i) is what `first` records.
template <class Key, class Row>
Grouping group_small(std::size_t n, std::size_t range, const Key& key, const Row& row) {
  Grouping out;
  out.codes.resize(n);
  std::vector<std::int32_t> code_of(range, -1);
  for (std::size_t i = 0; i < n; ++i) {
    const std::int64_t k = key(i);
    if (k < 0) {
      out.codes[i] = -1;
      continue;
    }
    std::int32_t& code = code_of[static_cast<std::size_t>(k)];
    if (code < 0) {
      code = out.levels();
      out.first.push_back(row(i));
    }
    out.codes[i] = code;
  }
  return out;
}

template <class Missing, class Key, class Row>
Grouping group_hashed(std::size_t n, const Missing& missing, const Key& key, const Row& row) {
  Grouping out;
  out.codes.resize(n);
  CodeTable table;
  for (std::size_t i = 0; i < n; ++i) {
    if (missing(i)) {
      out.codes[i] = -1;
      continue;
    }
    const std::int32_t code = table.code(key(i));
    if (code == out.levels()) out.first.push_back(row(i));
    out.codes[i] = code;
  }
  return out;
}

std::uint64_t key_of(double value) { return std::bit_cast<std::uint64_t>(value + 0.0); }  // −0 and 0 are one value

template <class Row>
Grouping group_integers(std::span<const std::int64_t> values, std::size_t n, const Row& row) {
  std::int64_t low = std::numeric_limits<std::int64_t>::max();
  std::int64_t high = std::numeric_limits<std::int64_t>::min();
  for (std::size_t i = 0; i < n; ++i) {
    const std::int64_t v = values[row(i)];
    if (v == missing_integer) continue;
    low = std::min(low, v);
    high = std::max(high, v);
  }
  const std::uint64_t range = low > high ? 0 : static_cast<std::uint64_t>(high) - static_cast<std::uint64_t>(low);
  if (range < 4 * n + 1024)
    return group_small(
        n, static_cast<std::size_t>(range + 1),
        [&](std::size_t i) {
          const std::int64_t v = values[row(i)];
          return v == missing_integer ? -1 : v - low;
        },
        row);
  return group_hashed(
      n, [&](std::size_t i) { return values[row(i)] == missing_integer; },
      [&](std::size_t i) { return static_cast<std::uint64_t>(values[row(i)]); }, row);
}

template <class Row>
Grouping group_rows(const Column& column, std::size_t n, const Row& row) {
  switch (column.type()) {
    case Type::real: {
      const auto values = column.reals();
      return group_hashed(
          n, [&](std::size_t i) { return std::isnan(values[row(i)]); },
          [&](std::size_t i) { return key_of(values[row(i)]); }, row);
    }
    case Type::integer:
    case Type::date:
      return group_integers(column.integers(), n, row);
    case Type::boolean: {
      const auto values = column.booleans();
      return group_small(
          n, 2,
          [&](std::size_t i) {
            return values[row(i)] == missing_boolean ? std::int64_t{-1} : std::int64_t{values[row(i)]};
          },
          row);
    }
    case Type::text:
    case Type::category:
      break;
  }
  const auto codes = column.codes();
  return group_small(
      n, column.dictionary()->size(), [&](std::size_t i) { return std::int64_t{codes[row(i)]}; }, row);
}

}  // namespace

Grouping group(const Column& column) {
  return group_rows(column, column.size(), [](std::size_t i) { return static_cast<std::uint32_t>(i); });
}

Grouping group(const Column& column, std::span<const std::uint32_t> rows) {
  return group_rows(column, rows.size(), [rows](std::size_t i) { return rows[i]; });
}

Grouping group(std::span<const ColumnPtr> columns) {
  assert(!columns.empty());
  Grouping out = group(*columns.front());
  for (const ColumnPtr& column : columns.subspan(1)) out = combine(out, group(*column));
  return out;
}

Grouping combine(const Grouping& a, const Grouping& b) {
  assert(a.codes.size() == b.codes.size());
  const std::size_t n = a.codes.size();
  const auto b_levels = static_cast<std::uint64_t>(b.levels());
  const auto row = [](std::size_t i) { return static_cast<std::uint32_t>(i); };
  const auto missing = [&](std::size_t i) { return a.codes[i] < 0 || b.codes[i] < 0; };
  const auto key = [&](std::size_t i) {
    return static_cast<std::uint64_t>(a.codes[i]) * b_levels + static_cast<std::uint64_t>(b.codes[i]);
  };
  const std::uint64_t pairs = static_cast<std::uint64_t>(a.levels()) * b_levels;
  if (pairs <= 4 * n + 1024)
    return group_small(
        n, static_cast<std::size_t>(pairs),
        [&](std::size_t i) { return missing(i) ? -1 : static_cast<std::int64_t>(key(i)); }, row);
  return group_hashed(n, missing, key, row);
}

Grouping sorted(Grouping grouping, const Column& column) {
  const auto levels = static_cast<std::size_t>(grouping.levels());
  std::vector<std::uint32_t> order;
  if (column.type() == Type::text) {
    const std::vector<std::string>& words = *column.dictionary();
    std::vector<std::string_view> texts;
    texts.reserve(levels);
    for (const std::uint32_t row : grouping.first)
      texts.emplace_back(words[static_cast<std::size_t>(column.codes()[row])]);
    order = text_order(texts);
  } else {
    order = radix_order(order_keys(*column.take(grouping.first)).keys);
  }
  std::vector<std::int32_t> rank(levels);
  std::vector<std::uint32_t> first(levels);
  for (std::size_t i = 0; i < levels; ++i) {
    const std::uint32_t old = order[i];
    rank[old] = static_cast<std::int32_t>(i);
    first[i] = grouping.first[old];
  }
  for (std::int32_t& code : grouping.codes)
    if (code >= 0) code = rank[static_cast<std::size_t>(code)];
  grouping.first = std::move(first);
  return grouping;
}

}  // namespace data
