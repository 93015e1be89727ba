// The theme: white ground, light grid, no box, Okabe & Ito's colours (2008, "Color universal design"), which people
// with any kind of colour vision tell apart.
#include "report/gnuplot_panel.hpp"

#include "core/text.hpp"
#include "report/layout.hpp"
#include "report/overlay.hpp"
#include "report/range.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <set>

namespace report {
namespace {

constexpr std::array<const char*, 8> palette{"#0072B2", "#D55E00", "#009E73", "#E69F00",
                                             "#56B4E9", "#CC79A7", "#F0E442", "#000000"};

std::string color(int index) {
  return std::string("rgb '") +
         (index < 0 ? gnuplot_faint : palette[static_cast<std::size_t>(index) % palette.size()]) + "'";
}
std::string color(const Series& s) { return s.rgb.empty() ? color(s.color) : "rgb '" + s.rgb + "'"; }

std::string number(double value) { return std::isfinite(value) ? core::shortest(value) : "NaN"; }

/// A word of a data block: the double quote would end it.
std::string data_word(std::string text) {
  for (char& c : text)
    if (c == '"' || c == '\\' || static_cast<unsigned char>(c) < 0x20) c = c == '"' ? '\'' : ' ';
  return "\"" + text + "\"";
}

/// Rows of a cloud that look different: one for each cell of a grid finer than the eye.
std::vector<std::size_t> visible_points(const Series& s, const DrawnRange& range) {
  constexpr std::size_t many = 20'000;
  constexpr double cells = 1500;
  const std::size_t n = std::min(s.x.size(), s.y.size());
  std::vector<std::size_t> rows;
  std::set<std::pair<long, long>> taken;
  for (std::size_t i = 0; i < n; ++i) {
    if (n > many && std::isfinite(s.x[i]) && std::isfinite(s.y[i])) {
      const auto cell = [](double value, const Range& r) {
        return std::lround(cells * std::clamp((value - r.low) / (r.high - r.low), -1.0, 2.0));
      };
      if (!taken.insert({cell(s.x[i], range.x), cell(s.y[i], range.y)}).second) continue;
    }
    rows.push_back(i);
  }
  return rows;
}

class Panel {
 public:
  Panel(const Figure& figure, Device device, std::string prefix, const PanelPlace* place)
      : f_(figure), device_(device), prefix_(std::move(prefix)), place_(place), range_(drawn_range(figure)) {}

  std::string write() {
    theme();
    if (place_) {
      stand();
    } else {
      legend();
      texts();
    }
    if (!place_ || !place_->only_legend) {
      ticks();
      guides();
    }
    data();
    plot();
    return out_;
  }

 private:
  void line(const std::string& command) { out_ += command + "\n"; }

  void theme() {
    if (f_.aspect > 0) {
      const double tall = (range_.y.high - range_.y.low) / (range_.x.high - range_.x.low);
      line("set size ratio " + core::shortest(f_.aspect * tall));
    }
    line("set border 3 back linecolor rgb '" + std::string(gnuplot_ink) + "' linewidth 0.8");
    line("set tics nomirror out scale 0.5,0.25 textcolor rgb '" + std::string(gnuplot_ink) + "'");
    line("set format '%h'");
    line("set minussign");
    line("set errorbars small");
    line("set boxwidth 0.85 relative");
    line("set grid xtics ytics back linetype 1 linecolor rgb '#ebebeb' linewidth 0.7");
    if (!f_.axes) line("unset border; unset grid; unset xtics; unset ytics");
    line("set xrange [" + number(range_.x.low) + ":" + number(range_.x.high) + "]");
    line("set yrange [" + number(range_.y.low) + ":" + number(range_.y.high) + "]");
  }

  bool has_legend() const { return f_.legend && labelled(f_) > 0; }
  static std::string key(const std::string& where) {
    return "set key " + where + " Left reverse samplen 1.6 width 1 textcolor rgb '" + gnuplot_ink + "'";
  }

  /// A figure without axes, a map, has no axis to name: its y_label heads the legend.
  void legend() {
    if (!has_legend()) return line("unset key");
    if (f_.legend_place == LegendPlace::right)
      return line(key("outside right center vertical") +
                  (f_.axes || f_.y_label.empty() ? "" : " title " + gnuplot_quoted(f_.y_label) + " left"));
    if (f_.legend_place == LegendPlace::bottom)
      return line(key("at screen 0.5, character " + core::shortest(0.3 + 1.1 * static_cast<double>(note().size())) +
                      " center bottom horizontal"));
    line(key("at graph 0.5, graph 1.02 center bottom horizontal"));
  }

  std::vector<std::string> note() const { return wrap(f_.note, static_cast<int>(f_.width_in * 16)); }

  /// In a place of its own among others.
  void stand() {
    const auto margin = [&](const char* side, double at) {
      line(std::string("set ") + side + "margin at screen " + core::significant(at, 6));
    };
    margin("l", place_->left);
    margin("r", place_->right);
    margin("t", place_->top);
    margin("b", place_->bottom);
    const std::string tint = std::string(" textcolor rgb '") + gnuplot_ink + "'";
    line("set title " + gnuplot_quoted(f_.title) + tint + " offset 0,-0.6");
    if (place_->only_legend) return only_legend();
    line("unset key");
    if (!place_->x_names) line("set format x ''");
    if (!place_->y_names) line("set format y ''");
  }

  /// The series stand outside of what is shown.
  void only_legend() {
    line(key("at screen 0.5, screen " + core::significant(place_->legend_at, 4) + " center center horizontal"));
    line("unset border");
    line("unset tics");
    line("unset title");
    const double width = range_.x.high - range_.x.low;
    line("set xrange [" + number(range_.x.high + 10 * width) + ":" + number(range_.x.high + 11 * width) + "]");
  }

  void texts() {
    const std::string tint = std::string(" textcolor rgb '") + gnuplot_ink + "'";
    // The legend stands between title and panel.
    const double raised = has_legend() && f_.legend_place == LegendPlace::top ? 1.3 : 0;
    if (!f_.title.empty())
      line("set title " + gnuplot_quoted(f_.title) + tint + title_font(device_) + " offset 0," +
           core::shortest(raised));
    line("set tmargin " + core::shortest(0.7 + raised + (f_.title.empty() ? 0 : 1.7)));
    if (!f_.x_label.empty()) line("set xlabel " + gnuplot_quoted(f_.x_label) + tint);
    if (f_.axes && !f_.y_label.empty()) line("set ylabel " + gnuplot_quoted(f_.y_label) + tint);
    const std::vector<std::string> lines = note();
    const double legend = has_legend() && f_.legend_place == LegendPlace::bottom ? 1.4 : 0;
    if (lines.empty() && legend == 0) return;
    // gnuplot's automatic margin knows nothing of the note, so the lower margin is counted out in lines.
    const double below = 2 + legend + (f_.x_label.empty() ? 0 : 1.5);
    line("set bmargin " + core::shortest(below + 1.1 * static_cast<double>(lines.size())));
    for (std::size_t i = 0; i < lines.size(); ++i) {
      const double up = static_cast<double>(lines.size() - i) - 0.35;
      line("set label " + gnuplot_quoted(lines[i]) + " at character 1, character " + core::shortest(up) +
           " left textcolor rgb '" + gnuplot_faint + "'" + note_font(device_));
    }
  }

  void ticks() {
    const auto put = [&](const char* axis, const std::vector<std::pair<double, std::string>>& list, bool named) {
      if (list.empty()) return;
      std::vector<std::string> marks;
      for (const auto& [at, words] : list) {
        const std::size_t sign = core::starts_with(words, "≤ ") || core::starts_with(words, "≥ ") ? 4 : 0;
        const bool minus =
            words.size() > sign + 1 && words[sign] == '-' && words[sign + 1] >= '0' && words[sign + 1] <= '9';
        const std::string real_minus = minus ? words.substr(0, sign) + "−" + words.substr(sign + 1) : words;
        std::string shown = gnuplot_quoted(named ? real_minus : "");
        for (std::size_t p = shown.find('%'); p != std::string::npos; p = shown.find('%', p + 2)) shown.insert(p, "%");
        marks.push_back(shown + " " + number(at));
      }
      line(std::string("set ") + axis + " (" + core::join(marks, ", ") + ")");
    };
    put("xtics", x_ticks(), !place_ || place_->x_names);
    put("ytics", y_ticks(), !place_ || place_->y_names);
  }

  /// A small panel has room for few numbers.
  static std::vector<std::pair<double, std::string>> few_ticks(const Range& range, double inches, double each) {
    std::vector<std::pair<double, std::string>> ticks;
    for (const double at : round_ticks(range, std::max(2, static_cast<int>(inches / each))))
      ticks.emplace_back(at, core::significant(at, 6));
    return ticks;
  }
  std::vector<std::pair<double, std::string>> x_ticks() const {
    return !place_ || !f_.x_ticks.empty() ? f_.x_ticks : few_ticks(range_.x, place_->width_in, 0.55);
  }
  std::vector<std::pair<double, std::string>> y_ticks() const {
    return !place_ || !f_.y_ticks.empty() ? f_.y_ticks : few_ticks(range_.y, place_->height_in, 0.25);
  }

  void guides() {
    // Labels of horizontal lines stand at the right, unless a vertical line does.
    const bool right_taken = std::any_of(f_.guides.begin(), f_.guides.end(), [&](const Guide& g) {
      return g.vertical && g.at > range_.x.low + 0.7 * (range_.x.high - range_.x.low);
    });
    for (const Guide& g : f_.guides)
      if (std::isfinite(g.at)) guide(g, right_taken);
  }

  void guide(const Guide& g, bool right_taken) {
    const std::string at = number(g.at);
    const std::string from = g.vertical ? "first " + at + ", graph 0" : "graph 0, first " + at;
    const std::string to = g.vertical ? "first " + at + ", graph 1" : "graph 1, first " + at;
    line("set arrow from " + from + " to " + to + " nohead back linecolor " + color(g.color) + " linewidth " +
         (g.color < 0 ? "1" : "1.6") + (g.dashed ? " dashtype (10,7)" : ""));
    if (g.label.empty()) return;
    std::string place;
    if (g.vertical) {  // the label leans to the side with more room
      const bool left = g.at > (range_.x.low + range_.x.high) / 2;
      place = "first " + at + ", graph 0.96 " + (left ? "right offset -0.6,0" : "left offset 0.6,0");
    } else {
      place =
          (right_taken ? "graph 0.01, first " + at + " left" : "graph 0.99, first " + at + " right") + " offset 0,0.6";
    }
    line("set label " + gnuplot_quoted(g.label) + " at " + place + " front textcolor " + color(g.color));
  }

  std::string block(std::size_t k) const { return "$" + prefix_ + std::to_string(k); }

  void data() {
    for (std::size_t k = 0; k < f_.series.size(); ++k) {
      const Series& s = f_.series[k];
      line(block(k) + " << END");
      const auto row = [&](std::size_t i) {
        std::string cells = number(s.x[i]) + " " + (i < s.y.size() ? number(s.y[i]) : "NaN");
        if (i < s.low.size() && i < s.high.size()) cells += " " + number(s.low[i]) + " " + number(s.high[i]);
        if (s.mark == Mark::words && i < s.texts.size()) cells += " " + data_word(s.texts[i]);
        line(cells);
      };
      if (s.mark == Mark::points && !s.joined) {
        for (const std::size_t i : visible_points(s, range_)) row(i);
      } else {
        for (std::size_t i = 0; i < s.x.size(); ++i) {
          const bool next_polygon = s.mark == Mark::areas && !std::isfinite(s.x[i]);
          if (next_polygon) {
            line("");
          } else {
            row(i);
          }
        }
      }
      line("END");
    }
  }

  /// The point's sign: a disc or a ring.
  static std::string point(bool hollow, double size) {
    return (hollow ? " pointtype 6 pointsize " : " pointtype 7 pointsize ") + core::shortest(0.55 * size);
  }

  void plot() {
    std::vector<std::string> parts;
    std::set<std::string> named;
    for (std::size_t k = 0; k < f_.series.size(); ++k) {
      const std::string& label = f_.series[k].label;
      const bool shown = f_.legend && !label.empty() && named.insert(label).second;
      add_series(parts, k, shown ? " title " + gnuplot_quoted(label) : std::string(" notitle"));
    }
    line("plot " + core::join(parts, ", \\\n     "));
  }

  void add_series(std::vector<std::string>& parts, std::size_t k, const std::string& name) const {
    const Series& s = f_.series[k];
    const std::string from = block(k) + " using ";
    const std::string tint = " linecolor " + color(s);
    const std::string dash = s.dashed ? " dashtype (10,7)" : "";
    switch (s.mark) {
      case Mark::points:
        if (s.hollow)
          parts.push_back(from + "1:2 with points pointtype 7 pointsize " + core::shortest(0.55 * s.size) +
                          " linecolor rgb '#ffffff' notitle");
        parts.push_back(from + "1:2 with " + (s.joined ? "linespoints" : "points") + point(s.hollow, s.size) + tint +
                        " linewidth 1.4" + dash + name);
        break;
      case Mark::line:
        parts.push_back(from + "1:2 with lines" + tint + " linewidth " + core::shortest(2 * s.size) + dash + name);
        break;
      case Mark::step:
        parts.push_back(from + "1:2 with steps" + tint + " linewidth 2" + dash + name);
        break;
      case Mark::errorbars:
        if (s.size == 0)  // no point: a bare line from end to end
          parts.push_back(from + (s.horizontal ? "3:2:($4-$3):(0)" : "1:3:(0):($4-$3)") + " with vectors nohead" +
                          tint + " linewidth 1.5" + name);
        else
          parts.push_back(from + "1:2:3:4 with " + (s.horizontal ? "xerrorbars" : "yerrorbars") +
                          point(s.hollow, s.size) + tint + " linewidth 1.5" + name);
        break;
      case Mark::band:
        parts.push_back(from + "1:3:4 with filledcurves fillcolor " + color(s) +
                        " fillstyle transparent solid 0.18 noborder" + name);
        break;
      case Mark::bars:
        parts.push_back(bars(s, from, tint) + name);
        break;
      case Mark::impulses:
        parts.push_back(from + "1:2 with impulses" + tint + " linewidth 2" + name);
        break;
      case Mark::tiles:
        parts.push_back(from +
                        "1:2:($1-0.46):($1+0.46):($2-0.46):($2+0.46) with boxxyerror fillstyle solid 0.85 noborder" +
                        tint + name);
        break;
      case Mark::areas:
        parts.push_back(from +
                        "1:2 with filledcurves closed fillstyle solid 1 border linecolor rgb '#8c8c8c' fillcolor " +
                        color(s) + name);
        break;
      case Mark::boxes: {
        const std::string half = core::shortest(s.width / 2);
        parts.push_back(from + "1:2:($1-" + half + "):($1+" + half + "):3:4 with boxxyerror fillcolor " + color(s) +
                        " fillstyle transparent solid 0.3 border linecolor " + color(s) + " linewidth 1.2" + name);
        parts.push_back(from + "($1-" + half + "):2:(" + core::shortest(s.width) + "):(0) with vectors nohead" + tint +
                        " linewidth 2.4 notitle");
        break;
      }
      case Mark::words:
        parts.push_back(from + "1:2:3 with labels " + (s.centred ? "center" : "left offset 0.5,0.4") + " textcolor " +
                        color(s) + note_font(device_) + " notitle");
        break;
    }
  }

  static std::string bars(const Series& s, const std::string& from, const std::string& tint) {
    if (s.horizontal) {
      const std::string half = core::shortest((s.width > 0 ? s.width : 0.85) / 2);
      return from + "1:2:($1<0?$1:0):($1<0?0:$1):($2-" + half + "):($2+" + half +
             ") with boxxyerror fillstyle solid 0.75 noborder" + tint;
    }
    const std::string columns = s.width > 0 ? "1:2:(" + core::shortest(s.width) + ")" : "1:2";
    return from + columns + " with boxes fillstyle solid 0.75 noborder" + tint;
  }

  const Figure& f_;
  Device device_;
  std::string prefix_;
  const PanelPlace* place_;
  DrawnRange range_;
  std::string out_;
};

}  // namespace

std::string gnuplot_quoted(const std::string& text) {
  std::string out = "'";
  for (const char c : text) {
    if (static_cast<unsigned char>(c) < 0x20)
      out += ' ';
    else if (c == '\'')
      out += "''";
    else
      out += c;
  }
  return out + "'";
}

std::string note_font(Device device) { return device == Device::svg ? " font ',10'" : " font ',7.5'"; }
std::string title_font(Device device) { return device == Device::svg ? " font ',14'" : " font ',10.5'"; }

std::string panel_commands(const Figure& figure, Device device, const std::string& prefix, const PanelPlace* place) {
  return Panel(figure, device, prefix, place).write();
}

}  // namespace report
