#include "report/plots.hpp"

#include "core/error.hpp"
#include "core/text.hpp"
#include "report/density.hpp"
#include "report/layout.hpp"
#include "report/patterns.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>

namespace report {
namespace {

std::string interval_words(double level) { return core::shortest(100 * level) + "% confidence intervals"; }

long long size_of(const std::vector<double>& values) { return static_cast<long long>(values.size()); }

}  // namespace

Figure event_study_plot(std::vector<EventPoint> points, double level, const PlotText& text) {
  std::stable_sort(points.begin(), points.end(),
                   [](const EventPoint& a, const EventPoint& b) { return a.time < b.time; });
  Series path{.mark = Mark::line, .color = 4}, estimates{.mark = Mark::errorbars, .size = 1.4},
      reference{.mark = Mark::points, .size = 1.6, .hollow = true};
  Figure figure;
  for (const EventPoint& p : points) {
    const double value = p.reference ? 0 : p.estimate;
    path.x.push_back(p.time);
    path.y.push_back(value);
    Series& series = p.reference ? reference : estimates;
    series.x.push_back(p.time);
    series.y.push_back(value);
    if (p.reference) continue;
    series.low.push_back(p.low);
    series.high.push_back(p.high);
  }
  if (points.size() <= 25)
    for (const EventPoint& p : points) figure.x_ticks.emplace_back(p.time, p.side + core::shortest(p.time));
  figure.title = text.title;
  figure.x_label = either(text.x_label, "Periods since treatment");
  figure.y_label = either(text.y_label, "Estimate");
  figure.note = either(text.note, interval_words(level) + (reference.x.empty() ? "" : "; ring: reference period"));
  figure.guides = {{.at = 0, .vertical = false, .dashed = false}, {.at = -0.5}};
  figure.series = {path, estimates, reference};
  figure.legend = false;
  return figure;
}

Figure event_study_plot(const results::Fit& fit, std::optional<double> wanted, const PlotText& text) {
  const double level = wanted.value_or(fit.level);
  const std::vector<results::CoefficientRow> rows = results::coefficient_table(fit, level);
  std::vector<EventPoint> points;
  for (std::size_t i = 0; i < rows.size() && i < fit.event_times.size(); ++i) {
    const inference::Estimate& e = rows[i].estimate;
    if (std::isnan(fit.event_times[i])) continue;
    const bool earlier = fit.names[i].find("::<=") != std::string::npos,
               later = fit.names[i].find("::>=") != std::string::npos;
    points.push_back({.time = fit.event_times[i],
                      .estimate = e.value,
                      .low = e.low,
                      .high = e.high,
                      .side = earlier ? "≤ "
                              : later ? "≥ "
                                      : ""});
  }
  if (points.empty())
    throw core::Error("'" + fit.command + "' has no coefficients by event time")
        .hint("event_study(…) makes a result that has");
  if (!std::isnan(fit.event_reference)) points.push_back({.time = fit.event_reference, .reference = true});
  for (const double time : fit.further_references) points.push_back({.time = time, .reference = true});
  PlotText words = text;
  if (words.y_label.empty()) words.y_label = "Effect on " + fit.depvar;
  const double critical = fit.stat("sup_t");
  if (std::isnan(critical)) return event_study_plot(std::move(points), level, words);
  // Bands that hold for all periods at once, behind the intervals of each.
  Series band{.mark = Mark::errorbars, .color = 4, .size = 0.5};
  for (std::size_t i = 0; i < rows.size() && i < fit.event_times.size(); ++i) {
    if (std::isnan(fit.event_times[i])) continue;
    const inference::Estimate& e = rows[i].estimate;
    band.x.push_back(fit.event_times[i]);
    band.y.push_back(e.value);
    band.low.push_back(e.value - critical * e.se);
    band.high.push_back(e.value + critical * e.se);
  }
  if (words.note.empty())
    words.note = interval_words(level) + "; light: simultaneous band" +
                 (std::isnan(fit.event_reference) ? "" : "; ring: reference period");
  Figure figure = event_study_plot(std::move(points), level, words);
  figure.series.insert(figure.series.begin(), std::move(band));
  return figure;
}

Figure density_plot(const std::vector<double>& draws, double estimate, double p, const PlotText& text) {
  const Density density = kernel_density(draws);
  Figure figure;
  Series area{.mark = Mark::band, .x = density.x, .y = density.y, .low = std::vector<double>(density.x.size(), 0.0)};
  area.high = density.y;
  Series curve{.mark = Mark::line, .x = density.x, .y = density.y};
  std::string words = "Gaussian kernel, bandwidth " + core::significant(density.bandwidth, 3) + "; " +
                      core::counted(size_of(draws), "draw");
  if (std::isfinite(p)) words += "; p = " + core::fixed(p, 3);
  figure.title = text.title;
  figure.x_label = either(text.x_label, "Estimate in placebo draws");
  figure.y_label = either(text.y_label, "Density");
  figure.note = either(text.note, words);
  figure.series = {area, curve};
  figure.guides = {
      {.at = 0}, {.at = estimate, .label = "estimate " + core::significant(estimate, 3), .dashed = false, .color = 1}};
  const double top = *std::max_element(density.y.begin(), density.y.end());
  figure.y_range = {{0, 1.08 * top}};
  figure.legend = false;
  return figure;
}

Figure placebo_scatter(const std::vector<double>& draws, const std::vector<double>& p_values, double estimate,
                       double threshold, const PlotText& text) {
  assert(draws.size() == p_values.size());
  const auto below = std::count_if(p_values.begin(), p_values.end(), [&](double p) { return p < threshold; });
  const double share = draws.empty() ? 0 : 100.0 * static_cast<double>(below) / static_cast<double>(draws.size());
  Figure figure;
  figure.title = text.title;
  figure.x_label = either(text.x_label, "Estimate in placebo draws");
  figure.y_label = either(text.y_label, "p-value");
  figure.note = either(text.note, core::counted(size_of(draws), "draw") + "; " + core::fixed(share, 1) +
                                      "% below p = " + core::shortest(threshold));
  figure.series = {{.mark = Mark::points, .x = draws, .y = p_values, .size = 0.8}};
  figure.guides = {
      {.at = threshold, .vertical = false, .label = "p = " + core::shortest(threshold)},
      {.at = estimate, .label = "estimate " + core::significant(estimate, 3), .dashed = false, .color = 1}};
  figure.y_range = {{0, 1.1}};
  figure.legend = false;
  return figure;
}

}  // namespace report
