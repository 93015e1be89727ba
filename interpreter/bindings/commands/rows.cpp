// keep, drop, sort: which rows and columns, in which order.
#include "bindings/convert.hpp"
#include "bindings/expr.hpp"
#include "bindings/frame_values.hpp"
#include "bindings/statements.hpp"
#include "core/text.hpp"
#include "data/sort.hpp"
#include "formula/evaluate.hpp"
#include "formula/parse.hpp"

#include <algorithm>
#include <cstdio>

namespace bindings {
namespace {

using core::Kind;

/// What keep and drop were given: columns, or a condition on rows.
struct Choice {
  std::vector<std::string> columns;
  formula::Tree condition;
};

/// "ser rat": every word is a column.
bool all_columns(const data::Frame& frame, const std::vector<std::string>& words) {
  return !words.empty() &&
         std::all_of(words.begin(), words.end(), [&](const std::string& word) { return frame.has(word); });
}

std::vector<std::string> words_of(const std::string& text) {
  std::vector<std::string> words;
  std::string spaced = text;
  std::replace(spaced.begin(), spaced.end(), ',', ' ');
  for (const std::string& word : core::split(spaced, ' '))
    if (!core::trim(word).empty()) words.emplace_back(core::trim(word));
  return words;
}

void add_choice(lua_State* L, int index, const data::Frame& frame, Choice& choice) {
  index = lua_absindex(L, index);
  if (is_list(L, index)) {
    const lua_Integer n = luaL_len(L, index);
    for (lua_Integer i = 1; i <= n; ++i) {
      lua_geti(L, index, i);
      add_choice(L, -1, frame, choice);
      lua_pop(L, 1);
    }
    return;
  }
  if (lua_type(L, index) == LUA_TSTRING) {
    const std::string text = text_at(L, index);
    if (all_columns(frame, frame.has(text) ? std::vector<std::string>{text} : words_of(text))) {
      for (std::string& word : frame.has(text) ? std::vector<std::string>{text} : words_of(text))
        choice.columns.push_back(word);
      return;
    }
    const formula::Tree tree = formula::parse(text);
    if (tree->op == formula::Op::name) frame.at(tree->text);  // a misspelt column: says which is near
    choice.condition = tree;
    return;
  }
  push_converted(L, index, {Kind::condition, "a condition"});
  const formula::Tree tree = test_value<Expr>(L, -1)->tree;
  lua_pop(L, 1);
  if (tree->op == formula::Op::name) {
    frame.at(tree->text);
    choice.columns.push_back(tree->text);
  } else {
    choice.condition = tree;
  }
}

Choice chosen(lua_State* L, Arguments& a, const data::Frame& frame) {
  Choice choice;
  if (a.has("what")) {
    a.push("what");
    add_choice(L, -1, frame, choice);
    lua_pop(L, 1);
  }
  if (const formula::Tree where = a.tree("where")) {
    if (choice.condition) throw core::Error("a condition is given twice").hint("join the two with 'and'");
    choice.condition = where;
  }
  if (choice.condition && !choice.columns.empty())
    throw core::Error("keep and drop take columns or a condition, not both");
  if (!choice.condition && choice.columns.empty())
    throw core::Error("nothing was named").hint("keep \"year >= 2013\" keeps rows, keep(ser, rat) columns");
  return choice;
}

void say(const char* done, std::size_t rows, std::size_t left) {
  std::fflush(stdout);
  std::fprintf(stderr, "%s %s; %s left\n", core::counted(static_cast<long long>(rows), "row").c_str(), done,
               core::grouped(static_cast<long long>(left)).c_str());
}

/// A panel whose unit or period is gone is none any more.
void say_panel_gone(const data::Frame& before, const data::Frame& after) {
  const data::Panel* panel = before.panel();
  if (!panel || after.panel()) return;
  std::fflush(stdout);
  std::fprintf(stderr, "warning: the panel %s × %s is declared no more: '%s' is gone\n", panel->unit.c_str(),
               panel->time.c_str(), (after.has(panel->unit) ? panel->time : panel->unit).c_str());
}

int keep(lua_State* L, Arguments& a) {
  const FrameRef box = a.box();
  const Choice choice = chosen(L, a, box->frame);
  if (choice.condition) {
    const auto rows = formula::rows_where(choice.condition, box->frame);
    const std::size_t gone = box->frame.rows() - rows.size();
    box->frame = box->frame.take(rows);
    if (is_statement_call(L)) say("dropped", gone, rows.size());
  } else {
    const std::size_t before = box->frame.width();
    const data::Frame left = box->frame.selected(choice.columns);
    say_panel_gone(box->frame, left);
    box->frame = left;
    if (!is_statement_call(L) || choice.columns.size() != 1 || before == 1) return 0;
    const std::string& statement = statement_state(L).text;  // keep treat, Stata's, names a column
    if (!statement.empty() && statement.find('"') == std::string::npos) return 0;
    a.push("what");
    const bool text = lua_geti(L, -1, 1) == LUA_TSTRING;  // keep "treat": meant as a condition?
    lua_pop(L, 2);
    if (!text) return 0;
    std::fflush(stdout);
    std::fprintf(stderr, "warning: keep \"%s\" keeps that column alone of %zu; where=\"%s\" keeps rows\n",
                 choice.columns[0].c_str(), before, choice.columns[0].c_str());
  }
  return 0;
}

int drop(lua_State* L, Arguments& a) {
  const FrameRef box = a.box();
  const Choice choice = chosen(L, a, box->frame);
  if (choice.condition) {
    const auto gone = formula::rows_where(choice.condition, box->frame);
    std::vector<std::uint32_t> rows;
    rows.reserve(box->frame.rows() - gone.size());
    for (std::uint32_t row = 0, next = 0; row < box->frame.rows(); ++row) {
      if (next < gone.size() && gone[next] == row) {
        ++next;
      } else {
        rows.push_back(row);
      }
    }
    box->frame = box->frame.take(rows);
    if (is_statement_call(L)) say("dropped", gone.size(), rows.size());
  } else {
    data::Frame left = box->frame;
    for (const std::string& name : choice.columns) left = left.without(name);
    say_panel_gone(box->frame, left);
    box->frame = left;
  }
  return 0;
}

int sort(lua_State*, Arguments& a) {
  const FrameRef box = a.box();
  std::vector<data::SortKey> keys;
  for (const formula::Tree& tree : a.trees("columns")) {
    const bool down = tree->op == formula::Op::negate;
    const formula::Tree name = down ? tree->children[0] : tree;
    if (name->op != formula::Op::name)
      throw core::Error("sort takes columns, not " + formula::print(tree)).hint("make the column first with gen");
    keys.push_back({name->text, down != a.boolean("descending")});
  }
  box->frame = box->frame.take(data::sorted_rows(box->frame, keys));
  return 0;
}

}  // namespace

void add_row_commands(Registry& registry) {
  const std::vector<core::OptionSpec> where = {
      {.name = "where", .kind = Kind::condition, .doc = "the rows", .default_text = {}, .aliases = {"if"}}};
  const core::ArgSpec what{.name = "what",
                           .kind = Kind::any,
                           .doc = "a condition as a string, or columns",
                           .optional = true,
                           .repeated = true};
  registry.add({{.name = "keep",
                 .topic = "data",
                 .summary = "Keeps rows where a condition holds, or the named columns",
                 .args = {what},
                 .options = where,
                 .example = "keep \"year >= 2013 and treat == 1\""},
                keep});
  registry.add({{.name = "drop",
                 .topic = "data",
                 .summary = "Drops rows where a condition holds, or the named columns",
                 .args = {what},
                 .options = where,
                 .example = "drop(deposit, infra)"},
                drop});
  registry.add(
      {{.name = "sort",
        .topic = "data",
        .summary = "Orders rows; ties keep their order, missing values come last",
        .args = {{.name = "columns",
                  .kind = Kind::expression,
                  .doc = "columns; -x for descending order",
                  .repeated = true}},
        .options =
            {{.name = "descending", .kind = Kind::boolean, .doc = "turns the order around", .default_text = "false"}},
        .example = "sort(province, -year)"},
       sort,
       true,
       false});
}

}  // namespace bindings
