// Single Lua values as convert.cpp needs them. Each throws core::Error that says what came and what is wanted.
#pragma once

#include "bindings/convert.hpp"

#include <string>

namespace bindings {

[[noreturn]] void wrong_value(lua_State* L, int index, const Wanted& wanted);
void check_range(double value, const Wanted& wanted);
double number_at(lua_State* L, int index, const Wanted& wanted);
/// A string; where words are listed (one_of) or names are wanted, also a bare column or command of that name.
std::string text_of(lua_State* L, int index, const Wanted& wanted);
formula::Tree expression_at(lua_State* L, int index, const Wanted& wanted);
/// A column by symbol or by name. A string is a name as it stands, whatever it holds.
formula::Tree column_at(lua_State* L, int index, const Wanted& wanted);

}  // namespace bindings
