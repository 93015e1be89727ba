#include "measures/two_samples.hpp"

#include "core/error.hpp"

#include "numerics/distributions.hpp"

#include <algorithm>
#include <cmath>

namespace measures {
namespace {

std::vector<double> present(std::span<const double> values) {
  std::vector<double> out;
  out.reserve(values.size());
  std::copy_if(values.begin(), values.end(), std::back_inserter(out), [](double x) { return !std::isnan(x); });
  return out;
}

SampleMoments moments(const std::vector<double>& values, const char* which) {
  if (values.size() < 2)
    throw core::Error(std::string(which) + " has " + std::to_string(values.size()) + " values; a t test needs two");
  SampleMoments m;
  m.n = static_cast<double>(values.size());
  long double sum = 0;
  for (const double x : values) sum += x;
  const long double mean = sum / static_cast<long double>(m.n);
  long double squares = 0;
  for (const double x : values) squares += (x - mean) * (x - mean);
  m.mean = static_cast<double>(mean);
  m.sd = std::sqrt(static_cast<double>(squares) / (m.n - 1));
  return m;
}

void finish(TTest& test) {
  if (!(test.se > 0)) throw core::Error("the values do not vary, so there is no standard error");
  test.statistic = test.difference / test.se;
  test.p = numerics::t_two_sided(test.statistic, test.df);
  test.p_less = test.statistic < 0 ? test.p / 2 : 1 - test.p / 2;
  test.p_greater = test.statistic > 0 ? test.p / 2 : 1 - test.p / 2;
}

}  // namespace

TTest t_test(std::span<const double> first, std::span<const double> second, bool unequal) {
  TTest test;
  test.first = moments(present(first), "the first group");
  test.second = moments(present(second), "the second group");
  const double v1 = test.first.sd * test.first.sd, v2 = test.second.sd * test.second.sd;
  const double n1 = test.first.n, n2 = test.second.n;
  if (unequal) {
    const double a = v1 / n1, b = v2 / n2;
    test.se = std::sqrt(a + b);
    test.df = (a + b) * (a + b) / (a * a / (n1 - 1) + b * b / (n2 - 1));
  } else {
    test.df = n1 + n2 - 2;
    test.se = std::sqrt(((n1 - 1) * v1 + (n2 - 1) * v2) / test.df * (1 / n1 + 1 / n2));
  }
  test.difference = test.first.mean - test.second.mean;
  finish(test);
  return test;
}

TTest t_test(std::span<const double> values, double mu) {
  TTest test;
  test.first = moments(present(values), "the sample");
  test.se = test.first.sd / std::sqrt(test.first.n);
  test.df = test.first.n - 1;
  test.difference = test.first.mean - mu;
  finish(test);
  return test;
}

RankTest rank_sum_test(std::span<const double> first, std::span<const double> second) {
  std::vector<std::pair<double, bool>> all;  // value, in the first sample
  for (const double x : present(first)) all.emplace_back(x, true);
  const double n1 = static_cast<double>(all.size());
  for (const double x : present(second)) all.emplace_back(x, false);
  const double n = static_cast<double>(all.size()), n2 = n - n1;
  if (n1 == 0 || n2 == 0) throw core::Error("one of the two groups has no values");
  std::sort(all.begin(), all.end());
  double ranks = 0, ties = 0;
  for (std::size_t i = 0; i < all.size();) {
    std::size_t j = i;
    double of_first = 0;
    for (; j < all.size() && all[j].first == all[i].first; ++j) of_first += all[j].second ? 1 : 0;
    const double t = static_cast<double>(j - i);
    ranks += of_first * (static_cast<double>(i + j + 1) / 2);  // ranks i+1 … j, averaged
    ties += t * t * t - t;
    i = j;
  }
  RankTest test;
  test.n_first = n1;
  test.n_second = n2;
  test.statistic = ranks - n1 * (n1 + 1) / 2;
  const double sigma = std::sqrt(n1 * n2 / 12 * (n + 1 - ties / (n * (n - 1))));
  if (!(sigma > 0)) throw core::Error("all values are equal, so ranks say nothing");
  const double centred = test.statistic - n1 * n2 / 2;
  const double correction = centred > 0 ? 0.5 : centred < 0 ? -0.5 : 0;
  test.z = (centred - correction) / sigma;
  test.p = std::min(1.0, std::erfc(std::abs(test.z) / std::sqrt(2.0)));
  return test;
}

DistanceTest kolmogorov_smirnov_test(std::span<const double> first, std::span<const double> second) {
  std::vector<double> a = present(first), b = present(second);
  if (a.empty() || b.empty()) throw core::Error("one of the two groups has no values");
  std::sort(a.begin(), a.end());
  std::sort(b.begin(), b.end());
  DistanceTest test;
  test.n_first = static_cast<double>(a.size());
  test.n_second = static_cast<double>(b.size());
  for (std::size_t i = 0, j = 0; i < a.size() && j < b.size();) {
    const double x = std::min(a[i], b[j]);
    while (i < a.size() && a[i] == x) ++i;
    while (j < b.size() && b[j] == x) ++j;
    test.statistic = std::max(test.statistic,
                              std::abs(static_cast<double>(i) / test.n_first - static_cast<double>(j) / test.n_second));
  }
  const double z = test.statistic * std::sqrt(test.n_first * test.n_second / (test.n_first + test.n_second));
  // Two forms of the same limit: the first converges fast for small z, the second for large.
  if (z < 1) {
    double cdf = 0;
    constexpr double pi = 3.14159265358979323846;
    for (int k = 1; k < 40 && z > 0; k += 2) cdf += std::exp(-k * k * pi * pi / (8 * z * z));
    test.p = z > 0 ? 1 - cdf * std::sqrt(2 * pi) / z : 1;
  } else {
    test.p = 0;
    for (int k = 1; k < 40; ++k) test.p += (k % 2 ? 2 : -2) * std::exp(-2.0 * k * k * z * z);
  }
  test.p = std::clamp(test.p, 0.0, 1.0);
  return test;
}

}  // namespace measures
