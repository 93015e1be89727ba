#include "report/margins_plot.hpp"

#include "core/error.hpp"
#include "core/text.hpp"

#include <algorithm>

namespace report {
namespace {

/// The smallest distance between two values of x: what series may be moved apart by.
double spacing(const std::vector<MarginSeries>& series) {
  std::vector<double> all;
  for (const MarginSeries& one : series) all.insert(all.end(), one.x.begin(), one.x.end());
  std::sort(all.begin(), all.end());
  all.erase(std::unique(all.begin(), all.end()), all.end());
  double least = all.size() > 1 ? all[1] - all[0] : 1;
  for (std::size_t i = 1; i < all.size(); ++i) least = std::min(least, all[i] - all[i - 1]);
  return least;
}

}  // namespace

Figure margins_plot(const std::vector<MarginSeries>& series, const std::vector<std::string>& ticks, bool zero,
                    double level, const PlotText& text) {
  Figure figure;
  const double apart = 0.08 * spacing(series);
  constexpr int colors = 8;
  for (std::size_t s = 0; s < series.size(); ++s) {
    const MarginSeries& one = series[s];
    const double shift = apart * (static_cast<double>(s) - 0.5 * static_cast<double>(series.size() - 1));
    const int color = static_cast<int>(s) % colors;
    Series path{.mark = Mark::line, .y = one.estimate, .color = color};
    for (const double x : one.x) path.x.push_back(x + shift);
    Series points{.mark = Mark::errorbars,
                  .label = one.label,
                  .x = path.x,
                  .y = one.estimate,
                  .low = one.low,
                  .high = one.high,
                  .color = color,
                  .size = 1.4};
    figure.series.push_back(std::move(path));
    figure.series.push_back(std::move(points));
  }
  for (std::size_t i = 0; i < ticks.size(); ++i) figure.x_ticks.emplace_back(static_cast<double>(i + 1), ticks[i]);
  if (!ticks.empty()) figure.x_range = {{0.6, static_cast<double>(ticks.size()) + 0.4}};
  if (zero) figure.guides = {{.at = 0, .vertical = false}};
  figure.title = text.title;
  figure.x_label = text.x_label;
  figure.y_label = text.y_label;
  figure.note = text.note.empty() ? core::shortest(100 * level) + "% confidence intervals" : text.note;
  figure.legend = series.size() > 1;
  return figure;
}

}  // namespace report
