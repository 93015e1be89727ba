// One Lua value as a core::Kind wants it, or an error that says what came.
#include "bindings/convert.hpp"

#include "bindings/expr.hpp"
#include "core/near.hpp"
#include "core/text.hpp"
#include "formula/parse.hpp"

#include <algorithm>
#include <cmath>

namespace bindings {
namespace {

using core::Kind;
using formula::Tree;

[[noreturn]] void wrong(lua_State* L, int index, const Wanted& wanted) {
  core::Error error(wanted.what + " takes " + kind_text(wanted.kind) + ", not " + described(L, index));
  if (lua_type(L, index) == LUA_TSTRING) error.word(text_at(L, index));
  if (lua_isboolean(L, index)) {
    const std::string text = comparison_as_string(L);
    error.hint("a comparison with == gives true or false at once: write it as a string" +
               (text.empty() ? "" : ", " + text));
  }
  if (test_value<ColumnValue>(L, index)) error.hint("name the column and give its frame: f(x, data=df)");
  throw core::Error(std::move(error));
}

/// A list has no named fields: they would be ignored.
void check_list(lua_State* L, int index, const Wanted& wanted) {
  for (lua_pushnil(L); lua_next(L, index); lua_pop(L, 1)) {
    if (lua_type(L, -2) != LUA_TSTRING) continue;
    const std::string field = text_at(L, -2);
    throw core::Error(wanted.what + " takes a list, and this table has a field '" + field + "'").word(field);
  }
}

void check_range(double value, const Wanted& wanted) {
  if (value >= wanted.min && value <= wanted.max) return;
  std::string allowed;
  if (std::isinf(wanted.max)) {
    allowed = core::shortest(wanted.min) + " or more";
  } else if (std::isinf(wanted.min)) {
    allowed = core::shortest(wanted.max) + " or less";
  } else {
    allowed = "between " + core::shortest(wanted.min) + " and " + core::shortest(wanted.max);
  }
  throw core::Error(wanted.what + " must be " + allowed + ", not " + core::shortest(value));
}

double number_at(lua_State* L, int index, const Wanted& wanted) {
  if (lua_type(L, index) != LUA_TNUMBER) wrong(L, index, wanted);
  const double value = lua_tonumber(L, index);
  check_range(value, wanted);
  return value;
}

std::string text_of(lua_State* L, int index, const Wanted& wanted) {
  std::string text;
  if (lua_type(L, index) == LUA_TSTRING) {
    text = text_at(L, index);
  } else if (wanted.one_of || wanted.kind == Kind::texts) {
    // A bare word that happens to be a column or a command: assign=unit, keep={did, lngdp}.
    const Expr* expr = test_value<Expr>(L, index);
    text = expr && expr->tree ? formula::print(expr->tree) : operand_name(L, index);
    if (text.empty()) text = function_name(L, index);
  }
  if (text.empty() && lua_type(L, index) != LUA_TSTRING) wrong(L, index, wanted);
  if (wanted.one_of && std::find(wanted.one_of->begin(), wanted.one_of->end(), text) == wanted.one_of->end()) {
    std::vector<std::string> quoted;
    for (const std::string& word : *wanted.one_of) quoted.push_back("\"" + word + "\"");
    const std::string near = core::nearest(text, *wanted.one_of);
    throw core::Error(wanted.what + " must be one of " + core::join(quoted, ", ") + ", not \"" + text + "\"")
        .word(text)
        .hint(near.empty() ? "" : "did you mean \"" + near + "\"?");
  }
  return text;
}

Tree expression_at(lua_State* L, int index, const Wanted& wanted) {
  if (lua_isboolean(L, index)) wrong(L, index, wanted);
  if (lua_type(L, index) == LUA_TNUMBER && (wanted.kind == Kind::formula || wanted.kind == Kind::terms)) {
    throw core::Error(wanted.what + " takes " + kind_text(wanted.kind) + ", not the number " + printed_at(L, index))
        .hint("if a variable hides the column, rename the variable or write col.NAME");
  }
  Tree tree = tree_at(L, index);
  if (!tree) wrong(L, index, wanted);
  return tree;
}

/// A column by symbol or by name. A string is a name as it stands, whatever it holds.
Tree column_at(lua_State* L, int index, const Wanted& wanted) {
  if (lua_type(L, index) == LUA_TSTRING) {
    const std::string text = text_at(L, index);
    if (core::trim(text).empty()) wrong(L, index, wanted);
    return formula::name(text);
  }
  const std::string name = operand_name(L, index);
  if (!name.empty()) return formula::name(name);
  if (const Expr* expr = test_value<Expr>(L, index); expr && expr->tree)
    throw core::Error(wanted.what + " takes a column, not the expression " + formula::print(expr->tree));
  wrong(L, index, wanted);
}

/// Names of "a b, c"; names with a backquote each are taken whole.
std::vector<std::string> words(const std::string& text) {
  std::vector<std::string> out;
  std::string word;
  for (const char c : text + " ") {
    if (c == ' ' || c == ',' || c == '+' || c == '\n' || c == '\t') {
      if (!word.empty()) out.push_back(word);
      word.clear();
    } else {
      word += c;
    }
  }
  return out;
}

/// The terms of a + b + c.
void sum_terms(const Tree& tree, std::vector<Tree>& out) {
  if (tree->op == formula::Op::plus) {
    for (const Tree& child : tree->children) sum_terms(child, out);
  } else {
    out.push_back(tree);
  }
}

void append_columns(lua_State* L, int index, const Wanted& wanted, int list) {
  std::vector<Tree> trees;
  if (is_list(L, index)) {
    check_list(L, index, wanted);
    const lua_Integer n = luaL_len(L, index);
    for (lua_Integer i = 1; i <= n; ++i) {
      lua_geti(L, index, i);
      append_columns(L, lua_gettop(L), wanted, list);
      lua_pop(L, 1);
    }
    return;
  }
  if (lua_type(L, index) == LUA_TSTRING) {
    const std::string text = text_at(L, index);
    const FrameRef& box = session(L).in_use();
    if (box && box->frame.has(text)) {
      trees.push_back(formula::name(text));
    } else {
      for (const std::string& word : words(text)) trees.push_back(formula::name(word));
    }
    if (trees.empty()) wrong(L, index, wanted);
  } else {
    sum_terms(expression_at(L, index, wanted), trees);
  }
  for (Tree& tree : trees) {
    if (tree->op != formula::Op::name)
      throw core::Error(wanted.what + " takes columns, not the expression " + formula::print(tree));
    push_expr(L, std::move(tree));
    lua_rawseti(L, list, static_cast<lua_Integer>(lua_rawlen(L, list)) + 1);
  }
}

template <class Push>
void push_list(lua_State* L, int index, const Wanted& wanted, const Push& push_item) {
  lua_newtable(L);
  const int list = lua_gettop(L);
  if (!is_list(L, index)) {
    push_item(index);
    lua_rawseti(L, list, 1);
    return;
  }
  check_list(L, index, wanted);
  const lua_Integer n = luaL_len(L, index);
  for (lua_Integer i = 1; i <= n; ++i) {
    lua_geti(L, index, i);
    push_item(lua_gettop(L));
    lua_rawseti(L, list, i);
    lua_pop(L, 1);
  }
}

template <class T>
void push_same(lua_State* L, int index, const Wanted& wanted) {
  if (!test_value<T>(L, index)) wrong(L, index, wanted);
  lua_pushvalue(L, index);
}

void push_integer(lua_State* L, int index, const Wanted& wanted) {
  int whole = 0;
  const lua_Integer value = lua_type(L, index) == LUA_TNUMBER ? lua_tointegerx(L, index, &whole) : 0;
  if (!whole) wrong(L, index, wanted);
  check_range(static_cast<double>(value), wanted);
  lua_pushinteger(L, value);
}

void push_vcov(lua_State* L, int index, const Wanted& wanted) {
  if (lua_type(L, index) == LUA_TSTRING) {
    push_value(L, inference::parse_vcov(text_at(L, index)));
    return;
  }
  const std::string name = operand_name(L, index);
  if (!name.empty() && !test_value<inference::VcovSpec>(L, index))
    throw core::Error(wanted.what + " takes " + kind_text(wanted.kind)).word(name).hint("write cluster(" + name + ")");
  push_same<inference::VcovSpec>(L, index, wanted);
}

}  // namespace

std::string kind_text(Kind kind) {
  switch (kind) {
    case Kind::any:
      return "a value";
    case Kind::number:
      return "a number";
    case Kind::integer:
      return "a whole number";
    case Kind::boolean:
      return "true or false";
    case Kind::text:
      return "a string";
    case Kind::numbers:
      return "a number or a list of numbers";
    case Kind::texts:
      return "a string or a list of strings";
    case Kind::column:
      return "a column";
    case Kind::columns:
      return "columns";
    case Kind::expression:
      return "an expression of columns";
    case Kind::condition:
      return "a condition such as \"year >= 2013\"";
    case Kind::formula:
      return "a formula such as y ~ x";
    case Kind::terms:
      return "terms such as \"city + year\"";
    case Kind::vcov:
      return "a vcov such as \"hetero\" or cluster(city)";
    case Kind::weights:
      return "weights such as aw(pop)";
    case Kind::frame:
      return "a frame";
    case Kind::result:
      return "a result of an estimator";
    case Kind::table:
      return "a table of results";
    case Kind::figure:
      return "a figure";
    case Kind::list:
      return "a Lua table";
    case Kind::function:
      return "a function";
  }
  return "a value";
}

formula::Weights weights_at(lua_State* L, int index) {
  if (const auto* given = test_value<formula::Weights>(L, index)) return *given;
  const Tree tree = expression_at(L, index, {Kind::weights, "weights"});
  if (tree->op == formula::Op::call && tree->children.size() == 1) {
    if (tree->text == "aw") return {formula::WeightKind::analytic, tree->children[0]};
    if (tree->text == "fw") return {formula::WeightKind::frequency, tree->children[0]};
    if (tree->text == "pw") return {formula::WeightKind::probability, tree->children[0]};
  }
  return {formula::WeightKind::analytic, tree};
}

void push_converted(lua_State* L, int index, const Wanted& wanted) {
  luaL_checkstack(L, 10, "arguments");
  switch (wanted.kind) {
    case Kind::any:
      lua_pushvalue(L, index);
      break;
    case Kind::number:
      lua_pushnumber(L, number_at(L, index, wanted));
      break;
    case Kind::integer:
      push_integer(L, index, wanted);
      break;
    case Kind::boolean:
      if (!lua_isboolean(L, index)) wrong(L, index, wanted);
      lua_pushvalue(L, index);
      break;
    case Kind::text:
      push_text(L, text_of(L, index, wanted));
      break;
    case Kind::numbers:
      push_list(L, index, wanted, [&](int item) { lua_pushnumber(L, number_at(L, item, wanted)); });
      break;
    case Kind::texts:
      push_list(L, index, wanted, [&](int item) { push_text(L, text_of(L, item, wanted)); });
      break;
    case Kind::column:
      push_expr(L, column_at(L, index, wanted));
      break;
    case Kind::columns:
      lua_newtable(L);
      append_columns(L, index, wanted, lua_gettop(L));
      break;
    case Kind::expression:
    case Kind::condition:
    case Kind::formula:
    case Kind::terms:
      push_expr(L, expression_at(L, index, wanted));
      break;
    case Kind::vcov:
      push_vcov(L, index, wanted);
      break;
    case Kind::weights:
      if (!test_value<formula::Weights>(L, index) && !tree_at(L, index)) wrong(L, index, wanted);
      push_value(L, weights_at(L, index));
      break;
    case Kind::frame:
      push_same<FrameRef>(L, index, wanted);
      break;
    case Kind::result:
      push_same<FitRef>(L, index, wanted);
      break;
    case Kind::table:
      push_same<TableRef>(L, index, wanted);
      break;
    case Kind::figure:
      push_same<FigureRef>(L, index, wanted);
      break;
    case Kind::list:
      if (!lua_istable(L, index)) wrong(L, index, wanted);
      lua_pushvalue(L, index);
      break;
    case Kind::function:
      if (!lua_isfunction(L, index)) wrong(L, index, wanted);
      lua_pushvalue(L, index);
      break;
  }
}

void append_converted(lua_State* L, int index, const Wanted& wanted, int list) {
  if (wanted.kind == Kind::columns) {
    append_columns(L, index, wanted, list);
    return;
  }
  if (is_list(L, index)) check_list(L, index, wanted);
  const bool gives_list = wanted.kind == Kind::texts || wanted.kind == Kind::numbers;
  if (gives_list) {
    push_converted(L, index, wanted);
    index = lua_gettop(L);
  }
  const lua_Integer n = luaL_len(L, index);
  for (lua_Integer i = 1; i <= n; ++i) {
    lua_geti(L, index, i);
    if (!gives_list) {
      push_converted(L, lua_gettop(L), wanted);
      lua_remove(L, -2);
    }
    lua_rawseti(L, list, static_cast<lua_Integer>(lua_rawlen(L, list)) + 1);
  }
  if (gives_list) lua_pop(L, 1);
}

}  // namespace bindings
