// Coefficients of one result or several with their intervals: rows from top to bottom, or along the x axis.
#include "core/error.hpp"
#include "core/text.hpp"
#include "report/patterns.hpp"
#include "report/plots.hpp"
#include "report/table.hpp"

#include <algorithm>

namespace report {
namespace {

using Estimates = std::map<std::string, inference::Estimate>;

/// The coefficients of each result by name, and all names in the order of their first appearance.
std::vector<Estimates> estimates_of(const std::vector<NamedFit>& fits, const CoefplotOptions& options,
                                    std::vector<std::string>& names) {
  std::vector<Estimates> out;
  for (const NamedFit& one : fits) {
    out.emplace_back();
    for (const results::CoefficientRow& row :
         results::coefficient_table(*one.fit, options.level.value_or(one.fit->level))) {
      if (row.name == "_cons" && !options.constant) continue;
      if (std::find(names.begin(), names.end(), row.name) == names.end()) names.push_back(row.name);
      out.back()[row.name] = row.estimate;
    }
  }
  return out;
}

/// The marks of one result; `shift` moves them beside those of the others.
void add_marks(Figure& figure, const Estimates& estimates, const std::vector<std::string>& chosen,
               const CoefplotOptions& options, double shift, const NamedFit& fit, int color) {
  Series marks{.mark = options.intervals ? Mark::errorbars : Mark::points,
               .label = fit.label,
               .color = color,
               .size = 1.4,
               .horizontal = !options.vertical && options.intervals};
  for (std::size_t i = 0; i < chosen.size(); ++i) {
    const auto found = estimates.find(chosen[i]);
    if (found == estimates.end()) continue;
    const inference::Estimate& e = found->second;
    const double place =
        options.vertical ? static_cast<double>(i + 1) + shift : static_cast<double>(chosen.size() - i) - shift;
    marks.x.push_back(options.vertical ? place : e.value);
    marks.y.push_back(options.vertical ? e.value : place);
    marks.low.push_back(e.low);
    marks.high.push_back(e.high);
  }
  if (options.joined) figure.series.push_back({.mark = Mark::line, .x = marks.x, .y = marks.y, .color = color});
  figure.series.push_back(std::move(marks));
}

}  // namespace

Figure coefplot(const std::vector<NamedFit>& fits, const CoefplotOptions& options) {
  std::vector<std::string> names;
  const std::vector<Estimates> estimates = estimates_of(fits, options, names);
  const std::vector<std::string> chosen = choose(names, options.keep, options.drop, options.order);
  if (chosen.empty()) throw core::Error("no coefficients left to plot");

  Figure figure;
  constexpr int colors = 8;
  const double apart = fits.size() > 1 ? 0.6 / static_cast<double>(fits.size()) : 0;
  for (std::size_t f = 0; f < fits.size(); ++f) {
    const double shift = apart * (static_cast<double>(f) - 0.5 * static_cast<double>(fits.size() - 1));
    add_marks(figure, estimates[f], chosen, options, shift, fits[f], static_cast<int>(f) % colors);
  }
  int widest = 0;
  const double count = static_cast<double>(chosen.size());
  auto& ticks = options.vertical ? figure.x_ticks : figure.y_ticks;
  for (std::size_t i = 0; i < chosen.size(); ++i) {
    const auto label = options.labels.find(chosen[i]);
    const std::string& shown = label == options.labels.end() ? chosen[i] : label->second;
    ticks.emplace_back(options.vertical ? static_cast<double>(i + 1) : count - static_cast<double>(i), shown);
    widest = std::max(widest, display_width(shown));
  }
  figure.guides = {{.at = 0, .vertical = !options.vertical}};
  for (const double at : options.value_lines)
    if (at != 0) figure.guides.push_back({.at = at, .vertical = !options.vertical});
  for (const double at : options.coefficient_lines)
    figure.guides.push_back({.at = options.vertical ? at : count + 1 - at, .vertical = options.vertical});
  const double level = options.level.value_or(fits.front().fit->level);
  const std::string estimate = "Estimate";
  figure.title = options.text.title;
  figure.x_label = options.text.x_label.empty() && !options.vertical ? estimate : options.text.x_label;
  figure.y_label = options.text.y_label.empty() && options.vertical ? estimate : options.text.y_label;
  figure.note = options.text.note;
  if (figure.note.empty() && options.intervals) figure.note = core::shortest(100 * level) + "% confidence intervals";
  (options.vertical ? figure.x_range : figure.y_range) = {{0.4, count + 0.6}};
  figure.legend = options.legend && fits.size() > 1;
  if (options.vertical) return figure;
  figure.height_in = std::clamp(1.5 + 0.3 * count * std::max(1.0, 0.6 * static_cast<double>(fits.size())), 2.4, 40.0);
  figure.width_in = 5.2 + std::min(3.0, 0.06 * widest);
  return figure;
}

Figure coefplot(const results::Fit& fit, const CoefplotOptions& options) {
  return coefplot(std::vector<NamedFit>{{&fit, ""}}, options);
}

}  // namespace report
