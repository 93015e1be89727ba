#include "measures/interpolate.hpp"

#include "core/error.hpp"
#include "core/interrupt.hpp"
#include "core/text.hpp"
#include "measures/grouped.hpp"

#include <algorithm>
#include <cmath>

namespace measures {
namespace {

struct Point {
  double x, y;
};

/// y at `x` on the line through a and b.
double on_line(const Point& a, const Point& b, double x) { return a.y + (b.y - a.y) * ((x - a.x) / (b.x - a.x)); }

double between(const Point& a, const Point& b, double x, Method method) {
  if (method == Method::previous) return a.y;
  if (method == Method::nearest) return x - a.x <= b.x - x ? a.y : b.y;
  return on_line(a, b, x);
}

/// NaN where the rule for the ends leaves it missing.
double value_at(const std::vector<Point>& known, double x, Method method, Ends ends) {
  const auto right =
      std::lower_bound(known.begin(), known.end(), x, [](const Point& p, double at) { return p.x < at; });
  if (right != known.end() && right->x == x) return right->y;
  if (right != known.begin() && right != known.end()) return between(*(right - 1), *right, x, method);
  const double missing = std::nan("");
  if (known.empty() || ends == Ends::missing) return missing;
  if (ends == Ends::nearest) return right == known.begin() ? known.front().y : known.back().y;
  if (known.size() < 2) return missing;
  return right == known.begin() ? on_line(known[0], known[1], x) : on_line(known[known.size() - 2], known.back(), x);
}

/// Known points sorted by x, each x once.
void settle(std::vector<Point>& points) {
  const auto earlier = [](const Point& a, const Point& b) { return a.x < b.x; };
  if (!std::is_sorted(points.begin(), points.end(), earlier)) std::stable_sort(points.begin(), points.end(), earlier);
  for (std::size_t i = 1; i < points.size(); ++i)
    if (points[i].x == points[i - 1].x && points[i].y != points[i - 1].y)
      throw core::Error("two different values at " + core::shortest(points[i].x) + " in one group")
          .hint("give by= the unit of the panel");
  points.erase(std::unique(points.begin(), points.end(), [](const Point& a, const Point& b) { return a.x == b.x; }),
               points.end());
}

}  // namespace

Interpolated interpolate(std::span<const double> y, std::span<const double> x, const data::Grouping& groups,
                         Method method, Ends ends) {
  if (ends == Ends::extrapolate && (method == Method::nearest || method == Method::previous))
    throw core::Error("lines go on beyond the ends, and this method draws none")
        .hint("ends=\"nearest\", or method=\"linear\"");
  const bool log = method == Method::log;
  const GroupedRows layout = grouped_rows(y.size(), &groups);
  Interpolated out{std::vector<double>(y.begin(), y.end()), std::vector<std::uint8_t>(y.size(), 0), 0};
  std::vector<Point> known;
  for (std::size_t g = 0; g < layout.groups(); ++g) {
    if (g % 1024 == 0) core::poll();
    known.clear();
    bool gaps = false;
    for (std::size_t i = layout.start[g]; i < layout.start[g + 1]; ++i) {
      const std::uint32_t row = layout.rows[i];
      gaps = gaps || std::isnan(y[row]);
      if (std::isnan(y[row]) || std::isnan(x[row])) continue;
      if (log && !(y[row] > 0))
        throw core::Error("log interpolation needs positive values, but row " + std::to_string(row + 1) + " is " +
                          core::shortest(y[row]))
            .hint("method=\"linear\", or recode that value");
      known.push_back({x[row], log ? std::log(y[row]) : y[row]});
    }
    settle(known);
    if (!gaps) continue;
    for (std::size_t i = layout.start[g]; i < layout.start[g + 1]; ++i) {
      const std::uint32_t row = layout.rows[i];
      if (!std::isnan(y[row]) || std::isnan(x[row])) continue;
      const double value = value_at(known, x[row], method, ends);
      if (std::isnan(value)) continue;
      out.values[row] = log ? std::exp(value) : value;
      out.imputed[row] = 1;
      ++out.filled;
    }
  }
  return out;
}

}  // namespace measures
