#include "measures/interpolate.hpp"

#include "core/error.hpp"
#include "core/text.hpp"

#include <algorithm>
#include <cmath>

namespace measures {
namespace {

struct Point {
  double x, y;
};

/// y at `x` on the line through a and b.
double on_line(const Point& a, const Point& b, double x) { return a.y + (b.y - a.y) * ((x - a.x) / (b.x - a.x)); }

/// NaN where the rule for the ends leaves it missing.
double value_at(const std::vector<Point>& known, double x, Ends ends) {
  const auto right =
      std::lower_bound(known.begin(), known.end(), x, [](const Point& p, double at) { return p.x < at; });
  if (right != known.end() && right->x == x) return right->y;
  if (right != known.begin() && right != known.end()) return on_line(*(right - 1), *right, x);
  const double missing = std::nan("");
  if (known.empty() || ends == Ends::missing) return missing;
  if (ends == Ends::nearest) return right == known.begin() ? known.front().y : known.back().y;
  if (known.size() < 2) return missing;
  return right == known.begin() ? on_line(known[0], known[1], x) : on_line(known[known.size() - 2], known.back(), x);
}

}  // namespace

Interpolated interpolate(std::span<const double> y, std::span<const double> x, const data::Grouping& groups, bool log,
                         Ends ends) {
  std::vector<std::vector<Point>> known(static_cast<std::size_t>(groups.levels()));
  for (std::size_t row = 0; row < y.size(); ++row) {
    if (groups.codes[row] < 0 || std::isnan(y[row]) || std::isnan(x[row])) continue;
    if (log && !(y[row] > 0))
      throw core::Error("log interpolation needs positive values, but row " + std::to_string(row + 1) + " is " +
                        core::shortest(y[row]))
          .hint("interpolate linearly (without log=true), or recode that value");
    known[static_cast<std::size_t>(groups.codes[row])].push_back({x[row], log ? std::log(y[row]) : y[row]});
  }
  for (auto& points : known) {
    std::stable_sort(points.begin(), points.end(), [](const Point& a, const Point& b) { return a.x < b.x; });
    for (std::size_t i = 1; i < points.size(); ++i)
      if (points[i].x == points[i - 1].x && points[i].y != points[i - 1].y)
        throw core::Error("two different values at " + core::shortest(points[i].x) + " in one group")
            .hint("give by= the unit of the panel");
    points.erase(std::unique(points.begin(), points.end(), [](const Point& a, const Point& b) { return a.x == b.x; }),
                 points.end());
  }
  Interpolated out{std::vector<double>(y.begin(), y.end()), std::vector<std::uint8_t>(y.size(), 0), 0};
  for (std::size_t row = 0; row < y.size(); ++row) {
    if (groups.codes[row] < 0 || !std::isnan(y[row]) || std::isnan(x[row])) continue;
    const double value = value_at(known[static_cast<std::size_t>(groups.codes[row])], x[row], ends);
    if (std::isnan(value)) continue;
    out.values[row] = log ? std::exp(value) : value;
    out.imputed[row] = 1;
    ++out.filled;
  }
  return out;
}

}  // namespace measures
