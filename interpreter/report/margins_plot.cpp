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

/// The marks of one series, moved by `shift`: band below, line, points with or without bars.
void add_series(Figure& figure, const MarginSeries& one, double shift, int color, const MarginPlotOptions& options) {
  Series path{.mark = Mark::line, .y = one.estimate, .color = color};
  for (const double x : one.x) path.x.push_back(x + shift);
  if (options.intervals && options.bands) {
    Series band = path;
    band.mark = Mark::band;
    band.low = one.low;
    band.high = one.high;
    figure.series.push_back(std::move(band));
  }
  const bool bars = options.intervals && !options.bands;
  if (bars || options.points) {
    if (options.lines) figure.series.push_back(path);
    Series points = path;
    points.mark = bars ? Mark::errorbars : Mark::points;
    points.label = one.label;
    points.size = options.points ? 1.4 : 0.1;
    if (bars) {
      points.low = one.low;
      points.high = one.high;
    }
    figure.series.push_back(std::move(points));
  } else {
    path.label = one.label;
    figure.series.push_back(std::move(path));
  }
}

}  // namespace

Figure margins_plot(const std::vector<MarginSeries>& series, const std::vector<std::string>& ticks,
                    const MarginPlotOptions& options) {
  Figure figure;
  const bool bars = options.intervals && !options.bands;
  const double apart = bars ? 0.08 * spacing(series) : 0;
  constexpr int colors = 8;
  for (std::size_t s = 0; s < series.size(); ++s) {
    const double shift = apart * (static_cast<double>(s) - 0.5 * static_cast<double>(series.size() - 1));
    add_series(figure, series[s], shift, static_cast<int>(s) % colors, options);
  }
  for (std::size_t i = 0; i < ticks.size(); ++i) figure.x_ticks.emplace_back(static_cast<double>(i + 1), ticks[i]);
  if (!ticks.empty()) figure.x_range = {{0.6, static_cast<double>(ticks.size()) + 0.4}};
  figure.guides = options.guides;
  if (options.zero) figure.guides.push_back({.at = 0, .vertical = false});
  figure.title = options.text.title;
  figure.x_label = options.text.x_label;
  figure.y_label = options.text.y_label;
  figure.note = options.text.note;
  if (figure.note.empty() && options.intervals)
    figure.note = core::shortest(100 * options.level) + "% confidence intervals";
  figure.legend = series.size() > 1;
  return figure;
}

}  // namespace report
