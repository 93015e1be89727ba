// Functions that scripts see beside Lua's own: log, exp, missing, I, … make call nodes on symbols and compute on
// numbers;
// __kw, __ia and __shown are what the translator writes.
#include "bindings/errors.hpp"
#include "bindings/expr.hpp"
#include "bindings/statement_form.hpp"
#include "data/column.hpp"
#include "formula/evaluate.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <set>
#include <string_view>

namespace bindings {
namespace {

using formula::Op;
using formula::Tree;

// Registry tables: script functions by name; names by function (weak keys); keyword metatables by their order.
constexpr const char* functions_key = "moontide.functions";
constexpr const char* names_key = "moontide.names";
constexpr const char* keywords_key = "moontide.keywords";

// Several regressions in one formula (formula/stepwise.hpp).
constexpr std::array<const char*, 4> step_words{"sw", "csw", "sw0", "csw0"};

const std::set<std::string, std::less<>>& formula_functions() {
  static const std::set<std::string, std::less<>> names(formula::function_names().begin(),
                                                        formula::function_names().end());
  return names;
}

/// A value inside a call: trees, and lists of them. literal: a string is a text, not an expression.
Tree call_argument(lua_State* L, int index, bool literal) {
  if (literal && lua_type(L, index) == LUA_TSTRING) return formula::text(text_at(L, index));
  if (Tree tree = tree_at(L, index)) return tree;
  if (lua_isboolean(L, index)) {
    auto truth = std::make_shared<formula::Node>();
    truth->op = Op::truth;
    truth->number = lua_toboolean(L, index);
    return truth;
  }
  if (!lua_istable(L, index)) return nullptr;
  std::vector<std::pair<std::string, Tree>> named;  // bin={early={2011, 2012}} is list(early={2011, 2012})
  if (literal)
    for (lua_pushnil(L); lua_next(L, index); lua_pop(L, 1))
      if (lua_type(L, -2) == LUA_TSTRING) named.emplace_back(text_at(L, -2), call_argument(L, lua_gettop(L), literal));
  std::sort(named.begin(), named.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  std::vector<Tree> items;
  const lua_Integer n = luaL_len(L, index);
  for (lua_Integer i = 1; i <= n; ++i) {
    lua_geti(L, index, i);
    items.push_back(call_argument(L, lua_gettop(L), literal));
    lua_pop(L, 1);
  }
  const bool whole = std::none_of(items.begin(), items.end(), [](const Tree& tree) { return tree == nullptr; }) &&
                     std::none_of(named.begin(), named.end(), [](const auto& one) { return one.second == nullptr; });
  if (!whole) return nullptr;
  return named.empty() ? formula::node(Op::list, std::move(items))
                       : formula::call("list", std::move(items), std::move(named));
}

bool all_numbers(lua_State* L) {
  for (int i = 1; i <= lua_gettop(L); ++i)
    if (lua_type(L, i) != LUA_TNUMBER) return false;
  return lua_gettop(L) > 0;
}

/// A formula function as a Lua function. Upvalues: its name; math's function of that name, or nil.
int formula_function(lua_State* L) {
  const std::string name = text_at(L, lua_upvalueindex(1));
  const bool of_rows = name == "n" || name == "seq";
  if (lua_gettop(L) == 0 && !of_rows) throw core::Error("'" + name + "' needs an argument").word(name);
  if (all_numbers(L)) {
    if (lua_isfunction(L, lua_upvalueindex(2))) {
      lua_pushvalue(L, lua_upvalueindex(2));
      lua_insert(L, 1);
      lua_call(L, lua_gettop(L) - 1, LUA_MULTRET);
      return lua_gettop(L);
    }
    const data::Frame one_row = data::Frame().with("_", data::Column::reals({0}));
    lua_pushnumber(L, formula::evaluate_numbers(call_node(L, name, 1), one_row).at(0));
    return 1;
  }
  bool eager = false;
  for (int i = 1; i <= lua_gettop(L); ++i) eager = eager || test_value<ColumnValue>(L, i) != nullptr;
  if (eager) {
    push_value(L, compute(L, [&](const std::vector<Tree>& operands) { return formula::call(name, operands); }));
    return 1;
  }
  push_expr(L, call_node(L, name, 1));
  return 1;
}

// __kw("k j", {k=v, j=w}): the table, with a metatable that remembers the order. One metatable per order.
int keywords(lua_State* L) {
  luaL_checktype(L, 2, LUA_TTABLE);
  mark_keywords(L, 2, luaL_checkstring(L, 1));
  lua_settop(L, 2);
  return 1;
}

bool is_command(lua_State* L, int index) {
  const std::string name = function_name(L, index);
  return !name.empty() && session(L).commands.find(name) != nullptr;
}

// Calls upvalue 1 (a function, or the method of that name of upvalue 2) and shows its first value.
int call_and_show(lua_State* L) {
  const int arguments = lua_gettop(L);
  bool ours = false;
  if (lua_isnil(L, lua_upvalueindex(2))) {
    lua_pushvalue(L, lua_upvalueindex(1));
    lua_insert(L, 1);
    ours = is_command(L, 1);
    lua_call(L, arguments, LUA_MULTRET);
  } else {
    lua_pushvalue(L, lua_upvalueindex(1));
    lua_pushvalue(L, lua_upvalueindex(2));
    lua_gettable(L, -2);
    lua_insert(L, 1);
    lua_insert(L, 2);
    // Saving gives the value back for another :save, and shows nothing.
    ours = lua_isuserdata(L, 2) && luaL_getmetafield(L, 2, "__show") != LUA_TNIL &&
           text_at(L, lua_upvalueindex(2)) != "save";
    lua_settop(L, arguments + 2);
    lua_call(L, arguments + 1, LUA_MULTRET);
  }
  if (ours && lua_gettop(L) > 0) show(L, 1);
  return lua_gettop(L);
}

// __shown(did)(…), __shown(m, "plot")(…): a statement whose line calls the same name elsewhere too.
int shown_call(lua_State* L) {
  lua_settop(L, 2);
  lua_pushcclosure(L, guarded<call_and_show>, 2);
  return 1;
}

// print as in Lua, except that a frame alone shows its first rows; among others it is one line.
int print_values(lua_State* L) {
  if (lua_gettop(L) == 1 && test_value<FrameRef>(L, 1)) {
    show(L, 1);
    return 0;
  }
  lua_pushvalue(L, lua_upvalueindex(1));
  lua_insert(L, 1);
  lua_call(L, lua_gettop(L) - 1, 0);
  return 0;
}

/// Lua's own functions and libraries.
void name_library(lua_State* L) {
  lua_pushglobaltable(L);
  for (lua_pushnil(L); lua_next(L, -2); lua_pop(L, 1)) {
    if (lua_type(L, -2) != LUA_TSTRING) continue;
    const std::string name = text_at(L, -2);
    if (lua_isfunction(L, -1)) name_function(L, name);
    if (lua_istable(L, -1) && name != LUA_GNAME) {  // string, math, os, …: as operands, columns of that name
      name_function(L, name);
      luaL_setmetatable(L, library_operators);
    }
  }
  lua_pop(L, 1);
}

}  // namespace

Tree list_node(lua_State* L, int index) {
  Tree list = call_argument(L, lua_absindex(L, index), false);
  if (!list || list->op != Op::list || list->children.empty())
    throw core::Error("a list in a formula holds columns: {y1, y2} ~ x");
  return list;
}

bool is_formula_function(const std::string& name) {
  return name == "I" || std::find(step_words.begin(), step_words.end(), name) != step_words.end() ||
         formula_functions().count(name) != 0;
}

bool is_prefix(const std::string& name) {
  if (name == "i" || name == "c" || name == "fe" || name == "col") return true;
  if (name.empty() || std::string_view("LFDS").find(name[0]) == std::string_view::npos) return false;
  return std::all_of(name.begin() + 1, name.end(), [](unsigned char c) { return std::isdigit(c); });
}

bool push_prefix(lua_State* L, const std::string& name) {
  if (!is_prefix(name)) return false;
  push_value(L, Prefix{name});
  return true;
}

Tree call_node(lua_State* L, const std::string& function, int first) {
  const int top = lua_gettop(L);
  const bool named = top >= first && is_keywords(L, top);
  std::vector<Tree> children;
  for (int i = first; i <= (named ? top - 1 : top); ++i) {
    if (lua_isboolean(L, i))  // year == 2015 is false to Lua before anybody can see it
      throw core::Error("argument " + std::to_string(i - first + 1) + " of " + function + "(…) is " +
                        (lua_toboolean(L, i) ? "true" : "false") +
                        ": columns are compared in strings, not with symbols")
          .word(function)
          .hint("write the whole term as a string: \"" + function + "(year == 2015" +
                (function == "cond" ? ", 1, 0" : "") + ")\"");
    Tree tree = call_argument(L, i, formula::takes_literal_text(function));
    if (!tree)
      throw core::Error("argument " + std::to_string(i - first + 1) + " of " + function +
                        "(…) takes a column or a number, not " + described(L, i))
          .word(function);
    children.push_back(std::move(tree));
  }
  std::vector<std::pair<std::string, Tree>> options;
  if (named) {
    for (const std::string& key : keyword_order(L, top)) {
      lua_getfield(L, top, key.c_str());
      if (!lua_isnil(L, -1)) {
        Tree tree = call_argument(L, lua_gettop(L), true);
        if (!tree)
          throw core::Error("'" + key + "' of " + function + "(…) takes a column, a number or a string, not " +
                            described(L, -1))
              .word(key);
        options.emplace_back(key, std::move(tree));
      }
      lua_pop(L, 1);
    }
  }
  return formula::call(function, std::move(children), std::move(options));
}

void mark_keywords(lua_State* L, int table, const std::string& order) {
  lua_getfield(L, LUA_REGISTRYINDEX, keywords_key);
  push_text(L, order);
  if (lua_rawget(L, -2) == LUA_TNIL) {
    lua_pop(L, 1);
    lua_createtable(L, 0, 1);
    push_text(L, order);
    lua_setfield(L, -2, "keywords");
    push_text(L, order);
    lua_pushvalue(L, -2);
    lua_rawset(L, -4);
  }
  lua_setmetatable(L, table);
  lua_pop(L, 1);
}

bool is_keywords(lua_State* L, int index) {
  if (!lua_istable(L, index) || !lua_getmetatable(L, index)) return false;
  lua_pushliteral(L, "keywords");
  const bool found = lua_rawget(L, -2) == LUA_TSTRING;
  lua_pop(L, 2);
  return found;
}

std::vector<std::string> keyword_order(lua_State* L, int index) {
  std::vector<std::string> names(1);
  luaL_getmetafield(L, index, "keywords");
  for (const char c : text_at(L, -1)) {
    if (c != ' ') {
      names.back() += c;
    } else {
      names.emplace_back();
    }
  }
  lua_pop(L, 1);
  return names;
}

void name_function(lua_State* L, const std::string& name) {
  lua_getfield(L, LUA_REGISTRYINDEX, names_key);
  lua_pushvalue(L, -2);
  push_text(L, name);
  lua_rawset(L, -3);
  lua_pop(L, 1);
}

std::string function_name(lua_State* L, int index) {
  if (!lua_isfunction(L, index) && !lua_istable(L, index)) return "";
  lua_pushvalue(L, index);
  lua_getfield(L, LUA_REGISTRYINDEX, names_key);
  lua_insert(L, -2);
  std::string name = lua_rawget(L, -2) == LUA_TSTRING ? text_at(L, -1) : "";
  lua_pop(L, 2);
  return name;
}

bool push_script_function(lua_State* L, const std::string& name) {
  lua_getfield(L, LUA_REGISTRYINDEX, functions_key);
  lua_getfield(L, -1, name.c_str());
  lua_remove(L, -2);
  if (!lua_isnil(L, -1)) return true;
  lua_pop(L, 1);
  return false;
}

void add_script_function(lua_State* L, const char* name, lua_CFunction function) {
  lua_getfield(L, LUA_REGISTRYINDEX, functions_key);
  lua_pushcfunction(L, function);
  lua_setfield(L, -2, name);
  lua_pop(L, 1);
}

void open_functions(lua_State* L) {
  lua_newtable(L);
  lua_createtable(L, 0, 1);
  lua_pushliteral(L, "k");
  lua_setfield(L, -2, "__mode");
  lua_setmetatable(L, -2);
  lua_setfield(L, LUA_REGISTRYINDEX, names_key);
  lua_newtable(L);
  lua_setfield(L, LUA_REGISTRYINDEX, keywords_key);
  lua_getglobal(L, "print");
  lua_pushcclosure(L, guarded<print_values>, 1);
  lua_setglobal(L, "print");
  name_library(L);

  lua_newtable(L);
  lua_getglobal(L, LUA_MATHLIBNAME);
  std::vector<std::string> names = formula::function_names();
  names.emplace_back("I");
  names.insert(names.end(), step_words.begin(), step_words.end());
  for (const std::string& name : names) {
    push_text(L, name);
    lua_getfield(L, -2, name.c_str());
    lua_pushcclosure(L, guarded<formula_function>, 2);
    name_function(L, name);
    lua_setfield(L, -3, name.c_str());
  }
  lua_pop(L, 1);
  lua_pushcfunction(L, keywords);
  lua_setfield(L, -2, "__kw");
  lua_pushcfunction(L, guarded<shown_call>);
  lua_setfield(L, -2, "__shown");
  push_value(L, Expr{nullptr, Expr::State::mark});
  lua_setfield(L, -2, "__ia");
  lua_setfield(L, LUA_REGISTRYINDEX, functions_key);
}

}  // namespace bindings
