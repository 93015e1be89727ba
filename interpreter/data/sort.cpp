#include "data/sort.hpp"

#include "core/error.hpp"
#include "core/parallel.hpp"
#include "core/text.hpp"
#include "data/radix.hpp"

#include <algorithm>
#include <numeric>
#include <utility>

namespace data {

std::vector<std::uint32_t> sorted_rows(const Frame& frame, std::span<const SortKey> keys) {
  std::vector<std::uint32_t> rows(frame.rows());
  std::iota(rows.begin(), rows.end(), 0U);
  // Keys are packed into words of 64 bits, the first key highest; the last word is sorted by first, and each stable
  // sort by the word before keeps the order of those after it among equals.
  OrderKeys word;
  bool first = true;
  const auto sort_by_word = [&] {
    if (word.bits == 0) return;
    if (std::exchange(first, false)) {
      rows = radix_order(word.keys);
      return;
    }
    std::vector<std::uint64_t> in_order(rows.size());
    for (std::size_t i = 0; i < rows.size(); ++i) in_order[i] = word.keys[rows[i]];
    const std::vector<std::uint32_t> order = radix_order(in_order);
    std::vector<std::uint32_t> out(rows.size());
    for (std::size_t i = 0; i < rows.size(); ++i) out[i] = rows[order[i]];
    rows = std::move(out);
  };
  for (std::size_t k = keys.size(); k-- > 0;) {
    OrderKeys next = order_keys(*frame.at(keys[k].column), keys[k].descending);
    if (next.bits == 0) continue;  // nothing is known: all rows are equal
    constexpr unsigned word_bits = 64;
    if (word.bits == 0 || word.bits + next.bits > word_bits) {
      sort_by_word();
      word = std::move(next);
    } else {
      constexpr std::size_t block = 1 << 16;
      core::for_blocks(rows.size(), block, [&](std::size_t begin, std::size_t end) {
        for (std::size_t i = begin; i < end; ++i) word.keys[i] |= next.keys[i] << word.bits;
      });
      word.bits += next.bits;
    }
  }
  sort_by_word();
  return rows;
}

std::vector<std::uint32_t> distinct_rows(const Frame& frame, std::span<const std::string> columns) {
  std::vector<ColumnPtr> by;
  for (const std::string& name : columns) by.push_back(frame.at(name));
  if (columns.empty())
    for (std::size_t c = 0; c < frame.width(); ++c) by.push_back(frame.column(c));
  if (by.empty()) return {};
  const auto with_missing = [](const Column& column) {
    Grouping out = group(column);
    const auto hole = std::find(out.codes.begin(), out.codes.end(), -1);
    if (hole == out.codes.end()) return out;
    out.first.push_back(static_cast<std::uint32_t>(hole - out.codes.begin()));
    std::replace(out.codes.begin(), out.codes.end(), -1, out.levels() - 1);
    return out;
  };
  Grouping all = with_missing(*by.front());
  for (std::size_t c = 1; c < by.size(); ++c) all = combine(all, with_missing(*by[c]));
  std::vector<std::uint32_t> rows = std::move(all.first);
  std::sort(rows.begin(), rows.end());
  return rows;
}

std::vector<std::uint32_t> marked_rows(const Frame& frame, std::span<const std::uint8_t> marks) {
  if (marks.size() != frame.rows())
    throw core::Error("the condition has " + core::counted(static_cast<long long>(marks.size()), "value") +
                      ", but frame '" + frame.name() + "' has " +
                      core::counted(static_cast<long long>(frame.rows()), "row"));
  std::vector<std::uint32_t> rows;
  for (std::size_t i = 0; i < marks.size(); ++i)
    if (marks[i] == 1) rows.push_back(static_cast<std::uint32_t>(i));
  return rows;
}

}  // namespace data
