#include "measures/convergence.hpp"

#include "core/numbers.hpp"
#include "measures/moments.hpp"

#include "numerics/distributions.hpp"

#include <cmath>
#include <limits>
#include <vector>

namespace measures {
namespace {

using core::nan;
using numerics::DoubleDouble;

double mean(const std::vector<double>& x) {
  return static_cast<double>(exact_sum(x.size(), [&](std::size_t i) { return DoubleDouble(x[i]); })) /
         static_cast<double>(x.size());
}

}  // namespace

Trend trend(std::span<const double> t, std::span<const double> y) {
  std::vector<double> x, v;
  for (std::size_t i = 0; i < y.size(); ++i) {
    if (std::isnan(y[i]) || std::isnan(t[i])) continue;
    x.push_back(t[i]);
    v.push_back(y[i]);
  }
  Trend out{nan, nan, nan, nan, nan, static_cast<double>(x.size())};
  if (x.size() < 2) return out;
  const double mx = mean(x), mv = mean(v);
  DoubleDouble xx, xy;
  for (std::size_t i = 0; i < x.size(); ++i) {
    xx += numerics::two_product(x[i] - mx, x[i] - mx);
    xy += numerics::two_product(x[i] - mx, v[i] - mv);
  }
  const double sxx = static_cast<double>(xx);
  if (!(sxx > 0)) return out;
  out.slope = static_cast<double>(xy) / sxx;
  out.intercept = mv - out.slope * mx;
  if (x.size() < 3) return out;
  DoubleDouble rss;
  for (std::size_t i = 0; i < x.size(); ++i) {
    const double e = v[i] - mv - out.slope * (x[i] - mx);
    rss += numerics::two_product(e, e);
  }
  const double df = out.n - 2;
  out.se = std::sqrt(static_cast<double>(rss) / df / sxx);
  if (!(out.se > 0)) return out;
  out.t = out.slope / out.se;
  out.p = numerics::t_two_sided(out.t, df);
  return out;
}

Speed convergence_speed(double b, double se, double periods, double df, double level) {
  Speed out{nan, nan, nan, nan, nan, nan, nan, nan, true, b < 0};
  const double kept = 1 + periods * b;
  if (!(kept > 0)) {
    out.defined = out.converges = false;
    return out;
  }
  const double tail = (1 + level) / 2;
  const double critical = numerics::t_quantile(tail, df);
  out.speed = -std::log1p(periods * b) / periods;
  out.speed_se = se / kept;
  out.speed_low = out.speed - critical * out.speed_se;
  out.speed_high = out.speed + critical * out.speed_se;
  if (!out.converges) return out;
  out.half_life = std::log(2.0) / out.speed;
  out.half_life_se = std::log(2.0) / (out.speed * out.speed) * out.speed_se;
  out.half_life_low = out.half_life - critical * out.half_life_se;
  out.half_life_high = out.half_life + critical * out.half_life_se;
  return out;
}

}  // namespace measures
