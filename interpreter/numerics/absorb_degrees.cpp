// How many of the absorbed coefficients are redundant: the rank of D.
#include "numerics/absorb_schur.hpp"

#include <algorithm>
#include <numeric>
#include <optional>

namespace numerics {
namespace {

using namespace absorption;

constexpr Index largest_system = 1000;     // coefficients left after the largest dimension, for an exact rank
constexpr double most_products = 2e8;      // and multiplications to assemble them
constexpr double redundant_pivot = 1e-11;  // share of a column's squared norm that the earlier ones do not explain

bool affordable(const Reduced& reduced) {
  if (reduced.size() > largest_system) return false;
  const double size = double(reduced.size());
  return assembly_products(reduced) + size * size * size / 6 <= most_products;
}

/// Rank of the first dimensions together, if it can be had cheaply.
std::optional<Index> joint_rank(std::vector<FixedEffect> effects) {
  const Layers layers(std::move(effects), {});
  const Reduced reduced(layers);
  if (!affordable(reduced)) return {};
  Schur S = schur_complement(reduced, 0);
  const std::vector<bool> stands = semidefinite_cholesky(S.E, redundant_pivot);
  Index rank = std::count(stands.begin(), stands.end(), true);
  for (const Reduced::Part& own : reduced.own()) rank += (layers[own.layer].gram.array() > 0).count();
  return rank;
}

}  // namespace

Index AbsorbedDegrees::rank() const {
  return std::accumulate(levels.begin(), levels.end(), Index{0}) -
         std::accumulate(redundant.begin(), redundant.end(), Index{0});
}

AbsorbedDegrees absorbed_degrees(const std::vector<FixedEffect>& effects) {
  AbsorbedDegrees degrees;
  const bool sloped =
      std::any_of(effects.begin(), effects.end(), [](const FixedEffect& e) { return !e.slopes.empty(); });
  for (std::size_t d = 0; d < effects.size(); ++d) {
    const FixedEffect& effect = effects[d];
    degrees.levels.push_back(Index(effect.levels) * (Index(effect.intercept) + Index(effect.slopes.size())));
    degrees.redundant.push_back(0);
    if (d > 0 && (sloped || d > 1)) {
      const std::optional<Index> rank =
          degrees.exact ? joint_rank({effects.begin(), effects.begin() + std::ptrdiff_t(d) + 1}) : std::nullopt;
      if (rank) {
        degrees.redundant[d] = degrees.rank() - *rank;
        continue;
      }
      degrees.exact = false;
    }
    if (!effect.slopes.empty()) {  // slopes that are constant, or repeat one another, within a level
      const Layers alone({effect}, {});
      for (std::size_t l = 0; l < alone.size(); ++l) degrees.redundant[d] += (alone[l].gram.array() == 0).count();
    }
    if (!effect.intercept) continue;
    Index components = 0;
    for (std::size_t e = 0; e < d; ++e)
      if (effects[e].intercept)
        components = std::max(
            components, connected_components(effect.codes, effect.levels, effects[e].codes, effects[e].levels).second);
    degrees.redundant[d] += components;
  }
  return degrees;
}

}  // namespace numerics
