#include "measures/by_group.hpp"

#include "core/error.hpp"
#include "core/interrupt.hpp"
#include "core/numbers.hpp"
#include "core/parallel.hpp"
#include "core/text.hpp"
#include "measures/describe.hpp"
#include "numerics/double_double.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>
#include <tuple>
#include <utility>

namespace measures {
namespace {

using core::nan;
using numerics::DoubleDouble;
constexpr std::size_t groups_per_block = 512;

/// The known values of one group and their weights.
struct GroupRows {
  std::vector<double> x, w;

  void read(std::span<const double> all, std::span<const std::uint32_t> rows, std::span<const double> weights) {
    x.clear();
    w.clear();
    for (const std::uint32_t row : rows) {
      if (std::isnan(all[row])) continue;
      if (!weights.empty()) {
        if (!(weights[row] > 0)) continue;
        w.push_back(weights[row]);
      }
      x.push_back(all[row]);
    }
  }
};

/// Sums of one group. Without weights they are those of weights 1.
struct Sums {
  double rows = 0;
  DoubleDouble weights, sum;
};

Sums sums_of(std::span<const double> x, std::span<const std::uint32_t> rows, std::span<const double> weights) {
  Sums out;
  if (weights.empty()) {
    for (const std::uint32_t row : rows) {
      const double value = x[row];
      if (std::isnan(value)) continue;
      out.rows += 1;
      // sum + value, with two_sum only: the low part stays small
      const DoubleDouble s = numerics::two_sum(out.sum.hi, value);
      out.sum = numerics::quick_two_sum(s.hi, s.lo + out.sum.lo);
    }
    out.weights = out.rows;
  } else {
    for (const std::uint32_t row : rows) {
      if (std::isnan(x[row]) || !(weights[row] > 0)) continue;
      out.rows += 1;
      out.sum += numerics::two_product(weights[row], x[row]);
      out.weights += weights[row];
    }
  }
  if (!std::isfinite(out.sum.hi)) {  // an infinite value: double-double has nothing to say
    out.sum = 0;
    for (const std::uint32_t row : rows)
      if (!std::isnan(x[row]) && (weights.empty() || weights[row] > 0))
        out.sum.hi += weights.empty() ? x[row] : weights[row] * x[row];
  }
  return out;
}

/// Σ w (x − mean)^power.
DoubleDouble moment_of(std::span<const double> x, std::span<const std::uint32_t> rows, std::span<const double> weights,
                       const DoubleDouble& mean, int power) {
  DoubleDouble out;
  for (const std::uint32_t row : rows) {
    if (std::isnan(x[row]) || (!weights.empty() && !(weights[row] > 0))) continue;
    const DoubleDouble d = DoubleDouble(x[row]) - mean;
    DoubleDouble term = d * d;
    if (power > 2) term = power == 3 ? term * d : term * term;
    out += weights.empty() ? term : term * weights[row];
  }
  return out;
}

class Kernel {
 public:
  Kernel(std::span<const double> x, std::span<const double> weights, GroupWeighting weighting, const Asked& asked)
      : x_(x), weights_(weights), weighting_(weighting), asked_(asked) {}

  double operator()(std::span<const std::uint32_t> rows, GroupRows& values) const {
    switch (asked_.statistic) {
      case GroupStatistic::percentile:
      case GroupStatistic::iqr:
      case GroupStatistic::mode:
      case GroupStatistic::mad:
        values.read(x_, rows, weights_);
        return values.x.empty() ? nan : ordered(values);
      case GroupStatistic::min:
      case GroupStatistic::max:
        return extreme(rows);
      default:
        return from_sums(rows);
    }
  }

 private:
  double from_sums(std::span<const std::uint32_t> rows) const {
    const bool raw = asked_.statistic == GroupStatistic::rawsum;
    if (raw && !weights_.empty()) return raw_sum(rows);
    const Sums s = sums_of(x_, rows, weights_);
    const bool counts_weights = weighting_ == GroupWeighting::frequency || weighting_ == GroupWeighting::probability;
    const double n = counts_weights ? static_cast<double>(s.weights) : s.rows;
    if (asked_.statistic == GroupStatistic::count || asked_.statistic == GroupStatistic::percent) return n;
    if (asked_.statistic == GroupStatistic::sum || asked_.statistic == GroupStatistic::share || raw) {
      if (s.rows == 0) return 0;
      // Analytic weights are rescaled to sum to the group's count.
      return static_cast<double>(weighting_ == GroupWeighting::analytic ? s.sum * DoubleDouble(n) / s.weights : s.sum);
    }
    if (s.rows == 0) return nan;
    if (!std::isfinite(s.sum.hi)) return asked_.statistic == GroupStatistic::mean ? s.sum.hi : nan;
    const DoubleDouble mean = s.sum / s.weights;
    const auto mu = static_cast<double>(mean);
    switch (asked_.statistic) {
      case GroupStatistic::mean:
        return mu;
      case GroupStatistic::sebinomial:
        return std::sqrt(mu * (1 - mu) / n);
      case GroupStatistic::sepoisson:
        return std::sqrt(mu / n);
      case GroupStatistic::mdev: {
        DoubleDouble sum;
        for (const std::uint32_t row : rows)
          if (!std::isnan(x_[row]) && (weights_.empty() || weights_[row] > 0))
            sum += DoubleDouble(std::abs(static_cast<double>(DoubleDouble(x_[row]) - mean))) *
                   DoubleDouble(weights_.empty() ? 1 : weights_[row]);
        return static_cast<double>(sum / s.weights);
      }
      case GroupStatistic::skewness:
      case GroupStatistic::kurtosis: {
        const double m2 = static_cast<double>(moment_of(x_, rows, weights_, mean, 2) / s.weights);
        const int power = asked_.statistic == GroupStatistic::skewness ? 3 : 4;
        const double m = static_cast<double>(moment_of(x_, rows, weights_, mean, power) / s.weights);
        return m2 > 0 ? m / (power == 3 ? m2 * std::sqrt(m2) : m2 * m2) : nan;
      }
      default:
        break;
    }
    if (!(n > 1)) return nan;
    DoubleDouble squares = moment_of(x_, rows, weights_, mean, 2);
    if (weighting_ == GroupWeighting::analytic) squares = squares * DoubleDouble(n) / s.weights;
    const DoubleDouble variance = squares / DoubleDouble(n - 1);
    if (asked_.statistic == GroupStatistic::variance) return static_cast<double>(variance);
    const auto sd = static_cast<double>(numerics::sqrt(variance));
    return asked_.statistic == GroupStatistic::semean ? sd / std::sqrt(n) : sd;
  }

  double raw_sum(std::span<const std::uint32_t> rows) const {
    DoubleDouble sum;
    for (const std::uint32_t row : rows)
      if (!std::isnan(x_[row]) && weights_[row] > 0) sum += x_[row];
    return static_cast<double>(sum);
  }

  double extreme(std::span<const std::uint32_t> rows) const {
    double best = nan;
    for (const std::uint32_t row : rows) {
      const double value = x_[row];
      if (std::isnan(value) || (!weights_.empty() && !(weights_[row] > 0))) continue;
      if (std::isnan(best) || (asked_.statistic == GroupStatistic::min ? value < best : value > best)) best = value;
    }
    return best;
  }

  double ordered(GroupRows& v) const {
    if (asked_.statistic == GroupStatistic::mode) return mode(v);
    if (v.w.empty()) {
      if (asked_.statistic == GroupStatistic::iqr) {
        std::sort(v.x.begin(), v.x.end());
        return quantile(v.x, 0.75) - quantile(v.x, 0.25);
      }
      const double middle = selected(v.x, asked_.statistic == GroupStatistic::mad ? 50 : asked_.percent);
      if (asked_.statistic == GroupStatistic::percentile) return middle;
      for (double& value : v.x) value = std::abs(value - middle);
      return selected(v.x, 50);
    }
    double total = 0;
    for (const double w : v.w) total += w;
    const auto weighted = [&](double percent) {
      sort_together(v);
      return weighted_quantile(v.x, v.w, percent / 100, total);
    };
    if (asked_.statistic == GroupStatistic::iqr) return weighted(75) - weighted(25);
    const double middle = weighted(asked_.statistic == GroupStatistic::mad ? 50 : asked_.percent);
    if (asked_.statistic == GroupStatistic::percentile) return middle;
    for (double& value : v.x) value = std::abs(value - middle);
    return weighted(50);
  }

  static void sort_together(GroupRows& v) {
    if (std::is_sorted(v.x.begin(), v.x.end())) return;
    std::vector<std::pair<double, double>> pairs;
    for (std::size_t i = 0; i < v.x.size(); ++i) pairs.emplace_back(v.x[i], v.w[i]);
    std::sort(pairs.begin(), pairs.end());
    for (std::size_t i = 0; i < pairs.size(); ++i) std::tie(v.x[i], v.w[i]) = pairs[i];
  }

  /// Type 2 by selection: no need to sort everything.
  static double selected(std::vector<double>& x, double percent) {
    const auto n = static_cast<double>(x.size());
    const double np = n * (percent / 100);
    const double whole = std::round(np);
    const bool tie = std::abs(np - whole) <= 4 * std::numeric_limits<double>::epsilon() * n;
    const double at = std::min(tie ? whole : std::floor(np), n - 1);
    const auto place = x.begin() + static_cast<std::ptrdiff_t>(at);
    std::nth_element(x.begin(), place, x.end());
    if (!tie || whole <= 0 || whole >= n) return *place;
    return (*std::max_element(x.begin(), place) + *place) / 2;
  }

  static double mode(GroupRows& v) {
    std::vector<std::pair<double, double>> pairs;
    for (std::size_t i = 0; i < v.x.size(); ++i) pairs.emplace_back(v.x[i], v.w.empty() ? 1 : v.w[i]);
    std::sort(pairs.begin(), pairs.end());
    double best = nan, most = 0;
    for (std::size_t i = 0; i < pairs.size();) {
      double weight = 0;
      std::size_t end = i;
      for (; end < pairs.size() && pairs[end].first == pairs[i].first; ++end) weight += pairs[end].second;
      if (weight > most) {
        most = weight;
        best = pairs[i].first;
      }
      i = end;
    }
    return best;
  }

  std::span<const double> x_, weights_;
  GroupWeighting weighting_;
  const Asked& asked_;
};

void check(std::span<const double> x, std::span<const double> weights, GroupWeighting weighting, const Asked& asked) {
  if (asked.statistic == GroupStatistic::sebinomial)
    for (std::size_t row = 0; row < x.size(); ++row)
      if (!std::isnan(x[row]) && x[row] != 0 && x[row] != 1)
        throw core::Error("sebinomial needs zeros and ones; row " + std::to_string(row + 1) + " has " +
                          core::shortest(x[row]));
  if (weighting == GroupWeighting::probability &&
      (asked.statistic == GroupStatistic::sd || asked.statistic == GroupStatistic::variance ||
       asked.statistic == GroupStatistic::semean || asked.statistic == GroupStatistic::sebinomial ||
       asked.statistic == GroupStatistic::sepoisson))
    throw core::Error("sd, var and standard errors are not defined with pw()").word("pw").hint("use aw() or fw()");
  for (std::size_t row = 0; row < weights.size(); ++row) {
    const double w = weights[row];
    if (w < 0) throw core::Error("a weight is negative: " + core::shortest(w) + " in row " + std::to_string(row + 1));
    if (weighting == GroupWeighting::frequency && !std::isnan(w) && w != std::floor(w))
      throw core::Error("frequency weights must be whole numbers; row " + std::to_string(row + 1) + " has " +
                        core::shortest(w))
          .hint("aw(…) takes weights that are not counts");
  }
}

}  // namespace

std::vector<double> by_group(std::span<const double> x, const data::GroupRows& groups, const Asked& asked,
                             std::span<const double> weights, GroupWeighting weighting) {
  check(x, weights, weighting, asked);
  std::vector<double> out(groups.groups());
  const Kernel kernel(x, weights, weighting, asked);
  core::for_blocks(out.size(), groups_per_block, [&](std::size_t begin, std::size_t end) {
    GroupRows values;
    for (std::size_t g = begin; g < end && !core::interrupt_requested(); ++g) out[g] = kernel(groups.of(g), values);
  });
  core::poll();
  if (asked.statistic == GroupStatistic::percent || asked.statistic == GroupStatistic::share) {
    DoubleDouble total;
    for (const double value : out) total += value;
    const double scale = asked.statistic == GroupStatistic::percent ? 100 : 1;
    for (double& value : out)
      value = static_cast<double>(total) == 0 ? nan : scale * value / static_cast<double>(total);
  }
  return out;
}

}  // namespace measures
