// Rows laid out group by group, in row order within each: what kernels that work within groups share.
#pragma once

#include "data/column.hpp"

#include <cstdint>
#include <vector>

namespace measures {

struct GroupedRows {
  std::vector<std::uint32_t> rows;  ///< rows that belong to a group, group after group
  std::vector<std::size_t> start;   ///< groups + 1 positions in `rows`
  std::size_t groups() const { return start.size() - 1; }
};

/// All n rows are one group when `groups` is null.
inline GroupedRows grouped_rows(std::size_t n, const data::Grouping* groups) {
  GroupedRows out;
  if (groups == nullptr) {
    out.start = {0, n};
    out.rows.resize(n);
    for (std::size_t i = 0; i < n; ++i) out.rows[i] = static_cast<std::uint32_t>(i);
    return out;
  }
  out.start.assign(static_cast<std::size_t>(groups->levels()) + 1, 0);
  for (const std::int32_t code : groups->codes)
    if (code >= 0) ++out.start[static_cast<std::size_t>(code) + 1];
  for (std::size_t g = 1; g < out.start.size(); ++g) out.start[g] += out.start[g - 1];
  out.rows.resize(out.start.back());
  std::vector<std::size_t> next(out.start.begin(), out.start.end() - 1);
  for (std::size_t i = 0; i < n; ++i)
    if (groups->codes[i] >= 0)
      out.rows[next[static_cast<std::size_t>(groups->codes[i])]++] = static_cast<std::uint32_t>(i);
  return out;
}

}  // namespace measures
