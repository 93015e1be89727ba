// The way to gnuplot: a figure as a script, and the process that runs it.
#pragma once

#include "report/figure.hpp"

#include <string>

namespace report {

enum class Device { svg, png, pdf };

/// The whole script: terminal, theme, data in blocks, plot command. Labels are data, never gnuplot code. Throws
/// core::Error when the figure has nothing finite to draw.
std::string gnuplot_script(const Figure& figure, Device device);

/// What gnuplot writes to its standard output for this script (no shell, no start-up files). Throws core::Error:
/// gnuplot not found, gnuplot's own message. Polls for interruption when gnuplot has ended.
std::string run_gnuplot(const std::string& script);

}  // namespace report
