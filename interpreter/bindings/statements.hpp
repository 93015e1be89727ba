// Command statements at run time: summarize ser rat if year > 2012, detail (language.md section 5).
#pragma once

#include "bindings/commands.hpp"
#include "bindings/lua.hpp"
#include "language/statement.hpp"

#include <map>
#include <memory>
#include <string>
#include <vector>

namespace bindings {

/// What a session knows of statements; one per Lua state.
struct StatementState {
  std::string text;          ///< of the statement that runs, as written; "" when none does
  std::string command = {};  ///< what its first word means: "reghdfe", "summarize" of `su`; "" when none runs
  bool quiet = false;        ///< nothing is shown: quietly, capture
  std::map<std::string, std::string, std::less<>> abbreviations;  ///< "sum" → "summarize"
  std::map<std::string, int, std::less<>> forms;  ///< registry references of functions that read a statement
  std::shared_ptr<const results::Fit> last;       ///< the most recent estimate; null: none
};
StatementState& statement_state(lua_State* L);

/// __statement, and what stdlib/ says of statements.
void open_statements(lua_State* L);

/// Is it the function that calls the command of a statement?
bool is_statement_runner(lua_CFunction function);

/// The command a statement's first word means: itself, what it abbreviates, or "" when it is none.
std::string statement_command(lua_State* L, const std::string& word);
/// Every command and form, without the short forms of their names.
std::vector<std::string> statement_names(lua_State* L);

/// Pushes the arguments that the statement's parts are for this command; returns their number. Positional arguments
/// follow the record, options are keywords, `if` and `in` are where=, weights are weights=. Throws core::Error for
/// parts that the command does not take.
int push_statement_arguments(lua_State* L, const language::Statement& statement, const core::Record& record);

/// `if` and `in` as one condition; "" when there is neither.
std::string statement_condition(const language::Statement& statement);
/// The columns of a variable list: names, x*, a?, a-b, _all. Throws core::Error when a pattern meets no column.
std::vector<std::string> expand_columns(lua_State* L, const std::vector<std::string>& words);
/// "y x1 i.year (d = z)" as a formula of the language: "y ~ x1 + i.year | d ~ z". `left`: the first word is y.
std::string formula_text(lua_State* L, const std::string& body, bool left);
/// The Lua value a word names: a number, a string in quotes, a local of the script that calls, a global; nil otherwise.
void push_named_value(lua_State* L, const std::string& word);

}  // namespace bindings
