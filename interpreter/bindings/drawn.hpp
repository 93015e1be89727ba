// Figures as what a call gives back: saved when it names a file, words of the axes, the options that say so.
#pragma once

#include "bindings/commands.hpp"
#include "report/plots.hpp"

#include <string>
#include <vector>

namespace bindings {

/// Saves the figure when the call has file=, and pushes it; pushes nothing after a statement that saved it, which would
/// show what is in the file.
int push_figure(lua_State* L, const Arguments& a, report::Figure figure);

/// title, x_label, y_label and note of the call.
report::PlotText plot_text(const Arguments& a);
/// `own` between file= and title=, x_label=, y_label=, note=.
std::vector<core::OptionSpec> plot_options(std::vector<core::OptionSpec> own = {});

/// Fields `figure` and `plot` of the table on top of the stack: r:plot() gives the figure, r:plot{file=…} saves it,
/// too.
void set_figure_fields(lua_State* L, report::Figure figure);

}  // namespace bindings
