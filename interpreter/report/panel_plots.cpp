#include "report/panel_plots.hpp"

#include "core/error.hpp"
#include "core/text.hpp"
#include "report/table.hpp"

#include <algorithm>
#include <cassert>

namespace report {
namespace {

/// At most `most` of the names as ticks, evenly spaced; `at(i)` is where the i-th stands.
template <class At>
std::vector<std::pair<double, std::string>> ticks(const std::vector<std::string>& names, std::size_t most,
                                                  const At& at) {
  std::vector<std::pair<double, std::string>> out;
  const std::size_t step = std::max<std::size_t>(1, (names.size() + most - 1) / most);
  for (std::size_t i = 0; i < names.size(); i += step) out.emplace_back(at(i), names[i]);
  return out;
}

}  // namespace

Figure treatment_plot(const TreatmentPattern& pattern, const PlotText& text) {
  const std::size_t rows = pattern.units.size();
  const std::size_t columns = pattern.periods.size();
  assert(pattern.cells.size() == rows * columns);
  if (rows == 0 || columns == 0) throw core::Error("there is no unit to draw");
  const auto height = [rows](std::size_t row) { return static_cast<double>(rows - row); };
  Series untreated{.mark = Mark::tiles, .label = "not treated", .color = 4};
  Series treated{.mark = Mark::tiles, .label = "treated", .color = 0};
  Series missing{.mark = Mark::tiles, .label = "missing", .color = -1};
  for (std::size_t row = 0; row < rows; ++row)
    for (std::size_t column = 0; column < columns; ++column) {
      const CellState state = pattern.cells[row * columns + column];
      if (state == CellState::absent) continue;
      Series& to = state == CellState::treated ? treated : state == CellState::missing ? missing : untreated;
      to.x.push_back(static_cast<double>(column + 1));
      to.y.push_back(height(row));
    }
  constexpr std::size_t most_units = 45;
  constexpr std::size_t most_periods = 16;
  Figure figure;
  figure.title = text.title;
  figure.x_label = either(text.x_label, "Period");
  figure.y_label = text.y_label;
  figure.note = text.note;
  figure.series = {untreated, treated};
  if (!missing.x.empty()) figure.series.push_back(missing);
  figure.x_ticks = ticks(pattern.periods, most_periods, [](std::size_t i) { return static_cast<double>(i + 1); });
  figure.y_ticks = ticks(pattern.units, most_units, height);
  figure.x_range = {{0.4, static_cast<double>(columns) + 0.6}};
  figure.y_range = {{0.4, static_cast<double>(rows) + 0.6}};
  int widest = 0;
  for (const auto& [at, name] : figure.y_ticks) widest = std::max(widest, display_width(name));
  constexpr double shown_rows = 45;
  figure.height_in = std::clamp(1.6 + 0.17 * std::min(static_cast<double>(rows), shown_rows), 2.6, 9.5);
  figure.width_in = std::clamp(3.2 + 0.22 * static_cast<double>(columns) + 0.07 * widest, 4.5, 9.0);
  return figure;
}

Figure calendar_plot(const std::vector<std::string>& periods, const std::vector<double>& counts, const PlotText& text) {
  assert(periods.size() == counts.size());
  Figure figure;
  Series bars{.mark = Mark::bars, .label = "", .color = 0};
  for (std::size_t i = 0; i < counts.size(); ++i) {
    bars.x.push_back(static_cast<double>(i + 1));
    bars.y.push_back(counts[i]);
  }
  constexpr std::size_t most_periods = 16;
  figure.title = text.title;
  figure.x_label = either(text.x_label, "First treated period");
  figure.y_label = either(text.y_label, "Units");
  figure.note = text.note;
  figure.series = {bars};
  figure.x_ticks = ticks(periods, most_periods, [](std::size_t i) { return static_cast<double>(i + 1); });
  figure.x_range = {{0.4, static_cast<double>(counts.size()) + 0.6}};
  const double top = counts.empty() ? 1 : std::max(1.0, *std::max_element(counts.begin(), counts.end()));
  figure.y_range = {{0, 1.08 * top}};
  figure.legend = false;
  return figure;
}

}  // namespace report
