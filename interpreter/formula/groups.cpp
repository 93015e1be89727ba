#include "formula/groups.hpp"

#include <algorithm>
#include <numeric>

namespace formula {
namespace {

/// Numbers the pairs (a, b) in the order of a, then b.
data::Grouping paired(const data::Grouping& a, const data::Grouping& b) {
  data::Grouping out = data::combine(a, b);  // `first` holds positions
  const auto levels = static_cast<std::size_t>(out.levels());
  std::vector<std::int32_t> order(levels);
  std::iota(order.begin(), order.end(), 0);
  const auto position = [&](std::int32_t level) { return out.first[static_cast<std::size_t>(level)]; };
  std::sort(order.begin(), order.end(), [&](std::int32_t i, std::int32_t j) {
    const std::uint32_t p = position(i);
    const std::uint32_t q = position(j);
    return a.codes[p] != a.codes[q] ? a.codes[p] < a.codes[q] : b.codes[p] < b.codes[q];
  });
  std::vector<std::int32_t> rank(levels);
  std::vector<std::uint32_t> first(levels);
  for (std::size_t i = 0; i < levels; ++i) {
    rank[static_cast<std::size_t>(order[i])] = static_cast<std::int32_t>(i);
    first[i] = position(order[i]);
  }
  for (std::int32_t& code : out.codes)
    if (code >= 0) code = rank[static_cast<std::size_t>(code)];
  out.first = std::move(first);
  return out;
}

/// Missing values as a level of their own, after the others.
data::Grouping with_missing_last(data::Grouping grouping) {
  const std::int32_t last = grouping.levels();
  for (std::size_t i = 0; i < grouping.codes.size(); ++i) {
    if (grouping.codes[i] >= 0) continue;
    if (grouping.levels() == last) grouping.first.push_back(static_cast<std::uint32_t>(i));
    grouping.codes[i] = last;
  }
  return grouping;
}

}  // namespace

data::Grouping sorted_groups(const std::vector<data::ColumnPtr>& columns) {
  data::Grouping out = with_missing_last(data::sorted(data::group(*columns.front()), *columns.front()));
  for (std::size_t i = 1; i < columns.size(); ++i)
    out = paired(out, with_missing_last(data::sorted(data::group(*columns[i]), *columns[i])));
  return out;
}

data::Grouping sorted_groups(const std::vector<data::ColumnPtr>& columns, const std::vector<std::uint32_t>* rows) {
  const auto one = [&](const data::Column& column) {
    return data::sorted(rows ? data::group(column, *rows) : data::group(column), column);
  };
  data::Grouping out = one(*columns.front());
  if (columns.size() == 1) return out;
  for (std::size_t i = 1; i < columns.size(); ++i) out = paired(out, one(*columns[i]));
  if (rows)
    for (std::uint32_t& first : out.first) first = (*rows)[first];
  return out;
}

}  // namespace formula
