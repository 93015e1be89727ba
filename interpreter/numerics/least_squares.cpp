#include "numerics/least_squares.hpp"

#include "core/error.hpp"
#include "core/parallel.hpp"
#include "numerics/cross_products.hpp"

#include <cassert>
#include <cmath>
#include <limits>

namespace numerics {
namespace {

/// Lower Cholesky factor over kept columns, row by row.
struct Factor {
  std::vector<DoubleDoubleVector> rows;

  /// z with L z = v; v has at least as many values as the factor has rows.
  DoubleDoubleVector forward(DoubleDoubleVector v) const {
    for (std::size_t i = 0; i < rows.size(); ++i) {
      for (std::size_t j = 0; j < i; ++j) v[i] -= rows[i][j] * v[j];
      v[i] = v[i] / rows[i][i];
    }
    return v;
  }
  /// x with L' x = z.
  DoubleDoubleVector backward(DoubleDoubleVector z) const {
    for (std::size_t i = rows.size(); i-- > 0;) {
      z[i] = z[i] / rows[i][i];
      for (std::size_t j = 0; j < i; ++j) z[j] -= rows[i][j] * z[i];
    }
    return z;
  }
  DoubleDoubleVector solve(DoubleDoubleVector v) const { return backward(forward(std::move(v))); }
};

/// Cholesky in the order of the columns; fills kept and dropped. `scale` as in ScaledColumns.
Factor factorise(const DoubleDoubleMatrix& gram, const std::vector<double>& scale, Index k,
                 const LeastSquaresOptions& options, LeastSquares& out) {
  Factor factor;
  const auto norm = [&](Index j) { return std::sqrt(gram(j, j).hi); };
  for (Index j = 0; j < k; ++j) {
    DoubleDoubleVector z(out.kept.size());
    for (std::size_t i = 0; i < z.size(); ++i) z[i] = gram(out.kept[i], j);
    z = factor.forward(std::move(z));
    DoubleDouble left = gram(j, j);
    for (const DoubleDouble& value : z) left -= value * value;
    double noise = options.collinear_tol * norm(j);
    if (left.hi < 1e-8 * gram(j, j).hi) {  // only then can rounding matter: what cancels counts too
      const DoubleDoubleVector c = factor.backward(z);
      for (std::size_t i = 0; i < c.size(); ++i) noise += options.collinear_tol * std::abs(c[i].hi) * norm(out.kept[i]);
    }
    if (options.reference_norms.size() != 0)
      noise = std::max(noise, options.reference_tol * options.reference_norms[j] * scale[static_cast<std::size_t>(j)]);
    if (!(left.hi > noise * noise)) {
      out.dropped.push_back(j);
      continue;
    }
    z.push_back(sqrt(left));
    factor.rows.push_back(std::move(z));
    out.kept.push_back(j);
  }
  return factor;
}

/// (L L')⁻¹ as double-doubles, from the columns of L⁻¹.
DoubleDoubleMatrix inverse(const Factor& factor) {
  const std::size_t k = factor.rows.size();
  DoubleDoubleMatrix out(static_cast<Index>(k), static_cast<Index>(k));
  for (std::size_t j = 0; j < k; ++j) {
    DoubleDoubleVector unit(k);
    unit[j] = 1.0;
    unit = factor.solve(std::move(unit));
    for (std::size_t i = 0; i < k; ++i) out(static_cast<Index>(i), static_cast<Index>(j)) = unit[i];
  }
  return out;
}

double size(const DoubleDoubleVector& v) {
  double out = 0;
  for (const DoubleDouble& x : v) out = std::max(out, std::abs(x.hi));
  return out;
}

}  // namespace

LeastSquares least_squares(const Matrix& X, const Vector& y, const Vector& weights,
                           const LeastSquaresOptions& options) {
  const Index n = X.rows(), k = X.cols();
  assert(y.size() == n && (weights.size() == 0 || weights.size() == n));
  assert(options.reference_norms.size() == 0 || options.reference_norms.size() == k);
  if (n == 0) throw core::Error("no rows to estimate on");
  LeastSquares out;
  const ScaledColumns columns = scaled_columns(X, y);
  const DoubleDoubleMatrix gram = cross_products(columns, weights);
  const Factor factor = factorise(gram, columns.scale, k, options, out);
  const std::size_t p = out.kept.size();
  const DoubleDoubleMatrix bread = inverse(factor);

  DoubleDoubleVector coef(p);
  for (std::size_t i = 0; i < p; ++i) coef[i] = gram(out.kept[i], k);
  coef = factor.solve(std::move(coef));

  // κ² of the columns scaled to unit norm, from above.
  double condition = 1;
  for (std::size_t i = 0; i < p; ++i) {
    const auto at = static_cast<Index>(i);
    condition += bread(at, at).hi * gram(out.kept[i], out.kept[i]).hi;
  }
  const bool refine = options.refine && condition > 1e10;
  Remainder left = remainder(columns, out.kept, coef, weights, refine);
  double last = std::numeric_limits<double>::infinity();
  for (int iteration = 0; refine && iteration < 10; ++iteration) {
    const DoubleDoubleVector step = factor.solve(left.gradient);
    if (!(size(step) < 0.5 * last)) break;
    last = size(step);
    for (std::size_t i = 0; i < p; ++i) coef[i] += step[i];
    left = remainder(columns, out.kept, coef, weights, true);
    if (last <= 1e-25 * size(coef)) break;
  }

  out.residuals = std::move(left.residuals);
  out.rss = left.rss;
  out.coef.resize(static_cast<Index>(p));
  out.bread.resize(static_cast<Index>(p), static_cast<Index>(p));
  for (Index i = 0; i < static_cast<Index>(p); ++i) {
    const double scale = columns.scale[static_cast<std::size_t>(out.kept[static_cast<std::size_t>(i)])];
    out.coef[i] = static_cast<double>(coef[static_cast<std::size_t>(i)]) * scale / columns.scale.back();
    for (Index j = 0; j < static_cast<Index>(p); ++j)
      out.bread(i, j) = static_cast<double>(bread(std::min(i, j), std::max(i, j))) * scale *
                        columns.scale[static_cast<std::size_t>(out.kept[static_cast<std::size_t>(j)])];
  }
  return out;
}

Vector leverage(const Matrix& X, const Matrix& bread, const Vector& weights) {
  assert(X.cols() == bread.rows() && (weights.size() == 0 || weights.size() == X.rows()));
  Vector h(X.rows());
  core::for_blocks(static_cast<std::size_t>(X.rows()), 4096, [&](std::size_t begin, std::size_t end) {
    const auto from = static_cast<Index>(begin), count = static_cast<Index>(end - begin);
    const auto rows = X.middleRows(from, count);
    h.segment(from, count) = (rows * bread).cwiseProduct(rows).rowwise().sum();
  });
  if (weights.size() != 0) h.array() *= weights.array();
  return h;
}

}  // namespace numerics
