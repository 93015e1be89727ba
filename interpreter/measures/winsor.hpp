// Extreme values pulled in (winsorised) or taken out (trimmed) at percentiles, by groups.
#pragma once

#include "data/column.hpp"
#include "measures/describe.hpp"

#include <cstddef>
#include <span>
#include <vector>

namespace measures {

/// How the cut points come out of the sample: a quantile of one of the types, or order statistics: with h = floor(p·n)
/// the (h+1)-th smallest value, and h' = floor((1−p)·n) from above.
enum class CutRule { type2, type6, type7, order };

struct Cut {
  double low = 0, high = 0;  ///< NaN in a group without values
  std::size_t n = 0;         ///< values of the group
};
struct Winsorized {
  std::vector<double> values;        ///< n
  std::vector<Cut> cuts;             ///< one per group
  std::size_t below = 0, above = 0;  ///< values that were changed
};

/// Values below the group's low cut become the cut (or missing with `trim`), those above the high cut likewise. Missing
/// values and rows without a group stay as they are and count nowhere. low, high: probabilities, 0 ≤ low < high ≤ 1.
/// Without groups (null) all rows are one.
/// Sources: type 2 is Stata's _pctile and winsor2; the order statistics are those of Cox's winsor; Hyndman & Fan
/// (1996).
Winsorized winsorize(std::span<const double> x, double low, double high, CutRule rule, bool trim,
                     const data::Grouping* groups = nullptr);

}  // namespace measures
