#include "data/verbs/keys.hpp"

#include "core/error.hpp"
#include "core/interrupt.hpp"
#include "data/radix.hpp"

#include <algorithm>
#include <numeric>

namespace data {
namespace {

/// Missing becomes a level after the others.
Grouping with_missing(Grouping grouping) {
  const auto hole = std::find(grouping.codes.begin(), grouping.codes.end(), -1);
  if (hole == grouping.codes.end()) return grouping;
  const std::int32_t level = grouping.levels();
  grouping.first.push_back(static_cast<std::uint32_t>(hole - grouping.codes.begin()));
  std::replace(hole, grouping.codes.end(), -1, level);
  return grouping;
}

/// Renumbers combined groups in the order of a, then b, both of which are in order.
Grouping in_order(Grouping combined, const Grouping& a, const Grouping& b) {
  std::vector<std::uint64_t> keys(combined.first.size());
  for (std::size_t g = 0; g < keys.size(); ++g) {
    const std::uint32_t row = combined.first[g];
    keys[g] = static_cast<std::uint64_t>(a.codes[row]) * static_cast<std::uint64_t>(b.levels()) +
              static_cast<std::uint64_t>(b.codes[row]);
  }
  const std::vector<std::uint32_t> order = radix_order(keys);
  std::vector<std::int32_t> rank(order.size());
  std::vector<std::uint32_t> first(order.size());
  for (std::size_t i = 0; i < order.size(); ++i) {
    rank[order[i]] = static_cast<std::int32_t>(i);
    first[i] = combined.first[order[i]];
  }
  for (std::int32_t& code : combined.codes) code = rank[static_cast<std::size_t>(code)];
  combined.first = std::move(first);
  return combined;
}

}  // namespace

std::vector<ColumnPtr> columns_of(const Frame& frame, std::span<const std::string> names) {
  std::vector<ColumnPtr> out;
  for (std::size_t i = 0; i < names.size(); ++i) {
    out.push_back(frame.at(names[i]));
    if (std::find(names.begin(), names.begin() + static_cast<std::ptrdiff_t>(i), names[i]) !=
        names.begin() + static_cast<std::ptrdiff_t>(i))
      throw core::Error("column '" + names[i] + "' is named twice").word(names[i]);
  }
  return out;
}

Grouping keyed(std::span<const ColumnPtr> columns, std::size_t rows) {
  if (columns.empty()) return {std::vector<std::int32_t>(rows, 0), std::vector<std::uint32_t>(rows ? 1 : 0, 0)};
  Grouping out = with_missing(group(*columns.front()));
  for (const ColumnPtr& column : columns.subspan(1)) {
    core::poll();
    out = combine(out, with_missing(group(*column)));
  }
  return out;
}

Grouping keyed_in_order(std::span<const ColumnPtr> columns, std::size_t rows) {
  if (columns.empty()) return keyed(columns, rows);
  const auto one = [](const Column& column) { return with_missing(sorted(group(column), column)); };
  Grouping out = one(*columns.front());
  for (const ColumnPtr& column : columns.subspan(1)) {
    core::poll();
    const Grouping next = one(*column);
    out = in_order(combine(out, next), out, next);
  }
  return out;
}

GroupRows rows_by_group(std::span<const std::int32_t> codes, std::size_t groups) {
  GroupRows out;
  out.start.assign(groups + 1, 0);
  for (const std::int32_t code : codes)
    if (code >= 0) ++out.start[static_cast<std::size_t>(code) + 1];
  std::partial_sum(out.start.begin(), out.start.end(), out.start.begin());
  out.rows.resize(out.start.back());
  std::vector<std::uint32_t> next(out.start.begin(), out.start.end() - 1);
  for (std::size_t i = 0; i < codes.size(); ++i)
    if (codes[i] >= 0) out.rows[next[static_cast<std::size_t>(codes[i])]++] = static_cast<std::uint32_t>(i);
  return out;
}

std::string key_text(std::span<const std::string> names, std::span<const ColumnPtr> columns, std::size_t row) {
  std::string out;
  for (std::size_t i = 0; i < names.size(); ++i) {
    const std::string value = columns[i]->text(row);
    out += (i ? ", " : "") + names[i] + " = " + (value.empty() ? "missing" : value);
  }
  return out;
}

std::optional<Repeated> repeated(const Grouping& grouping) {
  const std::size_t groups = grouping.first.size();
  if (groups == grouping.codes.size()) return std::nullopt;
  std::vector<std::uint32_t> counts(groups, 0);
  Repeated out;
  bool found = false;
  for (std::size_t i = 0; i < grouping.codes.size(); ++i) {
    if (grouping.codes[i] < 0) continue;
    std::uint32_t& count = counts[static_cast<std::size_t>(grouping.codes[i])];
    if (++count != 2) continue;
    if (!found) {
      out.first = grouping.first[static_cast<std::size_t>(grouping.codes[i])];
      out.second = static_cast<std::uint32_t>(i);
      found = true;
    }
    ++out.groups;
  }
  if (!found) return std::nullopt;
  return out;
}

}  // namespace data
