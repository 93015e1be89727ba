// Single values: what came, what is wanted.
#include "bindings/one_value.hpp"

#include "bindings/expr.hpp"
#include "bindings/session.hpp"
#include "core/near.hpp"
#include "core/text.hpp"

#include <algorithm>
#include <cmath>

namespace bindings {

using core::Kind;
using formula::Tree;

void wrong_value(lua_State* L, int index, const Wanted& wanted) {
  core::Error error(wanted.what + " takes " + kind_text(wanted.kind) + ", not " + described(L, index));
  if (lua_type(L, index) == LUA_TSTRING) error.word(text_at(L, index));
  const std::string function = lua_isfunction(L, index) ? function_name(L, index) : "";
  if (!function.empty() && wanted.kind == Kind::column && session(L).in_use() && !session(L).is_column(function))
    error.hint("no column has that name.  " + core::did_you_mean("", session(L).column_names(), "columns"));
  if (lua_isboolean(L, index)) {
    const std::string text = comparison_as_string(L);
    error.hint("a comparison with == gives true or false at once: write it as a string" +
               (text.empty() ? "" : ", " + text));
  }
  if (test_value<ColumnValue>(L, index))
    error.hint("name the column and give its frame: f(x, data=df); gen(e = …) makes values a column first");
  throw core::Error(std::move(error));
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
  if (lua_type(L, index) != LUA_TNUMBER) wrong_value(L, index, wanted);
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
  if (text.empty() && lua_type(L, index) != LUA_TSTRING) wrong_value(L, index, wanted);
  if (wanted.one_of && std::find(wanted.one_of->begin(), wanted.one_of->end(), text) == wanted.one_of->end()) {
    std::vector<std::string> quoted;
    for (const std::string& word : *wanted.one_of) quoted.push_back("\"" + word + "\"");
    const std::string near = core::nearest(text, *wanted.one_of);
    const std::string allowed =
        (wanted.kind == Kind::text ? "one of " : kind_text(wanted.kind) + " or ") + core::join(quoted, ", ");
    throw core::Error(wanted.what + " must be " + allowed + ", not \"" + text + "\"")
        .word(text)
        .hint(near.empty() ? "" : "did you mean \"" + near + "\"?");
  }
  return text;
}

Tree expression_at(lua_State* L, int index, const Wanted& wanted) {
  if (lua_isboolean(L, index)) wrong_value(L, index, wanted);
  if (lua_type(L, index) == LUA_TNUMBER && (wanted.kind == Kind::formula || wanted.kind == Kind::terms)) {
    throw core::Error(wanted.what + " takes " + kind_text(wanted.kind) + ", not the number " + printed_at(L, index))
        .hint("if a variable hides the column, rename the variable or write col.NAME");
  }
  if (wanted.kind == Kind::terms && lua_istable(L, index) && is_list(L, index)) return list_node(L, index);
  Tree tree = tree_at(L, index);
  if (!tree) wrong_value(L, index, wanted);
  return tree;
}

Tree column_at(lua_State* L, int index, const Wanted& wanted) {
  if (lua_type(L, index) == LUA_TSTRING) {
    const std::string text = text_at(L, index);
    if (core::trim(text).empty()) wrong_value(L, index, wanted);
    return formula::name(text);
  }
  const std::string name = operand_name(L, index);
  if (!name.empty()) return formula::name(name);
  if (const Expr* expr = test_value<Expr>(L, index); expr && expr->tree)
    throw core::Error(wanted.what + " takes a column, not the expression " + formula::print(expr->tree));
  wrong_value(L, index, wanted);
}

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
    case Kind::spatial:
      return "spatial weights such as weights.queen(map)";
  }
  return "a value";
}

}  // namespace bindings
