#include "estimators/linear/hat_basis.hpp"

#include "core/error.hpp"
#include "core/text.hpp"
#include "estimators/linear/linear.hpp"

namespace estimators {

using numerics::FixedEffect;
using numerics::Index;
using numerics::Matrix;

std::vector<bool> nested_effects(const Context& context, const numerics::Codes& clusters) {
  std::vector<bool> out;
  for (const FixedEffect& effect : context.fe) out.push_back(numerics::nested(effect.codes, effect.levels, clusters));
  return out;
}

Matrix dummy_columns(const std::vector<FixedEffect>& chosen, const std::vector<FixedEffect>& absorbed,
                     const numerics::Vector& weights, Index n) {
  constexpr Index most = 2000;
  Index width = 0;
  for (const FixedEffect& effect : chosen)
    width += effect.levels * ((effect.intercept ? 1 : 0) + static_cast<Index>(effect.slopes.size()));
  if (width > most)
    throw core::Error(core::grouped(width) +
                      " fixed-effect parameters cross the clusters, and their dummies are needed one by one: too many")
        .hint("cluster at a level that holds the fixed effects")
        .word("cluster");
  Matrix out = Matrix::Zero(n, width);
  Index base = 0;
  for (const FixedEffect& effect : chosen) {
    if (effect.intercept) {
      for (Index i = 0; i < n; ++i) out(i, base + effect.codes[static_cast<std::size_t>(i)]) = 1;
      base += effect.levels;
    }
    for (const numerics::Vector& slope : effect.slopes) {
      for (Index i = 0; i < n; ++i) out(i, base + effect.codes[static_cast<std::size_t>(i)]) = slope[i];
      base += effect.levels;
    }
  }
  if (!absorbed.empty() && width > 0) numerics::Absorber(absorbed, weights).apply(out);
  return out;
}

Matrix hat_basis(const Context& context, const Matrix& Xt, const numerics::Codes& clusters) {
  const std::vector<bool> nested = nested_effects(context, clusters);
  std::vector<FixedEffect> inside, across;
  for (std::size_t q = 0; q < nested.size(); ++q) (nested[q] ? inside : across).push_back(context.fe[q]);
  const Matrix dummies = dummy_columns(across, inside, context.weights, Xt.rows());
  Matrix out(Xt.rows(), Xt.cols() + dummies.cols());
  out.leftCols(Xt.cols()) = Xt;
  out.rightCols(dummies.cols()) = dummies;
  return out;
}

}  // namespace estimators
