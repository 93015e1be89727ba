// A whole sheet: the terminal, and one panel or several in rows with a title, labels, a legend and a note in common.
#include "core/text.hpp"
#include "report/gnuplot_panel.hpp"
#include "report/layout.hpp"
#include "report/overlay.hpp"
#include "report/range.hpp"
#include "report/table.hpp"

#include <algorithm>
#include <cmath>

namespace report {
namespace {

std::string terminal(const Figure& f, Device device) {
  constexpr double svg_pixels = 100, png_pixels = 300;  // per inch
  const double usual = device == Device::svg ? svg_pixels : png_pixels;
  const double per_inch = f.pixels_per_inch > 0 ? f.pixels_per_inch : usual;
  const auto pixels = [&](double inches) { return std::to_string(std::lround(inches * per_inch)); };
  const std::string size = " size " + pixels(f.width_in) + "," + pixels(f.height_in);
  const std::string scale = core::shortest(per_inch / 100);  // letters, lines and points grow with the picture
  if (device == Device::svg)
    return "set terminal svg noenhanced background '#ffffff'" + size + " font 'Noto Sans CJK SC,12'" +
           (f.pixels_per_inch > 0 ? " fontscale " + scale + " linewidth " + scale : "") + "\n";
  if (device == Device::png)
    return "set terminal pngcairo noenhanced background '#ffffff'" + size + " font 'Noto Sans CJK SC,9' fontscale " +
           scale + " linewidth " + scale + " pointscale " + scale + "\n";
  return "set terminal pdfcairo noenhanced size " + core::shortest(f.width_in) + "in," + core::shortest(f.height_in) +
         "in font 'Noto Sans CJK SC,9' fontscale 1 linewidth 1.8 pointscale 1.2\n";
}

/// Lengths on a sheet of panels, in inches.
struct Sheet {
  double left, right = 0.15, top, bottom;
  double row_gap = 0.36, column_gap;  // the gap between rows holds the titles of panels
};

bool has_legend(const Figure& f) {
  return f.legend && std::any_of(f.panels.begin(), f.panels.end(), [](const Figure& p) { return labelled(p) > 0; });
}

/// Do all panels show the same part of the plane?
bool shared(const Figure& f) {
  return std::all_of(f.panels.begin(), f.panels.end(), [&](const Figure& p) {
    return p.x_range && p.y_range && p.x_range == f.panels[0].x_range && p.y_range == f.panels[0].y_range;
  });
}

class Panels {
 public:
  Panels(const Figure& figure, Device device)
      : f_(figure),
        device_(device),
        shared_(shared(figure)),
        note_(wrap(figure.note, static_cast<int>(f_.width_in * 16))) {
    sheet_.left = tick_width() + (f_.y_label.empty() ? 0 : 0.25);
    sheet_.top = 0.34 + (f_.title.empty() ? 0 : 0.32) + (has_legend(f_) ? 0.26 : 0);
    sheet_.bottom = 0.36 + (f_.x_label.empty() ? 0 : 0.24) + 0.17 * static_cast<double>(note_.size());
    sheet_.column_gap = shared_ ? 0.16 : 0.6;
    if (!shared_) sheet_.row_gap += 0.22;
  }

  std::string write() {
    const auto [columns, rows] = panel_grid(f_);
    const int n = static_cast<int>(f_.panels.size());
    const double width = (f_.width_in - sheet_.left - sheet_.right - (columns - 1) * sheet_.column_gap) / columns;
    const double height = (f_.height_in - sheet_.top - sheet_.bottom - (rows - 1) * sheet_.row_gap) / rows;
    // The panel whose legend has most entries shows it for all.
    const auto legend = std::max_element(f_.panels.begin(), f_.panels.end(),
                                         [](const Figure& a, const Figure& b) { return labelled(a) < labelled(b); });
    out_ += "set multiplot\n";
    texts();
    for (int i = 0; i < n; ++i) {
      const int row = i / columns, column = i % columns;
      const double left = sheet_.left + column * (width + sheet_.column_gap);
      const double above = sheet_.top + row * (height + sheet_.row_gap);
      const PanelPlace place{.left = left / f_.width_in,
                             .right = (left + width) / f_.width_in,
                             .bottom = 1 - (above + height) / f_.height_in,
                             .top = 1 - above / f_.height_in,
                             .width_in = width,
                             .height_in = height,
                             .x_names = !shared_ || i + columns >= n,
                             .y_names = !shared_ || column == 0};
      out_ += panel_commands(f_.panels[static_cast<std::size_t>(i)], device_, "p" + std::to_string(i) + "_", &place);
      out_ += "unset label\nunset arrow\nset xtics autofreq\nset ytics autofreq\n";
    }
    if (has_legend(f_)) {
      const PanelPlace sheet{.only_legend = true, .legend_at = 1 - (sheet_.top - 0.38) / f_.height_in};
      out_ += panel_commands(*legend, device_, "legend_", &sheet);
    }
    out_ += "unset multiplot\n";
    return out_;
  }

 private:
  void label(const std::string& text, const std::string& where, const char* ink, const std::string& font) {
    out_ += "set label " + gnuplot_quoted(text) + " at screen " + where + " textcolor rgb '" + ink + "'" + font + "\n";
  }
  std::string up(double inches) const { return core::significant(inches / f_.height_in, 5); }

  /// Room for the names of ticks beside a panel.
  double tick_width() const {
    int widest = 1;
    for (const Figure& panel : f_.panels) {
      for (const auto& [at, name] : panel.y_ticks) widest = std::max(widest, display_width(name));
      if (!panel.y_ticks.empty()) continue;
      constexpr int usual_ticks = 6;
      for (const double at : round_ticks(drawn_range(panel).y, usual_ticks))
        widest = std::max(widest, display_width(core::significant(at, 6)));
    }
    return 0.28 + 0.075 * std::min(widest, 24);
  }

  void texts() {
    const double middle = (sheet_.left + f_.width_in - sheet_.right) / 2 / f_.width_in;
    const double high = (f_.height_in - sheet_.top + sheet_.bottom) / 2;
    if (!f_.title.empty())
      label(f_.title, core::significant(middle, 4) + ", screen " + up(f_.height_in - 0.2) + " center", gnuplot_ink,
            title_font(device_));
    if (!f_.x_label.empty())
      label(f_.x_label, core::significant(middle, 4) + ", screen " + up(sheet_.bottom - 0.46) + " center", gnuplot_ink,
            "");
    if (!f_.y_label.empty())
      label(f_.y_label, core::significant(0.14 / f_.width_in, 4) + ", screen " + up(high) + " center rotate by 90",
            gnuplot_ink, "");
    for (std::size_t i = 0; i < note_.size(); ++i)
      label(note_[i],
            core::significant(0.08 / f_.width_in, 4) + ", screen " +
                up(0.17 * static_cast<double>(note_.size() - i) - 0.07) + " left",
            gnuplot_faint, note_font(device_));
  }

  const Figure& f_;
  Device device_;
  bool shared_;
  std::vector<std::string> note_;
  Sheet sheet_{};
  std::string out_;
};

}  // namespace

std::string gnuplot_script(const Figure& figure, Device device) {
  const Figure drawn = on_scales(figure);
  std::string script = "set encoding utf8\n" + terminal(drawn, device);
  return script +
         (drawn.panels.empty() ? panel_commands(drawn, device, "data", nullptr) : Panels(drawn, device).write());
}

}  // namespace report
