// figure, and every kind of figure as a command: rows or layers, panels, what the options of a figure settle.
#include "bindings/drawn.hpp"
#include "bindings/errors.hpp"
#include "bindings/expr.hpp"
#include "bindings/open.hpp"
#include "bindings/plots.hpp"
#include "bindings/value.hpp"
#include "bindings/verbs.hpp"
#include "core/near.hpp"
#include "core/text.hpp"
#include "data/date.hpp"
#include "formula/evaluate.hpp"
#include "report/overlay.hpp"
#include "report/range.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace bindings {
namespace {

using core::Kind;
using DrawRows = std::function<Drawn(const data::Frame&)>;

/// Texts as categories of the words in use, sorted, so that every panel puts a word at the same place.
/// `over`: numbers that tell groups apart become words too.
data::Frame with_sorted_words(data::Frame frame, const std::vector<std::string>& over = {}) {
  constexpr std::int32_t most_words = 200;
  const std::string unit = frame.panel() ? frame.panel()->unit : "", time = frame.panel() ? frame.panel()->time : "";
  const bool panel = frame.panel() != nullptr;
  for (std::size_t c = 0; c < frame.width(); ++c) {
    const data::ColumnPtr column = frame.column(c);
    const bool words_already = column->type() == data::Type::text || column->type() == data::Type::category;
    const bool groups_rows = std::find(over.begin(), over.end(), frame.names()[c]) != over.end();
    if (!words_already && !groups_rows) continue;
    const data::Grouping groups = data::sorted(data::group(*column), *column);
    if (groups.levels() > most_words) continue;
    auto words = std::make_shared<std::vector<std::string>>();
    std::vector<double> values;
    for (const std::uint32_t row : groups.first) {
      words->push_back(column->text(row));
      if (!words_already || !column->level_values().empty()) values.push_back(column->number(row));
    }
    frame = frame.with(
        frame.names()[c],
        data::Column::categories(groups.codes, std::move(words), std::move(values))->labelled(column->label()));
  }
  // A new unit column ended it; a time column that became words cannot hold it.
  if (panel && !frame.panel() && frame.at(time)->is_numeric()) frame = frame.with_panel(unit, time);
  return frame;
}

// ---- dates

/// Days of the calendar at even steps: years, months or days.
std::vector<std::pair<double, std::string>> date_ticks(double low, double high) {
  std::vector<std::pair<double, std::string>> ticks;
  constexpr double year = 365.25, most = 8;
  const auto add = [&](data::CivilDate date, std::size_t letters) {
    const auto day = data::days_from_civil(date);
    if (static_cast<double>(day) >= low && static_cast<double>(day) <= high)
      ticks.emplace_back(static_cast<double>(day), data::iso_date(day).substr(0, letters));
  };
  const data::CivilDate first = data::civil_from_days(static_cast<std::int64_t>(std::floor(low)));
  const data::CivilDate last = data::civil_from_days(static_cast<std::int64_t>(std::ceil(high)));
  if (high - low > 3 * year) {
    const std::vector<double> steps = report::round_ticks(
        {static_cast<double>(first.year), static_cast<double>(last.year) + 1}, static_cast<int>(most));
    for (const double y : steps)
      if (y == std::floor(y)) add({static_cast<std::int64_t>(y), 1, 1}, 4);
  } else if (high - low > 62) {
    const std::int64_t months = (last.year - first.year) * 12 + last.month - first.month + 1;
    const std::int64_t step = months <= 8 ? 1 : months <= 16 ? 2 : months <= 24 ? 3 : 6;
    for (std::int64_t y = first.year; y <= last.year; ++y)
      for (std::int64_t m = 0; m < 12; m += step) add({y, static_cast<int>(m) + 1, 1}, 7);
  } else {
    for (const double day : report::round_ticks({low, high}, static_cast<int>(most)))
      if (day == std::floor(day)) ticks.emplace_back(day, data::iso_date(static_cast<std::int64_t>(day)));
  }
  return ticks;
}

// ---- what the options of a figure settle

std::optional<std::pair<double, double>> limits(const Arguments& a, const std::string& option) {
  const std::vector<double> values = a.numbers(option);
  if (values.empty()) return std::nullopt;
  if (values.size() != 2 || !(values[0] < values[1]))
    throw core::Error(option + " takes two numbers, the lower first").word(option).hint(option + "={0, 10}");
  return {{values[0], values[1]}};
}

void set_legend(report::Figure& figure, const Arguments& a, std::size_t entries) {
  constexpr std::size_t most_entries = 12;
  figure.legend = entries > 1 && entries <= most_entries;
  a.push("legend");
  lua_State* L = a.state();
  const bool given = !lua_isnil(L, -1), yes = lua_toboolean(L, -1) != 0;
  const std::string word = lua_type(L, -1) == LUA_TSTRING ? text_at(L, -1) : "";
  lua_pop(L, 1);
  if (!given) return;
  figure.legend = yes && word != "none";
  if (word.empty() || word == "none") return;
  const std::vector<std::string> places = {"top", "right", "bottom", "none"};
  const auto found = std::find(places.begin(), places.end(), word);
  if (found == places.end())
    throw core::Error("legend takes \"top\", \"right\", \"bottom\", true or false, not '" + word + "'")
        .word(word)
        .hint(core::did_you_mean(word, places, "places"));
  figure.legend_place = word == "right"    ? report::LegendPlace::right
                        : word == "bottom" ? report::LegendPlace::bottom
                                           : report::LegendPlace::top;
}

/// Lines, limits and scales of one panel.
void settle_axes(report::Figure& panel, const Arguments& a) {
  for (const double at : a.numbers("hline")) panel.guides.push_back({.at = at, .vertical = false});
  for (const double at : a.numbers("vline")) panel.guides.push_back({.at = at});
  panel.x_log = panel.x_log || a.boolean("xlog");
  panel.y_log = panel.y_log || a.boolean("ylog");
  if (const auto x = limits(a, "xlim")) panel.x_range = x;
  if (const auto y = limits(a, "ylim")) panel.y_range = y;
}

void settle_texts(report::Figure& figure, const Arguments& a) {
  figure.title = a.text("title", figure.title);
  figure.x_label = a.text("x_label", figure.x_label);
  figure.y_label = a.text("y_label", figure.y_label);
  figure.note = a.text("note", figure.note);
}

void note_left_out(std::size_t rows) {
  if (rows > 0)
    print_notes({core::counted(static_cast<long long>(rows), "row") + " with a missing value " +
                 (rows == 1 ? "is" : "are") + " not drawn"});
}

/// Points that a logarithmic axis has no place for.
void note_not_positive(const report::Figure& figure) {
  std::size_t count = 0;
  for (const report::Series& s : figure.series)
    for (std::size_t i = 0; i < s.x.size() && i < s.y.size(); ++i)
      count += (figure.x_log && s.x[i] <= 0) || (figure.y_log && s.y[i] <= 0) ? 1 : 0;
  if (count > 0)
    print_notes({core::counted(static_cast<long long>(count), "point") +
                 " at or below zero cannot stand on a logarithmic axis"});
}

void set_date_ticks(report::Figure& panel) {
  const report::Range x = report::drawn_range(panel).x;
  panel.x_ticks = date_ticks(x.low, x.high);
}

report::Figure single(const data::Frame& frame, const Arguments& a, const DrawRows& draw) {
  Drawn drawn = draw(frame);
  note_left_out(drawn.left_out);
  settle_axes(drawn.figure, a);
  note_not_positive(drawn.figure);
  if (drawn.dates) set_date_ticks(drawn.figure);
  set_legend(drawn.figure, a, report::labelled(drawn.figure));
  return std::move(drawn.figure);
}

report::Figure small_multiples(const data::Frame& frame, const Arguments& a, const DrawRows& draw) {
  const PlotGroups groups = plot_groups(frame, a.column_names("by"));
  constexpr std::size_t most_panels = 100;
  if (groups.rows.size() > most_panels)
    throw core::Error(std::to_string(groups.rows.size()) + " groups are too many for panels: at most " +
                      std::to_string(most_panels))
        .word("by");
  report::Figure figure;
  std::size_t left_out = 0, entries = 0;
  bool dates = false;
  for (std::size_t g = 0; g < groups.rows.size(); ++g) {
    Drawn drawn = draw(frame.take(groups.rows[g]));
    left_out += drawn.left_out;
    dates = drawn.dates;
    if (g == 0) {
      figure.x_label = drawn.figure.x_label;
      figure.y_label = drawn.figure.y_label;
    }
    const bool empty = std::all_of(drawn.figure.series.begin(), drawn.figure.series.end(),
                                   [](const report::Series& s) { return s.x.empty(); });
    if (empty) continue;
    report::Figure& panel = drawn.figure;
    panel.title = groups.names[g];
    panel.note.clear();
    settle_axes(panel, a);
    note_not_positive(panel);
    entries = std::max(entries, report::labelled(panel));
    figure.panels.push_back(report::on_scales(panel));
  }
  if (figure.panels.empty()) throw core::Error("no group has a row without missing values").word("by");
  note_left_out(left_out);
  if (a.text("scales", "shared") == "shared") report::share_scales(figure);
  if (dates) std::for_each(figure.panels.begin(), figure.panels.end(), set_date_ticks);
  figure.panel_columns = static_cast<int>(a.integer("columns"));
  set_legend(figure, a, entries);
  const auto [columns, rows] = report::panel_grid(figure);
  figure.width_in = std::clamp(1.9 * columns + 1.0, 6.4, 11.0);
  figure.height_in = std::clamp(1.55 * rows + 1.1, 3.2, 14.0);
  return figure;
}

int push_drawn(lua_State* L, const Arguments& a, const data::Frame& frame, const DrawRows& draw) {
  report::Figure figure = a.has("by") ? small_multiples(frame, a, draw) : single(frame, a, draw);
  settle_texts(figure, a);
  figure.width_in = a.number("width", figure.width_in);
  figure.height_in = a.number("height", figure.height_in);
  return push_figure(L, a, std::move(figure));
}

// ---- figure

/// What a layer's call needs of the figure it is in.
struct LayerCall {
  const PlotKind* kind;
  const Command* command;
  const data::Frame* frame;
  Drawn drawn;
};

/// Upvalue: the LayerCall. On the stack: the arguments of the layer.
int draw_layer(lua_State* L) {
  auto* call = static_cast<LayerCall*>(lua_touserdata(L, lua_upvalueindex(1)));
  try {
    const Arguments a(L, *call->command);
    for (const char* option : {"by", "file", "width", "height", "columns", "scales"})
      if (a.has(option))
        throw core::Error(std::string("option '") + option + "' belongs to the figure, not to a layer").word(option);
    data::Frame frame = *call->frame;
    if (a.has("data")) {
      frame = with_sorted_words(a.frame());
    } else if (const formula::Tree where = call->command->where_added ? a.tree("where") : nullptr) {
      frame = frame.take(formula::rows_where(where, frame));
    }
    call->drawn = call->kind->draw(frame, a);
    settle_axes(call->drawn.figure, a);
    settle_texts(call->drawn.figure, a);
  } catch (core::Error& error) {
    error.in_command(call->command->record.name);
    throw;
  }
  return 0;
}

std::vector<std::string> kind_names() {
  std::vector<std::string> names;
  for (const PlotKind& kind : plot_kinds()) names.push_back(kind.record.name);
  return names;
}

/// The word a layer begins with: "scatter", or the command itself.
std::string layer_word(lua_State* L, int table) {
  lua_geti(L, table, 1);
  std::string word = lua_type(L, -1) == LUA_TSTRING ? text_at(L, -1) : operand_name(L, lua_gettop(L));
  lua_pop(L, 1);
  return word;
}

/// Draws the layer {"scatter", y ~ x, color="red"} that stands at `table`.
Drawn drawn_layer(lua_State* L, int table, const data::Frame& frame) {
  const std::string word = layer_word(L, table);
  const auto kind =
      std::find_if(plot_kinds().begin(), plot_kinds().end(), [&](const PlotKind& k) { return k.record.name == word; });
  if (kind == plot_kinds().end())
    throw core::Error(word.empty() ? "a layer begins with the name of a kind of figure"
                                   : "there is no kind of figure '" + word + "'")
        .word(word.empty() ? "figure" : word)
        .hint(core::did_you_mean(word, kind_names(), "kinds"))
        .hint("figure({\"scatter\", y ~ x}, {\"lfit\", y ~ x})");
  LayerCall call{&*kind, session(L).commands.find(word), &frame, {}};
  lua_pushlightuserdata(L, &call);
  lua_pushcclosure(L, guarded<draw_layer>, 1);
  const auto n = static_cast<lua_Integer>(lua_rawlen(L, table));
  luaL_checkstack(L, static_cast<int>(n) + 10, "layers");
  for (lua_Integer i = 2; i <= n; ++i) lua_geti(L, table, i);
  std::vector<std::string> options;
  lua_newtable(L);
  const int keywords = lua_gettop(L);
  for (lua_pushnil(L); lua_next(L, table); lua_pop(L, 1)) {
    if (lua_type(L, -2) != LUA_TSTRING) continue;
    options.push_back(text_at(L, -2));
    lua_pushvalue(L, -2);
    lua_pushvalue(L, -2);
    lua_rawset(L, keywords);
  }
  std::sort(options.begin(), options.end());
  int count = static_cast<int>(n) - 1;
  if (options.empty()) {
    lua_pop(L, 1);
  } else {
    mark_keywords(L, keywords, core::join(options, " "));
    ++count;
  }
  lua_call(L, count, 0);
  return std::move(call.drawn);
}

/// figure("scatter", y ~ x, …) is a figure of one layer.
void gather_single_layer(lua_State* L, int list) {
  lua_geti(L, list, 1);
  const bool word = lua_type(L, -1) == LUA_TSTRING || !operand_name(L, lua_gettop(L)).empty();
  lua_pop(L, 1);
  if (!word) return;
  lua_newtable(L);
  lua_pushvalue(L, list);
  lua_rawseti(L, -2, 1);
  lua_replace(L, list);
}

int figure(lua_State* L, Arguments& a) {
  a.push("layers");
  const int layers = lua_gettop(L);
  if (!lua_istable(L, layers) || lua_rawlen(L, layers) == 0)
    throw core::Error("a figure needs a layer").word("figure").hint("figure({\"scatter\", y ~ x}, {\"lfit\", y ~ x})");
  gather_single_layer(L, layers);
  const bool has_data = a.has("data") || session(L).in_use() != nullptr;
  const data::Frame frame = has_data ? with_sorted_words(a.frame()) : data::Frame();
  const auto draw = [&](const data::Frame& rows) {
    Drawn all;
    const auto n = static_cast<lua_Integer>(lua_rawlen(L, layers));
    for (lua_Integer i = 1; i <= n; ++i) {
      lua_geti(L, layers, i);
      Drawn one;
      if (const FigureRef* made = test_value<FigureRef>(L, -1)) {
        if (a.has("by"))
          throw core::Error("a figure that is drawn already has no panels by " + core::join(a.column_names("by"), ", "))
              .word("by")
              .hint("write the layer as a list: {\"scatter\", y ~ x}");
        one.figure = **made;
      } else if (lua_istable(L, -1)) {
        one = drawn_layer(L, lua_gettop(L), rows);
      } else {
        throw core::Error("a layer is a list or a figure, not " + described(L, -1))
            .word("figure")
            .hint("figure({\"scatter\", y ~ x}, {\"lfit\", y ~ x})");
      }
      lua_pop(L, 1);
      report::overlay(all.figure, one.figure);
      all.left_out = std::max(all.left_out, one.left_out);
      all.dates = all.dates || one.dates;
    }
    return all;
  };
  return push_drawn(L, a, frame, draw);
}

}  // namespace

void add_figure_commands(Registry& registry) {
  core::Record record{.name = "figure", .topic = "figures", .summary = "A figure of layers over one another"};
  record.args = {{.name = "layers",
                  .kind = Kind::any,
                  .doc = "lists such as {\"scatter\", y ~ x, color=\"red\"}, or figures",
                  .repeated = true}};
  record.options = figure_options();
  record.example = "figure({\"scatter\", ser ~ lngdp}, {\"lfit\", ser ~ lngdp, ci=true}, by=treat)";
  registry.add({std::move(record), figure});
  for (const PlotKind& kind : plot_kinds()) {
    const bool needs_data = kind.record.topic == "figures" && kind.record.name != "hline" &&
                            kind.record.name != "vline" && kind.record.name != "annotate";
    const auto draw = kind.draw;
    registry.add({kind.record, [draw, needs_data](lua_State* L, Arguments& a) {
                    const data::Frame frame =
                        needs_data ? with_sorted_words(a.frame(), a.column_names("over")) : data::Frame();
                    return push_drawn(L, a, frame, [&](const data::Frame& rows) { return draw(rows, a); });
                  }});
  }
}

}  // namespace bindings
