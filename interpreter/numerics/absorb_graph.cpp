// The bipartite graph of two dimensions, and what can be said of fixed effects from codes alone.
#include "core/error.hpp"
#include "numerics/absorb.hpp"

#include <numeric>

namespace numerics {
namespace {

std::int32_t root(Codes& parent, std::int32_t node) {
  while (parent[std::size_t(node)] != node) {
    auto& up = parent[std::size_t(node)];
    up = parent[std::size_t(up)];  // halve the path
    node = up;
  }
  return node;
}

}  // namespace

std::pair<Codes, Index> connected_components(const Codes& a, Index levels_a, const Codes& b, Index levels_b) {
  if (a.size() != b.size()) throw core::Error("two fixed effects have codes of different lengths");
  Codes parent(std::size_t(levels_a + levels_b));
  std::iota(parent.begin(), parent.end(), 0);
  for (std::size_t i = 0; i < a.size(); ++i) {
    const std::int32_t u = root(parent, a[i]), v = root(parent, std::int32_t(levels_a) + b[i]);
    if (u < v) parent[std::size_t(v)] = u;
    if (v < u) parent[std::size_t(u)] = v;
  }
  Codes name(parent.size(), -1), component(std::size_t(levels_a), 0);
  std::int32_t count = 0;
  for (std::int32_t level = 0; level < std::int32_t(levels_a); ++level) {
    auto& mine = name[std::size_t(root(parent, level))];
    if (mine < 0) mine = count++;
    component[std::size_t(level)] = mine;
  }
  return {std::move(component), count};
}

std::vector<bool> without_singletons(const std::vector<FixedEffect>& effects) {
  if (effects.empty()) return {};
  const std::size_t n = effects[0].codes.size();
  std::vector<const FixedEffect*> intercepts;
  for (const FixedEffect& effect : effects) {
    if (effect.codes.size() != n) throw core::Error("two fixed effects have codes of different lengths");
    if (effect.intercept) intercepts.push_back(&effect);
  }
  // For each level how many rows are left, and the sum of their numbers: alone, that sum is the row.
  struct Left {
    std::int64_t rows = 0, sum = 0;
  };
  std::vector<std::vector<Left>> left;
  std::vector<std::size_t> alone;
  for (const FixedEffect* effect : intercepts) {
    auto& mine = left.emplace_back(std::size_t(effect->levels));
    for (std::size_t i = 0; i < n; ++i) {
      Left& level = mine[std::size_t(effect->codes[i])];
      ++level.rows;
      level.sum += std::int64_t(i);
    }
    for (const Left& level : mine)
      if (level.rows == 1) alone.push_back(std::size_t(level.sum));
  }
  std::vector<bool> keep(n, true);
  while (!alone.empty()) {
    const std::size_t row = alone.back();
    alone.pop_back();
    if (!keep[row]) continue;
    keep[row] = false;
    for (std::size_t d = 0; d < intercepts.size(); ++d) {
      Left& level = left[d][std::size_t(intercepts[d]->codes[row])];
      level.sum -= std::int64_t(row);
      if (--level.rows == 1) alone.push_back(std::size_t(level.sum));
    }
  }
  return keep;
}

bool nested(const Codes& inner, Index levels_inner, const Codes& outer) {
  if (inner.size() != outer.size()) throw core::Error("two groupings have codes of different lengths");
  Codes holder(std::size_t(levels_inner), -1);
  for (std::size_t i = 0; i < inner.size(); ++i) {
    auto& mine = holder[std::size_t(inner[i])];
    if (mine < 0) mine = outer[i];
    if (mine != outer[i]) return false;
  }
  return true;
}

}  // namespace numerics
