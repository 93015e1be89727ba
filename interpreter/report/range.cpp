#include "report/range.hpp"

#include "core/error.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace report {
namespace {

struct Extent {
  double low = std::numeric_limits<double>::infinity(), high = -low;
  void take(double value) {
    if (!std::isfinite(value)) return;
    low = std::min(low, value);
    high = std::max(high, value);
  }
  bool empty() const { return low > high; }
  Range with_air(double share) const {
    const double width = high - low;
    const double air = width > 0 ? share * width : std::max(0.5, 0.1 * std::abs(low));
    return {low - air, high + air};
  }
};

}  // namespace

DrawnRange drawn_range(const Figure& figure) {
  Extent x, y;
  for (const Series& s : figure.series) {
    for (std::size_t i = 0; i < s.x.size() && i < s.y.size(); ++i) {
      if (!std::isfinite(s.x[i]) || !std::isfinite(s.y[i])) continue;
      x.take(s.x[i]);
      y.take(s.y[i]);
      if (s.mark == Mark::bars || s.mark == Mark::impulses) (s.horizontal ? x : y).take(0);
      const bool lying = s.horizontal && s.mark == Mark::bars;
      for (const double side : {-0.5, 0.5}) (lying ? y : x).take((lying ? s.y[i] : s.x[i]) + side * s.width);
      if (s.mark == Mark::tiles) {
        for (const double side : {-0.5, 0.5}) {
          x.take(s.x[i] + side);
          y.take(s.y[i] + side);
        }
      }
      if (i >= s.low.size() || i >= s.high.size()) continue;
      Extent& bounded = s.horizontal ? x : y;
      bounded.take(s.low[i]);
      bounded.take(s.high[i]);
    }
  }
  if (x.empty()) throw core::Error("the figure has no finite point to draw");
  for (const Guide& g : figure.guides) (g.vertical ? x : y).take(g.at);
  DrawnRange range{x.with_air(0.04), y.with_air(0.06)};
  for (const Series& s : figure.series) {  // bars stand on the axis
    if (s.mark != Mark::bars && s.mark != Mark::impulses) continue;
    Range& along = s.horizontal ? range.x : range.y;
    const Extent& extent = s.horizontal ? x : y;
    if (extent.low >= 0) along.low = 0;
    if (extent.high <= 0) along.high = 0;
  }
  if (figure.x_range) range.x = {figure.x_range->first, figure.x_range->second};
  if (figure.y_range) range.y = {figure.y_range->first, figure.y_range->second};
  return range;
}

std::vector<double> round_ticks(const Range& range, int most) {
  const double width = range.high - range.low;
  std::vector<double> ticks;
  if (!(width > 0) || !std::isfinite(width)) return ticks;
  const double power = std::pow(10, std::floor(std::log10(width / most)));
  for (const double factor : {1.0, 2.0, 5.0, 10.0, 20.0}) {
    const double step = factor * power;
    const double first = std::ceil(range.low / step - 1e-9), last = std::floor(range.high / step + 1e-9);
    if (last - first + 1 > most) continue;
    for (int k = 0; k <= static_cast<int>(last - first); ++k) ticks.push_back((first + k) * step + 0.0);  // no -0
    return ticks;
  }
  return ticks;
}

}  // namespace report
