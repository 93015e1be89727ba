#include "measures/composite.hpp"

#include "core/error.hpp"
#include "measures/moments.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>

namespace measures {
namespace {

using numerics::DoubleDouble;

template <class Term>
double sum_over(std::size_t n, const Term& term) {
  return static_cast<double>(exact_sum(n, [&](std::size_t i) { return DoubleDouble(term(i)); }));
}

[[noreturn]] void does_not_vary(std::size_t j) {
  throw core::Error("indicator " + std::to_string(j + 1) + " has the same value in every row in use")
      .hint("leave it out: it cannot tell the rows apart");
}

}  // namespace

std::vector<double> min_max(const Indicator& indicator) {
  const auto [low, high] = std::minmax_element(indicator.values.begin(), indicator.values.end());
  if (low == indicator.values.end() || !(*high > *low)) return {};
  const double range = *high - *low, from = indicator.cost ? *high : *low;
  std::vector<double> out(indicator.values.size());
  for (std::size_t i = 0; i < out.size(); ++i)
    out[i] = (indicator.cost ? from - indicator.values[i] : indicator.values[i] - from) / range;
  return out;
}

EntropyWeights entropy_weights(std::span<const Indicator> indicators, double shift) {
  EntropyWeights out;
  const std::size_t n = indicators.empty() ? 0 : indicators.front().values.size();
  if (n < 2)
    throw core::Error("entropy weights need at least two rows without missing values, not " + std::to_string(n));
  std::vector<std::vector<double>> scaled;
  for (std::size_t j = 0; j < indicators.size(); ++j) {
    scaled.push_back(min_max(indicators[j]));
    std::vector<double>& z = scaled.back();
    if (z.empty()) does_not_vary(j);
    for (double& value : z) value += shift;
    const double total = sum_over(n, [&](std::size_t i) { return z[i]; });
    const double entropy = -sum_over(n, [&](std::size_t i) {
      const double p = z[i] / total;
      return p > 0 ? p * std::log(p) : 0.0;
    });
    out.entropy.push_back(entropy / std::log(static_cast<double>(n)));
    out.utility.push_back(1 - out.entropy.back());
  }
  const double all = sum_over(out.utility.size(), [&](std::size_t j) { return out.utility[j]; });
  if (!(all > 0))
    throw core::Error("no indicator carries information: every entropy is 1").hint("take a smaller shift");
  for (const double utility : out.utility) out.weights.push_back(utility / all);
  out.score.assign(n, 0);
  for (std::size_t j = 0; j < scaled.size(); ++j)
    for (std::size_t i = 0; i < n; ++i) out.score[i] += out.weights[j] * scaled[j][i];
  return out;
}

Topsis topsis(std::span<const Indicator> indicators, std::span<const double> weights, TopsisScale scale) {
  assert(indicators.size() == weights.size() && !indicators.empty());
  const std::size_t n = indicators.front().values.size();
  if (n < 2) throw core::Error("TOPSIS needs at least two rows without missing values, not " + std::to_string(n));
  Topsis out;
  std::vector<double> plus(n, 0), minus(n, 0);
  for (std::size_t j = 0; j < indicators.size(); ++j) {
    const Indicator& indicator = indicators[j];
    std::vector<double> v;
    bool cost = false;
    if (scale == TopsisScale::min_max) {
      v = min_max(indicator);
      if (v.empty()) does_not_vary(j);
    } else {
      const double norm =
          std::sqrt(sum_over(n, [&](std::size_t i) { return indicator.values[i] * indicator.values[i]; }));
      if (!(norm > 0)) throw core::Error("indicator " + std::to_string(j + 1) + " is zero in every row in use");
      v = indicator.values;
      for (double& value : v) value /= norm;
      cost = indicator.cost;
    }
    for (double& value : v) value *= weights[j];
    const auto [low, high] = std::minmax_element(v.begin(), v.end());
    out.best.push_back(cost ? *low : *high);
    out.worst.push_back(cost ? *high : *low);
    for (std::size_t i = 0; i < n; ++i) {
      plus[i] += (v[i] - out.best[j]) * (v[i] - out.best[j]);
      minus[i] += (v[i] - out.worst[j]) * (v[i] - out.worst[j]);
    }
  }
  for (std::size_t i = 0; i < n; ++i) {
    out.to_best.push_back(std::sqrt(plus[i]));
    out.to_worst.push_back(std::sqrt(minus[i]));
    const double both = out.to_best[i] + out.to_worst[i];
    out.closeness.push_back(both > 0 ? out.to_worst[i] / both : std::nan(""));
  }
  return out;
}

}  // namespace measures
