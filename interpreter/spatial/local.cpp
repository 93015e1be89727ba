#include "spatial/local.hpp"

#include "core/error.hpp"
#include "core/interrupt.hpp"
#include "core/parallel.hpp"
#include "numerics/random.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace spatial {
namespace {

struct Sums {
  double n, mean, m2, b2;  // m2 = Σz²/n
};

Sums sums_of(const Vector& x) {
  const double n = static_cast<double>(x.size()), mean = x.mean();
  const auto z = x.array() - mean;
  const double m2 = z.square().sum() / n;
  return {n, mean, m2, z.square().square().sum() / n / (m2 * m2)};
}

void local_moran(const Weights& W, const Vector& x, const LocalOptions& o, Local& out) {
  const Sums s = sums_of(x);
  const Vector z = x.array() - s.mean;
  const Vector lagged = lag(W, z);
  const double scale = o.unbiased ? s.m2 * s.n / (s.n - 1) : s.m2;
  for (Index i = 0; i < x.size(); ++i) {
    double w = 0, w2 = 0;
    for (const double v : W.weights(static_cast<std::size_t>(i))) {
      w += v;
      w2 += v * v;
    }
    out.value[i] = z[i] / scale * lagged[i];
    if (o.conditional) {
      out.expected[i] = -z[i] * z[i] * w / ((s.n - 1) * scale);
      out.variance[i] =
          std::pow(z[i] / scale, 2) * (s.n / (s.n - 2)) * (w2 - w * w / (s.n - 1)) * (s.m2 - z[i] * z[i] / (s.n - 1));
    } else {
      const double b2 = o.unbiased ? s.b2 * std::pow((s.n - 1) / s.n, 2) : s.b2;
      const double A = (s.n - b2) / (s.n - 1), B = (2 * b2 - s.n) / ((s.n - 1) * (s.n - 2));
      out.expected[i] = -w / (s.n - 1);
      out.variance[i] = A * w2 + B * (w * w - w2) - out.expected[i] * out.expected[i];
    }
    const bool alone = W.start[static_cast<std::size_t>(i)] == W.start[static_cast<std::size_t>(i) + 1];
    out.quadrant[static_cast<std::size_t>(i)] = static_cast<std::uint8_t>(alone       ? 4
                                                                          : z[i] >= 0 ? (lagged[i] >= 0 ? 0 : 2)
                                                                                      : (lagged[i] >= 0 ? 3 : 1));
  }
}

void local_g(const Weights& W, const Vector& x, bool star, Local& out) {
  const double n = static_cast<double>(x.size()), total = x.sum(), squares = x.squaredNorm();
  const Vector lagged = lag(W, x);
  for (Index i = 0; i < x.size(); ++i) {
    double w = 0, w2 = 0;
    for (const double v : W.weights(static_cast<std::size_t>(i))) {
      w += v;
      w2 += v * v;
    }
    const double m = star ? n : n - 1, sum = star ? total : total - x[i],
                 square = star ? squares : squares - x[i] * x[i];
    const double mean = sum / m, s2 = square / m - mean * mean;
    const double expected = w * mean, variance = s2 * (m * w2 - w * w) / (m - 1);
    out.value[i] = lagged[i] / sum;
    out.expected[i] = expected / sum;
    out.variance[i] = variance / (sum * sum);
    out.z[i] = variance > 0 ? (lagged[i] - expected) / std::sqrt(variance) : std::nan("");
    out.quadrant[static_cast<std::size_t>(i)] = w2 == 0 ? 4 : out.z[i] >= 0 ? 0 : 1;
  }
}

void local_geary(const Weights& W, const Vector& x, Local& out) {
  const Sums s = sums_of(x);
  const double scale = s.m2 * s.n / (s.n - 1);
  const Vector z = (x.array() - s.mean) / std::sqrt(scale);
  const Vector lagged = lag(W, z);
  const double sum = z.sum(), squares = z.squaredNorm(), cubes = z.array().cube().sum(),
               fourths = z.array().square().square().sum();
  for (Index i = 0; i < x.size(); ++i) {
    double w = 0, w2 = 0, c = 0;
    for (std::size_t p = W.start[static_cast<std::size_t>(i)]; p < W.start[static_cast<std::size_t>(i) + 1]; ++p) {
      const double d = z[i] - z[W.to[p]];
      c += W.value[p] * d * d;
      w += W.value[p];
      w2 += W.value[p] * W.value[p];
    }
    // d_j = (z_i − z_j)² over the other n − 1 units: mean and variance of a draw without replacement.
    const double m = s.n - 1, a = z[i];
    const double d1 = (s.n * a * a - 2 * a * sum + squares) / m;
    const double d2 =
        (s.n * std::pow(a, 4) - 4 * std::pow(a, 3) * sum + 6 * a * a * squares - 4 * a * cubes + fourths) / m;
    const double var = d2 - d1 * d1;
    out.value[i] = c;
    out.expected[i] = w * d1;
    out.variance[i] = var * (w2 - (w * w - w2) / (m - 1));
    const bool alone = w2 == 0;
    out.quadrant[static_cast<std::size_t>(i)] = static_cast<std::uint8_t>(alone    ? 4
                                                                          : a >= 0 ? (lagged[i] >= 0 ? 0 : 2)
                                                                                   : (lagged[i] >= 0 ? 3 : 1));
  }
}

/// The statistic of unit i when its neighbours have the values y_p, but for factors that do not change.
double of_neighbours(LocalKind kind, double xi, const double* y, std::span<const double> w) {
  double sum = 0;
  for (std::size_t p = 0; p < w.size(); ++p) {
    const double d = kind == LocalKind::geary ? (xi - y[p]) * (xi - y[p]) : kind == LocalKind::moran ? xi * y[p] : y[p];
    sum += w[p] * d;
  }
  return sum;
}

/// E of of_neighbours: its mean over the other units times the weights.
double centre_of(LocalKind kind, const Vector& z, Index i, double w, double sum, double squares) {
  const double m = static_cast<double>(z.size()) - 1, a = z[i];
  const double mean = (sum - a) / m;
  if (kind == LocalKind::moran) return w * a * mean;
  if (kind == LocalKind::geary) return w * (a * a - 2 * a * mean + (squares - a * a) / m);
  return w * mean;
}

void permute(const Weights& W, const Vector& x, LocalKind kind, const LocalOptions& o, Local& out) {
  const std::size_t n = W.units();
  const Vector z = x.array() - x.mean();
  const double sum = z.sum(), squares = z.squaredNorm();
  out.p_permutation = Vector::Constant(static_cast<Index>(n), std::nan(""));
  core::for_blocks(n, 64, [&](std::size_t begin, std::size_t end) {
    std::vector<std::uint32_t> deck(n);
    std::iota(deck.begin(), deck.end(), 0U);
    std::vector<double> y, w;
    std::vector<std::size_t> swapped;
    for (std::size_t i = begin; i < end && !core::interrupt_requested(); ++i) {
      y.clear();
      w.clear();
      for (std::size_t p = W.start[i]; p < W.start[i + 1]; ++p)
        if (W.to[p] != i) {  // the unit itself stays where it is
          y.push_back(z[W.to[p]]);
          w.push_back(W.value[p]);
        }
      if (w.empty()) continue;
      const auto at = static_cast<Index>(i);
      double total = 0;
      for (const double v : w) total += v;
      const double here = of_neighbours(kind, z[at], y.data(), w);
      const double centre = centre_of(kind, z, at, total, sum, squares);
      const double slack = 1e-12 * std::max(1.0, std::abs(here));
      std::size_t above = 0, below = 0, beyond = 0;
      numerics::Random random(o.seed, i);
      std::swap(deck[i], deck[n - 1]);  // the others stand first
      swapped.assign(w.size(), 0);
      for (int r = 0; r < o.permutations; ++r) {
        for (std::size_t p = 0; p < w.size(); ++p) {
          swapped[p] = p + static_cast<std::size_t>(random.below(n - 1 - p));
          std::swap(deck[p], deck[swapped[p]]);
          y[p] = z[deck[p]];
        }
        for (std::size_t p = w.size(); p-- > 0;) std::swap(deck[p], deck[swapped[p]]);
        const double draw = of_neighbours(kind, z[at], y.data(), w);
        above += draw >= here - slack;
        below += draw <= here + slack;
        beyond += std::abs(draw - centre) >= std::abs(here - centre) - slack;
      }
      std::swap(deck[i], deck[n - 1]);
      // Likeness is a large I or G, but a small c.
      const std::size_t greater = kind == LocalKind::geary ? below : above,
                        less = kind == LocalKind::geary ? above : below;
      const std::size_t count = o.folded                                  ? std::min(above, below)
                                : o.alternative == Alternative::two_sided ? beyond
                                : o.alternative == Alternative::greater   ? greater
                                                                          : less;
      out.p_permutation[at] = (1 + static_cast<double>(count)) / (1 + static_cast<double>(o.permutations));
    }
  });
  core::poll();
}

}  // namespace

Local local(const Weights& W, const Vector& x, LocalKind kind, const LocalOptions& options) {
  moran(W, x);  // checks: missing values, nothing varies, no links
  Local out;
  const Index n = x.size();
  out.value = out.expected = out.variance = out.z = out.p = Vector::Constant(n, std::nan(""));
  out.quadrant.assign(static_cast<std::size_t>(n), 4);
  if (kind == LocalKind::moran)
    local_moran(W, x, options, out);
  else if (kind == LocalKind::geary)
    local_geary(W, x, out);
  else
    local_g(W, x, kind == LocalKind::gi_star, out);
  const double sign = kind == LocalKind::geary ? -1 : 1;
  for (Index i = 0; i < n; ++i) {
    if (out.quadrant[static_cast<std::size_t>(i)] == 4) {
      out.z[i] = std::nan("");
    } else if (kind == LocalKind::moran || kind == LocalKind::geary) {
      out.z[i] =
          out.variance[i] > 0 ? sign * (out.value[i] - out.expected[i]) / std::sqrt(out.variance[i]) : std::nan("");
    }
    out.p[i] = p_value(out.z[i], options.alternative);
  }
  if (options.permutations > 0) permute(W, x, kind, options, out);
  return out;
}

Vector adjusted_fdr(const Vector& p) {
  std::vector<Index> order;
  for (Index i = 0; i < p.size(); ++i)
    if (!std::isnan(p[i])) order.push_back(i);
  std::stable_sort(order.begin(), order.end(), [&](Index a, Index b) { return p[a] < p[b]; });
  Vector q = Vector::Constant(p.size(), std::nan(""));
  double least = 1;
  for (std::size_t r = order.size(); r-- > 0;) {
    least = std::min(least, p[order[r]] * static_cast<double>(order.size()) / static_cast<double>(r + 1));
    q[order[r]] = least;
  }
  return q;
}

}  // namespace spatial
