// Histograms.
#pragma once

#include "report/plots.hpp"

#include <limits>
#include <vector>

namespace report {

/// Bins of equal width from the least to the greatest finite value.
struct Histogram {
  double width = 0;
  std::vector<double> middle;  ///< of each bin
  std::vector<double> count;
};
/// Width by Freedman & Diaconis (1981), 2 IQR n^(-1/3); by Sturges (1926) when the quartiles coincide; at most 200
/// bins. `bins` > 0: that many. `width` > 0: bins of that width from the multiple of it below the least value on.
/// Throws core::Error with fewer than two different values, and for a width that makes more than 10,000 bins.
Histogram histogram(const std::vector<double>& values, int bins = 0, double width = 0);

/// The distribution of placebo draws as bars, with the estimate marked. `p`: permutation p-value, NaN: not stated.
Figure placebo_histogram(const std::vector<double>& draws, double estimate,
                         double p = std::numeric_limits<double>::quiet_NaN(), const PlotText& text = {});

}  // namespace report
