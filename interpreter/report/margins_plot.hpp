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
struct MarginPlotOptions {
  double level = 0.95;
  bool zero = false;      ///< a line at zero, for effects
  bool intervals = true;  ///< drawn, and named in the note
  bool bands = false;     ///< intervals as areas instead of bars
  bool lines = true, points = true;
  std::vector<Guide> guides = {};
  PlotText text = {};
};
/// Estimates joined by lines, with intervals; series with bars stand a little apart where there are several. `ticks`:
/// names of levels at 1, 2, …; empty: x is a number.
Figure margins_plot(const std::vector<MarginSeries>& series, const std::vector<std::string>& ticks,
                    const MarginPlotOptions& options = {});

}  // namespace report
