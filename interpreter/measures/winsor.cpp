#include "measures/winsor.hpp"

#include "core/interrupt.hpp"
#include "core/parallel.hpp"
#include "measures/grouped.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>

namespace measures {
namespace {

/// Puts the order statistics around position p·n where sorting would put them.
void select(std::vector<double>& values, double p) {
  const auto n = static_cast<std::ptrdiff_t>(values.size());
  const auto middle = static_cast<std::ptrdiff_t>(p * static_cast<double>(n));
  const std::ptrdiff_t first = std::clamp<std::ptrdiff_t>(middle - 2, 0, n - 1);
  const std::ptrdiff_t last = std::clamp<std::ptrdiff_t>(middle + 2, 0, n - 1);
  std::nth_element(values.begin(), values.begin() + first, values.end());
  std::partial_sort(values.begin() + first, values.begin() + last + 1, values.end());
}

QuantileType type_of(CutRule rule) {
  return rule == CutRule::type6   ? QuantileType::type6
         : rule == CutRule::type7 ? QuantileType::type7
                                  : QuantileType::type2;
}

/// h of the order-statistic rule: floor(p·n), where p·n within rounding of a whole number is that number.
std::size_t order(double p, std::size_t n) {
  const double np = p * static_cast<double>(n);
  const double whole = std::round(np);
  return static_cast<std::size_t>(std::abs(np - whole) < 1e-9 * static_cast<double>(n) ? whole : std::floor(np));
}

double cut_at(std::vector<double>& values, double p, CutRule rule, bool lower) {
  const std::size_t n = values.size();
  if (rule == CutRule::order) {
    const std::size_t h = std::min(order(lower ? p : 1 - p, n), n - 1);
    const auto at = values.begin() + static_cast<std::ptrdiff_t>(lower ? h : n - 1 - h);
    std::nth_element(values.begin(), at, values.end());
    return *at;
  }
  if (p <= 0) return *std::min_element(values.begin(), values.end());
  if (p >= 1) return *std::max_element(values.begin(), values.end());
  select(values, p);
  return quantile(values, p, type_of(rule));
}

struct Counts {
  std::size_t below = 0, above = 0;
};

}  // namespace

Winsorized winsorize(std::span<const double> x, double low, double high, CutRule rule, bool trim,
                     const data::Grouping* groups) {
  assert(low >= 0 && low < high && high <= 1);
  const GroupedRows layout = grouped_rows(x.size(), groups);
  Winsorized out{std::vector<double>(x.begin(), x.end()), std::vector<Cut>(layout.groups()), 0, 0};
  std::vector<Counts> counts(layout.groups());
  core::for_blocks(layout.groups(), 64, [&](std::size_t begin, std::size_t end) {
    std::vector<double> values;
    for (std::size_t g = begin; g < end && !core::interrupt_requested(); ++g) {
      values.clear();
      for (std::size_t i = layout.start[g]; i < layout.start[g + 1]; ++i)
        if (!std::isnan(x[layout.rows[i]])) values.push_back(x[layout.rows[i]]);
      Cut& cut = out.cuts[g];
      cut.n = values.size();
      if (values.empty()) {
        cut.low = cut.high = std::nan("");
        continue;
      }
      cut.low = cut_at(values, low, rule, true);
      cut.high = cut_at(values, high, rule, false);
      for (std::size_t i = layout.start[g]; i < layout.start[g + 1]; ++i) {
        double& value = out.values[layout.rows[i]];
        if (value < cut.low) {
          value = trim ? std::nan("") : cut.low;
          ++counts[g].below;
        } else if (value > cut.high) {
          value = trim ? std::nan("") : cut.high;
          ++counts[g].above;
        }
      }
    }
  });
  core::poll();
  for (const Counts& c : counts) {
    out.below += c.below;
    out.above += c.above;
  }
  return out;
}

}  // namespace measures
