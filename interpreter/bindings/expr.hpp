// Symbols: what scripts compute with column names.
#pragma once

#include "bindings/value.hpp"

#include <string>

namespace bindings {

/// Metatables of Expr, Prefix and of all functions; the translator's __ia.
void open_expr(lua_State* L);
/// The metatable of Lua's library tables (math, string, …), so that they too can be columns.
constexpr const char* library_operators = "moontide.library operators";
/// Its __call: table{ … } is the command of that name.
int call_library(lua_State* L);
/// log, exp, missing, I, … in scripts: call nodes on symbols, numbers on numbers.
void open_functions(lua_State* L);

/// Pushes the script function of that name (log, I, __kw, __ia, col, …); false and nothing pushed when there is none.
bool push_script_function(lua_State* L, const std::string& name);
/// Pushes `i`, `c`, `L`, `L2`, …; false when the name is no prefix.
bool push_prefix(lua_State* L, const std::string& name);
bool is_prefix(const std::string& name);
bool is_formula_function(const std::string& name);
/// Remembers the name of the function or library table at the top of the stack, so that as an operand it can be a
/// column.
void name_function(lua_State* L, const std::string& name);

/// A call node over the values first … top, a trailing keyword table among them.
formula::Tree call_node(lua_State* L, const std::string& function, int first);
/// A Lua list as a node: {y1, y2}. Throws core::Error for items that are no expressions.
formula::Tree list_node(lua_State* L, int index);
/// The column a value names as an operand: symbols of one name, prefixes, commands, functions, libraries; "" when none.
std::string operand_name(lua_State* L, int index);
/// A Lua table that is no column: a list of arguments.
inline bool is_list(lua_State* L, int index) { return lua_istable(L, index) && operand_name(L, index).empty(); }
/// Marks the table at `table` (a positive index) as the keywords of a call, written in this order (names with blanks
/// between).
void mark_keywords(lua_State* L, int table, const std::string& order);
/// Keywords of a translated call, in order: is the value such a table?
bool is_keywords(lua_State* L, int index);
std::vector<std::string> keyword_order(lua_State* L, int index);

/// The string to write instead of a comparison on symbols that stands at this script position: `keep "year >= 2013"`;
/// "" when the line holds no comparison.
std::string comparison_as_string(lua_State* L);

}  // namespace bindings
