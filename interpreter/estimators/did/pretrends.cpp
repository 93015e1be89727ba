#include "estimators/did/pretrends.hpp"

#include "core/text.hpp"
#include "inference/tests.hpp"

#include <cmath>
#include <vector>
#include "numerics/dense.hpp"

namespace estimators {
namespace {

using numerics::Index;
using numerics::Matrix;
using numerics::Vector;

/// Noncentrality at which the 5 % Wald test has the given power.
double noncentrality(double power, double df, double df2) {
  constexpr double alpha = 0.05;
  double low = 0, high = 1;
  while (inference::wald_power(high, df, df2, alpha) < power) high *= 2;
  for (int step = 0; step < 100; ++step) {
    const double middle = (low + high) / 2;
    (inference::wald_power(middle, df, df2, alpha) < power ? low : high) = middle;
  }
  return (low + high) / 2;
}

/// Whether a trend that the test finds with 80 % probability would, carried on, outweigh the average effect.
bool hides_much(const results::Fit& fit, double reference, double slope) {
  double effect = 0, distance = 0, count = 0;
  for (std::size_t j = 0; j < fit.event_times.size(); ++j) {
    if (!(fit.event_times[j] >= 0)) continue;
    effect += fit.coef[static_cast<Index>(j)];
    distance += fit.event_times[j] - reference;
    count += 1;
  }
  return count > 0 && slope * distance > std::abs(effect);
}

}  // namespace

void add_pretrend_test(results::Fit& fit, double reference, bool power) {
  std::vector<Index> before;
  for (std::size_t j = 0; j < fit.event_times.size(); ++j) {
    if (fit.event_times[j] < 0) before.push_back(static_cast<Index>(j));
  }
  if (before.empty()) return;
  const auto count = static_cast<Index>(before.size());
  Matrix R = Matrix::Zero(count, fit.coef.size());
  Vector trend(count);  // of slope 1 through the reference period
  for (Index row = 0; row < count; ++row) {
    const Index j = before[static_cast<std::size_t>(row)];
    R(row, j) = 1;
    trend[row] = fit.event_times[static_cast<std::size_t>(j)] - reference;
  }
  const double df = count == 1 ? fit.vcov.df_of(before.front()) : fit.vcov.df_t;
  inference::Test test = inference::wald(R, Vector::Zero(count), fit.coef, fit.vcov.matrix, df);
  test.name = "pre-trends: no effect before treatment";
  const double df2 = test.distribution == "F" ? test.df2 : std::numeric_limits<double>::infinity();
  const double information = trend.dot(numerics::solve_psd(numerics::sandwich(R, fit.vcov.matrix), trend));
  const auto slope = [&](double chance) { return std::sqrt(noncentrality(chance, test.df1, df2) / information); };
  fit.tests.push_back(test);
  fit.set_stat("pretrend_p", test.p);
  const bool rejected = test.p < 0.05 && !std::isnan(reference);
  if (rejected)
    fit.notes.emplace_back(
        "effects before treatment are not 0: honest_did(m) says how large a difference in trends the effects survive");
  if (!power || test.df1 < static_cast<double>(count) || !(information > 0))
    return;  // a singular block: no trend has a likelihood
  fit.set_stat("pretrend_slope50", slope(0.5));
  fit.set_stat("pretrend_slope80", slope(0.8));
  fit.notes.push_back("the pre-trend test at 5 % detects a linear trend of " +
                      core::significant(fit.stat("pretrend_slope50"), 3) + " per period with 50 % probability, of " +
                      core::significant(fit.stat("pretrend_slope80"), 3) + " with 80 % (Roth 2022)");
  if (!rejected && hides_much(fit, reference, fit.stat("pretrend_slope80")))
    fit.notes.emplace_back(
        "such a trend, carried on, would outweigh the effects: honest_did(m) says how large a one they survive");
}

}  // namespace estimators
