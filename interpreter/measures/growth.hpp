// Growth rates of series within units, and their means over a span of time.
#pragma once

#include "data/panel.hpp"

#include <cstddef>
#include <span>
#include <vector>

namespace measures {

enum class GrowthKind {
  relative,  ///< x_t / x_{t−1} − 1
  log,       ///< ln x_t − ln x_{t−1}
};

struct GrowthRates {
  std::vector<double> rates;  ///< n, missing where the period before is not there
  std::size_t undefined = 0;  ///< rows whose rate has no meaning: a value before that is not positive (log: either)
};
/// The rate from `steps` periods before; never across a gap in time.
GrowthRates growth_rates(std::span<const double> x, const data::Panel& panel, GrowthKind kind, std::int64_t steps = 1);

/// One unit over times first … last (steps of the panel).
struct GrowthSummary {
  double first_time = 0, last_time = 0;  ///< of the first and last known value, in steps
  double first = 0, last = 0;
  double arithmetic = 0;  ///< mean of the rates of single periods
  double geometric = 0;   ///< (Π (1 + rate))^(1/count) − 1
  double compound = 0;    ///< (last / first)^(1/periods) − 1 (CAGR); periods from first to last known value
  std::size_t count = 0;  ///< rates of single periods
};
/// For each unit of the panel. `first`, `last`: times in steps; a rate belongs to the span when both its ends do. NaN
/// where nothing is known, or where a value is not positive.
std::vector<GrowthSummary> growth_summaries(std::span<const double> x, const data::Panel& panel, std::int64_t first,
                                            std::int64_t last);

}  // namespace measures
