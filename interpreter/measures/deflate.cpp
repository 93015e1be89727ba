#include "measures/deflate.hpp"

#include "core/error.hpp"
#include "core/text.hpp"

#include <algorithm>
#include <limits>

namespace measures {

PriceSeries chained(const PriceSeries& yearly) {
  double least = std::numeric_limits<double>::infinity();
  for (auto at = yearly.begin(); at != yearly.end(); ++at)
    if (at != yearly.begin()) least = std::min(least, at->first - std::prev(at)->first);
  PriceSeries out;
  constexpr double hundred = 100;
  double level = hundred;
  for (auto at = yearly.begin(); at != yearly.end(); ++at) {
    if (at != yearly.begin()) {
      if (at->first - std::prev(at)->first > least)
        throw core::Error("the index has a gap between " + core::shortest(std::prev(at)->first) + " and " +
                          core::shortest(at->first))
            .hint("an index with the previous year as 100 needs every year");
      level *= at->second / hundred;
    }
    out[at->first] = level;
  }
  return out;
}

PriceSeries factors(const PriceSeries& level, double base, const std::string& base_text, const std::string& what) {
  const auto found = level.find(base);
  if (found == level.end())
    throw core::Error(what + " has no value for the base " + base_text)
        .hint(level.empty() ? "the index is empty"
                            : "it runs from " + core::shortest(level.begin()->first) + " to " +
                                  core::shortest(level.rbegin()->first));
  PriceSeries out;
  for (const auto& [time, index] : level) {
    if (!(index > 0))
      throw core::Error(what + " is " + core::shortest(index) + " at " + core::shortest(time) +
                        "; a price index is positive");
    out[time] = found->second / index;
  }
  return out;
}

}  // namespace measures
