#include "measures/smooth.hpp"

#include "core/error.hpp"
#include "core/interrupt.hpp"
#include "core/text.hpp"
#include "numerics/least_squares.hpp"

#include <algorithm>
#include <cmath>

namespace measures {
namespace {

struct Pair {
  double x, y;
};

/// The pairs without missing values, by x.
std::vector<Pair> sorted_pairs(const std::vector<double>& x, const std::vector<double>& y) {
  std::vector<Pair> pairs;
  for (std::size_t i = 0; i < x.size(); ++i)
    if (std::isfinite(x[i]) && std::isfinite(y[i])) pairs.push_back({x[i], y[i]});
  std::stable_sort(pairs.begin(), pairs.end(), [](const Pair& a, const Pair& b) { return a.x < b.x; });
  return pairs;
}

std::size_t different(const std::vector<Pair>& pairs) {
  std::size_t count = pairs.empty() ? 0 : 1;
  for (std::size_t i = 1; i < pairs.size(); ++i) count += pairs[i].x != pairs[i - 1].x ? 1 : 0;
  return count;
}

std::vector<double> evenly(double low, double high, int points) {
  std::vector<double> at;
  for (int i = 0; i < points; ++i) at.push_back(low + (high - low) * i / (points - 1));
  return at;
}

/// The fitted value at `at` of the window [first, last).
double local_line(const std::vector<Pair>& pairs, std::size_t first, std::size_t last, double at) {
  const double half = std::max(at - pairs[first].x, pairs[last - 1].x - at);
  const double range = pairs.back().x - pairs.front().x;
  // Ties at the edge of the window belong to it.
  while (last < pairs.size() && pairs[last].x - at <= half) ++last;
  while (first > 0 && at - pairs[first - 1].x <= half) --first;
  double total = 0, mean_x = 0, mean_y = 0;
  std::vector<double> weights(last - first);
  for (std::size_t i = first; i < last; ++i) {
    const double distance = std::abs(pairs[i].x - at);
    double w = 0;
    if (distance <= 0.999 * half) w = distance <= 0.001 * half ? 1 : std::pow(1 - std::pow(distance / half, 3), 3);
    if (half == 0) w = 1;
    weights[i - first] = w;
    total += w;
    mean_x += w * pairs[i].x;
    mean_y += w * pairs[i].y;
  }
  if (!(total > 0)) return std::nan("");
  mean_x /= total;
  mean_y /= total;
  double spread = 0, joint = 0;
  for (std::size_t i = first; i < last; ++i) {
    spread += weights[i - first] / total * (pairs[i].x - mean_x) * (pairs[i].x - mean_x);
    joint += weights[i - first] / total * (pairs[i].x - mean_x) * pairs[i].y;
  }
  // Points so close together that they hold no slope are averaged.
  if (std::sqrt(spread) <= 0.001 * range) return mean_y;
  return mean_y + joint / spread * (at - mean_x);
}

}  // namespace

Curve polynomial(const std::vector<double>& x, const std::vector<double>& y, int degree, int points) {
  const std::vector<Pair> pairs = sorted_pairs(x, y);
  if (different(pairs) < static_cast<std::size_t>(degree) + 1)
    throw core::Error("a fit with " + core::counted(degree + 1, "coefficient") +
                      " needs as many different values of x; there " +
                      (different(pairs) == 1 ? "is 1" : "are " + std::to_string(different(pairs))));
  const double low = pairs.front().x, high = pairs.back().x;
  const double centre = (low + high) / 2, scale = (high - low) / 2;
  const auto n = static_cast<numerics::Index>(pairs.size());
  numerics::Matrix X(n, degree + 1);
  numerics::Vector outcome(n);
  for (numerics::Index i = 0; i < n; ++i) {
    const Pair& p = pairs[static_cast<std::size_t>(i)];
    for (int d = 0; d <= degree; ++d) X(i, d) = std::pow((p.x - centre) / scale, d);
    outcome[i] = p.y;
  }
  const numerics::LeastSquares fit = numerics::least_squares(X, outcome);
  Curve out;
  out.df = static_cast<double>(n - degree - 1);
  const double variance = out.df > 0 ? fit.rss / out.df : std::nan("");
  out.x = evenly(low, high, points);
  for (const double at : out.x) {
    numerics::Vector v(degree + 1);
    for (int d = 0; d <= degree; ++d) v[d] = std::pow((at - centre) / scale, d);
    double value = 0, form = 0;
    for (numerics::Index i = 0; i <= degree; ++i) {
      value += v[i] * fit.coef[i];
      for (numerics::Index j = 0; j <= degree; ++j) form += v[i] * fit.bread(i, j) * v[j];
    }
    out.y.push_back(value);
    out.se.push_back(std::sqrt(variance * form));
  }
  return out;
}

Curve lowess(const std::vector<double>& x, const std::vector<double>& y, double span) {
  const std::vector<Pair> pairs = sorted_pairs(x, y);
  const std::size_t n = pairs.size();
  if (different(pairs) < 2) throw core::Error("lowess needs at least two different values of x");
  constexpr std::size_t most = 401;
  Curve out;
  if (different(pairs) <= most) {
    for (std::size_t i = 0; i < n; ++i)
      if (i == 0 || pairs[i].x != pairs[i - 1].x) out.x.push_back(pairs[i].x);
  } else {
    out.x = evenly(pairs.front().x, pairs.back().x, most);
  }
  const std::size_t window = std::clamp<std::size_t>(static_cast<std::size_t>(span * static_cast<double>(n) + 1e-7),
                                                     std::min<std::size_t>(2, n), n);
  std::size_t first = 0;
  for (const double at : out.x) {
    // The window slides right while the point after it is nearer than its first.
    while (first + window < n && pairs[first + window].x - at < at - pairs[first].x) ++first;
    out.y.push_back(local_line(pairs, first, first + window, at));
    core::poll();
  }
  return out;
}

}  // namespace measures
