// What symbols refuse, with what to write instead; and Lua's own words where nothing is a symbol.
#include "bindings/refusals.hpp"

#include "bindings/expr.hpp"

namespace bindings {

using formula::Tree;

int ordinary_error(lua_State* L, const char* attempt) {
  int blamed = 2;
  for (const int index : {1, 2}) {
    const Expr* expr = test_value<Expr>(L, index);
    const bool fine = expr != nullptr || test_value<Prefix>(L, index) != nullptr || lua_isnumber(L, index) ||
                      lua_type(L, index) == LUA_TSTRING || !operand_name(L, index).empty();
    if (!fine) {
      blamed = index;
      break;
    }
  }
  if (test_value<ColumnValue>(L, blamed))
    throw core::Error("a column's name and values that were taken out of the data do not mix")
        .hint("put the values into the data first: gen(p = m:predict()), then gen(gap = ser - p)");
  const std::string name = function_name(L, blamed);
  if (name.empty()) return luaL_error(L, "attempt to %s a %s value", attempt, luaL_typename(L, blamed));
  core::Error error("attempt to " + std::string(attempt) + " a " + luaL_typename(L, blamed) + " value (global '" +
                    name + "')");
  error.word(name).hint("no open frame has a column called '" + name + "'");
  throw core::Error(std::move(error));
}

int no_bits(lua_State* L) {
  if (!tree_at(L, 1) || !tree_at(L, 2)) return ordinary_error(L, "perform bitwise operation on");
  throw core::Error("columns have no bitwise operators").hint("conditions are strings: \"treat == 1 & post == 1\"");
}

int no_remainder(lua_State* L) {
  if (!tree_at(L, 1) || !tree_at(L, 2)) return ordinary_error(L, "perform arithmetic on");
  throw core::Error("columns have no operator '%'").hint("write it as a string: gen(odd = \"x % 2\")");
}

int no_whole_quotient(lua_State* L) {
  if (!tree_at(L, 1) || !tree_at(L, 2)) return ordinary_error(L, "perform arithmetic on");
  throw core::Error("columns have no operator '//'").hint("write floor(x/m) for the whole quotient");
}

int no_comparison(lua_State* L) {
  if (operand_name(L, 1).empty() && operand_name(L, 2).empty() && !test_value<Expr>(L, 1) && !test_value<Expr>(L, 2))
    return luaL_error(L, "attempt to compare %s with %s", luaL_typename(L, 1), luaL_typename(L, 2));
  const std::string text = comparison_as_string(L);
  throw core::Error("columns are compared in strings, not with symbols")
      .hint(text.empty() ? "write the condition as a string: \"year >= 2013\"" : "write " + text);
}

void refuse_tested_symbol(lua_State* L, const std::string& name, const std::string& word) {
  const std::string text = comparison_as_string(L);
  const std::string write =
      text.empty() ? "write the condition as a string: \"treat == 1 and post == 1\"" : "write " + text;
  if (word == "==" || word == "~=")
    throw core::Error("columns are compared in strings, not with symbols").word(word).hint(write);
  if (word == "then")
    throw core::Error("'" + name + "' is a column, and a column is neither true nor false")
        .word(name)
        .hint("a single value is data()." + name + "[1]; to ask whether a variable is set, give it another name");
  throw core::Error("'" + word + "' cannot join columns: Lua would take " +
                    (word == "not" ? "'not " + name + "' as false" : "one of the two for the whole"))
      .word(word)
      .hint(write);
}

int no_concatenation(lua_State* L) {
  const int index = lua_type(L, 1) == LUA_TSTRING || lua_type(L, 1) == LUA_TNUMBER ? 2 : 1;
  const Tree tree = tree_at(L, index);
  if (!tree) return ordinary_error(L, "concatenate");
  const std::string text = formula::print(tree);
  throw core::Error("'" + text + "' is a column symbol, not a string")
      .word(text)
      .hint("tostring(" + text + ") is its name as a string");
}

int no_length(lua_State* L) {
  const Tree tree = tree_at(L, 1);
  if (!tree && lua_istable(L, 1)) {
    lua_pushinteger(L, static_cast<lua_Integer>(lua_rawlen(L, 1)));
    return 1;
  }
  if (!tree) return luaL_error(L, "attempt to get length of a function value");
  const std::string text = formula::print(tree);
  throw core::Error("'" + text + "' is a column symbol: it has no length").word(text).hint("#frame counts rows");
}

}  // namespace bindings
