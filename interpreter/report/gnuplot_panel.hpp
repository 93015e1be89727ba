// One panel of a figure as gnuplot commands: theme, texts, ticks, guides, data blocks, plot.
#pragma once

#include "report/gnuplot.hpp"

#include <string>

namespace report {

/// Where a panel of several stands, in shares of the sheet, and what it shows of what they have in common.
struct PanelPlace {
  double left = 0, right = 1, bottom = 0, top = 1;
  double width_in = 0, height_in = 0;  ///< of the panel
  bool x_names = true, y_names = true;
  bool only_legend = false;  ///< nothing but the legend of all, at the height `legend_at`
  double legend_at = 1;
};

/// `prefix` makes the names of its data blocks unlike those of other panels; `place` null: the panel is the figure.
/// The figure is on plain axes (on_scales).
std::string panel_commands(const Figure& figure, Device device, const std::string& prefix, const PanelPlace* place);

/// Text as gnuplot's single-quoted string, in which nothing is special but the quote.
std::string gnuplot_quoted(const std::string& text);
constexpr const char* gnuplot_ink = "#333333";
constexpr const char* gnuplot_faint = "#7f7f7f";
/// The font size of notes, as an argument of a label.
std::string note_font(Device device);
/// The same of titles.
std::string title_font(Device device);

}  // namespace report
