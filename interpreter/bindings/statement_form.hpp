// Forms: how statements are read whose words follow no general rule (merge m:1 id using "b.dta"). Written in Lua.
#pragma once

#include "bindings/lua.hpp"
#include "language/statement.hpp"

#include <string>

namespace bindings {

constexpr const char* returned_key = "moontide.returned";  ///< registry: what the last statement returned

struct FormResult {
  bool done = false;    ///< the form did it all; its value, if any, is on the stack
  bool direct = false;  ///< the arguments of the command are on the stack
  int arguments = 0;
  bool keywords = false;  ///< a table of keywords is on the stack, for merge_form_keywords
};

/// Calls form(s), where s has the parts of the statement as fields: name, words (list), body, condition, range, where,
/// weight_kind, weight, using, options (list of {name, value or true}), and keywords (Lua values to hand over as they
/// are). The form returns
///   s                          read on by the general rule, with s.name for the command;
///   "command", list, table     the command to call, its arguments and keywords;
///   false, value               done; the value is shown.
FormResult read_form(lua_State* L, int form, language::Statement& statement);
/// Adds the keywords at `table` to the `count` arguments above it, and takes the table away.
void merge_form_keywords(lua_State* L, int table, int& count);
/// _b[x], _se[x], e(N), r(mean) as numbers. Not where coefficients are named: test, lincom, nlcom, display.
std::string insert_returned(lua_State* L, const std::string& text);

/// Makes a C function a name of scripts and of the library; defined beside the other script functions.
void add_script_function(lua_State* L, const char* name, lua_CFunction function);
/// __form and what forms call, in the environment of the library.
void open_statement_forms(lua_State* L);
void open_statement_natives(lua_State* L);
void open_margin_natives(lua_State* L);
void open_plot_natives(lua_State* L);
void open_label_natives(lua_State* L);

}  // namespace bindings
