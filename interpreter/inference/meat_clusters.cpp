#include "core/error.hpp"
#include "core/interrupt.hpp"
#include "inference/meat.hpp"

#include <algorithm>
#include <bit>
#include <cassert>
#include <limits>

namespace inference {
namespace {

constexpr std::int32_t none = -1;

/// Numbers 64-bit keys by first appearance: open addressing.
class Numbering {
 public:
  explicit Numbering(std::size_t expected)
      : keys_(std::bit_ceil(2 * expected + 16)), codes_(keys_.size(), none), mask_(keys_.size() - 1) {}
  std::int32_t code(std::uint64_t key) {
    std::size_t at = (key * 0x9E3779B97F4A7C15ULL) >> 20 & mask_;
    while (codes_[at] != none && keys_[at] != key) at = (at + 1) & mask_;
    if (codes_[at] == none) {
      keys_[at] = key;
      codes_[at] = next_++;
    }
    return codes_[at];
  }
  std::int32_t count() const { return next_; }

 private:
  std::vector<std::uint64_t> keys_;
  std::vector<std::int32_t> codes_;
  std::size_t mask_;
  std::int32_t next_ = 0;
};

std::int32_t groups_in(const Codes& codes) {
  return codes.empty() ? 0 : *std::max_element(codes.begin(), codes.end()) + 1;
}

}  // namespace

std::pair<Codes, std::int32_t> intersection(const Codes& a, std::int32_t groups_a, const Codes& b,
                                            std::int32_t groups_b) {
  assert(a.size() == b.size());
  Codes out(a.size());
  const std::uint64_t cells = static_cast<std::uint64_t>(groups_a) * static_cast<std::uint64_t>(groups_b);
  const auto key = [&](std::size_t i) {
    return static_cast<std::uint64_t>(a[i]) * static_cast<std::uint64_t>(groups_b) + static_cast<std::uint64_t>(b[i]);
  };
  if (cells <= 4 * a.size() + 1024) {  // a table is smaller than hashing
    Codes table(cells, none);
    std::int32_t next = 0;
    for (std::size_t i = 0; i < a.size(); ++i) {
      std::int32_t& code = table[key(i)];
      if (code == none) code = next++;
      out[i] = code;
    }
    return {std::move(out), next};
  }
  Numbering numbering(a.size());
  for (std::size_t i = 0; i < a.size(); ++i) out[i] = numbering.code(key(i));
  return {std::move(out), numbering.count()};
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
