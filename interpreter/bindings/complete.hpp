// What Tab offers.
#pragma once

#include "bindings/interpreter.hpp"

struct lua_State;

namespace bindings {

Interpreter::Completion completions(lua_State* L, const std::string& text, std::size_t cursor);

}  // namespace bindings
