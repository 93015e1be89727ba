// The theme: white ground, light grid, no box, Okabe & Ito's colours (2008, "Color universal design"), which people
// with any kind of colour vision tell apart.
#include "report/gnuplot.hpp"

#include "core/text.hpp"
#include "report/layout.hpp"
#include "report/range.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace report {
namespace {

constexpr std::array<const char*, 8> palette{"#0072B2", "#D55E00", "#009E73", "#E69F00",
                                             "#56B4E9", "#CC79A7", "#F0E442", "#000000"};
constexpr const char* ink = "#333333";
constexpr const char* faint = "#7f7f7f";

std::string color(int index) {
  return std::string("rgb '") + (index < 0 ? faint : palette[static_cast<std::size_t>(index) % palette.size()]) + "'";
}

/// Text as gnuplot's single-quoted string, in which nothing is special but the quote.
std::string quoted(const std::string& text) {
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

std::string number(double value) { return std::isfinite(value) ? core::shortest(value) : "NaN"; }

class Script {
 public:
  Script(const Figure& figure, Device device)
      : f_(figure), device_(device), x_(drawn_range(figure).x), y_(drawn_range(figure).y) {}

  std::string write() {
    terminal();
    theme();
    texts();
    ticks();
    guides();
    data();
    plot();
    return out_;
  }

 private:
  void line(const std::string& command) { out_ += command + "\n"; }

  void terminal() {
    const auto pixels = [&](double inches, int per_inch) { return std::to_string(std::lround(inches * per_inch)); };
    line("set encoding utf8");
    if (device_ == Device::svg)
      line("set terminal svg noenhanced background '#ffffff' size " + pixels(f_.width_in, 100) + "," +
           pixels(f_.height_in, 100) + " font 'Noto Sans CJK SC,12'");
    if (device_ == Device::png)
      line("set terminal pngcairo noenhanced background '#ffffff' size " + pixels(f_.width_in, 300) + "," +
           pixels(f_.height_in, 300) + " font 'Noto Sans CJK SC,9' fontscale 3 linewidth 3 pointscale 3");
    if (device_ == Device::pdf)
      line("set terminal pdfcairo noenhanced size " + core::shortest(f_.width_in) + "in," +
           core::shortest(f_.height_in) + "in font 'Noto Sans CJK SC,9' fontscale 1 linewidth 1.8 pointscale 1.2");
  }

  void theme() {
    if (f_.aspect > 0) line("set size ratio " + core::shortest(f_.aspect * (y_.high - y_.low) / (x_.high - x_.low)));
    line("set border 3 back linecolor rgb '" + std::string(ink) + "' linewidth 0.8");
    line("set tics nomirror out scale 0.5,0.25 textcolor rgb '" + std::string(ink) + "'");
    line("set format '%h'");
    line("set minussign");
    line("set errorbars small");
    line("set boxwidth 0.85 relative");
    line("set grid xtics ytics back linetype 1 linecolor rgb '#ebebeb' linewidth 0.7");
    if (!f_.axes) {
      line("unset border");
      line("unset grid");
      line("unset xtics");
      line("unset ytics");
    }
    line("set xrange [" + number(x_.low) + ":" + number(x_.high) + "]");
    line("set yrange [" + number(y_.low) + ":" + number(y_.high) + "]");
    if (legend() && !f_.axes)
      line("set key outside right center vertical Left reverse samplen 1.6 width 1 textcolor rgb '" + std::string(ink) +
           "'");
    else if (legend())
      line(
          "set key at graph 0.5, graph 1.02 center bottom horizontal Left reverse samplen 1.6 width 1 "
          "textcolor rgb '" +
          std::string(ink) + "'");
    else
      line("unset key");
  }

  bool legend() const {
    return f_.legend &&
           std::any_of(f_.series.begin(), f_.series.end(), [](const Series& s) { return !s.label.empty(); });
  }

  void texts() {
    const std::string tint = " textcolor rgb '" + std::string(ink) + "'";
    const std::string size = device_ == Device::svg ? " font ',14'" : " font ',10.5'";
    // The legend stands between title and panel.
    const double raised = legend() && f_.axes ? 1.3 : 0;
    if (!f_.title.empty()) line("set title " + quoted(f_.title) + tint + size + " offset 0," + core::shortest(raised));
    line("set tmargin " + core::shortest(0.7 + raised + (f_.title.empty() ? 0 : 1.7)));
    if (!f_.x_label.empty()) line("set xlabel " + quoted(f_.x_label) + tint);
    if (!f_.y_label.empty()) line("set ylabel " + quoted(f_.y_label) + tint);
    for (const Label& l : f_.labels)
      line("set label " + quoted(l.text) + " at first " + number(l.x) + ", first " + number(l.y) + " center front" +
           tint + (device_ == Device::svg ? " font ',10'" : " font ',7.5'"));
    const std::vector<std::string> note = wrap(f_.note, static_cast<int>(f_.width_in * 16));
    if (note.empty()) return;
    // gnuplot's automatic margin knows nothing of the note, so the lower margin is counted out in lines.
    const double below = 2 + (f_.x_label.empty() ? 0 : 1.5);
    line("set bmargin " + core::shortest(below + 1.1 * static_cast<double>(note.size())));
    for (std::size_t i = 0; i < note.size(); ++i) {
      const double up = static_cast<double>(note.size() - i) - 0.35;
      line("set label " + quoted(note[i]) + " at character 1, character " + core::shortest(up) +
           " left textcolor rgb '" + faint + "'" + (device_ == Device::svg ? " font ',10'" : " font ',7.5'"));
    }
  }

  void ticks() {
    const auto put = [&](const char* axis, const std::vector<std::pair<double, std::string>>& list) {
      if (list.empty()) return;
      std::vector<std::string> marks;
      for (const auto& [at, words] : list) {
        const bool minus = words.size() > 1 && words[0] == '-' && words[1] >= '0' && words[1] <= '9';
        std::string shown = quoted(minus ? "−" + words.substr(1) : words);
        for (std::size_t p = shown.find('%'); p != std::string::npos; p = shown.find('%', p + 2)) shown.insert(p, "%");
        marks.push_back(shown + " " + number(at));
      }
      line(std::string("set ") + axis + " (" + core::join(marks, ", ") + ")");
    };
    put("xtics", f_.x_ticks);
    put("ytics", f_.y_ticks);
  }

  void guides() {
    // Labels of horizontal lines stand at the right, unless a vertical line does.
    const bool right_taken = std::any_of(f_.guides.begin(), f_.guides.end(), [&](const Guide& g) {
      return g.vertical && g.at > x_.low + 0.7 * (x_.high - x_.low);
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
      const bool left = g.at > (x_.low + x_.high) / 2;
      place = "first " + at + ", graph 0.96 " + (left ? "right offset -0.6,0" : "left offset 0.6,0");
    } else {
      place =
          (right_taken ? "graph 0.01, first " + at + " left" : "graph 0.99, first " + at + " right") + " offset 0,0.6";
    }
    line("set label " + quoted(g.label) + " at " + place + " front textcolor " + color(g.color));
  }

  void data() {
    for (std::size_t k = 0; k < f_.series.size(); ++k) {
      const Series& s = f_.series[k];
      line("$data" + std::to_string(k) + " << END");
      for (std::size_t i = 0; i < s.x.size(); ++i) {
        if (s.mark == Mark::areas && !std::isfinite(s.x[i])) {
          line("");
          continue;
        }
        std::string row = number(s.x[i]) + " " + (i < s.y.size() ? number(s.y[i]) : "NaN");
        if (i < s.low.size() && i < s.high.size()) row += " " + number(s.low[i]) + " " + number(s.high[i]);
        line(row);
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
    for (std::size_t k = 0; k < f_.series.size(); ++k) add_series(parts, k);
    line("plot " + core::join(parts, ", \\\n     "));
  }

  void add_series(std::vector<std::string>& parts, std::size_t k) const {
    const Series& s = f_.series[k];
    const std::string from = "$data" + std::to_string(k) + " using ";
    const std::string tint = " linecolor " + color(s.color);
    const std::string dash = s.dashed ? " dashtype (10,7)" : "";
    const std::string name = f_.legend && !s.label.empty() ? " title " + quoted(s.label) : std::string(" notitle");
    switch (s.mark) {
      case Mark::points:
        if (s.hollow)
          parts.push_back(from + "1:2 with points pointtype 7 pointsize " + core::shortest(0.55 * s.size) +
                          " linecolor rgb '#ffffff' notitle");
        parts.push_back(from + "1:2 with points" + point(s.hollow, s.size) + tint + " linewidth 1.4" + name);
        break;
      case Mark::line:
        parts.push_back(from + "1:2 with lines" + tint + " linewidth 2" + dash + name);
        break;
      case Mark::step:
        parts.push_back(from + "1:2 with steps" + tint + " linewidth 2" + dash + name);
        break;
      case Mark::errorbars:
        parts.push_back(from + "1:2:3:4 with " + (s.horizontal ? "xerrorbars" : "yerrorbars") +
                        point(s.hollow, s.size) + tint + " linewidth 1.5" + name);
        break;
      case Mark::band:
        parts.push_back(from + "1:3:4 with filledcurves fillcolor " + color(s.color) +
                        " fillstyle transparent solid 0.18 noborder" + name);
        break;
      case Mark::bars:
        parts.push_back(from + "1:2 with boxes fillstyle solid 0.75 noborder" + tint + name);
        break;
      case Mark::impulses:
        parts.push_back(from + "1:2 with impulses" + tint + " linewidth 2" + name);
        break;
      case Mark::areas:
        parts.push_back(from +
                        "1:2 with filledcurves closed fillstyle solid 1 border linecolor rgb '#8c8c8c' fillcolor " +
                        (s.fill.empty() ? color(s.color) : "rgb '" + s.fill + "'") + name);
        break;
      case Mark::tiles:
        parts.push_back(from +
                        "1:2:($1-0.46):($1+0.46):($2-0.46):($2+0.46) with boxxyerror fillstyle solid 0.85 noborder" +
                        tint + name);
        break;
    }
  }

  const Figure& f_;
  Device device_;
  Range x_, y_;
  std::string out_;
};

}  // namespace

std::string gnuplot_script(const Figure& figure, Device device) { return Script(figure, device).write(); }

}  // namespace report
