#include "core/error.hpp"
#include "core/interrupt.hpp"
#include "inference/meat.hpp"

#include <algorithm>
#include <bit>
#include <cassert>
#include <numeric>

namespace inference {
namespace {

std::int32_t groups_in(const Codes& codes) {
  return codes.empty() ? 0 : *std::max_element(codes.begin(), codes.end()) + 1;
}

}  // namespace

std::pair<Codes, std::int32_t> intersection(const Codes& a, std::int32_t groups_a, const Codes& b,
                                            std::int32_t groups_b) {
  assert(a.size() == b.size());
  // Rows in the order of a; within one of its groups each b met is numbered once.
  std::vector<std::uint32_t> start(static_cast<std::size_t>(groups_a) + 1), order(a.size());
  for (const std::int32_t code : a) ++start[static_cast<std::size_t>(code) + 1];
  std::partial_sum(start.begin(), start.end(), start.begin());
  for (std::size_t i = 0; i < a.size(); ++i)
    order[start[static_cast<std::size_t>(a[i])]++] = static_cast<std::uint32_t>(i);
  struct Seen {
    std::int32_t in = -1, code = 0;
  };
  std::vector<Seen> seen(static_cast<std::size_t>(groups_b));
  Codes out(a.size());
  std::int32_t next = 0;
  for (const std::uint32_t i : order) {
    Seen& cell = seen[static_cast<std::size_t>(b[i])];
    if (cell.in != a[i]) cell = {a[i], next++};
    out[i] = cell.code;
  }
  return {std::move(out), next};
}

ClusterMeat meat_clusters(const Matrix& scores, const std::vector<Codes>& ways, const std::vector<std::string>& names) {
  if (ways.size() > 8) throw core::Error("more than eight cluster variables");
  ClusterMeat out;
  std::vector<std::pair<Codes, std::int32_t>> subsets(std::size_t{1} << ways.size());
  for (std::size_t w = 0; w < ways.size(); ++w) {
    assert(ways[w].size() == static_cast<std::size_t>(scores.rows()));
    const std::int32_t groups = groups_in(ways[w]);
    if (groups < 2)
      throw core::Error("clusters of '" + (w < names.size() ? names[w] : "") + "': only one in the sample")
          .hint("clustering needs at least two; use vcov=\"hetero\", or another variable")
          .word(w < names.size() ? names[w] : "");
    out.groups.push_back(groups);
  }
  for (std::size_t set = 1; set < subsets.size(); ++set) {
    core::poll();
    const auto way = static_cast<std::size_t>(std::bit_width(set)) - 1;  // its last way, and the rest without it
    const std::size_t rest = set ^ std::size_t{1} << way;
    const auto groups = static_cast<std::int32_t>(out.groups[way]);
    if (rest == 0)
      subsets[set] = {ways[way], groups};
    else
      subsets[set] = intersection(subsets[rest].first, subsets[rest].second, ways[way], groups);
    out.terms.push_back({meat_groups(scores, subsets[set].first, subsets[set].second),
                         std::popcount(set) % 2 == 1 ? 1.0 : -1.0, static_cast<double>(subsets[set].second)});
  }
  return out;
}

}  // namespace inference
