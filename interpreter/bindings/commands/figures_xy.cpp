// scatter, line, connected, area, errorbar, band: y against x. lfit, qfit, lowess: curves through it.
#include "bindings/plots.hpp"
#include "core/text.hpp"
#include "formula/evaluate.hpp"
#include "inference/tests.hpp"
#include "measures/smooth.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace bindings {
namespace {

using core::Kind;
using core::OptionSpec;
using formula::Tree;
using report::Mark;
using report::Series;

/// The series of a call: each outcome, within each group of over=.
struct Cloud {
  Drawn drawn;
  Sides sides;
  Axis x;
  PlotGroups groups;
};

Cloud cloud_of(const data::Frame& frame, const Arguments& a) {
  const std::string& command = a.command().record.name;
  Cloud cloud;
  cloud.sides = sides_of(a.tree("formula"), command);
  cloud.x = axis_of(cloud.sides.x, frame);
  cloud.groups = plot_groups(frame, a.column_names("over"));
  report::Figure& figure = cloud.drawn.figure;
  figure.x_label = axis_label(cloud.sides.x, frame);
  figure.x_ticks = cloud.x.ticks;
  if (cloud.sides.y.size() == 1) figure.y_label = axis_label(cloud.sides.y[0], frame);
  cloud.drawn.dates = cloud.x.dates;
  return cloud;
}

std::string series_name(const Cloud& cloud, const data::Frame& frame, const Arguments& a, std::size_t outcome,
                        std::size_t group) {
  const std::size_t groups = cloud.groups.names.size();
  const std::string& own = cloud.groups.names[group];
  std::string name = axis_label(cloud.sides.y[outcome], frame);
  if (groups > 1 || !own.empty()) name = cloud.sides.y.size() > 1 ? name + ", " + own : own;
  return label_of(a, outcome * groups + group, name);
}

int series_color(const Cloud& cloud, std::size_t outcome, std::size_t group) {
  const std::size_t all = cloud.groups.names.size() * cloud.sides.y.size();
  return all > most_colored ? -1 : static_cast<int>(outcome * cloud.groups.names.size() + group);
}

/// visit(series with x and y and nothing missing, rows of its points, outcome, group) for each series; counts what is
/// missing.
template <class Visit>
void each_series(Cloud& cloud, const data::Frame& frame, const Arguments& a, bool sorted, const Visit& visit) {
  for (std::size_t k = 0; k < cloud.sides.y.size(); ++k) {
    const Axis y = axis_of(cloud.sides.y[k], frame);
    if (cloud.drawn.figure.y_ticks.empty()) cloud.drawn.figure.y_ticks = y.ticks;
    for (std::size_t g = 0; g < cloud.groups.rows.size(); ++g) {
      std::vector<std::uint32_t> rows;
      for (const std::uint32_t row : cloud.groups.rows[g])
        if (std::isfinite(cloud.x.values[row]) && std::isfinite(y.values[row])) rows.push_back(row);
      cloud.drawn.left_out += cloud.groups.rows[g].size() - rows.size();
      if (rows.empty()) continue;
      if (sorted)
        std::stable_sort(rows.begin(), rows.end(),
                         [&](std::uint32_t i, std::uint32_t j) { return cloud.x.values[i] < cloud.x.values[j]; });
      Series series;
      series.label = series_name(cloud, frame, a, k, g);
      series.color = series_color(cloud, k, g);
      series.x = at_rows(cloud.x.values, rows);
      series.y = at_rows(y.values, rows);
      visit(std::move(series), rows, k, g);
    }
  }
}

// ---- curves

/// Half the width of the band: none without level.
std::vector<double> half_widths(const measures::Curve& curve, double level) {
  std::vector<double> half;
  const double quantile = curve.df > 0 ? inference::t_quantile(0.5 + level / 2, curve.df) : std::nan("");
  for (const double se : curve.se) half.push_back(quantile * se);
  return half;
}

void add_curve(report::Figure& figure, const measures::Curve& curve, const std::string& label, int color,
               double band_level) {
  if (band_level > 0 && curve.df > 0) {
    Series band{.mark = Mark::band, .label = core::shortest(100 * band_level) + "% interval", .color = color};
    const std::vector<double> half = half_widths(curve, band_level);
    band.x = curve.x;
    band.y = curve.y;
    for (std::size_t i = 0; i < half.size(); ++i) {
      band.low.push_back(curve.y[i] - half[i]);
      band.high.push_back(curve.y[i] + half[i]);
    }
    figure.series.push_back(std::move(band));
  }
  figure.series.push_back({.mark = Mark::line, .label = label, .x = curve.x, .y = curve.y, .color = color});
}

struct FitKind {
  const char* name;
  const char* label;
  int degree;  ///< 0: lowess
};
constexpr FitKind line_fit{"line", "Linear fit", 1}, quadratic_fit{"quadratic", "Quadratic fit", 2},
    lowess_fit{"lowess", "Lowess", 0};

measures::Curve fitted(const FitKind& kind, const Series& points, double span) {
  return kind.degree > 0 ? measures::polynomial(points.x, points.y, kind.degree)
                         : measures::lowess(points.x, points.y, span);
}

double band_level(const Arguments& a) { return a.boolean("ci") ? a.number("level", 0.95) : 0; }

Drawn draw_fit(const data::Frame& frame, const Arguments& a, const FitKind& kind) {
  Cloud cloud = cloud_of(frame, a);
  const bool several = cloud.groups.names.size() * cloud.sides.y.size() > 1;
  each_series(cloud, frame, a, true, [&](const Series& points, const auto&, std::size_t k, std::size_t g) {
    const std::size_t number = k * cloud.groups.names.size() + g;
    const std::string label = label_of(a, number, several ? points.label : kind.label);
    add_curve(cloud.drawn.figure, fitted(kind, points, a.number("bandwidth", 0.8)), label, points.color, band_level(a));
  });
  return std::move(cloud.drawn);
}

Drawn draw_lfit(const data::Frame& frame, const Arguments& a) { return draw_fit(frame, a, line_fit); }
Drawn draw_qfit(const data::Frame& frame, const Arguments& a) { return draw_fit(frame, a, quadratic_fit); }
Drawn draw_lowess(const data::Frame& frame, const Arguments& a) { return draw_fit(frame, a, lowess_fit); }

// ---- points and lines

Drawn draw_scatter(const data::Frame& frame, const Arguments& a) {
  Cloud cloud = cloud_of(frame, a);
  report::Figure& figure = cloud.drawn.figure;
  const std::string fit = a.text("fit", "none");
  const data::ColumnPtr words = a.has("labels") ? frame.at(a.column_names("labels").at(0)) : nullptr;
  each_series(cloud, frame, a, false, [&](Series points, const auto& rows, std::size_t, std::size_t) {
    points.mark = Mark::points;
    points.size = a.number("size", rows.size() > 2000 ? 0.5 : 1);
    points.hollow = a.boolean("hollow");
    if (words) {
      Series text{.mark = Mark::words, .x = points.x, .y = points.y, .color = points.color};
      for (const std::uint32_t row : rows) text.texts.push_back(words->text(row));
      figure.series.push_back(std::move(text));
    }
    for (const FitKind* kind : {&line_fit, &quadratic_fit, &lowess_fit})
      if (fit == kind->name) {
        const bool one = cloud.groups.names.size() * cloud.sides.y.size() == 1;
        add_curve(figure, fitted(*kind, points, 0.8), one ? kind->label : "", one ? 1 : points.color, band_level(a));
      }
    figure.series.push_back(std::move(points));
  });
  apply_colors(figure, a);
  return std::move(cloud.drawn);
}

Drawn draw_lines(const data::Frame& frame, const Arguments& a, bool joined) {
  Cloud cloud = cloud_of(frame, a);
  each_series(cloud, frame, a, a.boolean("sort", true), [&](Series line, const auto&, std::size_t, std::size_t) {
    line.mark = joined ? Mark::points : a.boolean("step") ? Mark::step : Mark::line;
    line.joined = joined;
    line.dashed = a.boolean("dashed");
    line.size = a.number("size", line.color < 0 ? 0.5 : 1);
    cloud.drawn.figure.series.push_back(std::move(line));
  });
  apply_colors(cloud.drawn.figure, a);
  return std::move(cloud.drawn);
}
Drawn draw_line(const data::Frame& frame, const Arguments& a) { return draw_lines(frame, a, false); }
Drawn draw_connected(const data::Frame& frame, const Arguments& a) { return draw_lines(frame, a, true); }

Drawn draw_area(const data::Frame& frame, const Arguments& a) {
  Cloud cloud = cloud_of(frame, a);
  each_series(cloud, frame, a, true, [&](Series line, const auto&, std::size_t, std::size_t) {
    Series area{.mark = Mark::band, .label = line.label, .x = line.x, .y = line.y, .color = line.color};
    area.low.assign(line.x.size(), 0.0);
    area.high = line.y;
    line.mark = Mark::line;
    line.label.clear();
    cloud.drawn.figure.series.push_back(std::move(area));
    cloud.drawn.figure.series.push_back(std::move(line));
  });
  apply_colors(cloud.drawn.figure, a);
  return std::move(cloud.drawn);
}

Drawn draw_bounds(const data::Frame& frame, const Arguments& a, Mark mark) {
  if (!a.has("low") || !a.has("high"))
    throw core::Error("low= and high= say how far it reaches")
        .word(a.command().record.name)
        .hint(a.command().record.example);
  Cloud cloud = cloud_of(frame, a);
  const std::vector<double> low = formula::evaluate_numbers(a.tree("low"), frame);
  const std::vector<double> high = formula::evaluate_numbers(a.tree("high"), frame);
  each_series(cloud, frame, a, true, [&](Series series, const auto& rows, std::size_t, std::size_t) {
    series.mark = mark;
    series.low = at_rows(low, rows);
    series.high = at_rows(high, rows);
    series.size = a.boolean("points", true) ? 1.4 : 0;
    cloud.drawn.figure.series.push_back(std::move(series));
  });
  apply_colors(cloud.drawn.figure, a);
  return std::move(cloud.drawn);
}
Drawn draw_errorbar(const data::Frame& frame, const Arguments& a) { return draw_bounds(frame, a, Mark::errorbars); }
Drawn draw_band(const data::Frame& frame, const Arguments& a) { return draw_bounds(frame, a, Mark::band); }

// ---- records

OptionSpec number_option(const std::string& name, const std::string& doc, const std::string& fallback, double min,
                         double max) {
  return {.name = name, .kind = Kind::number, .doc = doc, .default_text = fallback, .min = min, .max = max};
}

OptionSpec band_level() { return number_option("level", "confidence level of the band", "0.95", 0.5, 0.9999); }

core::Record record(const std::string& name, const std::string& summary, std::vector<OptionSpec> options,
                    const std::string& example) {
  core::Record made{.name = name, .topic = "figures", .summary = summary};
  made.args = {{.name = "formula", .kind = Kind::formula, .doc = "y ~ x, or {y1, y2} ~ x"}};
  options.insert(options.begin(), over_option("a series for each group of these columns"));
  made.options = with_figure_options(std::move(options));
  made.example = example;
  return made;
}

std::vector<OptionSpec> bounds_options() {
  return {{.name = "low", .kind = Kind::expression, .doc = "lower end", .default_text = {}},
          {.name = "high", .kind = Kind::expression, .doc = "upper end", .default_text = {}}};
}

}  // namespace

std::vector<PlotKind> xy_plots() {
  const OptionSpec size = number_option("size", "size of points, width of lines", "1", 0.1, 10);
  const OptionSpec step = yes_no("step", "a staircase"), dashed = yes_no("dashed", "a dashed line");
  const OptionSpec sort{.name = "sort", .kind = Kind::boolean, .doc = "from left to right", .default_text = "true"};
  const OptionSpec ci = yes_no("ci", "a band for the fitted mean");
  const OptionSpec span = number_option("bandwidth", "share of the points in a window", "0.8", 0.01, 1);
  std::vector<OptionSpec> errorbar = bounds_options();
  errorbar.push_back({.name = "points", .kind = Kind::boolean, .doc = "a point at y", .default_text = "true"});
  core::Record lowess = record("lowess", "Locally weighted regression of y on x as a curve", {span}, "lowess(y ~ x)");
  lowess.source = "Cleveland (1979), JASA 74(368)";
  return {
      {record("scatter", "Points of y against x",
              {{.name = "fit",
                .kind = Kind::text,
                .doc = "a curve through them",
                .default_text = "none",
                .one_of = {"none", "line", "quadratic", "lowess"}},
               ci,
               band_level(),
               {.name = "labels", .kind = Kind::column, .doc = "words beside the points", .default_text = {}},
               size,
               yes_no("hollow", "rings")},
              "scatter(ser ~ lngdp, over=treat, fit=\"line\")"),
       draw_scatter},
      {record("line", "Lines of y against x, from left to right", {step, dashed, sort, size},
              "line(ser ~ year, over=city)"),
       draw_line},
      {record("connected", "Points of y against x with a line through them", {dashed, sort, size},
              "connected(ser ~ year, where=\"city == 'Xian'\")"),
       draw_connected},
      {record("area", "The area between y and zero against x", {}, "area(ser ~ year)"), draw_area},
      {record("errorbar", "Intervals at y against x", errorbar, "errorbar(b ~ t, low=b - 2*se, high=b + 2*se)"),
       draw_errorbar},
      {record("band", "The band between two columns against x", bounds_options(),
              "band(b ~ t, low=b - 2*se, high=b + 2*se)"),
       draw_band},
      {record("lfit", "The least-squares line of y on x", {ci, band_level()}, "lfit(ser ~ lngdp, ci=true)"), draw_lfit},
      {record("qfit", "The least-squares parabola of y on x", {ci, band_level()}, "qfit(ser ~ lngdp)"), draw_qfit},
      {lowess, draw_lowess}};
}

// ---- lines and words that need no data

namespace {

Drawn draw_guides(const Arguments& a, bool vertical) {
  Drawn drawn;
  const std::vector<double> values = a.numbers("at");
  for (std::size_t i = 0; i < values.size(); ++i)
    drawn.figure.guides.push_back({.at = values[i], .vertical = vertical, .label = label_of(a, i, "")});
  return drawn;
}
Drawn draw_hline(const data::Frame& /*frame*/, const Arguments& a) { return draw_guides(a, false); }
Drawn draw_vline(const data::Frame& /*frame*/, const Arguments& a) { return draw_guides(a, true); }

Drawn draw_annotate(const data::Frame& /*frame*/, const Arguments& a) {
  Drawn drawn;
  drawn.figure.series.push_back({.mark = Mark::words, .x = {a.number("x")}, .y = {a.number("y")}, .color = 7});
  drawn.figure.series[0].texts = {a.text("words")};
  drawn.figure.series[0].own_color = true;
  apply_colors(drawn.figure, a);
  return drawn;
}

}  // namespace

std::vector<PlotKind> line_plots() {
  const auto guide = [](const std::string& name, const std::string& summary) {
    core::Record made{.name = name, .topic = "figures", .summary = summary};
    made.args = {{.name = "at", .kind = Kind::numbers, .doc = "where", .repeated = true}};
    made.options = {{.name = "label", .kind = Kind::texts, .doc = "words on the line", .default_text = {}}};
    made.example = "figure({\"line\", ser ~ year, over=treat}, {\"" + name + "\", 2015})";
    return made;
  };
  core::Record words{.name = "annotate", .topic = "figures", .summary = "Words at a place of a figure"};
  words.args = {
      {.name = "x", .kind = Kind::number}, {.name = "y", .kind = Kind::number}, {.name = "words", .kind = Kind::text}};
  words.options = {{.name = "color", .kind = Kind::texts, .doc = "colour", .default_text = "black"}};
  words.example = "figure({\"scatter\", ser ~ lngdp}, {\"annotate\", 9, 0.4, \"rich and clean\"})";
  return {{guide("hline", "A horizontal line across a figure"), draw_hline},
          {guide("vline", "A vertical line across a figure"), draw_vline},
          {words, draw_annotate}};
}

}  // namespace bindings
