// One figure model; gnuplot draws it (svg, png, pdf), or we do in characters.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace report {

/// tiles: unit squares around (x, y). areas: filled polygons, one after the other with a NaN between.
enum class Mark { points, line, step, errorbars, band, bars, impulses, tiles, areas };

struct Series {
  Mark mark = Mark::points;
  std::string label = {};  ///< legend; "" leaves it out
  std::vector<double> x = {}, y = {};
  std::vector<double> low = {}, high = {};  ///< errorbars, band (bounds of y; of x when horizontal)
  int color = 0;                            ///< 0 … 7 of a colour-blind safe palette (Okabe–Ito)
  bool dashed = false;
  double size = 1;
  bool horizontal = false;  ///< errorbars run along x
  bool hollow = false;      ///< points: a ring, filled with the background
  std::string fill = {};    ///< areas: "#d7301f" instead of a colour of the palette
};

struct Label {  ///< a word on the panel
  double x = 0, y = 0;
  std::string text;
};

struct Guide {  ///< a reference line across the panel
  double at = 0;
  bool vertical = true;
  std::string label = {};
  bool dashed = true;
  int color = -1;  ///< of the palette; −1: grey
};

struct Figure {
  std::string title, x_label, y_label, note;
  std::vector<Series> series;
  std::vector<Guide> guides;
  std::vector<std::pair<double, std::string>> x_ticks, y_ticks;  ///< empty: chosen by gnuplot
  std::optional<std::pair<double, double>> x_range, y_range;     ///< empty: what is drawn and a little air
  bool legend = true;
  std::vector<Label> labels = {};
  double aspect = 0;  ///< above 0: one unit of y is as long as this many units of x (maps)
  bool axes = true;   ///< false: neither axes nor grid
  double width_in = 6.4, height_in = 4.0;
};

/// Writes by the file's ending (.svg .png .pdf .txt) through a temporary file and a rename.
/// Throws core::Error: unknown ending, nothing finite to draw, gnuplot not found (says how to install it), gnuplot's
/// own message. The same figure gives the same bytes every time on one machine.
void save(const Figure& figure, const std::string& path);
/// The figure in characters, at most `columns` wide and `lines` high (not below 30 × 10). Needs no gnuplot: lines are
/// dots of Braille cells (eight a character), points ● and ○, intervals │. Throws core::Error when there is nothing
/// finite to draw.
std::string render_text(const Figure& figure, int columns = 79, int lines = 24);

}  // namespace report
