#include "estimators/linear/leverage.hpp"

#include "core/error.hpp"
#include "core/interrupt.hpp"
#include "core/text.hpp"

#include <utility>
#include "numerics/dense.hpp"

namespace estimators {
namespace {

using numerics::FixedEffect;
using numerics::Index;
using numerics::Matrix;
using numerics::Vector;

/// One row of the dummies that are not eliminated: few entries, so a list of (column, value).
using Entries = std::vector<std::pair<Index, double>>;

struct Others {
  const std::vector<FixedEffect>& effects;
  std::size_t eliminated;  ///< this one's intercepts are not among the columns; effects.size(): none is
  Index columns = 0;

  Others(const std::vector<FixedEffect>& all, std::size_t without) : effects(all), eliminated(without) {
    for (std::size_t q = 0; q < effects.size(); ++q) {
      columns += effects[q].levels *
                 ((effects[q].intercept && q != eliminated ? 1 : 0) + static_cast<Index>(effects[q].slopes.size()));
    }
  }
  void row(std::size_t i, Entries& entries) const {
    entries.clear();
    Index base = 0;
    for (std::size_t q = 0; q < effects.size(); ++q) {
      const FixedEffect& effect = effects[q];
      if (effect.intercept && q != eliminated) {
        entries.emplace_back(base + effect.codes[i], 1.0);
        base += effect.levels;
      }
      for (const Vector& slope : effect.slopes) {
        entries.emplace_back(base + effect.codes[i], slope[static_cast<Index>(i)]);
        base += effect.levels;
      }
    }
  }
};

std::size_t largest_intercepts(const std::vector<FixedEffect>& effects) {
  std::size_t best = effects.size();
  for (std::size_t q = 0; q < effects.size(); ++q) {
    if (effects[q].intercept && (best == effects.size() || effects[q].levels > effects[best].levels)) best = q;
  }
  return best;
}

}  // namespace

Vector absorbed_leverage(const std::vector<FixedEffect>& effects, const Vector& weights, Index n) {
  Vector leverage = Vector::Zero(n);
  if (effects.empty()) return leverage;
  const std::size_t first = largest_intercepts(effects);
  const Others others(effects, first);
  const bool eliminate = first < effects.size();
  const Index groups = eliminate ? effects[first].levels : 0;
  const Index m = others.columns;
  if (m > 3000 || m * groups > 50'000'000) {
    throw core::Error("hc2, hc3 and hc4 need the leverage of each row, and " + core::grouped(m) +
                      " fixed-effect parameters beside the largest dimension are too many to solve for exactly")
        .hint("use vcov=\"hetero\" or clusters: the difference vanishes when rows per parameter are many")
        .word("vcov");
  }
  const auto weight = [&](Index i) { return weights.size() == 0 ? 1.0 : weights[i]; };
  Vector group_weight = Vector::Zero(groups);
  Matrix group_rows = Matrix::Zero(m, groups);  // Σ w e over each group; then its mean
  Matrix S = Matrix::Zero(m, m);
  Entries entries;
  for (Index i = 0; i < n; ++i) {
    others.row(static_cast<std::size_t>(i), entries);
    const double w = weight(i);
    const Index g = eliminate ? effects[first].codes[static_cast<std::size_t>(i)] : 0;
    if (eliminate) group_weight[g] += w;
    for (const auto& [a, x] : entries) {
      if (eliminate) group_rows(a, g) += w * x;
      for (const auto& [b, y] : entries) S(a, b) += w * x * y;
    }
  }
  core::poll();
  for (Index g = 0; g < groups; ++g) group_rows.col(g) /= group_weight[g];
  if (m > 0 && eliminate) S -= numerics::sandwich(group_rows, Matrix(group_weight.asDiagonal()));
  const Matrix inverse = m > 0 ? numerics::pseudo_inverse(S, 1e-11) : Matrix();
  core::poll();
  const Matrix solved = m > 0 ? numerics::product(inverse, group_rows) : Matrix(0, groups);
  for (Index i = 0; i < n; ++i) {  // (e − ē)' S⁺ (e − ē) + 1/W_g
    others.row(static_cast<std::size_t>(i), entries);
    const Index g = eliminate ? effects[first].codes[static_cast<std::size_t>(i)] : 0;
    double h = eliminate ? 1 / group_weight[g] : 0;
    for (const auto& [a, x] : entries) {
      for (const auto& [b, y] : entries) h += x * y * inverse(a, b);
      if (eliminate) h -= 2 * x * solved(a, g);
    }
    if (eliminate && m > 0) h += group_rows.col(g).dot(solved.col(g));
    leverage[i] = weight(i) * h;
  }
  return leverage;
}

}  // namespace estimators
