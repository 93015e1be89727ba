// gen, replace, rename, label, panel: columns made, changed, named.
#include "bindings/errors.hpp"
#include "bindings/expr.hpp"
#include "bindings/frame_values.hpp"
#include "bindings/open.hpp"
#include "bindings/statements.hpp"
#include "core/near.hpp"
#include "core/text.hpp"
#include "data/display_format.hpp"
#include "data/panel_report.hpp"
#include "data/verbs/keys.hpp"
#include "data/verbs/picked.hpp"
#include "formula/evaluate.hpp"
#include "formula/maps.hpp"
#include "formula/parse.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <numeric>
#include <tuple>

namespace bindings {
namespace {

using core::Kind;

std::optional<data::Grouping> groups_by(const Arguments& a, const data::Frame& frame) {
  if (!a.has("by")) return std::nullopt;
  std::vector<data::ColumnPtr> columns;
  for (const std::string& name : a.column_names("by")) columns.push_back(frame.at(name));
  return data::group(columns);
}

/// As Stata says it: missing values made, values changed.
void say_made(const std::string& name, const data::Column* old, const data::Column& fresh) {
  std::size_t missing = 0, changed = 0;
  for (std::size_t row = 0; row < fresh.size(); ++row) {
    const bool gone = fresh.missing(row);
    missing += gone && !(old && old->missing(row));
    if (!old) continue;
    const bool numbers = old->is_numeric() && fresh.is_numeric();
    changed += old->missing(row) != gone ||
               (!gone && (numbers ? old->number(row) != fresh.number(row) : old->text(row) != fresh.text(row)));
  }
  std::string text;
  if (old) text = core::counted(static_cast<long long>(changed), "value") + " changed";
  if (missing > 0)
    text += (text.empty() ? "" : ", ") + core::counted(static_cast<long long>(missing), "missing value") +
            (old ? " among them" : "");
  if (text.empty()) return;
  std::fflush(stdout);
  std::fprintf(stderr, "%s: %s\n", name.c_str(), text.c_str());
}

bool in_statement(lua_State* L) { return !statement_state(L).text.empty(); }

[[noreturn]] void no_such_column(lua_State* L, const data::Frame& frame, const std::string& name) {
  core::Error error("no column '" + name + "' in frame '" + frame.name() + "'");
  error.word(name).hint(core::did_you_mean(name, frame.names(), "columns"));
  throw core::Error(error.hint(in_statement(L) ? "gen " + name + " = … makes it" : "gen(" + name + " = …) makes it"));
}

/// gen(early = year == 2012): Lua compares the symbol with the number at once, which is false in every row.
void check_no_comparison(lua_State* L, const data::Frame& frame) {
  if (!lua_isboolean(L, -1)) return;
  const std::string condition = comparison_as_string(L);
  if (condition.size() < 3 || condition[0] != '"') return;
  try {
    const std::vector<std::string> names = formula::names_in(formula::parse(condition.substr(1, condition.size() - 2)));
    if (std::none_of(names.begin(), names.end(), [&](const std::string& name) { return frame.has(name); })) return;
  } catch (const core::Error&) {
    return;  // a comparison of Lua values that is no expression of columns
  }
  throw core::Error("columns are compared in strings, not with symbols").hint("write " + condition);
}

bool uses_map(const formula::Tree& tree) {
  if (!tree) return false;
  if (tree->op == formula::Op::call && formula::find_map(tree->text)) return true;
  return std::any_of(tree->children.begin(), tree->children.end(), uses_map);
}

/// An expression over the rows that meet the condition alone, missing in the others: a spatial lag, a statistic.
data::ColumnPtr over_rows_where(const formula::Tree& tree, const formula::Tree& where, const data::Frame& frame,
                                const Arguments& a) {
  const std::vector<std::uint32_t> rows = formula::rows_where(where, frame);
  const data::Frame used = frame.take(rows);
  const std::optional<data::Grouping> by = groups_by(a, used);
  const data::ColumnPtr values = by ? formula::evaluate(tree, used, *by) : formula::evaluate(tree, used);
  return data::placed(*values, rows, frame.rows());
}

/// Does where= say which rows an expression counts, and not only which it fills?
bool counts_rows(const formula::Tree& tree) {
  if (formula::has_statistic(tree) && formula::has_lag(tree))
    throw core::Error("a statistic and a lag in one expression: where= would take the lagged rows away")
        .hint("make the lag a column first");
  return formula::has_statistic(tree) || uses_map(tree);
}

/// Column by column, in the order written; each sees those before it.
int make_columns(lua_State* L, Arguments& a, bool replacing) {
  const FrameRef box = a.box();
  data::Frame frame = box->frame;
  if (a.keywords().empty())
    throw core::Error("no column was named")
        .word(replacing ? "replace" : "gen")
        .hint(in_statement(L) ? "write gen lny = log(y)" : "write NAME = expression, as in gen(lny = log(y))");
  std::vector<std::tuple<std::string, data::ColumnPtr, data::ColumnPtr>> made;
  for (const std::string& name : a.keywords()) {
    const data::ColumnPtr old = frame.find(name);
    if (!replacing && old)
      throw core::Error("there is already a column '" + name + "'")
          .word(name)
          .hint(in_statement(L) ? "replace " + name + " = … changes it" : "replace(" + name + " = …) changes it");
    if (replacing && !old) no_such_column(L, frame, name);
    a.push_keyword(name);
    check_no_comparison(L, frame);
    const bool values = holds_values(L, -1) || lua_isboolean(L, -1);
    data::ColumnPtr fresh;
    if (values) fresh = column_of_values(L, -1, name, frame);
    lua_pop(L, 1);
    if (const formula::Tree where = a.tree("where"); !fresh && where && counts_rows(a.keyword_tree(name)))
      fresh = over_rows_where(a.keyword_tree(name), where, frame, a);
    if (!fresh) {
      const formula::Tree tree = a.keyword_tree(name);
      const std::optional<data::Grouping> by = groups_by(a, frame);
      fresh = by ? formula::evaluate(tree, frame, *by) : formula::evaluate(tree, frame);
    }
    if (frame.width() && fresh->size() != frame.rows())
      throw core::Error("'" + name + "' has " + core::counted(static_cast<long long>(fresh->size()), "value") +
                        ", the data " + core::counted(static_cast<long long>(frame.rows()), "row"))
          .word(name);
    if (const formula::Tree where = a.tree("where")) fresh = spliced(old, fresh, formula::rows_where(where, frame));
    if (old && !old->label().empty() && fresh->label().empty()) fresh = fresh->labelled(old->label());
    if (old && fresh->format().empty() && data::suits(old->format(), fresh->type()))
      fresh = fresh->formatted(old->format());
    made.emplace_back(name, old, fresh);
    frame = frame.with(name, fresh);
  }
  box->frame = frame;
  if (is_statement_call(L))
    for (const auto& [name, old, fresh] : made) say_made(name, old.get(), *fresh);
  return 0;
}

int gen(lua_State* L, Arguments& a) { return make_columns(L, a, false); }
int replace(lua_State* L, Arguments& a) { return make_columns(L, a, true); }

int rename(lua_State* L, Arguments& a) {
  const FrameRef box = a.box();
  data::Frame frame = box->frame;
  for (const std::string& from : a.keywords()) {
    a.push_keyword(from);
    const Expr* expr = test_value<Expr>(L, -1);
    const std::string to = lua_type(L, -1) == LUA_TSTRING ? text_at(L, -1)
                           : expr && expr->tree           ? formula::print(expr->tree)
                                                          : "";
    lua_pop(L, 1);
    frame.at(from);
    if (to.empty())
      throw core::Error("the new name of '" + from + "' is a string")
          .word(from)
          .hint("rename(" + from + " = \"newname\")");
    if (to != from && frame.has(to)) throw core::Error("there is already a column '" + to + "'").word(to);
    frame = frame.renamed(from, to);
  }
  if (a.keywords().empty()) throw core::Error("nothing to rename").word("rename").hint("rename(old = \"new\")");
  box->frame = frame;
  return 0;
}

int label(lua_State* L, Arguments& a) {
  const FrameRef box = a.box();
  data::Frame frame = box->frame;
  const auto set = [&](const std::string& name, int index) {
    if (lua_type(L, index) != LUA_TSTRING)
      throw core::Error("the label of '" + name + "' is a string, not " + described(L, index)).word(name);
    frame = frame.with(name, frame.at(name)->labelled(text_at(L, index)));
  };
  if (a.has("labels")) {
    a.push("labels");
    const int table = lua_gettop(L);
    for (const std::string& name : sorted_keys(L, table)) {
      lua_getfield(L, table, name.c_str());
      set(name, lua_gettop(L));
      lua_pop(L, 1);
    }
    lua_pop(L, 1);
  }
  for (const std::string& name : a.keywords()) {
    a.push_keyword(name);
    set(name, lua_gettop(L));
    lua_pop(L, 1);
  }
  box->frame = frame;
  return 0;
}

std::string panel_text(const data::PanelReport& r) {
  std::string text = "panel: " + r.unit + " × " + r.time + ", " + core::counted(r.units, "unit") + ", " +
                     core::counted(r.periods, "period") + " (" + r.first + " to " + r.last + ", step " + r.step +
                     "), " + core::counted(r.rows, "row") + "\n";
  if (r.balanced) {
    text += "balanced";
  } else {
    text += "unbalanced: " + core::counted(r.missing_pairs, "unit-time pair") + " missing";
    if (r.gaps > 0)
      text += "; " + core::counted(r.gaps, "gap") + " inside " + core::counted(r.units_with_gaps, "unit") +
              " (lags across a gap are missing)";
    text += "\nrows per unit: min " + core::shortest(r.rows_per_unit[0]) + ", median " +
            core::shortest(r.rows_per_unit[3]) + ", mean " + core::significant(r.mean_rows_per_unit, 4) + ", max " +
            core::shortest(r.rows_per_unit[6]);
    for (const auto& [pattern, units] : r.patterns) text += "\n  " + pattern + "  " + core::counted(units, "unit");
  }
  return text;
}

int panel(lua_State* L, Arguments& a) {
  const FrameRef box = a.box();
  std::string unit, time;
  if (a.has("unit")) {
    if (!a.has("time"))
      throw core::Error("argument 'time' is missing")
          .word("panel")
          .hint("panel(city, year) declares units and times; tsset(year) the time of a single series");
    unit = a.column_names("unit").at(0);
    time = a.column_names("time").at(0);
    box->frame = box->frame.with_panel(unit, time);
  } else if (!box->frame.panel()) {
    throw core::Error("no panel is declared").word("panel").hint("panel(city, year) declares units and times");
  }
  if (is_statement_call(L)) {
    const data::Panel& declared = *box->frame.panel();
    std::printf("%s\n", panel_text(data::report(declared, box->frame.at(declared.time)->format())).c_str());
  }
  return 0;
}

/// tsset(year), or as Stata allows tsset(city, year).
int tsset(lua_State*, Arguments& a) {
  const FrameRef box = a.box();
  const std::vector<std::string> names = a.column_names("columns");
  if (names.size() > 2)
    throw core::Error("tsset takes the time, or a unit and the time: " + std::to_string(names.size()) + " are given");
  box->frame = box->frame.with_panel(names.size() == 2 ? names[0] : "", names.back());
  return 0;
}

}  // namespace

void add_column_commands(Registry& registry) {
  const std::vector<core::OptionSpec> options = {{.name = "where",
                                                  .kind = Kind::condition,
                                                  .doc = "rows to fill, and to count in means and other statistics; "
                                                         "gen leaves the others missing, replace as they are",
                                                  .default_text = {},
                                                  .aliases = {"if"}},
                                                 {.name = "by",
                                                  .kind = Kind::columns,
                                                  .doc = "aggregates (mean, sum, …) are taken within these groups",
                                                  .default_text = {}}};
  registry.add({{.name = "gen",
                 .topic = "data",
                 .summary = "Makes columns: NAME = expression, in the order written",
                 .options = options,
                 .example = "gen(lny = log(y), share = y / sum(y), by=year)",
                 .open_keywords = true},
                gen});
  registry.add({{.name = "replace",
                 .topic = "data",
                 .summary = "Changes columns: NAME = expression",
                 .options = options,
                 .example = "replace(x = 0, where=\"missing(x)\")",
                 .open_keywords = true},
                replace});
  registry.add({{.name = "rename",
                 .topic = "data",
                 .summary = "Renames columns: OLD = \"new\"",
                 .example = "rename(gdp = \"output\")",
                 .open_keywords = true},
                rename,
                true,
                false});
  registry.add({{.name = "label",
                 .topic = "data",
                 .summary = "Gives columns labels, which tables print",
                 .args = {{.name = "labels", .kind = Kind::list, .doc = "{name=\"label\", …}", .optional = true}},
                 .example = "label(ser = \"Industrial upgrading\")",
                 .open_keywords = true},
                label,
                true,
                false});
  registry.add({{.name = "panel",
                 .topic = "data",
                 .summary = "Declares units and times, and says how complete the panel is",
                 .args = {{.name = "unit", .kind = Kind::column, .doc = "unit identifier", .optional = true},
                          {.name = "time", .kind = Kind::column, .doc = "whole numbers or dates", .optional = true}},
                 .example = "panel(city, year)"},
                panel,
                true,
                false});
  registry.add(
      {{.name = "tsset",
        .topic = "data",
        .summary = "Declares the time of a single series, or as panel() a unit and the time",
        .args = {{.name = "columns", .kind = Kind::columns, .doc = "time, or unit and time", .repeated = true}},
        .example = "tsset(year)"},
       tsset,
       true,
       false});
}

}  // namespace bindings
