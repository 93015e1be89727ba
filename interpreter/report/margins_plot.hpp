// Margins with their intervals, as Stata's marginsplot draws them.
#pragma once

#include "report/plots.hpp"

#include <string>
#include <vector>

namespace report {

struct MarginSeries {
  std::string label = {};  ///< legend; "" for a single series
  std::vector<double> x = {}, estimate = {}, low = {}, high = {};
};
/// Estimates joined by lines, with intervals; series stand a little apart where there are several. `ticks`: names of
/// levels at 1, 2, …; empty: x is a number. zero: a line at zero, for effects.
Figure margins_plot(const std::vector<MarginSeries>& series, const std::vector<std::string>& ticks, bool zero,
                    double level, const PlotText& text);

}  // namespace report
