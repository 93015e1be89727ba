// One figure model; gnuplot draws it (svg, png, pdf), or we do in characters.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace report {

enum class Mark {
  points,
  line,
  step,
  errorbars,
  band,
  bars,
  impulses,
  tiles,  ///< unit squares around (x, y)
  areas,  ///< filled polygons, one after the other with a NaN between
  boxes,  ///< from low to high, `width` wide around x, a line across at y
  words   ///< texts[i] at (x, y)
};

struct Series {
  Mark mark = Mark::points;
  std::string label = {};  ///< legend; "" leaves it out
  std::vector<double> x = {}, y = {};
  std::vector<double> low = {}, high = {};  ///< errorbars, band (bounds of y; of x when horizontal)
  int color = 0;                            ///< 0 … 7 of a colour-blind safe palette (Okabe–Ito)
  bool dashed = false;
  double size = 1;
  bool horizontal = false;              ///< errorbars run along x
  bool hollow = false;                  ///< points: a ring, filled with the background
  bool joined = false;                  ///< points: a line through them
  double width = 0;                     ///< bars, boxes: along x; 0: nearly the distance to the next
  bool own_color = false;               ///< `color` was asked for: layers over it leave it as it is
  std::string rgb = {};                 ///< "#D55E00": instead of a colour of the palette
  std::vector<std::string> texts = {};  ///< words
  bool centred = false;                 ///< words: on (x, y) and not beside it
};

struct Guide {  ///< a reference line across the panel
  double at = 0;
  bool vertical = true;
  std::string label = {};
  bool dashed = true;
  int color = -1;  ///< of the palette; −1: grey
};

enum class LegendPlace { top, right, bottom };

struct Figure {
  std::string title, x_label, y_label, note;
  std::vector<Series> series;
  std::vector<Guide> guides;
  std::vector<std::pair<double, std::string>> x_ticks, y_ticks;  ///< empty: chosen by gnuplot
  std::optional<std::pair<double, double>> x_range, y_range;     ///< empty: what is drawn and a little air
  bool legend = true;
  LegendPlace legend_place = LegendPlace::top;
  bool x_log = false, y_log = false;  ///< logarithmic axes: see on_scales()
  /// Small multiples: figures with titles of their own under this one's title, labels and note. Series, guides and
  /// ticks of this figure are then not drawn.
  std::vector<Figure> panels = {};
  int panel_columns = 0;  ///< 0: chosen by their number
  double aspect = 0;      ///< above 0: one unit of y is as long as this many units of x (maps)
  bool axes = true;       ///< false: neither axes nor grid
  double width_in = 6.4, height_in = 4.0;
  double pixels_per_inch = 0;  ///< of .png and .svg; 0: 300 and 100
};

/// The figure with logarithms in place of what stands on logarithmic axes, and ticks that say what they stand for: both
/// renderers then draw plain axes. Points that are not positive are left out. Throws core::Error for bars on a
/// logarithmic y axis, and ranges that begin at or below zero.
Figure on_scales(const Figure& figure);
/// The words given for a title, a label or a note; without them, the figure's own.
inline std::string either(const std::string& given, const std::string& own) { return given.empty() ? own : given; }
/// Columns and rows of the panels.
std::pair<int, int> panel_grid(const Figure& figure);

/// Writes by the file's ending (.svg .png .pdf .txt) through a temporary file and a rename.
/// Throws core::Error: unknown ending, nothing finite to draw, gnuplot not found (says how to install it), gnuplot's
/// own message. The same figure gives the same bytes every time on one machine.
void save(const Figure& figure, const std::string& path);
/// The figure in characters, at most `columns` wide and `lines` high (not below 30 × 10). Needs no gnuplot: lines are
/// dots of Braille cells (eight a character), points ● and ○, intervals │. Throws core::Error when there is nothing
/// finite to draw.
std::string render_text(const Figure& figure, int columns = 79, int lines = 24);

}  // namespace report
