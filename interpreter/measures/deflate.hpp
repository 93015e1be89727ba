// A price index as a series in time: chained to a level, and rebased.
#pragma once

#include <map>
#include <string>

namespace measures {

/// The index by time (numbers, or days of dates).
using PriceSeries = std::map<double, double>;

/// Year-on-year indices (previous period = 100) as a level: the first period is 100, each further one the level before
/// times its index / 100. Throws core::Error at a period that does not follow the one before by the least gap.
PriceSeries chained(const PriceSeries& yearly);
/// base / index: what nominal values are multiplied with to be in prices of `base`. Throws core::Error when the series
/// has no such time, or an index is not positive. `what` names the series in errors.
PriceSeries factors(const PriceSeries& level, double base, const std::string& base_text, const std::string& what);

}  // namespace measures
