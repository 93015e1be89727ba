#include "measures/inequality.hpp"

#include "core/error.hpp"
#include "core/numbers.hpp"
#include "measures/moments.hpp"

#include <cmath>
#include <limits>

namespace measures {
namespace {

using core::nan;
using numerics::DoubleDouble;

/// Σ w f(x / mean) / Σ w.
template <class F>
double mean_of(const Values& values, double mean, const F& f) {
  return static_cast<double>(
      exact_sum(values.size(),
                [&](std::size_t i) { return numerics::two_product(values.weight(i), f(values.x[i] / mean)); }) /
      DoubleDouble(values.total_weight()));
}

double x_log_x(double r) { return r > 0 ? r * std::log(r) : 0.0; }

bool has_zero(const Values& values) {
  for (const double x : values.x)
    if (!(x > 0)) return true;
  return false;
}

double positive_mean(const Values& values, const char* of) {
  const double mean = values.mean();
  if (!(mean > 0)) throw core::Error(std::string("the values sum to zero, so ") + of + " is not defined");
  return mean;
}

}  // namespace

Theil theil(const Values& values) {
  Theil out{nan, nan, values.count()};
  if (values.size() == 0) return out;
  const double mean = positive_mean(values, "Theil's index");
  out.T = mean_of(values, mean, x_log_x);
  if (!has_zero(values)) out.L = -mean_of(values, mean, [](double r) { return std::log(r); });
  return out;
}

TheilGroups theil_groups(const std::vector<Values>& groups) {
  TheilGroups out;
  std::vector<double> weight, mean;
  DoubleDouble W, sum;
  for (const Values& group : groups) {
    core::poll();
    weight.push_back(group.total_weight());
    mean.push_back(group.mean());
    W += DoubleDouble(weight.back());
    sum += numerics::two_product(weight.back(), mean.back());
    out.total.n += group.count();
  }
  const double overall = static_cast<double>(sum / W);
  if (!(overall > 0)) throw core::Error("the values sum to zero, so Theil's index is not defined");
  for (std::size_t g = 0; g < groups.size(); ++g) {
    const double p = weight[g] / static_cast<double>(W), ratio = mean[g] / overall;
    out.population.push_back(p);
    out.income.push_back(p * ratio);
    // A group whose values are all zero has no share: it adds nothing to T, and L is not defined.
    out.groups.push_back(mean[g] > 0 ? theil(groups[g]) : Theil{0, nan, groups[g].count()});
    out.between.T += p * x_log_x(ratio);
    out.between.L += ratio > 0 ? -p * std::log(ratio) : nan;
    out.within.T += p * ratio * out.groups[g].T;
    out.within.L += p * out.groups[g].L;
  }
  out.total.T = out.between.T + out.within.T;
  out.total.L = out.between.L + out.within.L;
  return out;
}

double atkinson(const Values& values, double epsilon) {
  if (!(epsilon > 0)) throw core::Error("the aversion to inequality epsilon must be positive");
  if (values.size() == 0) return nan;
  const double mean = positive_mean(values, "Atkinson's index");
  if (epsilon >= 1 && has_zero(values)) return 1;
  if (epsilon == 1) return -std::expm1(mean_of(values, mean, [](double r) { return std::log(r); }));
  const double power = 1 - epsilon;
  return 1 - std::pow(mean_of(values, mean, [&](double r) { return std::pow(r, power); }), 1 / power);
}

Description describe_values(const Values& values, const std::vector<double>& percents) {
  DescribeOptions options;
  options.weighting = values.weights.empty() ? Weighting::none
                      : values.frequency     ? Weighting::frequency
                                             : Weighting::analytic;
  options.detail = !percents.empty();
  options.percents = percents;
  return describe(values.x, values.weights, options);
}

double variation(const Values& values, bool population) {
  const Description d = describe_values(values, {});
  if (d.mean == 0) return nan;
  return d.sd / d.mean * (population ? std::sqrt((d.n - 1) / d.n) : 1.0);
}

}  // namespace measures
