#include "measures/gini.hpp"

#include "core/error.hpp"
#include "core/numbers.hpp"
#include "measures/moments.hpp"

#include <cmath>
#include <limits>

namespace measures {
namespace {

using core::nan;
using numerics::DoubleDouble;

/// Sorted values about their mean, and the weights up to and including each.
struct Ordered {
  Values values;
  double mean = 0;
  DoubleDouble total;                   // W
  std::vector<DoubleDouble> up_to;      // C_i
  std::vector<DoubleDouble> sum_up_to;  // Σ_{j ≤ i} w_j (x_j − mean)
  DoubleDouble deviation(std::size_t i) const { return DoubleDouble(values.x[i]) - DoubleDouble(mean); }
};

Ordered ordered(const Values& values) {
  Ordered out{sorted(values), values.mean(), {}, {}, {}};
  if (!(out.mean > 0)) throw core::Error("the values sum to zero, so their Gini coefficient is not defined");
  out.up_to.reserve(values.size());
  out.sum_up_to.reserve(values.size());
  DoubleDouble sum;
  for (std::size_t i = 0; i < values.size(); ++i) {
    out.total += DoubleDouble(out.values.weight(i));
    sum += out.deviation(i) * DoubleDouble(out.values.weight(i));
    out.up_to.push_back(out.total);
    out.sum_up_to.push_back(sum);
  }
  return out;
}

/// Σ_i Σ_j w_i w_j |x_i − x_j|.
double sum_of_differences(const Ordered& o) {
  return 2 * static_cast<double>(exact_sum(o.values.size(), [&](std::size_t i) {
           const DoubleDouble w(o.values.weight(i));
           return w * o.deviation(i) * (o.up_to[i] + o.up_to[i] - w - o.total);
         }));
}

/// Σ_j w_j |x_i − x_j|.
double distance_from_others(const Ordered& o, std::size_t i) {
  const DoubleDouble two(2.0);
  return static_cast<double>(o.deviation(i) * (two * o.up_to[i] - o.total) + o.sum_up_to.back() - two * o.sum_up_to[i]);
}

double jackknife(const Ordered& o, double sum, bool corrected) {
  const std::size_t rows = o.values.size();
  const double n = o.values.count(), W = static_cast<double>(o.total);
  std::vector<double> without(rows);
  for (std::size_t i = 0; i < rows; ++i) {
    const double w = o.values.frequency ? 1.0 : o.values.weight(i);
    const double rest = W * o.mean - w * o.values.x[i];
    if (!(rest > 0)) return nan;  // without this row everything is zero
    without[i] = (sum - 2 * w * distance_from_others(o, i)) / (2 * (W - w) * rest);
    if (corrected) without[i] *= (n - 1) / (n - 2);
  }
  const auto times = [&](std::size_t i) { return o.values.frequency ? o.values.weight(i) : 1.0; };
  const double mean =
      static_cast<double>(exact_sum(rows, [&](std::size_t i) { return numerics::two_product(times(i), without[i]); })) /
      n;
  const double squares = static_cast<double>(exact_sum(
      rows, [&](std::size_t i) { return numerics::two_product(times(i) * (without[i] - mean), without[i] - mean); }));
  return std::sqrt((n - 1) / n * squares);
}

double linearised(const Ordered& o, double gini, bool corrected) {
  const double n = o.values.count(), W = static_cast<double>(o.total);
  const double squares = static_cast<double>(exact_sum(o.values.size(), [&](std::size_t i) {
    const double influence = distance_from_others(o, i) / W / o.mean - gini - gini * o.values.x[i] / o.mean;
    const double w = o.values.weight(i);
    return DoubleDouble(influence * influence * (o.values.frequency ? w : w * w));
  }));
  return std::sqrt(n / (n - 1) * squares) / W * (corrected ? n / (n - 1) : 1);
}

/// Σ_{i in a} Σ_{j in b} w_i w_j |x_i − x_j| of two sorted groups, in one pass.
double cross_differences(const Values& a, const Values& b) {
  DoubleDouble total_b, sum_b;  // Σ w, Σ w x
  for (std::size_t j = 0; j < b.size(); ++j) {
    total_b += DoubleDouble(b.weight(j));
    sum_b += numerics::two_product(b.weight(j), b.x[j]);
  }
  DoubleDouble below, sum_below, total;
  std::size_t j = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    for (; j < b.size() && b.x[j] <= a.x[i]; ++j) {
      below += DoubleDouble(b.weight(j));
      sum_below += numerics::two_product(b.weight(j), b.x[j]);
    }
    const DoubleDouble x(a.x[i]);
    total += DoubleDouble(a.weight(i)) * (x * (below + below - total_b) + sum_b - sum_below - sum_below);
  }
  return static_cast<double>(total);
}

}  // namespace

Gini gini(const Values& values, const GiniOptions& options) {
  Gini out{nan, nan, values.count(), nan};
  if (values.size() == 0) return out;
  const Ordered o = ordered(values);
  const double W = static_cast<double>(o.total), sum = sum_of_differences(o);
  const double plain = sum / (2 * W * W * o.mean);
  out.mean = o.mean;
  out.gini = options.corrected ? (out.n > 1 ? plain * out.n / (out.n - 1) : nan) : plain;
  if (out.n < 3) return out;
  if (options.error == GiniError::jackknife) out.se = jackknife(o, sum, options.corrected);
  if (options.error == GiniError::influence) out.se = linearised(o, plain, options.corrected);
  return out;
}

GiniGroups gini_groups(const std::vector<Values>& groups) {
  GiniGroups out;
  const std::size_t k = groups.size();
  std::vector<Values> in_order;
  std::vector<double> weight, mean;
  DoubleDouble W, sum;
  for (const Values& group : groups) {
    core::poll();
    in_order.push_back(sorted(group));
    weight.push_back(group.total_weight());
    mean.push_back(group.mean());
    W += DoubleDouble(weight.back());
    sum += numerics::two_product(weight.back(), mean.back());
  }
  const double total_weight = static_cast<double>(W), overall = static_cast<double>(sum / W);
  if (!(overall > 0)) throw core::Error("the values sum to zero, so their Gini coefficient is not defined");
  const auto size = static_cast<numerics::Index>(k);
  out.pairs = out.distance = numerics::Matrix::Zero(size, size);
  DoubleDouble all, within, between;
  for (std::size_t g = 0; g < k; ++g) {
    const auto row = static_cast<numerics::Index>(g);
    out.population.push_back(weight[g] / total_weight);
    out.income.push_back(weight[g] * mean[g] / (total_weight * overall));
    out.gini.push_back(mean[g] > 0 ? gini(groups[g]).gini : 0.0);
    out.pairs(row, row) = out.gini[g];
    within += numerics::two_product(out.population[g] * out.income[g], out.gini[g]);
    for (std::size_t h = 0; h < g; ++h) {
      core::poll();
      const auto column = static_cast<numerics::Index>(h);
      const double mean_difference = cross_differences(in_order[g], in_order[h]) / (weight[g] * weight[h]);
      const double means = mean[g] + mean[h], shares = out.population[g] * out.population[h];
      out.pairs(row, column) = out.pairs(column, row) = means > 0 ? mean_difference / means : 0;
      out.distance(row, column) = out.distance(column, row) =
          mean_difference > 0 ? std::abs(mean[g] - mean[h]) / mean_difference : 0;
      between += DoubleDouble(shares * std::abs(mean[g] - mean[h]) / overall);
      all += DoubleDouble(shares * mean_difference / overall);
    }
  }
  out.within = static_cast<double>(within);
  out.between = static_cast<double>(between);
  out.total = static_cast<double>(all + within);
  out.overlap = static_cast<double>(all - between);
  return out;
}

}  // namespace measures
