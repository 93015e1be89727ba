#include "measures/rescale.hpp"

#include "core/interrupt.hpp"
#include "core/parallel.hpp"
#include "measures/grouped.hpp"
#include "numerics/running_sum.hpp"

#include <cmath>
#include <limits>

namespace measures {
namespace {

/// y = (x − from) / by.
struct Scale {
  double from = 0, by = 1;
};

/// Calls use(value) for every value of a group.
template <class Use>
void for_values(std::span<const double> x, const GroupedRows& layout, std::size_t g, const Use& use) {
  for (std::size_t i = layout.start[g]; i < layout.start[g + 1]; ++i)
    if (!std::isnan(x[layout.rows[i]])) use(x[layout.rows[i]]);
}

Scale by_moments(std::span<const double> x, const GroupedRows& layout, std::size_t g, Rescaling kind, bool population) {
  numerics::RunningSum sum;
  double n = 0;
  for_values(x, layout, g, [&](double v) {
    sum.add(v);
    ++n;
  });
  double mean = sum.value() / n;
  numerics::RunningSum rest;  // a second pass takes the rounding of the mean out
  for_values(x, layout, g, [&](double v) { rest.add(v - mean); });
  mean += rest.value() / n;
  if (kind == Rescaling::center) return {mean, 1};
  numerics::RunningSum squares;
  for_values(x, layout, g, [&](double v) { squares.add((v - mean) * (v - mean)); });
  return {mean, std::sqrt(squares.value() / (population ? n : n - 1))};
}

Scale by_range(std::span<const double> x, const GroupedRows& layout, std::size_t g, Rescaling kind) {
  double low = std::numeric_limits<double>::infinity();
  double high = -low;
  for_values(x, layout, g, [&](double v) {
    low = std::fmin(low, v);
    high = std::fmax(high, v);
  });
  return kind == Rescaling::minmax ? Scale{low, high - low} : Scale{high, low - high};
}

}  // namespace

Rescaled rescale(std::span<const double> x, Rescaling kind, bool population, const data::Grouping* groups) {
  const GroupedRows layout = grouped_rows(x.size(), groups);
  Rescaled out{std::vector<double>(x.size(), std::nan("")), 0, 0};
  enum : std::uint8_t { empty, constant, spread };
  std::vector<std::uint8_t> state(layout.groups(), empty);
  core::for_blocks(layout.groups(), 64, [&](std::size_t begin, std::size_t end) {
    for (std::size_t g = begin; g < end && !core::interrupt_requested(); ++g) {
      bool any = false;
      for_values(x, layout, g, [&](double) { any = true; });
      if (!any) continue;
      const bool moments = kind == Rescaling::center || kind == Rescaling::standardize;
      const Scale scale = moments ? by_moments(x, layout, g, kind, population) : by_range(x, layout, g, kind);
      // A spread that is rounding of the level is none.
      const bool flat = !(std::abs(scale.by) > 8 * std::numeric_limits<double>::epsilon() * std::abs(scale.from));
      state[g] = flat && kind != Rescaling::center ? constant : spread;
      if (state[g] == constant) continue;
      for (std::size_t i = layout.start[g]; i < layout.start[g + 1]; ++i)
        out.values[layout.rows[i]] = (x[layout.rows[i]] - scale.from) / scale.by;
    }
  });
  core::poll();
  for (const std::uint8_t s : state) {
    out.groups += s != empty ? 1 : 0;
    out.constant += s == constant ? 1 : 0;
  }
  return out;
}

}  // namespace measures
