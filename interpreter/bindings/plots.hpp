// What the commands of figures share: columns as axes, groups, options, panels. A kind of figure is a record and a
// function that draws rows; by=, figure{…} and statements come for all of them from commands/figures.cpp.
#pragma once

#include "bindings/commands.hpp"
#include "report/figure.hpp"

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace bindings {

/// A figure, and what is said or settled when all of it is there.
struct Drawn {
  report::Figure figure;
  std::size_t left_out = 0;  ///< rows with a missing value
  bool dates = false;        ///< x is a date: ticks are days of the calendar
};

struct PlotKind {
  core::Record record;
  Drawn (*draw)(const data::Frame& frame, const Arguments& a);
};

std::vector<PlotKind> xy_plots();            // scatter, line, connected, area, errorbar, band, lfit, qfit, lowess
std::vector<PlotKind> line_plots();          // hline, vline, annotate
std::vector<PlotKind> distribution_plots();  // histogram, kdensity, boxplot
std::vector<PlotKind> bar_plots();           // bar
const std::vector<PlotKind>& plot_kinds();   // all of these

/// Values along an axis. Words stand at 1, 2, … in their order and are its ticks.
struct Axis {
  std::vector<double> values;
  std::vector<std::pair<double, std::string>> ticks;
  bool dates = false;
};
Axis axis_of(const formula::Tree& tree, const data::Frame& frame);
/// What a figure calls it: the label of a column, else the expression as written.
std::string axis_label(const formula::Tree& tree, const data::Frame& frame);

/// y ~ x, {y1, y2} ~ x.
struct Sides {
  std::vector<formula::Tree> y;
  formula::Tree x;
};
/// Throws core::Error for other formulas.
Sides sides_of(const formula::Tree& formula, const std::string& command);

/// Rows of the groups of these columns, in sorted order; all rows in one group "" without columns. Rows with a missing
/// group are in none.
struct PlotGroups {
  std::vector<std::string> names;
  std::vector<std::vector<std::uint32_t>> rows;
};
PlotGroups plot_groups(const data::Frame& frame, const std::vector<std::string>& columns);
std::vector<double> at_rows(const std::vector<double>& values, const std::vector<std::uint32_t>& rows);

/// label= or `own`: the label of the k-th series.
std::string label_of(const Arguments& a, std::size_t k, const std::string& own);
/// Gives the series the colours of color=, in order.
void apply_colors(report::Figure& figure, const Arguments& a);
/// Thin grey lines and no colours for more groups than colours can tell apart.
constexpr std::size_t most_colored = 12;

core::OptionSpec over_option(const std::string& doc);
core::OptionSpec yes_no(const std::string& name, const std::string& doc);
/// color=, label=, and the options of the whole figure.
std::vector<core::OptionSpec> with_figure_options(std::vector<core::OptionSpec> own);
std::vector<core::OptionSpec> figure_options();

}  // namespace bindings
