#include "spatial/global.hpp"

#include "core/error.hpp"
#include "core/interrupt.hpp"
#include "core/parallel.hpp"
#include "numerics/dense.hpp"
#include "numerics/random.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <numeric>

namespace spatial {
namespace {

void check_values(const Weights& W, const Vector& x) {
  if (x.size() != static_cast<Index>(W.units()))
    throw core::Error("W has " + std::to_string(W.units()) + " units and the variable " + std::to_string(x.size()) +
                      " values");
  for (Index i = 0; i < x.size(); ++i)
    if (!std::isfinite(x[i]))
      throw core::Error("the variable is missing for unit '" + W.ids[static_cast<std::size_t>(i)] + "'")
          .hint("fill it in, or leave the unit out of the weights: W:subset(data=df, where=\"not missing(x)\")");
  if (W.links() == 0) throw core::Error("the weights have no links");
}

/// x about its mean; throws when nothing varies.
Vector centred(const Weights& W, const Vector& x) {
  check_values(W, x);
  Vector z = x.array() - x.mean();
  if (!(z.squaredNorm() > 1e-28 * std::max(1.0, x.squaredNorm())))
    throw core::Error("the variable has the same value for every unit: its spatial association is not defined");
  return z;
}

/// n of the formulas.
double counted(const Weights& W, const Options& options) {
  const std::size_t alone = options.islands == Islands::adjust ? islands(W).size() : 0;
  if (W.units() - alone < 2)
    throw core::Error("fewer than two units have neighbours: their number is what islands=\"adjust\" counts")
        .hint("islands=\"keep\" counts all units");
  return static_cast<double>(W.units() - alone);
}

/// Of all values.
double kurtosis(const Vector& z) {
  return static_cast<double>(z.size()) * z.array().square().square().sum() / std::pow(z.squaredNorm(), 2);
}

template <class Values>
Values taken(const Values& values, const std::vector<std::uint32_t>& units) {
  Values out(static_cast<decltype(values.size())>(units.size()));
  for (std::size_t i = 0; i < units.size(); ++i)
    out[static_cast<decltype(values.size())>(i)] = values[static_cast<decltype(values.size())>(units[i])];
  return out;
}

/// Is there an island that the options leave out? Then the statistic is that of the other units.
bool leaves_out(const Weights& W, const Options& options) {
  return options.islands == Islands::drop && !islands(W).empty();
}

/// statistic(W, x, options) of the units with neighbours.
template <class Statistic>
Association of_connected(const Weights& W, const Vector& x, const Options& options, const Statistic& statistic) {
  check_values(W, x);
  std::vector<std::uint32_t> kept;
  const Weights left = without_islands(W, kept);
  return statistic(left, taken(x, kept), options);
}

Association finished(double statistic, double expected, double variance, double n, double sign,
                     const Options& options) {
  Association a{.statistic = statistic, .expected = expected, .variance = variance, .n = static_cast<std::size_t>(n)};
  a.z = variance > 0 ? sign * (statistic - expected) / std::sqrt(variance) : std::nan("");
  a.p = p_value(a.z, options.alternative);
  return a;
}

/// Draws statistic(permuted x) and their p-value about `centre`.
void permute(const Vector& x, const Options& options, double centre, double sign,
             const std::function<double(const Vector&)>& statistic, Association& a) {
  if (options.permutations <= 0) return;
  const auto reps = static_cast<std::size_t>(options.permutations);
  a.draws.assign(reps, 0);
  constexpr std::size_t batch = 512;
  core::Progress progress("permutations", reps);
  for (std::size_t done = 0; done < reps; done += batch) {
    const std::size_t now = std::min(batch, reps - done);
    core::for_blocks(now, 8, [&](std::size_t begin, std::size_t end) {
      Vector y = x;
      for (std::size_t r = begin; r < end && !core::interrupt_requested(); ++r) {
        y = x;
        numerics::Random random(options.seed, done + r);
        for (Index i = y.size(); i > 1; --i)
          std::swap(y[i - 1], y[static_cast<Index>(random.below(static_cast<std::uint64_t>(i)))]);
        a.draws[done + r] = statistic(y);
      }
    });
    progress.step(now);
  }
  core::poll();
  double total = 0, squares = 0;
  std::size_t beyond = 0;
  for (const double draw : a.draws) {
    total += draw;
    // Draws that equal the statistic but for rounding count as as far out.
    const double slack = 1e-12 * std::max(1.0, std::abs(a.statistic));
    const double away = sign * (draw - centre), here = sign * (a.statistic - centre);
    beyond += options.alternative == Alternative::two_sided ? std::abs(away) >= std::abs(here) - slack
              : options.alternative == Alternative::greater ? away >= here - slack
                                                            : away <= here + slack;
  }
  a.draws_mean = total / static_cast<double>(reps);
  for (const double draw : a.draws) squares += (draw - a.draws_mean) * (draw - a.draws_mean);
  a.draws_sd = reps > 1 ? std::sqrt(squares / static_cast<double>(reps - 1)) : std::nan("");
  a.p_permutation = (1 + static_cast<double>(beyond)) / (1 + static_cast<double>(reps));
}

/// z'Wz in one thread: permutations run side by side.
double quadratic(const Weights& W, const Vector& z) {
  double total = 0;
  for (std::size_t i = 0; i < W.units(); ++i) {
    double sum = 0;
    for (std::size_t p = W.start[i]; p < W.start[i + 1]; ++p) sum += W.value[p] * z[W.to[p]];
    total += z[static_cast<Index>(i)] * sum;
  }
  return total;
}

double squared_differences(const Weights& W, const Vector& x) {
  double total = 0;
  for (std::size_t i = 0; i < W.units(); ++i)
    for (std::size_t p = W.start[i]; p < W.start[i + 1]; ++p) {
      const double d = x[static_cast<Index>(i)] - x[W.to[p]];
      total += W.value[p] * d * d;
    }
  return total;
}

double falling(double n, int k) {  // n (n−1) … (n−k+1)
  double out = 1;
  for (int i = 0; i < k; ++i) out *= n - i;
  return out;
}

}  // namespace

Weights without_islands(const Weights& W, std::vector<std::uint32_t>& kept) {
  kept.resize(W.units());
  std::iota(kept.begin(), kept.end(), std::uint32_t{0});
  Weights left = W;
  for (std::vector<std::uint32_t> alone = islands(left); !alone.empty(); alone = islands(left)) {
    std::vector<bool> gone(left.units(), false);
    for (const std::uint32_t i : alone) gone[i] = true;
    std::vector<std::uint32_t> units, origin;
    for (std::uint32_t i = 0; i < left.units(); ++i)
      if (!gone[i]) {
        units.push_back(i);
        origin.push_back(kept[i]);
      }
    if (units.empty()) throw core::Error("no unit has a neighbour once units without neighbours are left out");
    left = subset(left, units);
    kept = std::move(origin);
  }
  return left;
}

Association moran(const Weights& W, const Vector& x, const Options& options) {
  if (leaves_out(W, options)) return of_connected(W, x, options, moran);
  const Vector z = centred(W, x);
  const Constants c = constants(W);
  const double n = counted(W, options), zz = z.squaredNorm(), S02 = c.S0 * c.S0;
  const double I = n / c.S0 * quadratic(W, z) / zz, E = -1 / (n - 1);
  double variance;
  if (options.variance == Variance::normality) {
    variance = (n * n * c.S1 - n * c.S2 + 3 * S02) / (S02 * (n * n - 1)) - E * E;
  } else {
    const double K = kurtosis(z);
    variance =
        (n * (c.S1 * (n * n - 3 * n + 3) - n * c.S2 + 3 * S02) - K * (c.S1 * (n * n - n) - 2 * n * c.S2 + 6 * S02)) /
            ((n - 1) * (n - 2) * (n - 3) * S02) -
        E * E;
  }
  Association a = finished(I, E, variance, n, 1, options);
  permute(
      z, options, E, 1, [&](const Vector& y) { return n / c.S0 * quadratic(W, y) / zz; }, a);
  return a;
}

Association geary(const Weights& W, const Vector& x, const Options& options) {
  if (leaves_out(W, options)) return of_connected(W, x, options, geary);
  const Vector z = centred(W, x);
  const Constants c = constants(W);
  const double n = counted(W, options), zz = z.squaredNorm(), S02 = c.S0 * c.S0;
  const auto statistic = [&](const Vector& y) { return (n - 1) / (2 * c.S0) * squared_differences(W, y) / zz; };
  double variance;
  if (options.variance == Variance::normality) {
    variance = ((2 * c.S1 + c.S2) * (n - 1) - 4 * S02) / (2 * (n + 1) * S02);
  } else {
    const double K = kurtosis(z);
    variance = ((n - 1) * c.S1 * (n * n - 3 * n + 3 - (n - 1) * K) -
                0.25 * (n - 1) * c.S2 * (n * n + 3 * n - 6 - (n * n - n + 2) * K) +
                S02 * (n * n - 3 - (n - 1) * (n - 1) * K)) /
               (n * (n - 2) * (n - 3) * S02);
  }
  Association a = finished(statistic(z), 1, variance, n, -1, options);
  permute(z, options, 1, -1, statistic, a);
  return a;
}

Association getis_ord(const Weights& W, const Vector& x, const Options& options) {
  if (options.islands != Islands::keep && !islands(W).empty()) return of_connected(W, x, options, getis_ord);
  centred(W, x);
  if (x.minCoeff() < 0)
    throw core::Error("G is for values that are not below zero").hint("take the variable in levels, or use moran");
  const Constants c = constants(W);
  const double n = static_cast<double>(W.units()), S02 = c.S0 * c.S0;
  const double m1 = x.sum(), m2 = x.squaredNorm(), m3 = x.array().cube().sum(), m4 = x.array().square().square().sum();
  const double below = m1 * m1 - m2;
  const double E = c.S0 / (n * (n - 1));
  const double B0 = (n * n - 3 * n + 3) * c.S1 - n * c.S2 + 3 * S02;
  const double B1 = -((n * n - n) * c.S1 - 2 * n * c.S2 + 6 * S02);
  const double B2 = -(2 * n * c.S1 - (n + 3) * c.S2 + 6 * S02);
  const double B3 = 4 * (n - 1) * c.S1 - 2 * (n + 1) * c.S2 + 8 * S02;
  const double B4 = c.S1 - c.S2 + S02;
  const double variance = (B0 * m2 * m2 + B1 * m4 + B2 * m1 * m1 * m2 + B3 * m1 * m3 + B4 * std::pow(m1, 4)) /
                              (below * below * falling(n, 4)) -
                          E * E;
  Association a = finished(quadratic(W, x) / below, E, variance, n, 1, options);
  permute(
      x, options, E, 1, [&](const Vector& y) { return quadratic(W, y) / below; }, a);
  return a;
}

Association bivariate_moran(const Weights& W, const Vector& x, const Vector& y, const Options& options) {
  if (options.permutations <= 0)
    throw core::Error("the bivariate statistic has no formula for its variance").hint("give permutations=999");
  if (leaves_out(W, options)) {
    check_values(W, x);
    check_values(W, y);
    std::vector<std::uint32_t> kept;
    const Weights left = without_islands(W, kept);
    return bivariate_moran(left, taken(x, kept), taken(y, kept), options);
  }
  const Vector zx = centred(W, x), zy = centred(W, y);
  const double S0 = constants(W).S0, n = counted(W, options);
  const double scale = n / (S0 * std::sqrt(zx.squaredNorm() * zy.squaredNorm()));
  const Vector left = lag_transposed(W, zx);  // x'W
  Association a{.statistic = scale * left.dot(zy),
                .expected = 0,
                .variance = std::nan(""),
                .z = std::nan(""),
                .p = std::nan(""),
                .n = static_cast<std::size_t>(n)};
  permute(
      zy, options, 0, 1, [&](const Vector& p) { return scale * left.dot(p); }, a);
  return a;
}

std::vector<JoinCount> join_counts(const Weights& W, const std::vector<std::int32_t>& color,
                                   const std::vector<std::string>& names, const Options& options) {
  if (W.links() == 0) throw core::Error("the weights have no links");
  if (leaves_out(W, options)) {
    std::vector<std::uint32_t> kept;
    const Weights left = without_islands(W, kept);
    return join_counts(left, taken(color, kept), names, options);
  }
  const Constants c = constants(W);
  const double n = counted(W, options);
  const std::size_t levels = names.size();
  std::vector<double> count(levels, 0), joins(levels * levels, 0);
  for (const std::int32_t k : color) count[static_cast<std::size_t>(k)] += 1;
  for (const Link& link : links_of(W))
    joins[static_cast<std::size_t>(color[link.from]) * levels + static_cast<std::size_t>(color[link.to])] +=
        link.weight / 2;
  const double rest = c.S0 * c.S0 + c.S1 - c.S2;
  std::vector<JoinCount> out;
  for (std::size_t a = 0; a < levels; ++a)
    for (std::size_t b = a; b < levels; ++b) {
      const double na = count[a], nb = count[b];
      double J, E, square;
      if (a == b) {
        J = joins[a * levels + a];
        E = c.S0 * falling(na, 2) / falling(n, 2) / 2;
        square =
            (2 * c.S1 * falling(na, 2) / falling(n, 2) + 2 * (c.S2 - 2 * c.S1) * falling(na, 3) / falling(n, 3) / 1 +
             2 * rest * falling(na, 4) / falling(n, 4)) /
            8;
      } else {
        J = joins[a * levels + b] + joins[b * levels + a];
        E = c.S0 * na * nb / falling(n, 2);
        square = (2 * c.S1 * na * nb / falling(n, 2) + (c.S2 - 2 * c.S1) * na * nb * (na + nb - 2) / falling(n, 3) +
                  4 * rest * falling(na, 2) * falling(nb, 2) / falling(n, 4)) /
                 4;
      }
      out.push_back({names[a], names[b], finished(J, E, square - E * E, n, 1, options)});
    }
  return out;
}

std::vector<Association> correlogram(const Weights& W, const Vector& x, int orders, const Options& options) {
  std::vector<Association> out;
  std::vector<std::vector<Link>> by_order(static_cast<std::size_t>(orders));
  std::vector<int> away(W.units());
  for (std::uint32_t i = 0; i < W.units(); ++i) {
    std::fill(away.begin(), away.end(), -1);
    std::vector<std::uint32_t> queue = {i};
    away[i] = 0;
    for (std::size_t at = 0; at < queue.size() && away[queue[at]] < orders; ++at)
      for (const std::uint32_t j : W.neighbours(queue[at]))
        if (away[j] < 0) {
          away[j] = away[queue[at]] + 1;
          by_order[static_cast<std::size_t>(away[j] - 1)].push_back({i, j, 1});
          queue.push_back(j);
        }
  }
  for (auto& links : by_order) {
    if (links.empty()) break;
    out.push_back(moran(standardised(from_links(W.ids, std::move(links), W.source), Standard::row), x, options));
  }
  return out;
}

Association moran_residuals(const Weights& W, const Vector& e, const Matrix& X, Alternative alternative) {
  const double n = static_cast<double>(W.units()), k = static_cast<double>(X.cols()), S0 = constants(W).S0;
  const Matrix inverse = numerics::inverse_spd(numerics::crossprod(X), "the regressors");
  // With U = (W + W')/2: E = n tr(MU)/(S0 (n−k)), and E(I²) from tr((MU)²) and tr(MU)².
  const Matrix WX = lag(W, X);
  Matrix WtX(X.rows(), X.cols());
  for (Index j = 0; j < X.cols(); ++j) WtX.col(j) = lag_transposed(W, Vector(X.col(j)));
  const Matrix UX = (WX + WtX) / 2;
  const Matrix A = numerics::product(inverse, numerics::crossprod(X, UX));   // (X'X)⁻¹X'UX
  const Matrix B = numerics::product(inverse, numerics::crossprod(UX, UX));  // (X'X)⁻¹X'U'UX
  double diagonal = 0, squares = 0;
  for (std::size_t i = 0; i < W.units(); ++i) {
    diagonal += W.at(i, i);
    for (std::size_t p = W.start[i]; p < W.start[i + 1]; ++p)
      squares += W.value[p] * (W.value[p] + W.at(W.to[p], i)) / 2;  // tr(U²)
  }
  const double tr = diagonal - A.trace();
  const double tr2 = squares - 2 * B.trace() + numerics::product(A, A).trace();
  const double I = n / S0 * e.dot(lag(W, e)) / e.squaredNorm();
  const double E = n / S0 * tr / (n - k);
  const double variance = n * n / (S0 * S0) * (2 * tr2 + tr * tr) / ((n - k) * (n - k + 2)) - E * E;
  Options options;
  options.alternative = alternative;
  return finished(I, E, variance, n, 1, options);
}

double p_value(double z, Alternative alternative) {
  if (std::isnan(z)) return z;
  const double upper = std::erfc(z / std::sqrt(2.0)) / 2;
  switch (alternative) {
    case Alternative::greater:
      return upper;
    case Alternative::less:
      return std::erfc(-z / std::sqrt(2.0)) / 2;
    case Alternative::two_sided:
      break;
  }
  return std::erfc(std::abs(z) / std::sqrt(2.0));
}

}  // namespace spatial
