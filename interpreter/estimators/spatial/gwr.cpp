#include "estimators/spatial/gwr.hpp"

#include "core/error.hpp"
#include "core/interrupt.hpp"
#include "core/numbers.hpp"
#include "core/parallel.hpp"
#include "core/text.hpp"
#include "numerics/dense.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

namespace estimators {
namespace {

constexpr std::size_t block = 16;
using core::infinity;

double kernel(GwrKernel kind, double u) {
  switch (kind) {
    case GwrKernel::gaussian:
      return std::exp(-u * u / 2);
    case GwrKernel::exponential:
      return std::exp(-u);
    case GwrKernel::bisquare:
      return u < 1 ? (1 - u * u) * (1 - u * u) : 0;
    case GwrKernel::boxcar:
      break;
  }
  return u < 1 ? 1 : 0;
}

struct Data {
  const Vector& y;
  const Matrix& X;
  const spatial::Points& points;
  const GwrOptions& options;
  Index n() const { return y.size(); }
};

/// Distances of place i to all rows.
Vector distances(const Data& d, Index i) {
  Vector out(d.n());
  for (Index j = 0; j < d.n(); ++j)
    out[j] = spatial::distance(d.points, static_cast<std::size_t>(i), static_cast<std::size_t>(j));
  out[i] = 0;
  return out;
}

/// The weights of place i: n.
Vector weights_at(const Data& d, Index i, double bandwidth) {
  Vector w = distances(d, i);
  double h = bandwidth;
  if (d.options.adaptive) {
    Vector sorted = w;
    const auto k = static_cast<std::ptrdiff_t>(bandwidth) - 1;
    std::nth_element(sorted.begin(), sorted.begin() + k, sorted.end());
    h = sorted[k];
  }
  // A row at distance h itself has bisquare weight 0: with k rows k − 1 of them count, as in GWmodel.
  for (double& v : w) v = h > 0 ? kernel(d.options.kernel, v / h) : (v == 0 ? 1 : 0);
  return w;
}

/// (X'KX)⁻¹ of one place; false when it is singular.
bool local_inverse(const Matrix& X, const Vector& w, Matrix& inverse) {
  const Matrix XX = numerics::crossprod(X, w, X);
  const Vector scale = XX.diagonal().unaryExpr([](double v) { return v > 0 ? 1 / std::sqrt(v) : 0.0; });
  if (!(scale.minCoeff() > 0)) return false;
  const numerics::SymmetricEigen e = numerics::symmetric_eigen(scale.asDiagonal() * XX * scale.asDiagonal());
  if (!(e.values[0] > 1e-12)) return false;
  inverse = scale.asDiagonal() * (e.vectors * e.values.cwiseInverse().asDiagonal() * e.vectors.transpose()) *
            scale.asDiagonal();
  return true;
}

/// The criterion at a bandwidth; infinite where a place has too few rows.
double criterion(const Data& d, double bandwidth) {
  const Index n = d.n();
  const bool cv = d.options.criterion == GwrCriterion::cv;
  Vector residual = Vector::Constant(n, infinity), own = Vector::Zero(n);
  core::for_blocks(static_cast<std::size_t>(n), block, [&](std::size_t begin, std::size_t end) {
    for (std::size_t r = begin; r < end && !core::interrupt_requested(); ++r) {
      const auto i = static_cast<Index>(r);
      Vector w = weights_at(d, i, bandwidth);
      if (cv) w[i] = 0;
      Matrix inverse;
      if (!local_inverse(d.X, w, inverse)) continue;
      const Vector x = d.X.row(i).transpose();
      const Vector b = inverse * numerics::crossprod(d.X, Vector(w.cwiseProduct(d.y)));
      residual[i] = d.y[i] - x.dot(b);
      own[i] = x.dot(inverse * x) * w[i];
    }
  });
  core::poll();
  const double rss = residual.squaredNorm(), trace = own.sum(), rows = static_cast<double>(n);
  if (!std::isfinite(rss)) return infinity;
  if (cv) return rss;
  return rows - 2 - trace > 0 ? global_aicc(rss, rows, trace) : infinity;
}

/// The best bandwidth: a grid, then golden section about its best point.
double search(const Data& d, Gwr& out) {
  const Index n = d.n(), k = d.X.cols();
  double low = static_cast<double>(std::min<Index>(k + 2, n)), high = static_cast<double>(n);
  if (!d.options.adaptive) {
    low = infinity;
    high = 0;
    for (Index i = 0; i < n; ++i) {
      Vector sorted = distances(d, i);
      std::nth_element(sorted.begin(), sorted.begin() + std::min<Index>(k + 1, n - 1), sorted.end());
      low = std::min(low, sorted[std::min<Index>(k + 1, n - 1)]);
      high = std::max(high, sorted.maxCoeff());
      core::poll();
    }
    low = std::max(low, high * 1e-3);
  }
  const auto rounded = [&](double h) { return d.options.adaptive ? std::round(h) : h; };
  const auto value = [&](double h) {
    for (const auto& [tried, found] : out.tried)
      if (tried == h) return found;
    out.tried.emplace_back(h, criterion(d, h));
    return out.tried.back().second;
  };
  constexpr int points = 16;
  core::Progress progress("bandwidth", points);
  std::vector<double> grid;
  for (int i = 0; i < points; ++i) {
    const double share = static_cast<double>(i) / (points - 1);
    grid.push_back(rounded(low * std::pow(high / low, share)));
    value(grid.back());
    progress.step();
  }
  const auto best = std::min_element(grid.begin(), grid.end(), [&](double a, double b) { return value(a) < value(b); });
  if (!std::isfinite(value(*best)))
    throw core::Error("no bandwidth leaves enough rows near every place for " + std::to_string(k) + " coefficients")
        .hint("fewer regressors, or an adaptive bandwidth");
  double a = best == grid.begin() ? *best : *(best - 1), b = best + 1 == grid.end() ? *best : *(best + 1);
  const double golden = (std::sqrt(5.0) - 1) / 2;
  const double settled = d.options.adaptive ? 3 : 1e-6 * (high - low);
  double c = rounded(b - golden * (b - a)), e = rounded(a + golden * (b - a));
  while (b - a > settled && c < e) {
    if (value(c) < value(e)) {
      b = e;
      e = c;
      c = rounded(b - golden * (b - a));
    } else {
      a = c;
      c = e;
      e = rounded(a + golden * (b - a));
    }
  }
  if (d.options.adaptive)
    for (double h = a; h <= b; ++h) value(h);
  std::sort(out.tried.begin(), out.tried.end());
  const auto found = std::min_element(out.tried.begin(), out.tried.end(),
                                      [](const auto& x, const auto& y) { return x.second < y.second; });
  out.at_end = found->first <= low || found->first >= high;
  return found->first;
}

double leave_one_out(const Data& d, double bandwidth) {
  GwrOptions o = d.options;
  o.criterion = GwrCriterion::cv;
  return criterion({d.y, d.X, d.points, o}, bandwidth);
}

}  // namespace

double global_aicc(double rss, double n, double k) {
  return n * std::log(rss / n) + n * std::log(2 * std::numbers::pi) + n * (n + k) / (n - 2 - k);
}

Gwr gwr(const Vector& y, const Matrix& X, const spatial::Points& points, const GwrOptions& options) {
  const Data d{y, X, points, options};
  const Index n = y.size(), k = X.cols();
  if (n < k + 3)
    throw core::Error("gwr needs more rows than " + std::to_string(k + 2) + ", and has " + std::to_string(n));
  if (options.adaptive && options.bandwidth > 0 &&
      !(options.bandwidth >= static_cast<double>(k + 1) && options.bandwidth <= static_cast<double>(n)))
    throw core::Error("an adaptive bandwidth is a number of rows from " + std::to_string(k + 1) + " to " +
                      std::to_string(n))
        .word("bandwidth");
  Gwr out;
  out.searched = !(options.bandwidth > 0);
  out.bandwidth = out.searched ? search(d, out) : options.bandwidth;
  out.coef.resize(n, k);
  out.se.resize(n, k);
  out.fitted.resize(n);
  out.local_r2.resize(n);
  Vector own(n), square(n);
  std::vector<char> failed(static_cast<std::size_t>(n), 0);
  core::for_blocks(static_cast<std::size_t>(n), block, [&](std::size_t begin, std::size_t end) {
    for (std::size_t r = begin; r < end && !core::interrupt_requested(); ++r) {
      const auto i = static_cast<Index>(r);
      const Vector w = weights_at(d, i, out.bandwidth);
      Matrix inverse;
      if (!local_inverse(X, w, inverse)) {
        failed[r] = 1;
        continue;
      }
      const Vector b = inverse * numerics::crossprod(X, Vector(w.cwiseProduct(y)));
      const Matrix CC = inverse * numerics::crossprod(X, Vector(w.cwiseProduct(w)), X) * inverse;
      const Vector x = X.row(i).transpose();
      out.coef.row(i) = b.transpose();
      out.se.row(i) = CC.diagonal().cwiseMax(0).cwiseSqrt().transpose();
      out.fitted[i] = x.dot(b);
      own[i] = x.dot(inverse * x) * w[i];
      square[i] = x.dot(CC * x);  // Σ_j S_ij²
    }
  });
  core::poll();
  if (const auto bad = std::find(failed.begin(), failed.end(), 1); bad != failed.end())
    throw core::Error("too few rows near place " + std::to_string(bad - failed.begin() + 1) +
                      ", or regressors collinear there, at a bandwidth of " + core::significant(out.bandwidth, 4))
        .hint("a wider bandwidth, adaptive=true, or fewer regressors")
        .word("bandwidth");
  out.residuals = y - out.fitted;
  out.trace = own.sum();
  out.trace2 = square.sum();
  out.rss = out.residuals.squaredNorm();
  const double rows = static_cast<double>(n);
  out.edf = rows - 2 * out.trace + out.trace2;
  out.sigma2 = out.rss / out.edf;
  out.se *= std::sqrt(out.sigma2);
  out.aicc = global_aicc(out.rss, rows, out.trace);
  out.aic = rows * std::log(out.rss / rows) + rows * std::log(2 * std::numbers::pi) + rows + out.trace;
  out.cv = leave_one_out(d, out.bandwidth);
  out.r2 = 1 - out.rss / (y.array() - y.mean()).square().sum();
  core::for_blocks(static_cast<std::size_t>(n), block, [&](std::size_t begin, std::size_t end) {
    for (std::size_t r = begin; r < end; ++r) {
      const auto i = static_cast<Index>(r);
      const Vector w = weights_at(d, i, out.bandwidth);
      const double mean = w.dot(y) / w.sum();
      out.local_r2[i] = 1 - w.dot(out.residuals.cwiseAbs2()) / w.dot(Vector((y.array() - mean).square()));
    }
  });
  return out;
}

}  // namespace estimators
