// Classes of a variable for maps: natural breaks, quantiles and others.
#pragma once

#include <string>
#include <vector>

namespace spatial {

struct Breaks {
  std::vector<double> at;           ///< k + 1 limits; class c holds (at[c], at[c+1]], the first its lower limit too
  std::vector<std::size_t> counts;  ///< values in each class
  double fit = 0;                   ///< goodness of variance fit, 1 − Σ within-class squares / total squares
};

/// Words: jenks, fisher, quantile, equal, headtail, sd. NaN is left out. Throws core::Error: unknown method (near
/// names), fewer different values than classes.
///   jenks: the k classes with the least Σ (x − class mean)², exactly (Fisher 1958), limits at the largest value of
///   each
///     class; ties are never split.
///   fisher: the same classes with limits midway between them.
///   quantile: by R's type 7, or any other by `type`.  equal: equal widths.
///   headtail: split at the mean while the head is the smaller part (Jiang 2013); k is found.
///   sd: mean ± whole standard deviations; k is found.
Breaks breaks(std::vector<double> x, const std::string& method, int k);
/// Class of each value, from 0; −1 for NaN. Values beyond the ends belong to the end classes.
std::vector<int> classes(const std::vector<double>& x, const std::vector<double>& at);

}  // namespace spatial
