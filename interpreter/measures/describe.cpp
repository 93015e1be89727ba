#include "measures/describe.hpp"

#include "core/error.hpp"
#include "core/numbers.hpp"
#include "core/text.hpp"
#include "measures/moments.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <limits>
#include <numeric>

namespace measures {
namespace {

using core::nan;
using numerics::DoubleDouble;

/// The rows that count. `weights` is empty without weighting.
struct Sample {
  std::vector<double> x, weights;
  double weight(std::size_t i) const { return weights.empty() ? 1.0 : weights[i]; }
};

void check_weight(double w, std::size_t row, Weighting weighting) {
  if (w < 0) throw core::Error("a weight is negative: " + core::shortest(w) + " in row " + std::to_string(row + 1));
  if (weighting == Weighting::frequency && w != std::floor(w))
    throw core::Error("frequency weights must be whole numbers; row " + std::to_string(row + 1) + " has " +
                      core::shortest(w))
        .hint("aw(…) takes weights that are not counts");
}

template <class RowAt>
Sample sample_of(std::span<const double> x, std::span<const double> weights, Weighting weighting, std::size_t count,
                 const RowAt& row_at) {
  assert((weighting == Weighting::none) == weights.empty() && (weights.empty() || weights.size() == x.size()));
  Sample sample;
  sample.x.reserve(count);
  for (std::size_t i = 0; i < count; ++i) {
    const std::size_t row = row_at(i);
    if (std::isnan(x[row])) continue;
    if (!weights.empty()) {
      const double w = weights[row];
      if (std::isnan(w) || w == 0) continue;
      check_weight(w, row, weighting);
      sample.weights.push_back(w);
    }
    sample.x.push_back(x[row]);
  }
  return sample;
}

void check(const DescribeOptions& options) {
  if (options.detail && options.weighting == Weighting::analytic && options.quantile_type != QuantileType::type2)
    throw core::Error("quantiles of type 6 and 7 are not defined for analytic weights")
        .hint("use type 2, or frequency weights");
  for (const double percent : options.percents)
    if (!(percent >= 0 && percent <= 100))
      throw core::Error("a percentile must lie between 0 and 100, not " + core::shortest(percent));
}

void sort_by_value(Sample& sample) {
  if (sample.weights.empty()) {
    std::sort(sample.x.begin(), sample.x.end());
    return;
  }
  std::vector<std::size_t> order(sample.x.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return sample.x[a] < sample.x[b]; });
  Sample sorted;
  for (const std::size_t i : order) {
    sorted.x.push_back(sample.x[i]);
    sorted.weights.push_back(sample.weights[i]);
  }
  sample = std::move(sorted);
}

/// The values that frequency weights stand for, at a position of 0 … Σw − 1, without writing them all out.
double value_at(const Sample& sorted, double position) {
  double below = 0;
  for (std::size_t i = 0; i < sorted.x.size(); ++i) {
    below += sorted.weights[i];
    if (position < below) return sorted.x[i];
  }
  return sorted.x.back();
}

/// Types 6 and 7 interpolate between order statistics around h (1-based).
template <class At>
double interpolated(double n, double p, QuantileType type, const At& at) {
  double h = type == QuantileType::type6 ? (n + 1) * p : (n - 1) * p + 1;
  h = std::clamp(h, 1.0, n);
  const double low = std::floor(h);
  const double below = at(low - 1);
  return low < n ? below + (h - low) * (at(low) - below) : below;
}

void describe_detail(Sample& sample, const DescribeOptions& options, const DoubleDouble& mean, Description& out) {
  const std::size_t n = sample.x.size();
  const auto moment = [&](int power) {
    return static_cast<double>(exact_sum(n,
                                         [&](std::size_t i) {
                                           const auto d = static_cast<double>(DoubleDouble(sample.x[i]) - mean);
                                           const double square = d * d;
                                           return numerics::two_product(sample.weight(i), power == 2 ? square
                                                                                          : power == 3
                                                                                              ? square * d
                                                                                              : square * square);
                                         })) /
           out.sum_weights;
  };
  const double m2 = moment(2);
  out.skewness = m2 > 0 ? moment(3) / (m2 * std::sqrt(m2)) : nan;
  out.kurtosis = m2 > 0 ? moment(4) / (m2 * m2) : nan;
  sort_by_value(sample);
  for (const double percent : options.percents) {
    const double p = percent / 100;
    if (sample.weights.empty())
      out.percentiles.push_back(quantile(sample.x, p, options.quantile_type));
    else if (options.quantile_type == QuantileType::type2)
      out.percentiles.push_back(weighted_quantile(sample.x, sample.weights, p, out.sum_weights));
    else
      out.percentiles.push_back(
          interpolated(out.n, p, options.quantile_type, [&](double position) { return value_at(sample, position); }));
  }
}

Description describe_sample(Sample sample, const DescribeOptions& options) {
  Description out;
  const std::size_t n = sample.x.size();
  if (n == 0) {
    out.mean = out.sd = out.variance = out.min = out.max = out.skewness = out.kurtosis = nan;
    if (options.detail) out.percentiles.assign(options.percents.size(), nan);
    return out;
  }
  const DoubleDouble sum_weights = sample.weights.empty()
                                       ? DoubleDouble(static_cast<double>(n))
                                       : exact_sum(n, [&](std::size_t i) { return DoubleDouble(sample.weights[i]); });
  const DoubleDouble sum = exact_sum(n, [&](std::size_t i) {
    return sample.weights.empty() ? DoubleDouble(sample.x[i]) : numerics::two_product(sample.weights[i], sample.x[i]);
  });
  const DoubleDouble mean = sum / sum_weights;
  const DoubleDouble squares = exact_sum(n, [&](std::size_t i) {
    const DoubleDouble d = DoubleDouble(sample.x[i]) - mean;
    return sample.weights.empty() ? d * d : d * d * sample.weights[i];
  });
  out.sum_weights = static_cast<double>(sum_weights);
  out.n = options.weighting == Weighting::frequency ? out.sum_weights : static_cast<double>(n);
  out.sum = static_cast<double>(sum);
  out.mean = static_cast<double>(mean);
  // Analytic weights are rescaled to sum to n.
  const DoubleDouble scaled = options.weighting == Weighting::analytic ? squares * out.n / sum_weights : squares;
  const DoubleDouble variance = scaled / DoubleDouble(out.n - 1);
  out.variance = out.n > 1 ? static_cast<double>(variance) : nan;
  out.sd = out.n > 1 ? static_cast<double>(numerics::sqrt(variance)) : nan;
  const auto [low, high] = std::minmax_element(sample.x.begin(), sample.x.end());
  out.min = *low;
  out.max = *high;
  if (!std::isfinite(out.mean)) {  // an infinite value: double-double has nothing to say
    out.mean = std::accumulate(sample.x.begin(), sample.x.end(), 0.0);
    out.sum = out.mean;
    out.variance = out.sd = nan;
  }
  if (options.detail) describe_detail(sample, options, mean, out);
  return out;
}

}  // namespace

double quantile(std::span<const double> sorted, double p, QuantileType type) {
  assert(!sorted.empty() && p >= 0 && p <= 1);
  const auto n = static_cast<double>(sorted.size());
  const auto at = [&](double position) { return sorted[static_cast<std::size_t>(position)]; };
  if (type != QuantileType::type2) return interpolated(n, p, type, at);
  // n·p should be whole where p is a decimal fraction such as 0.1: within rounding it is taken to be.
  const double np = n * p;
  const double whole = std::round(np);
  if (std::abs(np - whole) <= 4 * std::numeric_limits<double>::epsilon() * n) {
    if (whole <= 0) return sorted.front();
    if (whole >= n) return sorted.back();
    return (at(whole - 1) + at(whole)) / 2;
  }
  return at(std::floor(np));
}

double weighted_quantile(std::span<const double> sorted, std::span<const double> weights, double p, double total) {
  assert(!sorted.empty() && sorted.size() == weights.size());
  const double target = p * total;
  double below = 0;
  for (std::size_t i = 0; i < sorted.size(); ++i) {
    const double here = below + weights[i];
    if (here > target) return below == target && i > 0 ? (sorted[i - 1] + sorted[i]) / 2 : sorted[i];
    below = here;
  }
  return sorted.back();
}

Description describe(std::span<const double> x, std::span<const double> weights, const DescribeOptions& options) {
  check(options);
  return describe_sample(sample_of(x, weights, options.weighting, x.size(), [](std::size_t i) { return i; }), options);
}

std::vector<Description> describe_by(std::span<const double> x, const data::Grouping& groups,
                                     std::span<const double> weights, const DescribeOptions& options) {
  check(options);
  const auto levels = static_cast<std::size_t>(groups.levels());
  std::vector<std::size_t> start(levels + 1);
  for (const std::int32_t code : groups.codes)
    if (code >= 0) ++start[static_cast<std::size_t>(code) + 1];
  std::partial_sum(start.begin(), start.end(), start.begin());
  std::vector<std::size_t> rows(start.back());
  std::vector<std::size_t> next(start.begin(), start.end() - 1);
  for (std::size_t i = 0; i < groups.codes.size(); ++i)
    if (groups.codes[i] >= 0) rows[next[static_cast<std::size_t>(groups.codes[i])]++] = i;
  std::vector<Description> out;
  for (std::size_t g = 0; g < levels; ++g)
    out.push_back(describe_sample(sample_of(x, weights, options.weighting, start[g + 1] - start[g],
                                            [&](std::size_t i) { return rows[start[g] + i]; }),
                                  options));
  return out;
}

}  // namespace measures
