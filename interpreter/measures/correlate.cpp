#include "measures/correlate.hpp"

#include "core/error.hpp"
#include "core/numbers.hpp"
#include "core/text.hpp"
#include "measures/moments.hpp"

#include "numerics/distributions.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <limits>
#include <numeric>

namespace measures {
namespace {

using core::nan;
using numerics::DoubleDouble;
using numerics::Index;

/// A variable on the rows used, in deviations from its mean, with their (weighted) sum of squares.
struct Deviations {
  std::vector<DoubleDouble> d;
  DoubleDouble squares;
};

Deviations deviations(const std::vector<double>& x, const std::vector<double>& w) {
  const std::size_t n = x.size();
  const DoubleDouble sum_weights = w.empty() ? DoubleDouble(static_cast<double>(n))
                                             : exact_sum(n, [&](std::size_t i) { return DoubleDouble(w[i]); });
  const DoubleDouble sum =
      exact_sum(n, [&](std::size_t i) { return w.empty() ? DoubleDouble(x[i]) : numerics::two_product(w[i], x[i]); });
  const DoubleDouble mean = sum / sum_weights;
  Deviations out;
  out.d.reserve(n);
  for (std::size_t i = 0; i < n; ++i) out.d.push_back(DoubleDouble(x[i]) - mean);
  out.squares =
      exact_sum(n, [&](std::size_t i) { return w.empty() ? out.d[i] * out.d[i] : out.d[i] * out.d[i] * w[i]; });
  return out;
}

double pearson(const Deviations& x, const Deviations& y, const std::vector<double>& w) {
  if (!(x.squares.hi > 0) || !(y.squares.hi > 0)) return nan;
  const DoubleDouble cross =
      exact_sum(x.d.size(), [&](std::size_t i) { return w.empty() ? x.d[i] * y.d[i] : x.d[i] * y.d[i] * w[i]; });
  const auto r = static_cast<double>(cross / (numerics::sqrt(x.squares) * numerics::sqrt(y.squares)));
  return std::clamp(r, -1.0, 1.0);
}

double p_value(double r, double n) {
  if (std::isnan(r) || n < 3) return nan;
  if (std::abs(r) == 1) return 0;
  const double t = std::abs(r) * std::sqrt((n - 2) / ((1 - r) * (1 + r)));
  return numerics::t_two_sided(t, n - 2);
}

using Variables = std::vector<std::span<const double>>;

/// Rows where every variable is known and the weight counts.
std::vector<std::size_t> known_rows(const Variables& variables, std::span<const double> weights) {
  std::vector<std::size_t> rows;
  for (std::size_t i = 0; i < variables.front().size(); ++i) {
    const bool counts = weights.empty() || weights[i] > 0;
    if (counts && std::none_of(variables.begin(), variables.end(), [i](const auto& x) { return std::isnan(x[i]); }))
      rows.push_back(i);
  }
  return rows;
}

std::vector<double> at(std::span<const double> values, const std::vector<std::size_t>& rows) {
  std::vector<double> out;
  if (values.empty()) return out;
  out.reserve(rows.size());
  for (const std::size_t row : rows) out.push_back(values[row]);
  return out;
}

Correlations blank(Index k) {
  return {.r = numerics::Matrix(k, k), .p = numerics::Matrix(k, k), .n = numerics::Matrix(k, k)};
}

/// All correlations on the rows where every variable is known.
Correlations on_common_rows(const Variables& variables, CorrelationMethod method, std::span<const double> weights) {
  const std::vector<std::size_t> rows = known_rows(variables, weights);
  const std::vector<double> w = at(weights, rows);
  std::vector<Deviations> parts;
  for (const auto& variable : variables) {
    std::vector<double> x = at(variable, rows);
    if (method == CorrelationMethod::spearman) x = ranks(x);
    parts.push_back(deviations(x, w));
  }
  Correlations out = blank(static_cast<Index>(variables.size()));
  const auto n = static_cast<double>(rows.size());
  out.n.setConstant(n);
  for (Index i = 0; i < out.r.rows(); ++i) {
    const Deviations& x = parts[static_cast<std::size_t>(i)];
    out.r(i, i) = x.squares.hi > 0 ? 1.0 : nan;
    out.p(i, i) = nan;
    for (Index j = 0; j < i; ++j) {
      out.r(i, j) = out.r(j, i) = pearson(x, parts[static_cast<std::size_t>(j)], w);
      out.p(i, j) = out.p(j, i) = p_value(out.r(i, j), n);
    }
  }
  return out;
}

}  // namespace

Correlations correlate(std::span<const std::vector<double>> columns, CorrelationMethod method, bool pairwise,
                       std::span<const double> weights) {
  if (method == CorrelationMethod::spearman && !weights.empty())
    throw core::Error("rank correlations take no weights").hint("leave weights= out, or use method=\"pearson\"");
  for (std::size_t i = 0; i < weights.size(); ++i)
    if (weights[i] < 0)
      throw core::Error("a weight is negative: " + core::shortest(weights[i]) + " in row " + std::to_string(i + 1));
  const Variables variables(columns.begin(), columns.end());
  assert(std::all_of(variables.begin(), variables.end(),
                     [&](const auto& x) { return x.size() == variables.front().size(); }));
  if (variables.empty()) return blank(0);
  if (!pairwise) return on_common_rows(variables, method, weights);
  Correlations out = blank(static_cast<Index>(variables.size()));
  for (std::size_t a = 0; a < variables.size(); ++a)
    for (std::size_t b = 0; b <= a; ++b) {
      const Correlations pair = a == b ? on_common_rows({variables[a]}, method, weights)
                                       : on_common_rows({variables[a], variables[b]}, method, weights);
      const auto i = static_cast<Index>(a);
      const auto j = static_cast<Index>(b);
      const Index last = pair.r.rows() - 1;
      out.r(i, j) = out.r(j, i) = pair.r(last, 0);
      out.p(i, j) = out.p(j, i) = pair.p(last, 0);
      out.n(i, j) = out.n(j, i) = pair.n(last, 0);
    }
  return out;
}

std::vector<double> ranks(std::span<const double> values) {
  std::vector<std::size_t> order(values.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return values[a] < values[b]; });
  std::vector<double> out(values.size());
  for (std::size_t begin = 0; begin < order.size();) {
    std::size_t end = begin + 1;
    while (end < order.size() && values[order[end]] == values[order[begin]]) ++end;
    const double rank = (static_cast<double>(begin + 1) + static_cast<double>(end)) / 2;
    for (std::size_t i = begin; i < end; ++i) out[order[i]] = rank;
    begin = end;
  }
  return out;
}

}  // namespace measures
