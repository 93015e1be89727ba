#include "bindings/plots.hpp"

#include "bindings/reported.hpp"
#include "core/near.hpp"
#include "core/text.hpp"
#include "data/sort.hpp"
#include "formula/evaluate.hpp"
#include "formula/stepwise.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

namespace bindings {
namespace {

using core::Kind;
using core::OptionSpec;
using formula::Op;

struct NamedColor {
  const char* name;
  int index;  ///< of the palette, −1 for `rgb`
  const char* rgb;
};
constexpr std::array<NamedColor, 18> named_colors{{{"blue", 0, ""},
                                                   {"orange", 1, ""},
                                                   {"green", 2, ""},
                                                   {"amber", 3, ""},
                                                   {"sky", 4, ""},
                                                   {"pink", 5, ""},
                                                   {"yellow", 6, ""},
                                                   {"black", 7, ""},
                                                   {"red", -1, "#C62828"},
                                                   {"navy", -1, "#1A476F"},
                                                   {"maroon", -1, "#90353B"},
                                                   {"teal", -1, "#00696B"},
                                                   {"purple", -1, "#6A3D9A"},
                                                   {"brown", -1, "#8C564B"},
                                                   {"gray", -1, "#7F7F7F"},
                                                   {"grey", -1, "#7F7F7F"},
                                                   {"cranberry", -1, "#C10534"},
                                                   {"white", -1, "#FFFFFF"}}};

bool is_hex(const std::string& word) {
  return word.size() == 7 && word[0] == '#' && word.find_first_not_of("0123456789abcdefABCDEF", 1) == std::string::npos;
}

void give_color(report::Series& series, const std::string& word) {
  if (is_hex(word)) {
    series.rgb = word;
    return;
  }
  std::vector<std::string> names;
  for (const NamedColor& color : named_colors) {
    names.emplace_back(color.name);
    if (core::lower(word) != color.name) continue;
    if (color.index >= 0)
      series.color = color.index;
    else
      series.rgb = color.rgb;
    series.own_color = true;
    return;
  }
  throw core::Error("there is no colour '" + word + "'")
      .word(word)
      .hint(core::did_you_mean(word, names, "colours"))
      .hint("or red, green and blue in hexadecimal: \"#D55E00\"");
}

}  // namespace

Axis axis_of(const formula::Tree& tree, const data::Frame& frame) {
  const data::ColumnPtr column = formula::evaluate(tree, frame);
  Axis axis;
  const bool words = column->type() == data::Type::text || column->type() == data::Type::category;
  if (!words) {
    axis.values = column->numbers();
    axis.dates = column->type() == data::Type::date;
    return axis;
  }
  const auto& levels = *column->dictionary();
  constexpr std::size_t most_words = 200;
  if (levels.size() > most_words)
    throw core::Error(formula::print(tree) + " is text with " + std::to_string(levels.size()) +
                      " different values: too many for an axis")
        .word(formula::print(tree));
  const auto place = [&](std::size_t level) {
    return column->level_values().empty() ? static_cast<double>(level + 1) : column->level_values()[level];
  };
  for (std::size_t level = 0; level < levels.size(); ++level) axis.ticks.emplace_back(place(level), levels[level]);
  for (const std::int32_t code : column->codes())
    axis.values.push_back(code < 0 ? std::nan("") : place(static_cast<std::size_t>(code)));
  return axis;
}

std::string axis_label(const formula::Tree& tree, const data::Frame& frame) {
  return tree->op == Op::name && frame.has(tree->text) ? shown_name(frame, tree->text) : formula::print(tree);
}

Sides sides_of(const formula::Tree& formula, const std::string& command) {
  const auto wrong = [&] {
    throw core::Error(command + " takes a formula with one variable on either side")
        .word(command)
        .hint(command + "(y ~ x), or " + command + "({y1, y2} ~ x)");
  };
  if (formula->op != Op::tilde || formula->children.size() != 2) wrong();
  Sides sides;
  for (const formula::Tree& one : formula::each_formula(formula)) {
    sides.y.push_back(one->children.at(0));
    sides.x = one->children.at(1);
    if (sides.x->op == Op::bar || sides.x->op == Op::cross || sides.x->op == Op::interact) wrong();
  }
  return sides;
}

PlotGroups plot_groups(const data::Frame& frame, const std::vector<std::string>& names) {
  PlotGroups out;
  if (names.empty()) {
    out.names = {""};
    out.rows.emplace_back(frame.rows());
    std::iota(out.rows[0].begin(), out.rows[0].end(), 0U);
    return out;
  }
  if (names.size() == 1 && frame.at(names[0])->type() == data::Type::category) {  // absent levels keep their places
    const data::ColumnPtr column = frame.at(names[0]);
    out.names = *column->dictionary();
    out.rows.resize(out.names.size());
    const auto codes = column->codes();
    for (std::size_t row = 0; row < codes.size(); ++row)
      if (codes[row] >= 0) out.rows[static_cast<std::size_t>(codes[row])].push_back(static_cast<std::uint32_t>(row));
    return out;
  }
  std::vector<data::ColumnPtr> columns;
  std::vector<data::SortKey> keys;
  for (const std::string& name : names) {
    columns.push_back(frame.at(name));
    keys.push_back({name});
  }
  const data::Grouping groups = data::group(columns);
  const data::Frame first = frame.selected(names).take(groups.first);
  const std::vector<std::uint32_t> order = data::sorted_rows(first, keys);
  std::vector<std::size_t> place(order.size());
  for (std::size_t g = 0; g < order.size(); ++g) {
    place[order[g]] = g;
    std::vector<std::string> values;
    for (std::size_t c = 0; c < names.size(); ++c) values.push_back(first.column(c)->text(order[g]));
    out.names.push_back(core::join(values, ", "));
  }
  out.rows.resize(order.size());
  for (std::size_t row = 0; row < groups.codes.size(); ++row)
    if (groups.codes[row] >= 0)
      out.rows[place[static_cast<std::size_t>(groups.codes[row])]].push_back(static_cast<std::uint32_t>(row));
  if (out.rows.empty()) throw core::Error("'" + names[0] + "' is missing in every row").word(names[0]);
  return out;
}

std::vector<double> at_rows(const std::vector<double>& values, const std::vector<std::uint32_t>& rows) {
  std::vector<double> out;
  out.reserve(rows.size());
  for (const std::uint32_t row : rows) out.push_back(values[row]);
  return out;
}

std::string label_of(const Arguments& a, std::size_t k, const std::string& own) {
  const std::vector<std::string> given = a.texts("label");
  return k < given.size() ? given[k] : own;
}

void apply_colors(report::Figure& figure, const Arguments& a) {
  const std::vector<std::string> colors = a.texts("color");
  if (colors.empty()) return;
  for (report::Series& s : figure.series)
    give_color(s, colors[static_cast<std::size_t>(std::max(s.color, 0)) % colors.size()]);
}

OptionSpec over_option(const std::string& doc) {
  return {.name = "over", .kind = Kind::columns, .doc = doc, .default_text = {}};
}

OptionSpec yes_no(const std::string& name, const std::string& doc) {
  return {.name = name, .kind = Kind::boolean, .doc = doc, .default_text = "false"};
}

std::vector<OptionSpec> figure_options() {
  const auto text = [](const std::string& name, const std::string& doc, std::vector<std::string> aliases = {}) {
    return OptionSpec{.name = name, .kind = Kind::text, .doc = doc, .default_text = {}, .aliases = std::move(aliases)};
  };
  const auto numbers = [](const std::string& name, const std::string& doc) {
    return OptionSpec{.name = name, .kind = Kind::numbers, .doc = doc, .default_text = {}};
  };
  const auto size = [](const std::string& name, const std::string& doc) {
    return OptionSpec{
        .name = name, .kind = Kind::number, .doc = doc, .default_text = "by its panels", .min = 1, .max = 40};
  };
  return {{.name = "by", .kind = Kind::columns, .doc = "a panel for each group of these columns", .default_text = {}},
          {.name = "columns",
           .kind = Kind::integer,
           .doc = "panels side by side",
           .default_text = "by their number",
           .min = 1,
           .max = 20},
          {.name = "scales",
           .kind = Kind::text,
           .doc = "axes of panels",
           .default_text = "shared",
           .one_of = {"shared", "free"}},
          text("title", "above the figure"),
          text("x_label", "below the figure", {"xtitle"}),
          text("y_label", "beside the figure", {"ytitle"}),
          text("note", "under the figure"),
          numbers("xlim", "range of x: {low, high}"),
          numbers("ylim", "range of y"),
          yes_no("xlog", "logarithmic x axis"),
          yes_no("ylog", "logarithmic y axis"),
          numbers("hline", "horizontal lines at these values"),
          numbers("vline", "vertical lines at these values"),
          {.name = "legend",
           .kind = Kind::any,
           .doc = "\"top\", \"right\", \"bottom\", true or false",
           .default_text = "\"top\" for two series or more"},
          size("width", "inches"),
          size("height", "inches"),
          text("file", "where to save it (.svg, .png, .pdf, .txt)")};
}

std::vector<OptionSpec> with_figure_options(std::vector<OptionSpec> own) {
  own.push_back({.name = "color",
                 .kind = Kind::texts,
                 .doc = "a colour for each series: blue, orange, green, amber, sky, pink, red, black, \"#D55E00\"",
                 .default_text = "a palette that everyone can tell apart"});
  own.push_back(
      {.name = "label", .kind = Kind::texts, .doc = "words of the legend, one for each series", .default_text = {}});
  for (OptionSpec& option : figure_options()) own.push_back(std::move(option));
  return own;
}

const std::vector<PlotKind>& plot_kinds() {
  static const std::vector<PlotKind> all = [] {
    std::vector<PlotKind> kinds;
    for (const auto& some : {xy_plots(), line_plots(), distribution_plots(), bar_plots()})
      kinds.insert(kinds.end(), some.begin(), some.end());
    return kinds;
  }();
  return all;
}

}  // namespace bindings
