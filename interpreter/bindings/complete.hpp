// What Tab offers.
#pragma once

#include "bindings/interpreter.hpp"

struct lua_State;

namespace bindings {

/// Fields and methods of the value on top of the stack.
std::vector<std::string> field_names(lua_State* L);
Interpreter::Completion completions(lua_State* L, const std::string& text, std::size_t cursor);

}  // namespace bindings
