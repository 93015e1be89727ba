// Fields of a Lua table by name, for natives that library code hands a table of options.
#pragma once

#include "bindings/lua.hpp"

#include <string>
#include <vector>

namespace bindings {

std::string field_text(lua_State* L, int table, const char* name);  ///< "" when there is none
double field_number(lua_State* L, int table, const char* name);     ///< NaN when there is none
bool field_true(lua_State* L, int table, const char* name);
std::vector<double> field_numbers(lua_State* L, int table, const char* name);     ///< of a list; empty: none
std::vector<std::string> field_texts(lua_State* L, int table, const char* name);  ///< of a list; empty: none

}  // namespace bindings
