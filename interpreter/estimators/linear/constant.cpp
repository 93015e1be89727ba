#include "estimators/linear/constant.hpp"

#include "core/error.hpp"
#include "core/text.hpp"
#include "data/column.hpp"
#include "formula/design.hpp"

#include <utility>
#include "numerics/dense.hpp"

namespace estimators {
namespace {

/// A least-squares fit on regressors from which fixed effects were removed.
struct Regression {
  Matrix X;      ///< n×k, fixed effects removed
  Vector means;  ///< k, before removing
  Vector coef;   ///< k
  Matrix bread;  ///< k×k
};

/// Coefficients, bread and scores of the regression on [X̃ + x̄, 1], which has the same slopes and the constant last.
struct Bordered {
  Vector coef;
  Matrix bread, scores;
};

Bordered border(const Regression& r, double y_mean, double n, const Vector& weighted_residuals) {
  const Index k = r.X.cols();
  const Vector side = -r.bread * r.means;
  Bordered b;
  b.bread.resize(k + 1, k + 1);
  b.bread.topLeftCorner(k, k) = r.bread;
  b.bread.topRightCorner(k, 1) = side;
  b.bread.bottomLeftCorner(1, k) = side.transpose();
  b.bread(k, k) = 1 / n - r.means.dot(side);
  b.scores.resize(r.X.rows(), k + 1);
  for (Index j = 0; j < k; ++j) b.scores.col(j) = (r.X.col(j).array() + r.means[j]) * weighted_residuals.array();
  b.scores.col(k) = weighted_residuals;
  b.coef.resize(k + 1);
  b.coef.head(k) = r.coef;
  b.coef[k] = y_mean - r.means.dot(r.coef);
  return b;
}

/// The level that comes first when the fixed effect's column is sorted: what a factor written as i.x leaves out.
std::int32_t base_level(const Context& context, std::size_t q) {
  const numerics::FixedEffect& effect = context.fe[q];
  const data::ColumnPtr column = context.frame.find(context.fe_info[q].name);
  const std::vector<std::string>& names = context.fe_info[q].level_names;
  std::vector<std::uint32_t> first(static_cast<std::size_t>(effect.levels));
  for (std::size_t i = effect.codes.size(); i-- > 0;)
    first[static_cast<std::size_t>(effect.codes[i])] = context.rows[i];
  const auto before = [&](std::size_t a, std::size_t b) {
    if (column == nullptr || column->type() == data::Type::text) return names[a] < names[b];
    if (column->type() == data::Type::category) return column->codes()[first[a]] < column->codes()[first[b]];
    return column->number(first[a]) < column->number(first[b]);
  };
  std::size_t base = 0;
  for (std::size_t level = 1; level < first.size(); ++level) {
    if (before(level, base)) base = level;
  }
  return static_cast<std::int32_t>(base);
}

/// Dummies of the dimensions after the first, without the base level of each.
Matrix later_dummies(const Context& context) {
  Index wanted = 0;
  for (std::size_t q = 0; q < context.fe.size(); ++q) {
    if (!context.fe[q].slopes.empty())
      throw core::Error("cons=\"xtreg\" is not defined with varying slopes").word("cons");
    if (q > 0) wanted += context.fe[q].levels - 1;
  }
  if (wanted > 2000) {
    throw core::Error("cons=\"xtreg\" would need " + core::grouped(wanted) + " dummies")
        .hint(
            "it absorbs the first fixed effect and writes the others as dummies: put the largest first, or use "
            "cons=\"reghdfe\"")
        .word("cons");
  }
  Matrix dummies = Matrix::Zero(static_cast<Index>(context.rows.size()), wanted);
  Index at = 0;
  for (std::size_t q = 1; q < context.fe.size(); ++q) {
    const numerics::FixedEffect& effect = context.fe[q];
    const std::int32_t base = base_level(context, q);
    for (std::size_t i = 0; i < effect.codes.size(); ++i) {
      const std::int32_t code = effect.codes[i];
      if (code != base) dummies(static_cast<Index>(i), at + code - (code > base ? 1 : 0)) = 1;
    }
    at += effect.levels - 1;
  }
  return dummies;
}

Vector weighted_means(const Matrix& X, const Vector& weights, double total) {
  if (weights.size() == 0) return X.colwise().sum().transpose() / total;
  return X.transpose() * weights / total;
}

/// y on the kept regressors and later_dummies(), with the first dimension alone absorbed.
Regression with_dummies(const Problem& problem, const std::vector<Index>& kept) {
  const Context& context = *problem.context;
  const formula::Design design = formula::design(context.parts, context.frame, context.options);
  const Matrix dummies = later_dummies(context);
  const auto k = static_cast<Index>(kept.size());
  Matrix columns(problem.n(), 1 + k + dummies.cols());
  columns.col(0) = problem.y;
  for (Index j = 0; j < k; ++j) columns.col(1 + j) = design.X.col(kept[static_cast<std::size_t>(j)] - 1);
  columns.rightCols(dummies.cols()) = dummies;
  const Vector means = weighted_means(columns, context.weights, context.nobs);
  columns.rowwise() -= means.transpose();
  const numerics::Absorber first({context.fe.front()}, context.weights);
  first.apply(columns);

  const Matrix X = columns.rightCols(columns.cols() - 1);
  const numerics::LeastSquares ls = numerics::least_squares(X, columns.col(0), context.weights);
  Regression r;
  const auto used = static_cast<Index>(ls.kept.size());
  r.X.resize(problem.n(), used);
  r.means.resize(used);
  for (Index j = 0; j < used; ++j) {
    r.X.col(j) = X.col(ls.kept[static_cast<std::size_t>(j)]);
    r.means[j] = means[ls.kept[static_cast<std::size_t>(j)] + 1];
  }
  r.coef = ls.coef;
  r.bread = ls.bread;
  return r;
}

/// The rows of the first k coefficients and of the constant alone: bread is the block of the full inverse, and scores
/// are those that give the same influence functions with it.
Bordered reduced(const Bordered& full, Index k) {
  std::vector<Index> keep;
  for (Index j = 0; j < k; ++j) keep.push_back(j);
  keep.push_back(full.coef.size() - 1);
  Bordered b;
  b.coef = full.coef(keep);
  b.bread = full.bread(keep, keep);
  const Matrix influence = numerics::product(full.scores, Matrix(full.bread(Eigen::all, keep)));
  b.scores = numerics::solve_psd(b.bread, Matrix(influence.transpose())).transpose();
  return b;
}

}  // namespace

ConstantRow parse_constant(const std::string& word) {
  if (word == "reghdfe") return ConstantRow::reghdfe;
  if (word == "xtreg") return ConstantRow::xtreg;
  return ConstantRow::none;
}

void add_constant(results::Fit& fit, const Problem& problem, const std::vector<Index>& kept, ConstantRow kind) {
  const auto k = static_cast<Index>(kept.size());
  const Vector& weights = problem.weights();
  const Vector weighted_residuals =
      weights.size() == 0 ? fit.residuals : Vector(weights.array() * fit.residuals.array());
  Bordered b;
  if (kind == ConstantRow::xtreg && problem.context->fe.size() > 1) {
    b = reduced(border(with_dummies(problem, kept), problem.means[0], fit.nobs, weighted_residuals), k);
  } else {
    Regression r;
    r.X.resize(problem.n(), k);
    r.means.resize(k);
    for (Index j = 0; j < k; ++j) {
      r.X.col(j) = problem.columns.col(kept[static_cast<std::size_t>(j)]);
      r.means[j] = problem.means[kept[static_cast<std::size_t>(j)]];
    }
    r.coef = fit.coef;
    r.bread = fit.bread;
    b = border(r, problem.means[0], fit.nobs, weighted_residuals);
  }
  fit.coef = std::move(b.coef);
  fit.bread = std::move(b.bread);
  fit.scores = std::move(b.scores);
  fit.constant = k;
  fit.rank = k + 1;
  fit.names.emplace_back("_cons");
}

}  // namespace estimators
