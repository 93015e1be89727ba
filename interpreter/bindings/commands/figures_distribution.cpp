// histogram, kdensity, boxplot: how one variable is distributed.
#include "bindings/plots.hpp"
#include "core/text.hpp"
#include "formula/evaluate.hpp"
#include "measures/describe.hpp"
#include "report/density.hpp"
#include "report/histogram.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace bindings {
namespace {

using core::Kind;
using core::OptionSpec;
using report::Mark;
using report::Series;

std::vector<double> known(const std::vector<double>& values, std::size_t& left_out) {
  std::vector<double> out;
  for (const double value : values)
    if (std::isfinite(value)) out.push_back(value);
  left_out += values.size() - out.size();
  return out;
}

double normal_density(double x, double mean, double sd) {
  const double z = (x - mean) / sd;
  return std::exp(-0.5 * z * z) / (sd * std::sqrt(2 * std::numbers::pi));
}

Drawn draw_histogram(const data::Frame& frame, const Arguments& a) {
  Drawn drawn;
  const formula::Tree x = a.tree("x");
  const std::vector<double> values = known(formula::evaluate_numbers(x, frame), drawn.left_out);
  if (a.has("bins") && a.has("width_of_bins"))
    throw core::Error("bins= and width_of_bins= both say how wide a bin is").word("bins");
  const report::Histogram bars =
      report::histogram(values, static_cast<int>(a.integer("bins")), a.number("width_of_bins"));
  const std::string stat = a.text("stat", "density");
  const double n = static_cast<double>(values.size());
  // What a share of the values is worth on the axis, and a density.
  const double of_count = stat == "count" ? 1 : stat == "percent" ? 100 / n : 1 / (n * bars.width);
  const double of_density = of_count * n * bars.width;
  Series series{.mark = Mark::bars, .label = label_of(a, 0, axis_label(x, frame)), .x = bars.middle, .y = bars.count};
  for (double& height : series.y) height *= of_count;
  series.width = 0.94 * bars.width;
  report::Figure& figure = drawn.figure;
  figure.series = {series};
  if (a.boolean("normal")) {
    const measures::Description d = measures::describe(values);
    Series curve{.mark = Mark::line, .label = "Normal density", .color = 1};
    constexpr int points = 201;
    const double low = bars.middle.front() - bars.width, high = bars.middle.back() + bars.width;
    for (int i = 0; i < points; ++i) {
      curve.x.push_back(low + (high - low) * i / (points - 1));
      curve.y.push_back(of_density * normal_density(curve.x.back(), d.mean, d.sd));
    }
    figure.series.push_back(std::move(curve));
  }
  if (a.boolean("kdensity")) {
    report::Density density = report::kernel_density(values);
    for (double& height : density.y) height *= of_density;
    figure.series.push_back({.mark = Mark::line,
                             .label = "Kernel density",
                             .x = density.x,
                             .y = density.y,
                             .color = a.boolean("normal") ? 2 : 1});
  }
  figure.x_label = axis_label(x, frame);
  figure.y_label = stat == "count" ? "Count" : stat == "percent" ? "Percent" : "Density";
  figure.note = core::counted(static_cast<long long>(bars.middle.size()), "bin") + " of width " +
                core::significant(bars.width, 3) + ", n = " + core::grouped(static_cast<long long>(values.size()));
  apply_colors(figure, a);
  return drawn;
}

Drawn draw_kdensity(const data::Frame& frame, const Arguments& a) {
  Drawn drawn;
  const formula::Tree x = a.tree("x");
  const std::vector<double> values = formula::evaluate_numbers(x, frame);
  const PlotGroups groups = plot_groups(frame, a.column_names("over"));
  report::DensityOptions options;
  options.bandwidth = a.number("bandwidth");
  if (a.text("kernel") == "epanechnikov") options.kernel = report::Kernel::epanechnikov;
  std::vector<std::string> bandwidths;
  for (std::size_t g = 0; g < groups.rows.size(); ++g) {
    const std::vector<double> here = known(at_rows(values, groups.rows[g]), drawn.left_out);
    if (here.empty()) continue;
    const std::string name = groups.names[g].empty() ? axis_label(x, frame) : groups.names[g];
    if (*std::max_element(here.begin(), here.end()) == *std::min_element(here.begin(), here.end()))
      throw core::Error("'" + name + "' has a single value, which has no density").word(formula::print(x));
    const report::Density density = report::kernel_density(here, options);
    const int color = groups.rows.size() > most_colored ? -1 : static_cast<int>(g);
    if (groups.rows.size() == 1) {
      Series area{.mark = Mark::band, .x = density.x, .y = density.y, .color = color};
      area.low.assign(density.x.size(), 0.0);
      area.high = density.y;
      drawn.figure.series.push_back(std::move(area));
    }
    drawn.figure.series.push_back(
        {.mark = Mark::line, .label = label_of(a, g, name), .x = density.x, .y = density.y, .color = color});
    bandwidths.push_back(core::significant(density.bandwidth, 3));
  }
  drawn.figure.x_label = axis_label(x, frame);
  drawn.figure.y_label = "Density";
  if (bandwidths.size() <= 6)
    drawn.figure.note = std::string(options.kernel == report::Kernel::gaussian ? "Gaussian" : "Epanechnikov") +
                        " kernel, bandwidth " + core::join(bandwidths, ", ");
  apply_colors(drawn.figure, a);
  return drawn;
}

/// The box from quartile to quartile with the median, whiskers to the last values within 1.5 interquartile ranges,
/// points beyond. Source: Tukey (1977), Exploratory Data Analysis, ch. 2.
struct Box {
  double low = 0, q1 = 0, median = 0, q3 = 0, high = 0;
  std::vector<double> outside;
};

Box box_of(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  Box box;
  box.q1 = measures::quantile(values, 0.25);
  box.median = measures::quantile(values, 0.5);
  box.q3 = measures::quantile(values, 0.75);
  constexpr double reach = 1.5;
  const double floor = box.q1 - reach * (box.q3 - box.q1), ceiling = box.q3 + reach * (box.q3 - box.q1);
  box.low = box.q1;
  box.high = box.q3;
  for (const double value : values) {
    if (value < floor || value > ceiling) {
      box.outside.push_back(value);
    } else {
      box.low = std::min(box.low, value);
      box.high = std::max(box.high, value);
    }
  }
  return box;
}

Drawn draw_boxplot(const data::Frame& frame, const Arguments& a) {
  Drawn drawn;
  report::Figure& figure = drawn.figure;
  const std::vector<formula::Tree> variables = a.trees("y");
  const PlotGroups groups = plot_groups(frame, a.column_names("over"));
  const bool grouped = a.has("over");
  constexpr std::size_t most_boxes = 60;
  if (groups.rows.size() > most_boxes)
    throw core::Error(std::to_string(groups.rows.size()) + " groups are too many for boxes").word("over");
  const double share = grouped ? 0.8 / static_cast<double>(variables.size()) : 0.6;
  for (std::size_t k = 0; k < variables.size(); ++k) {
    const std::vector<double> values = formula::evaluate_numbers(variables[k], frame);
    const int color = grouped ? static_cast<int>(k) : 0;
    Series boxes{.mark = Mark::boxes, .label = label_of(a, k, axis_label(variables[k], frame)), .color = color};
    Series whiskers{.mark = Mark::errorbars, .color = color, .size = 0}, outside{.mark = Mark::points, .color = color};
    boxes.width = 0.75 * share;
    outside.size = 0.8;
    outside.hollow = true;
    for (std::size_t g = 0; g < groups.rows.size(); ++g) {
      const std::vector<double> here = known(at_rows(values, groups.rows[g]), drawn.left_out);
      if (here.empty()) continue;
      const Box box = box_of(here);
      const double middle = grouped ? static_cast<double>(g + 1) - 0.4 + share * (static_cast<double>(k) + 0.5)
                                    : static_cast<double>(k + 1);
      boxes.x.push_back(middle);
      boxes.y.push_back(box.median);
      boxes.low.push_back(box.q1);
      boxes.high.push_back(box.q3);
      for (const auto& [from, to] : {std::pair{box.low, box.q1}, std::pair{box.q3, box.high}}) {
        whiskers.x.push_back(middle);
        whiskers.y.push_back(from);
        whiskers.low.push_back(from);
        whiskers.high.push_back(to);
      }
      for (const double value : box.outside) {
        outside.x.push_back(middle);
        outside.y.push_back(value);
      }
    }
    if (!grouped) figure.x_ticks.emplace_back(static_cast<double>(k + 1), boxes.label);
    if (!grouped) boxes.label.clear();
    if (boxes.x.empty()) continue;
    figure.series.push_back(std::move(whiskers));
    if (!outside.x.empty()) figure.series.push_back(std::move(outside));
    figure.series.push_back(std::move(boxes));
  }
  if (grouped)
    for (std::size_t g = 0; g < groups.names.size(); ++g)
      figure.x_ticks.emplace_back(static_cast<double>(g + 1), groups.names[g]);
  const double places = static_cast<double>(grouped ? groups.names.size() : variables.size());
  figure.x_range = {{0.4, places + 0.6}};
  if (variables.size() == 1) figure.y_label = axis_label(variables[0], frame);
  if (grouped) figure.x_label = core::join(a.column_names("over"), ", ");
  figure.note = "Boxes: quartiles and median; whiskers: last values within 1.5 interquartile ranges";
  apply_colors(figure, a);
  return drawn;
}

core::Record record(const std::string& name, const std::string& summary, core::ArgSpec arg,
                    std::vector<OptionSpec> options, const std::string& example) {
  core::Record made{.name = name, .topic = "figures", .summary = summary};
  made.args = {std::move(arg)};
  made.options = with_figure_options(std::move(options));
  made.example = example;
  return made;
}

}  // namespace

std::vector<PlotKind> distribution_plots() {
  const core::ArgSpec x{.name = "x", .kind = Kind::expression, .doc = "the variable"};
  const OptionSpec bandwidth{.name = "bandwidth",
                             .kind = Kind::number,
                             .doc = "standard deviation of the kernel",
                             .default_text = "0.9 min(sd, IQR/1.34) n^(-1/5)",
                             .min = 1e-300};
  core::Record density = record("kdensity", "Kernel density of a variable", x,
                                {over_option("a curve for each group of these columns"),
                                 bandwidth,
                                 {.name = "kernel",
                                  .kind = Kind::text,
                                  .doc = "kernel",
                                  .default_text = "gaussian",
                                  .one_of = {"gaussian", "epanechnikov"}}},
                                "kdensity(ser, over=treat)");
  density.source = "Silverman (1986), eq. 3.31";
  core::Record histogram = record(
      "histogram", "Histogram of a variable", x,
      {{.name = "bins",
        .kind = Kind::integer,
        .doc = "number of bins",
        .default_text = "2 IQR n^(-1/3) wide",
        .min = 1,
        .max = 200},
       {.name = "width_of_bins", .kind = Kind::number, .doc = "width of a bin", .default_text = {}, .min = 1e-300},
       {.name = "stat",
        .kind = Kind::text,
        .doc = "height of the bars",
        .default_text = "density",
        .one_of = {"density", "count", "percent"}},
       yes_no("normal", "the normal density of the same mean and standard deviation"),
       yes_no("kdensity", "the kernel density")},
      "histogram(ser, normal=true)");
  histogram.source = "Freedman & Diaconis (1981)";
  core::Record boxes = record("boxplot", "Boxes of quartiles, by groups",
                              {.name = "y", .kind = Kind::expression, .doc = "variables", .repeated = true},
                              {over_option("boxes for each group of these columns")}, "boxplot(ser, over=province)");
  boxes.source = "Tukey (1977)";
  return {{histogram, draw_histogram}, {density, draw_kdensity}, {boxes, draw_boxplot}};
}

}  // namespace bindings
