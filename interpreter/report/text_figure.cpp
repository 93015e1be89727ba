// Figures in a terminal.
#include "core/text.hpp"
#include "report/canvas.hpp"
#include "report/layout.hpp"
#include "report/range.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace report {
namespace {

using TextTicks = std::vector<std::pair<double, std::string>>;

constexpr int full_block = 0x2588, shade = 0x2591, disc = 0x25CF, ring = 0x25CB;
constexpr int vertical = 0x2502, horizontal = 0x2500, vertical_dashed = 0x250A, horizontal_dashed = 0x2508;
/// Further line series, which dots alone would not tell apart.
constexpr std::array<int, 5> line_glyphs{'*', '+', 'x', 'o', '~'};
/// Series of tiles, in their order.
constexpr std::array<int, 4> tile_glyphs{shade, full_block, 0x00B7, 0x2592};
constexpr std::array<const char*, 4> tile_signs{"░", "█", "·", "▒"};
/// Series of bars and of points, in their order.
constexpr std::array<int, 4> bar_glyphs{full_block, 0x2592, shade, 0x2593};
constexpr std::array<const char*, 4> bar_signs{"█", "▒", "░", "▓"};
constexpr std::array<int, 6> point_glyphs{disc, 'x', '+', 'o', '*', '#'};
constexpr std::array<const char*, 6> point_signs{"●", "x", "+", "o", "*", "#"};

class TextFigure {
 public:
  TextFigure(const Figure& figure, int columns, int lines)
      : f_(figure),
        columns_(std::max(columns, 30)),
        range_(drawn_range(figure)),
        note_(wrap(figure.note, columns_ - 1)) {
    lines = std::max(lines, 10);
    legend_ = legend();
    int others = static_cast<int>(note_.size()) + 2;  // axis and its numbers
    for (const std::string& text : {f_.title, f_.y_label, f_.x_label, legend_}) others += text.empty() ? 0 : 1;
    rows_ = std::max(lines - others, 4);
    y_ticks_ = f_.y_ticks.empty() ? numbered(range_.y, std::max(rows_ / 3, 2)) : f_.y_ticks;
    for (const auto& [at, text] : y_ticks_) left_ = std::max(left_, display_width(text));
    left_ = std::min(left_, columns_ / 2) + 1;
    width_ = columns_ - left_ - 2;
    x_ticks_ = f_.x_ticks.empty() ? numbered(range_.x, std::max(width_ / 8, 2)) : f_.x_ticks;
  }

  std::string draw() {
    Canvas panel(width_, rows_);
    guides(panel);
    for (const Mark layer : {Mark::areas, Mark::tiles, Mark::band, Mark::bars, Mark::impulses, Mark::boxes, Mark::line,
                             Mark::step, Mark::errorbars, Mark::points, Mark::words})
      for (std::size_t k = 0; k < f_.series.size(); ++k)
        if (f_.series[k].mark == layer) series(panel, k);
    guide_labels(panel);
    return assemble(panel);
  }

 private:
  static TextTicks numbered(const Range& range, int most) {
    TextTicks ticks;
    for (const double at : round_ticks(range, most)) ticks.emplace_back(at, core::significant(at, 6));
    return ticks;
  }

  // Positions in dots: two a column, four a row; y downwards.
  double x_share(double x) const { return (x - range_.x.low) / (range_.x.high - range_.x.low); }
  double y_share(double y) const { return (range_.y.high - y) / (range_.y.high - range_.y.low); }
  int dot_x(double x) const { return static_cast<int>(std::lround(bounded(x_share(x)) * (2 * width_ - 1))); }
  int dot_y(double y) const { return static_cast<int>(std::lround(bounded(y_share(y)) * (4 * rows_ - 1))); }
  int column(double x) const { return dot_x(x) < 0 ? -1 : dot_x(x) / 2; }
  int row(double y) const { return dot_y(y) < 0 ? -1 : dot_y(y) / 4; }
  /// Far outside the sheet is as good as just outside.
  static double bounded(double share) { return std::clamp(share, -3.0, 3.0); }

  /// Line series count from 0; the first is drawn in dots, others in letters.
  int line_glyph(std::size_t k) const {
    std::size_t before = 0;
    for (std::size_t i = 0; i < k; ++i) before += is_line(f_.series[i]) ? 1 : 0;
    return before == 0 ? 0 : line_glyphs[(before - 1) % line_glyphs.size()];
  }
  /// Which series of tiles it is.
  std::size_t tile_number(std::size_t k) const { return number_of(k, Mark::tiles) % tile_glyphs.size(); }
  std::size_t bar_number(std::size_t k) const { return number_of(k, Mark::bars) % bar_glyphs.size(); }
  std::size_t point_number(std::size_t k) const { return number_of(k, Mark::points) % point_glyphs.size(); }
  /// How many series of this mark come before.
  std::size_t number_of(std::size_t k, Mark mark) const {
    std::size_t before = 0;
    for (std::size_t i = 0; i < k; ++i) before += f_.series[i].mark == mark && !f_.series[i].hollow ? 1 : 0;
    return before;
  }
  static bool is_line(const Series& s) { return s.mark == Mark::line || s.mark == Mark::step; }

  std::string legend() const {
    std::vector<std::string> entries;
    for (std::size_t k = 0; k < f_.series.size() && f_.legend; ++k) {
      const Series& s = f_.series[k];
      const bool again = std::any_of(f_.series.begin(), f_.series.begin() + static_cast<std::ptrdiff_t>(k),
                                     [&](const Series& before) { return before.label == s.label; });
      if (s.label.empty() || again) continue;
      std::string sign = s.hollow ? "○" : "●";
      if (s.mark == Mark::band) sign = "░░";
      if (s.mark == Mark::bars) sign = bar_signs[bar_number(k)];
      if (s.mark == Mark::boxes) sign = "▭";
      if (s.mark == Mark::points && !s.hollow) sign = point_signs[point_number(k)];
      if (s.mark == Mark::impulses) sign = "│";
      if (s.mark == Mark::tiles) sign = tile_signs[tile_number(k)];
      if (is_line(s)) {
        const int glyph = line_glyph(k);
        sign = glyph ? std::string(2, static_cast<char>(glyph)) : "⠒⠒";
      }
      entries.push_back(sign + " " + s.label);
    }
    return core::join(entries, "   ");
  }

  void guides(Canvas& panel) const {
    for (const Guide& g : f_.guides) {
      if (!std::isfinite(g.at)) continue;
      if (g.vertical)
        for (int r = 0; r < rows_; ++r) panel.put_behind(column(g.at), r, g.dashed ? vertical_dashed : vertical);
      else
        for (int c = 0; c < width_; ++c) panel.put_behind(c, row(g.at), g.dashed ? horizontal_dashed : horizontal);
    }
  }

  void guide_labels(Canvas& panel) const {
    for (const Guide& g : f_.guides) {
      if (g.label.empty() || !std::isfinite(g.at)) continue;
      const int length = display_width(g.label);
      if (g.vertical)
        panel.write(column(g.at) > width_ / 2 ? column(g.at) - length - 1 : column(g.at) + 2, 0, g.label);
      else
        panel.write(1, std::max(row(g.at) - 1, 0), g.label);
    }
  }

  void series(Canvas& panel, std::size_t k) const {
    const Series& s = f_.series[k];
    const std::size_t n = std::min(s.x.size(), s.y.size());
    switch (s.mark) {
      case Mark::areas:
        for (std::size_t i = 1; i < n; ++i) segment(panel, s, i, 0);
        break;
      case Mark::line:
      case Mark::step:
        for (std::size_t i = 1; i < n; ++i) segment(panel, s, i, line_glyph(k));
        break;
      case Mark::points:
        for (std::size_t i = 1; i < n && s.joined; ++i) segment(panel, s, i, 0);
        for (std::size_t i = 0; i < n; ++i) point(panel, s, i, n, point_glyphs[point_number(k)]);
        break;
      case Mark::errorbars:
        for (std::size_t i = 0; i < n; ++i) errorbar(panel, s, i);
        for (std::size_t i = 0; i < n && s.size > 0; ++i) point(panel, s, i, n, disc);
        break;
      case Mark::band:
        band(panel, s, n);
        break;
      case Mark::bars:
        for (std::size_t i = 0; i < n; ++i) bar(panel, s, i, n, bar_number(k));
        break;
      case Mark::impulses:
        for (std::size_t i = 0; i < n; ++i) upright(panel, s.x[i], 0, s.y[i]);
        break;
      case Mark::tiles:
        for (std::size_t i = 0; i < n; ++i) tile(panel, s, i, tile_glyphs[tile_number(k)]);
        break;
      case Mark::boxes:
        for (std::size_t i = 0; i < n; ++i) box(panel, s, i);
        break;
      case Mark::words:
        for (std::size_t i = 0; i < n && i < s.texts.size(); ++i)
          if (finite(s, i))
            panel.write(column(s.x[i]) + (s.centred ? -display_width(s.texts[i]) / 2 : 1), row(s.y[i]), s.texts[i]);
        break;
    }
  }

  static bool finite(const Series& s, std::size_t i) { return std::isfinite(s.x[i]) && std::isfinite(s.y[i]); }
  static bool has_bounds(const Series& s, std::size_t i) {
    return i < s.low.size() && i < s.high.size() && std::isfinite(s.low[i]) && std::isfinite(s.high[i]);
  }

  void segment(Canvas& panel, const Series& s, std::size_t i, int glyph) const {
    if (!finite(s, i - 1) || !finite(s, i)) return;
    const int x0 = dot_x(s.x[i - 1]), y0 = dot_y(s.y[i - 1]), x1 = dot_x(s.x[i]), y1 = dot_y(s.y[i]);
    if (glyph) {
      const int from = std::min(x0, x1) / 2, to = std::max(x0, x1) / 2;
      for (int c = from; c <= to; ++c) {
        const double share = x1 == x0 ? 0 : std::clamp((2.0 * c - x0) / (x1 - x0), 0.0, 1.0);
        const double y = s.mark == Mark::step ? (share < 1 ? y0 : y1) : y0 + share * (y1 - y0);
        panel.put(c, static_cast<int>(std::lround(y)) / 4, glyph);
      }
    } else if (s.mark == Mark::step) {
      panel.dots(x0, y0, x1, y0);
      panel.dots(x1, y0, x1, y1);
    } else {
      panel.dots(x0, y0, x1, y1);
    }
  }

  /// Few points are discs; a cloud is dots.
  void point(Canvas& panel, const Series& s, std::size_t i, std::size_t n, int glyph) const {
    if (!finite(s, i)) return;
    if (n > 60 && !s.hollow && glyph == disc)
      panel.dot(dot_x(s.x[i]), dot_y(s.y[i]));
    else
      panel.put(column(s.x[i]), row(s.y[i]), s.hollow ? ring : glyph);
  }

  void upright(Canvas& panel, double x, double low, double high) const {
    if (!std::isfinite(x) || !std::isfinite(low) || !std::isfinite(high)) return;
    int top = row(high), bottom = row(low);
    if (top > bottom) std::swap(top, bottom);
    for (int r = top; r <= bottom; ++r) panel.put(column(x), r, vertical);
  }

  void errorbar(Canvas& panel, const Series& s, std::size_t i) const {
    if (!finite(s, i) || !has_bounds(s, i)) return;
    if (!s.horizontal) return upright(panel, s.x[i], s.low[i], s.high[i]);
    for (int c = column(s.low[i]); c <= column(s.high[i]); ++c) panel.put(c, row(s.y[i]), horizontal);
  }

  void band(Canvas& panel, const Series& s, std::size_t n) const {
    for (std::size_t i = 1; i < n; ++i) {
      if (!has_bounds(s, i - 1) || !has_bounds(s, i)) continue;
      const int from = column(s.x[i - 1]), to = column(s.x[i]);
      for (int c = from; c <= to; ++c) {
        const double share = to == from ? 0 : static_cast<double>(c - from) / (to - from);
        const int top = row(s.high[i - 1] + share * (s.high[i] - s.high[i - 1]));
        const int bottom = row(s.low[i - 1] + share * (s.low[i] - s.low[i - 1]));
        for (int r = top; r <= bottom; ++r) panel.put_behind(c, r, shade);
      }
    }
  }

  /// Every cell whose middle lies in the square; at least one.
  void tile(Canvas& panel, const Series& s, std::size_t i, int glyph) const {
    if (!finite(s, i)) return;
    const auto edge = [](double share, int cells) { return static_cast<int>(std::ceil(bounded(share) * cells - 0.5)); };
    const int left = edge(x_share(s.x[i] - 0.5), width_);
    const int top = edge(y_share(s.y[i] + 0.5), rows_);
    const int right = std::max(left + 1, edge(x_share(s.x[i] + 0.5), width_));
    const int bottom = std::max(top + 1, edge(y_share(s.y[i] - 0.5), rows_));
    for (int r = top; r < bottom; ++r)
      for (int c = left; c < right; ++c) panel.put(c, r, glyph);
  }

  void bar(Canvas& panel, const Series& s, std::size_t i, std::size_t n, std::size_t which) const {
    if (!finite(s, i)) return;
    if (s.horizontal) return lying_bar(panel, s, i, bar_glyphs[which]);
    const double cells =
        s.width > 0 ? s.width / (range_.x.high - range_.x.low) * width_ : width_ / (1.3 * static_cast<double>(n));
    const int half = std::max(0, static_cast<int>(cells / 2 - (s.width > 0 ? 0.5 : 0)));
    const int zero = dot_y(std::clamp(0.0, range_.y.low, range_.y.high)), tip = dot_y(s.y[i]);
    for (int c = column(s.x[i]) - half; c <= column(s.x[i]) + half; ++c) {
      for (int r = std::min(zero, tip) / 4; r <= std::max(zero, tip) / 4; ++r) {
        const int quarters =
            s.y[i] >= 0 && r == tip / 4 ? 4 - tip % 4 : 4;  // lower blocks show a tip that ends in a cell
        panel.put(c, r, which == 0 ? full_block - 2 * (4 - quarters) : bar_glyphs[which]);
      }
    }
  }

  void lying_bar(Canvas& panel, const Series& s, std::size_t i, int glyph) const {
    const int zero = column(std::clamp(0.0, range_.x.low, range_.x.high)), tip = column(s.x[i]);
    const double width = s.width > 0 ? s.width : 0.85;
    const int top = row(s.y[i] + width / 2), bottom = std::max(top + 1, row(s.y[i] - width / 2));
    for (int r = top; r < bottom; ++r)
      for (int c = std::min(zero, tip); c <= std::max(zero, tip); ++c) panel.put(c, r, glyph);
  }

  /// ┌─┐ │━│ └─┘: from low to high, the line across at y.
  void box(Canvas& panel, const Series& s, std::size_t i) const {
    if (!finite(s, i) || !has_bounds(s, i)) return;
    const int left = column(s.x[i] - s.width / 2), right = std::max(left + 2, column(s.x[i] + s.width / 2));
    const int top = row(s.high[i]), bottom = std::max(top + 1, row(s.low[i]));
    constexpr int top_left = 0x250C, top_right = 0x2510, bottom_left = 0x2514, bottom_right = 0x2518, heavy = 0x2501;
    for (int c = left + 1; c < right; ++c) {
      for (int r = top + 1; r < bottom; ++r) panel.put(c, r, ' ');
      panel.put(c, top, horizontal);
      panel.put(c, bottom, horizontal);
      panel.put(c, row(s.y[i]), heavy);
    }
    for (int r = top + 1; r < bottom; ++r) {
      panel.put(left, r, vertical);
      panel.put(right, r, vertical);
    }
    panel.put(left, top, top_left);
    panel.put(right, top, top_right);
    panel.put(left, bottom, bottom_left);
    panel.put(right, bottom, bottom_right);
  }

  std::string assemble(const Canvas& panel) const {
    std::string out;
    const auto add = [&](std::string line) {
      line.erase(line.find_last_not_of(' ') + 1);
      out += line + "\n";
    };
    const std::string margin(static_cast<std::size_t>(left_), ' ');
    if (!f_.title.empty()) add(pad(f_.title, columns_, Align::center));
    if (!legend_.empty()) add(pad(legend_, columns_, Align::center));
    if (!f_.y_label.empty()) add(pad(f_.y_label, left_, Align::right));

    std::vector<std::string> names(static_cast<std::size_t>(rows_));
    for (const auto& [at, text] : y_ticks_) {
      const int r = row(at);
      if (r >= 0 && r < rows_ && y_share(at) >= 0 && y_share(at) <= 1) names[static_cast<std::size_t>(r)] = text;
    }
    for (int r = 0; r < rows_; ++r) {
      const std::string& name = names[static_cast<std::size_t>(r)];
      add(pad(name, left_ - 1, Align::right) + (name.empty() ? " │" : " ┤") + panel.row(r));
    }

    Canvas axis(columns_, 2);
    axis.write(left_, 0, "└");
    for (int c = 0; c < width_; ++c) axis.put(left_ + 1 + c, 0, horizontal);
    int free = 0;  // first column a further number may use
    for (const auto& [at, text] : x_ticks_) {
      if (!(x_share(at) >= 0 && x_share(at) <= 1)) continue;
      const int middle = left_ + 1 + column(at), length = display_width(text);
      const int from = std::min(middle - length / 2, columns_ - length);
      if (from < free) continue;
      axis.write(middle, 0, "┬");
      axis.write(from, 1, text);
      free = from + length + 1;
    }
    add(axis.row(0));
    add(axis.row(1));
    if (!f_.x_label.empty()) add(margin + pad(f_.x_label, width_, Align::center));
    for (const std::string& line : note_) add(line);
    return out;
  }

  const Figure& f_;
  int columns_;
  DrawnRange range_;
  std::vector<std::string> note_;
  std::string legend_;
  int rows_ = 0, left_ = 0, width_ = 0;
  TextTicks x_ticks_, y_ticks_;
};

/// Panels one under the other; the first few of many.
std::string panels_text(const Figure& figure, int columns, int lines) {
  constexpr std::size_t most = 6;
  const std::size_t shown = std::min(most, figure.panels.size());
  std::string out;
  if (!figure.title.empty()) {
    std::string title = pad(figure.title, columns, Align::center);
    title.erase(title.find_last_not_of(' ') + 1);
    out += title + "\n";
  }
  for (std::size_t i = 0; i < shown; ++i) {
    Figure panel = figure.panels[i];
    panel.legend = figure.legend && i == 0;
    panel.y_label = i == 0 ? figure.y_label : "";
    panel.x_label = i + 1 == shown ? figure.x_label : "";
    out += TextFigure(panel, columns, std::max(10, lines / 2)).draw();
  }
  if (shown < figure.panels.size())
    out += "… and " + std::to_string(figure.panels.size() - shown) +
           " more panels, which a file shows: :save(\"figure.svg\")\n";
  for (const std::string& line : wrap(figure.note, columns - 1)) out += line + "\n";
  return out;
}

}  // namespace

std::string render_text(const Figure& figure, int columns, int lines) {
  const Figure drawn = on_scales(figure);
  if (drawn.panels.empty()) return TextFigure(drawn, columns, lines).draw();
  return panels_text(drawn, columns, lines);
}

}  // namespace report
