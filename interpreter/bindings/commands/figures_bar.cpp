// bar: means and other statistics of groups as bars, or heights as they stand in a column.
#include "bindings/plots.hpp"
#include "core/near.hpp"
#include "core/text.hpp"
#include "formula/evaluate.hpp"
#include "inference/tests.hpp"
#include "measures/by_group.hpp"
#include "measures/describe.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace bindings {
namespace {

using core::Kind;
using report::Mark;
using report::Series;

measures::Asked asked(const Arguments& a) {
  const std::string word = a.text("stat", "mean");
  if (const auto found = measures::group_statistic(word)) return *found;
  throw core::Error("there is no statistic '" + word + "'")
      .word(word)
      .hint(core::did_you_mean(word, measures::group_statistic_names(), "statistics"));
}

measures::GroupWeighting weighting(const formula::Weights& weights) {
  if (!weights.expression) return measures::GroupWeighting::none;
  switch (weights.kind) {
    case formula::WeightKind::frequency:
      return measures::GroupWeighting::frequency;
    case formula::WeightKind::probability:
      return measures::GroupWeighting::probability;
    default:
      return measures::GroupWeighting::analytic;
  }
}

/// The statistic of every group.
std::vector<double> heights(const data::Frame& frame, const Arguments& a, const formula::Tree& y,
                            const PlotGroups& groups) {
  data::GroupRows rows;
  rows.start = {0};
  for (const auto& group : groups.rows) {
    rows.rows.insert(rows.rows.end(), group.begin(), group.end());
    rows.start.push_back(static_cast<std::uint32_t>(rows.rows.size()));
  }
  if (!y) {
    std::vector<double> counts;
    for (const auto& group : groups.rows) counts.push_back(static_cast<double>(group.size()));
    return counts;
  }
  const formula::Weights weights = a.weights();
  const std::vector<double> w =
      weights.expression ? formula::evaluate_numbers(weights.expression, frame) : std::vector<double>();
  return measures::by_group(formula::evaluate_numbers(y, frame), rows, asked(a), w, weighting(weights));
}

/// Half widths of the intervals of the groups' means, t_{n−1} sd / √n.
std::vector<double> half_widths(const data::Frame& frame, const formula::Tree& y, const PlotGroups& groups,
                                double level) {
  const std::vector<double> values = formula::evaluate_numbers(y, frame);
  std::vector<double> out;
  for (const auto& rows : groups.rows) {
    const measures::Description d = measures::describe(at_rows(values, rows));
    out.push_back(d.n > 1 ? inference::t_quantile(0.5 + level / 2, d.n - 1) * d.sd / std::sqrt(d.n) : std::nan(""));
  }
  return out;
}

/// Where the bars stand: places along the axis, and within each place a bar for each series.
struct Bars {
  std::vector<std::string> places, series;
  std::vector<std::vector<double>> value, half;  ///< series × places; NaN: no bar
};

Bars by_variables(const data::Frame& frame, const Arguments& a, const std::vector<formula::Tree>& variables) {
  Bars bars;
  bars.series = {""};
  bars.value.emplace_back();
  bars.half.emplace_back();
  const PlotGroups all = plot_groups(frame, {});
  for (const formula::Tree& y : variables) {
    bars.places.push_back(axis_label(y, frame));
    bars.value[0].push_back(heights(frame, a, y, all)[0]);
    if (a.boolean("ci")) bars.half[0].push_back(half_widths(frame, y, all, a.number("level", 0.95))[0]);
  }
  return bars;
}

Bars by_groups(const data::Frame& frame, const Arguments& a, const std::vector<formula::Tree>& variables,
               const std::vector<std::string>& over) {
  Bars bars;
  const PlotGroups places = plot_groups(frame, {over[0]});
  const PlotGroups colors = over.size() > 1 ? plot_groups(frame, {over[1]}) : PlotGroups{{""}, {{}}};
  bars.places = places.names;
  std::vector<std::size_t> place_of(frame.rows(), places.names.size());
  for (std::size_t p = 0; p < places.rows.size(); ++p)
    for (const std::uint32_t row : places.rows[p]) place_of[row] = p;
  const std::vector<formula::Tree> outcomes = variables.empty() ? std::vector<formula::Tree>{nullptr} : variables;
  for (const formula::Tree& y : outcomes)
    for (std::size_t c = 0; c < colors.names.size(); ++c) {
      PlotGroups cells = places;
      if (over.size() > 1) {
        for (auto& rows : cells.rows) rows.clear();
        for (const std::uint32_t row : colors.rows[c])
          if (place_of[row] < cells.rows.size()) cells.rows[place_of[row]].push_back(row);
      }
      const std::string outcome = y ? axis_label(y, frame) : "Count";
      bars.series.push_back(over.size() == 1       ? outcome
                            : outcomes.size() == 1 ? colors.names[c]
                                                   : outcome + ", " + colors.names[c]);
      bars.value.push_back(heights(frame, a, y, cells));
      bars.half.emplace_back();
      if (a.boolean("ci")) bars.half.back() = half_widths(frame, y, cells, a.number("level", 0.95));
    }
  return bars;
}

/// Places by the height of the first series, the highest first.
void sort_places(Bars& bars) {
  std::vector<std::size_t> order(bars.places.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t i, std::size_t j) { return bars.value[0][i] > bars.value[0][j]; });
  const auto arrange = [&](auto& list) {
    auto old = list;
    for (std::size_t i = 0; i < order.size() && !list.empty(); ++i) list[i] = old[order[i]];
  };
  arrange(bars.places);
  for (auto& values : bars.value) arrange(values);
  for (auto& values : bars.half) arrange(values);
}

void add_series(report::Figure& figure, const Bars& bars, const Arguments& a, bool lying) {
  const double share = 0.8 / static_cast<double>(bars.series.size());
  for (std::size_t k = 0; k < bars.series.size(); ++k) {
    Series series{.mark = Mark::bars, .label = label_of(a, k, bars.series[k]), .color = static_cast<int>(k)};
    Series interval{.mark = Mark::errorbars, .color = 7, .size = 0};
    interval.own_color = true;
    series.horizontal = interval.horizontal = lying;
    series.width = (bars.series.size() > 1 ? 0.94 : 1) * share;
    for (std::size_t p = 0; p < bars.places.size(); ++p) {
      if (!std::isfinite(bars.value[k][p])) continue;
      // Lying bars begin at the top.
      const double slot = static_cast<double>(p + 1) - 0.4 + share * (static_cast<double>(k) + 0.5);
      const double at = lying ? static_cast<double>(bars.places.size() + 1) - slot : slot;
      const double value = bars.value[k][p];
      (lying ? series.y : series.x).push_back(at);
      (lying ? series.x : series.y).push_back(value);
      if (bars.half[k].empty() || !std::isfinite(bars.half[k][p])) continue;
      (lying ? interval.y : interval.x).push_back(at);
      (lying ? interval.x : interval.y).push_back(value);
      interval.low.push_back(value - bars.half[k][p]);
      interval.high.push_back(value + bars.half[k][p]);
    }
    if (!series.x.empty()) figure.series.push_back(std::move(series));
    if (!interval.x.empty()) figure.series.push_back(std::move(interval));
  }
}

/// bar(y ~ x): the heights are the values of y.
Drawn draw_heights(const data::Frame& frame, const Arguments& a, const formula::Tree& tree) {
  const Sides sides = sides_of(tree, "bar");
  const Axis x = axis_of(sides.x, frame);
  Drawn drawn;
  drawn.dates = x.dates;
  for (std::size_t k = 0; k < sides.y.size(); ++k) {
    const std::vector<double> y = formula::evaluate_numbers(sides.y[k], frame);
    Series series{
        .mark = Mark::bars, .label = label_of(a, k, axis_label(sides.y[k], frame)), .color = static_cast<int>(k)};
    for (std::size_t i = 0; i < y.size(); ++i) {
      if (std::isfinite(x.values[i]) && std::isfinite(y[i])) {
        series.x.push_back(x.values[i]);
        series.y.push_back(y[i]);
      } else {
        ++drawn.left_out;
      }
    }
    std::vector<double> places = series.x;
    std::sort(places.begin(), places.end());
    double gap = 0;
    for (std::size_t i = 1; i < places.size(); ++i) {
      if (places[i] == places[i - 1])
        throw core::Error("two rows stand at " + core::shortest(places[i]) + " of " + axis_label(sides.x, frame))
            .word("bar")
            .hint("bar(y, over=x) draws means of groups");
      const double step = places[i] - places[i - 1];
      gap = gap > 0 ? std::min(gap, step) : step;
    }
    series.width = 0.85 * (gap > 0 ? gap : 1);
    if (!series.x.empty()) drawn.figure.series.push_back(std::move(series));
  }
  drawn.figure.x_label = axis_label(sides.x, frame);
  drawn.figure.x_ticks = x.ticks;
  if (sides.y.size() == 1) drawn.figure.y_label = axis_label(sides.y[0], frame);
  apply_colors(drawn.figure, a);
  return drawn;
}

Drawn draw_bar(const data::Frame& frame, const Arguments& a) {
  const std::vector<formula::Tree> variables = a.trees("y");
  if (variables.size() == 1 && variables[0]->op == formula::Op::tilde) return draw_heights(frame, a, variables[0]);
  const std::vector<std::string> over = a.column_names("over");
  if (variables.empty() && over.empty())
    throw core::Error("bar needs a variable, or over=").word("bar").hint("bar(ser, over=province)");
  if (over.size() > 2) throw core::Error("over= takes one column or two").word("over");
  if (a.boolean("ci") && (variables.empty() || a.text("stat", "mean") != "mean"))
    throw core::Error("ci= is an interval of means").word("ci");
  if (a.boolean("ci") && a.weights().expression)
    throw core::Error("intervals of weighted means are not drawn").word("ci").hint("leave weights= or ci= out");
  Bars bars = over.empty() ? by_variables(frame, a, variables) : by_groups(frame, a, variables, over);
  constexpr std::size_t most_bars = 400;
  if (bars.places.size() * bars.series.size() > most_bars)
    throw core::Error(std::to_string(bars.places.size() * bars.series.size()) + " bars are too many to read")
        .word(over.empty() ? "bar" : over[0])
        .hint("histogram(x) bins a variable with many values");
  if (a.boolean("sort")) sort_places(bars);
  Drawn drawn;
  report::Figure& figure = drawn.figure;
  const bool lying = a.boolean("horizontal");
  add_series(figure, bars, a, lying);
  auto& ticks = lying ? figure.y_ticks : figure.x_ticks;
  const double places = static_cast<double>(bars.places.size());
  for (std::size_t p = 0; p < bars.places.size(); ++p)
    ticks.emplace_back(lying ? places - static_cast<double>(p) : static_cast<double>(p + 1), bars.places[p]);
  (lying ? figure.y_range : figure.x_range) = {{0.4, places + 0.6}};
  const std::string stat = variables.empty() ? "Count" : a.text("stat", "mean");
  std::string value = stat;
  if (variables.size() == 1) value += " of " + axis_label(variables[0], frame);
  if (!value.empty() && value[0] >= 'a' && value[0] <= 'z') value[0] = static_cast<char>(value[0] - 'a' + 'A');
  (lying ? figure.x_label : figure.y_label) = value;
  if (!over.empty()) (lying ? figure.y_label : figure.x_label) = axis_label(formula::name(over[0]), frame);
  if (lying) figure.height_in = std::clamp(1.2 + 0.24 * places, 2.6, 12.0);
  if (a.boolean("ci")) figure.note = core::shortest(100 * a.number("level", 0.95)) + "% intervals of the means";
  apply_colors(figure, a);
  return drawn;
}

}  // namespace

std::vector<PlotKind> bar_plots() {
  core::Record made{.name = "bar", .topic = "figures", .summary = "Bars of means or other statistics, by groups"};
  made.args = {{.name = "y",
                .kind = Kind::expression,
                .doc = "variables; none: rows are counted; y ~ x: heights as they stand",
                .optional = true,
                .repeated = true}};
  made.options = with_figure_options({over_option("groups along the axis; a second column tells colours apart"),
                                      {.name = "stat",
                                       .kind = Kind::text,
                                       .doc = "mean, median, sum, count, sd, min, max, p25, …",
                                       .default_text = "mean"},
                                      yes_no("ci", "intervals of the means"),
                                      {.name = "level",
                                       .kind = Kind::number,
                                       .doc = "confidence level",
                                       .default_text = "0.95",
                                       .min = 0.5,
                                       .max = 0.9999},
                                      yes_no("horizontal", "lying bars, for long names"),
                                      yes_no("sort", "the highest first"),
                                      {.name = "weights",
                                       .kind = Kind::weights,
                                       .doc = "observation weights: aw(x), fw(x), pw(x)",
                                       .default_text = {}}});
  made.example = "bar(ser, over={province, treat}, ci=true)";
  return {{made, draw_bar}};
}

}  // namespace bindings
