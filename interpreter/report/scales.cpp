// What is settled before a figure is drawn: logarithmic axes, scales that panels share, layers over one another.
#include "core/error.hpp"
#include "core/text.hpp"
#include "report/overlay.hpp"
#include "report/range.hpp"

#include <algorithm>
#include <cmath>

namespace report {
namespace {

using Ticks = std::vector<std::pair<double, std::string>>;

double log_or_nan(double value) { return value > 0 ? std::log10(value) : std::nan(""); }

void take_logs(std::vector<double>& values) {
  std::transform(values.begin(), values.end(), values.begin(), log_or_nan);
}

/// 1, 2, 5, 10, … in a range of logarithms; powers of ten alone when there are many.
Ticks log_ticks(const Range& range) {
  const double decades = range.high - range.low;
  const double step = std::max(1.0, std::ceil(decades / 8));
  Ticks ticks;
  for (double power = std::floor(range.low); power <= range.high; power += step) {
    for (const double factor : {1.0, 2.0, 5.0}) {
      if (factor > 1 && decades > 3) continue;
      const double at = power + std::log10(factor);
      if (at >= range.low - 1e-12 && at <= range.high + 1e-12)
        ticks.emplace_back(at, core::significant(factor * std::pow(10, power), 6));
    }
  }
  return ticks;
}

void log_range(std::optional<std::pair<double, double>>& range, const char* option) {
  if (!range) return;
  if (range->first <= 0 || range->second <= 0)
    throw core::Error(std::string(option) + " begins at or below zero, which a logarithmic axis has not").word(option);
  range = {{std::log10(range->first), std::log10(range->second)}};
}

void log_given_ticks(Ticks& ticks) {
  for (auto& [at, words] : ticks) at = log_or_nan(at);
  ticks.erase(std::remove_if(ticks.begin(), ticks.end(), [](const auto& tick) { return std::isnan(tick.first); }),
              ticks.end());
}

void log_x(Figure& figure) {
  log_range(figure.x_range, "xlim");
  log_given_ticks(figure.x_ticks);
  for (Series& s : figure.series) {
    take_logs(s.x);
    if (s.horizontal) {
      take_logs(s.low);
      take_logs(s.high);
    }
  }
  for (Guide& g : figure.guides)
    if (g.vertical) g.at = log_or_nan(g.at);
}

void log_y(Figure& figure) {
  log_range(figure.y_range, "ylim");
  log_given_ticks(figure.y_ticks);
  for (Series& s : figure.series) {
    if (s.mark == Mark::bars || s.mark == Mark::impulses)
      throw core::Error("bars begin at zero, which a logarithmic axis has not").word("ylog");
    take_logs(s.y);
    if (!s.horizontal) {
      take_logs(s.low);
      take_logs(s.high);
    }
  }
  for (Guide& g : figure.guides)
    if (!g.vertical) g.at = log_or_nan(g.at);
}

void widen(std::optional<std::pair<double, double>>& range, const Range& with) {
  range = range ? std::pair{std::min(range->first, with.low), std::max(range->second, with.high)}
                : std::pair{with.low, with.high};
}

void add_ticks(Ticks& all, const Ticks& more) {
  for (const auto& tick : more)
    if (std::find(all.begin(), all.end(), tick) == all.end()) all.push_back(tick);
  std::sort(all.begin(), all.end());
}

/// A tick for each of a few whole numbers (years, event times), between which nothing lies; none when x holds others.
Ticks whole_ticks(const Figure& figure) {
  constexpr double most = 5;
  std::optional<std::pair<double, double>> ends;
  for (const Series& series : figure.series)
    for (const double x : series.x) {
      if (!std::isfinite(x)) continue;
      if (x != std::floor(x) || series.mark == Mark::areas) return {};
      widen(ends, {x, x});
    }
  Ticks ticks;
  if (!ends || ends->second - ends->first > most) return ticks;
  for (double at = ends->first; at <= ends->second; ++at) ticks.emplace_back(at, core::significant(at, 15));
  return ticks;
}

Figure scaled(const Figure& figure) {
  Figure out = figure;
  for (Figure& panel : out.panels) panel = scaled(panel);
  if (out.x_log) log_x(out);
  if (out.y_log) log_y(out);
  if (!out.panels.empty()) return out;
  const DrawnRange range = drawn_range(out);
  if (out.x_log && out.x_ticks.empty()) out.x_ticks = log_ticks(range.x);
  if (out.y_log && out.y_ticks.empty()) out.y_ticks = log_ticks(range.y);
  out.x_log = out.y_log = false;
  return out;
}

}  // namespace

Figure on_scales(const Figure& figure) {
  Figure out = scaled(figure);
  if (out.panels.empty() && out.x_ticks.empty() && out.axes) out.x_ticks = whole_ticks(out);
  return out;
}

std::pair<int, int> panel_grid(const Figure& figure) {
  const int n = static_cast<int>(figure.panels.size());
  constexpr int most_columns = 6;
  const int chosen = n <= 3 ? n : n == 4 ? 2 : n <= 9 ? 3 : n <= 20 ? 4 : n <= 35 ? 5 : most_columns;
  const int columns = std::clamp(figure.panel_columns > 0 ? figure.panel_columns : chosen, 1, std::max(n, 1));
  return {columns, (n + columns - 1) / columns};
}

void share_scales(Figure& figure) {
  std::optional<std::pair<double, double>> x = figure.x_range, y = figure.y_range;
  Ticks x_ticks, y_ticks;
  for (const Figure& panel : figure.panels) {
    const DrawnRange range = drawn_range(panel);
    if (!figure.x_range) widen(x, range.x);
    if (!figure.y_range) widen(y, range.y);
    add_ticks(x_ticks, panel.x_ticks);
    add_ticks(y_ticks, panel.y_ticks);
  }
  for (Figure& panel : figure.panels) {
    panel.x_range = x;
    panel.y_range = y;
    panel.x_ticks = x_ticks;
    panel.y_ticks = y_ticks;
  }
}

void overlay(Figure& into, const Figure& layer) {
  if (!layer.panels.empty())
    throw core::Error("a figure of several panels cannot be a layer of another").word("figure");
  int next = 0;
  for (const Series& s : into.series)
    if (!s.own_color && s.rgb.empty()) next = std::max(next, s.color + 1);
  for (Series s : layer.series) {
    if (s.color >= 0 && !s.own_color) s.color += next;
    into.series.push_back(std::move(s));
  }
  into.guides.insert(into.guides.end(), layer.guides.begin(), layer.guides.end());
  const auto first = [](auto& own, const auto& other) {
    if (own.empty()) own = other;
  };
  first(into.title, layer.title);
  first(into.x_label, layer.x_label);
  first(into.y_label, layer.y_label);
  first(into.note, layer.note);
  first(into.x_ticks, layer.x_ticks);
  first(into.y_ticks, layer.y_ticks);
  if (!into.x_range) into.x_range = layer.x_range;
  into.x_log = into.x_log || layer.x_log;
  into.y_log = into.y_log || layer.y_log;
}

std::size_t labelled(const Figure& figure) {
  std::vector<std::string> labels;
  for (const Series& s : figure.series)
    if (!s.label.empty() && std::find(labels.begin(), labels.end(), s.label) == labels.end()) labels.push_back(s.label);
  return labels.size();
}

}  // namespace report
