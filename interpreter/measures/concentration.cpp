#include "measures/concentration.hpp"

#include "core/error.hpp"
#include "core/numbers.hpp"
#include "measures/moments.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <limits>

namespace measures {
namespace {

using core::nan;
using numerics::DoubleDouble;
using numerics::Index;

/// Σ w x; throws when it is zero.
double total_of(const Values& values) {
  const double total = static_cast<double>(
      exact_sum(values.size(), [&](std::size_t i) { return numerics::two_product(values.weight(i), values.x[i]); }));
  if (!(total > 0)) throw core::Error("the values sum to zero, so there are no shares");
  return total;
}

double sum_of(const std::vector<double>& x) {
  return static_cast<double>(exact_sum(x.size(), [&](std::size_t i) { return DoubleDouble(x[i]); }));
}

}  // namespace

double concentration_ratio(const Values& values, std::size_t count) {
  assert(values.weights.empty());
  if (values.size() == 0) return nan;
  const double total = total_of(values);
  std::vector<double> x = values.x;
  count = std::min(count, x.size());
  std::nth_element(x.begin(), x.begin() + static_cast<std::ptrdiff_t>(count - 1), x.end(), std::greater<>());
  x.resize(count);
  std::sort(x.begin(), x.end());  // so that the sum does not depend on the order of the rows
  return sum_of(x) / total;
}

double top_share(const Values& values, double fraction) {
  if (values.size() == 0) return nan;
  const double total = total_of(values);
  const Values in_order = sorted(values);
  double left = fraction * in_order.total_weight();  // weight still to be taken, from the top
  DoubleDouble held;
  for (std::size_t i = in_order.size(); i-- > 0 && left > 0;) {
    const double taken = std::min(left, in_order.weight(i));
    held += numerics::two_product(taken, in_order.x[i]);
    left -= taken;
  }
  return static_cast<double>(held) / total;
}

Herfindahl herfindahl(const Values& values) {
  assert(values.weights.empty());
  Herfindahl out{nan, nan, nan, static_cast<double>(values.size())};
  if (values.size() == 0) return out;
  const double total = total_of(values);
  out.hhi = static_cast<double>(exact_sum(
      values.size(), [&](std::size_t i) { return numerics::two_product(values.x[i] / total, values.x[i] / total); }));
  out.equivalent = 1 / out.hhi;
  if (out.n > 1) out.normalised = (out.hhi - 1 / out.n) / (1 - 1 / out.n);
  return out;
}

EllisonGlaeser ellison_glaeser(const std::vector<double>& industry, const std::vector<double>& all, double herfindahl) {
  assert(industry.size() == all.size());
  const double own = sum_of(industry), total = sum_of(all);
  EllisonGlaeser out{nan, herfindahl, nan};
  if (!(own > 0) || !(total > 0)) return out;
  DoubleDouble raw, squares;
  for (std::size_t r = 0; r < all.size(); ++r) {
    const double x = all[r] / total, difference = industry[r] / own - x;
    raw += numerics::two_product(difference, difference);
    squares += numerics::two_product(x, x);
  }
  out.raw = static_cast<double>(raw);
  const double room = 1 - static_cast<double>(squares);
  if (herfindahl < 1 && room > 0) out.gamma = (out.raw - room * herfindahl) / (room * (1 - herfindahl));
  return out;
}

numerics::Matrix location_quotients(const numerics::Matrix& table) {
  const numerics::Vector regions = table.rowwise().sum(), industries = table.colwise().sum();
  const double total = regions.sum();
  numerics::Matrix out(table.rows(), table.cols());
  for (Index r = 0; r < table.rows(); ++r)
    for (Index i = 0; i < table.cols(); ++i)
      out(r, i) = regions[r] > 0 && industries[i] > 0 ? (table(r, i) / regions[r]) / (industries[i] / total) : nan;
  return out;
}

numerics::Vector krugman(const numerics::Matrix& table, bool others) {
  const numerics::Vector regions = table.rowwise().sum(), industries = table.colwise().sum();
  const double total = regions.sum();
  numerics::Vector out(table.rows());
  for (Index r = 0; r < table.rows(); ++r) {
    const double rest = others ? total - regions[r] : total;
    double sum = 0;
    for (Index i = 0; i < table.cols(); ++i) {
      const double elsewhere = others ? industries[i] - table(r, i) : industries[i];
      sum += std::abs(table(r, i) / regions[r] - elsewhere / rest);
    }
    out[r] = regions[r] > 0 && rest > 0 ? sum : nan;
  }
  return out;
}

}  // namespace measures
