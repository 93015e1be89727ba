#include "estimators/spatial/moments.hpp"

#include "core/error.hpp"
#include "numerics/dense.hpp"
#include "numerics/golden.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace estimators {
namespace {

/// g = λ G_1 + λ² G_2 + σ² G_3.
struct Equations {
  Matrix G;
  Vector g;
};

Equations equations(const StackedWeights& W, const Vector& u, double n, double trace) {
  const Vector v = W.lag(u), w = W.lag(v);
  Equations q;
  q.G.resize(3, 3);
  q.G << 2 * u.dot(v) / n, -v.dot(v) / n, 1, 2 * w.dot(v) / n, -w.dot(w) / n, trace, (u.dot(w) + v.dot(v)) / n,
      -v.dot(w) / n, 0;
  q.g = (Vector(3) << u.dot(u) / n, v.dot(v) / n, u.dot(v) / n).finished();
  return q;
}

/// tr(W'W)/N.
double mean_square(const spatial::Weights& W) {
  double trace = 0;
  for (const spatial::Link& link : spatial::links_of(W)) trace += link.weight * link.weight;
  return trace / static_cast<double>(W.units());
}

/// The best σ² given λ, with weights A on the equations, and what is left.
double variance_at(const Equations& q, const Matrix& A, double l, Vector& rest) {
  rest = q.g - q.G.col(0) * l - q.G.col(1) * l * l;
  const Vector weighted = A * q.G.col(2);
  const double sigma2 = rest.dot(weighted) / q.G.col(2).dot(weighted);
  rest -= sigma2 * q.G.col(2);
  return sigma2;
}

/// T_W: covariance of the three moments, over σ⁴/N.
Matrix moment_covariance(const spatial::Weights& W) {
  const double n = static_cast<double>(W.units());
  const spatial::Weights cross = spatial::product(spatial::transposed(W), W);
  const auto inner = [&](const spatial::Weights& A, const spatial::Weights& B) {  // tr(A'B)/N
    double sum = 0;
    for (const spatial::Link& l : spatial::links_of(A)) sum += l.weight * B.at(l.from, l.to);
    return sum / n;
  };
  const spatial::Weights both = spatial::sum(W, 1, spatial::transposed(W), 1);
  Matrix T = Matrix::Zero(3, 3);
  T(0, 0) = 2;
  T(0, 1) = T(1, 0) = 2 * mean_square(W);
  T(1, 1) = 2 * inner(cross, cross);
  T(1, 2) = T(2, 1) = inner(cross, both);
  T(2, 2) = inner(W, both);
  return T;
}

Vector unit_means(const Vector& x, Index units, Index periods) {
  const Eigen::Map<const Matrix> cells(x.data(), units, periods);
  Matrix out(units, periods);
  out.colwise() = Vector(cells.rowwise().mean());
  return Eigen::Map<const Vector>(out.data(), x.size());
}

}  // namespace

double least_point(const std::function<double(double)>& f, const spatial::Interval& ends) {
  constexpr int points = 400;
  // An open end is far away: the other one measures the scale.
  const double scale = ends.open_low && ends.open_high ? 1 : std::min(std::abs(ends.low), std::abs(ends.high));
  const double low = ends.open_low ? -10 * scale : ends.low, high = ends.open_high ? 10 * scale : ends.high;
  int best = 0;
  double least = std::numeric_limits<double>::infinity();
  const auto at = [&](int i) { return low + (high - low) * (i + 0.5) / points; };
  for (int i = 0; i < points; ++i)
    if (const double value = f(at(i)); value < least) {
      least = value;
      best = i;
    }
  return numerics::golden_minimum(f, at(std::max(best - 1, 0)), at(std::min(best + 1, points - 1)));
}

ErrorMoments homoskedastic_moments(const StackedWeights& W, const Vector& u, double n, const spatial::Interval& ends) {
  const Equations q = equations(W, u, n, mean_square(W.whole()));
  const Matrix I = Matrix::Identity(3, 3);
  Vector rest;
  ErrorMoments out;
  out.lambda = least_point(
      [&](double l) {
        variance_at(q, I, l, rest);
        return rest.squaredNorm();
      },
      ends);
  out.sigma2 = variance_at(q, I, out.lambda, rest);
  return out;
}

PanelMoments panel_moments(const StackedWeights& W, const Vector& u, Index units, Index periods,
                           const spatial::Interval& ends) {
  if (periods < 2) throw core::Error("random effects need a panel of two periods or more");
  const double N = static_cast<double>(units), T = static_cast<double>(periods), trace = mean_square(W.whole());
  const Vector between = unit_means(u, units, periods), within = u - between;
  const Equations inside = equations(W, within, N * (T - 1), trace), outside = equations(W, between, N, trace);
  const Matrix I = Matrix::Identity(3, 3);
  const ErrorMoments first = homoskedastic_moments(W, within, N * (T - 1), ends);
  const double sigma2_1 = (between - first.lambda * W.lag(between)).squaredNorm() / N;
  if (!(first.sigma2 > 0 && sigma2_1 > 0))
    throw core::Error("the moments give a variance that is not positive")
        .hint("sem(..., effects=\"random\") uses the likelihood");
  const Matrix inverse = numerics::inverse_spd(moment_covariance(W.whole()), "the covariance of the moments");
  const Matrix A0 = inverse * ((T - 1) / (first.sigma2 * first.sigma2)), A1 = inverse / (sigma2_1 * sigma2_1);
  Vector rest;
  PanelMoments out;
  out.lambda = least_point(
      [&](double l) {
        variance_at(inside, A0, l, rest);
        const double value = rest.dot(A0 * rest);
        variance_at(outside, A1, l, rest);
        return value + rest.dot(A1 * rest);
      },
      ends);
  out.sigma2_v = variance_at(inside, A0, out.lambda, rest);
  out.sigma2_1 = variance_at(outside, A1, out.lambda, rest);
  if (!(out.sigma2_v > 0 && out.sigma2_1 > 0))
    throw core::Error("the moments give a variance that is not positive")
        .hint("sem(..., effects=\"random\") uses the likelihood");
  return out;
}

}  // namespace estimators
