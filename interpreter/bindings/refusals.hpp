// Operators that symbols do not have: metamethods that explain.
#pragma once

#include <string>

struct lua_State;

namespace bindings {

/// Lua's own words for an operand that has no such operator: "attempt to perform arithmetic on a nil value".
int ordinary_error(lua_State* L, const char* attempt);

int no_bits(lua_State* L);            ///< & << >>
int no_remainder(lua_State* L);       ///< %
int no_whole_quotient(lua_State* L);  ///< //
int no_comparison(lua_State* L);      ///< == < <= > >=: shows the string to write
/// Raises for a column `name` that stands where `word` (and, or, not, then, ==, ~=) asks for its truth or equality.
[[noreturn]] void refuse_tested_symbol(lua_State* L, const std::string& name, const std::string& word);
int no_concatenation(lua_State* L);
int no_length(lua_State* L);

}  // namespace bindings
