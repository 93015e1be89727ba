#include "measures/anova.hpp"

#include "core/error.hpp"
#include "measures/moments.hpp"

#include "numerics/distributions.hpp"

#include <cassert>
#include <cmath>
#include <limits>
#include <vector>

namespace measures {

using numerics::DoubleDouble;

Anova anova(std::span<const double> y, const data::Grouping& groups) {
  assert(y.size() == groups.codes.size());
  const auto levels = static_cast<std::size_t>(groups.levels());
  const auto counts = [&](std::size_t i) { return groups.codes[i] >= 0 && !std::isnan(y[i]); };
  std::vector<DoubleDouble> means(levels);
  std::vector<double> sizes(levels);
  DoubleDouble total;
  Anova out;
  for (std::size_t i = 0; i < y.size(); ++i) {
    if (!counts(i)) continue;
    const auto g = static_cast<std::size_t>(groups.codes[i]);
    means[g] += y[i];
    total += y[i];
    ++sizes[g];
    ++out.n;
  }
  const DoubleDouble mean = total / DoubleDouble(out.n);
  DoubleDouble between;
  for (std::size_t g = 0; g < levels; ++g) {
    if (sizes[g] == 0) continue;
    ++out.groups;
    means[g] = means[g] / DoubleDouble(sizes[g]);
    const DoubleDouble d = means[g] - mean;
    between += d * d * sizes[g];
  }
  if (out.groups < 2) throw core::Error("an analysis of variance needs two groups or more");
  if (out.n <= out.groups) throw core::Error("every group has one row: nothing varies within groups");
  const DoubleDouble within = exact_sum(y.size(), [&](std::size_t i) {
    if (!counts(i)) return DoubleDouble();
    const DoubleDouble d = DoubleDouble(y[i]) - means[static_cast<std::size_t>(groups.codes[i])];
    return d * d;
  });
  out.df_between = out.groups - 1;
  out.df_within = out.n - out.groups;
  out.between_ss = static_cast<double>(between);
  out.within_ss = static_cast<double>(within);
  const DoubleDouble within_ms = within / DoubleDouble(out.df_within);
  out.root_mse = static_cast<double>(numerics::sqrt(within_ms));
  if (out.within_ss > 0) {
    out.F = static_cast<double>(between / DoubleDouble(out.df_between) / within_ms);
    out.p = numerics::f_upper(out.F, out.df_between, out.df_within);
  } else {
    out.F = out.between_ss > 0 ? std::numeric_limits<double>::infinity() : std::numeric_limits<double>::quiet_NaN();
    out.p = out.between_ss > 0 ? 0 : std::numeric_limits<double>::quiet_NaN();
  }
  const DoubleDouble all = between + within;
  out.r2 = all.hi > 0 ? static_cast<double>(between / all) : std::numeric_limits<double>::quiet_NaN();
  return out;
}

}  // namespace measures
