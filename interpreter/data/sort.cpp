#include "data/sort.hpp"

#include "core/error.hpp"
#include "core/text.hpp"

#include <algorithm>
#include <numeric>

namespace data {
namespace {

/// Sorts rows stably by dense codes in sorted order, missing (−1) last: one counting pass.
void sort_by_codes(std::vector<std::uint32_t>& rows, const Grouping& grouping, bool descending) {
  const auto levels = static_cast<std::size_t>(grouping.levels());
  const auto place = [&](std::uint32_t row) {
    const std::int32_t code = grouping.codes[row];
    if (code < 0) return levels;
    return descending ? levels - 1 - static_cast<std::size_t>(code) : static_cast<std::size_t>(code);
  };
  std::vector<std::uint32_t> next(levels + 2);
  for (const std::uint32_t row : rows) ++next[place(row) + 1];
  std::partial_sum(next.begin(), next.end(), next.begin());
  std::vector<std::uint32_t> out(rows.size());
  for (const std::uint32_t row : rows) out[next[place(row)]++] = row;
  rows = std::move(out);
}

}  // namespace

std::vector<std::uint32_t> sorted_rows(const Frame& frame, std::span<const SortKey> keys) {
  std::vector<std::uint32_t> rows(frame.rows());
  std::iota(rows.begin(), rows.end(), 0U);
  // The last key first: each stable pass keeps the order of those after it among equals.
  for (std::size_t k = keys.size(); k-- > 0;) {
    const ColumnPtr column = frame.at(keys[k].column);
    sort_by_codes(rows, sorted(group(*column), *column), keys[k].descending);
  }
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
