// A list of strings as Lua sees it.
#pragma once

#include "bindings/lua.hpp"

#include <string>
#include <vector>

namespace bindings {

inline void push_strings(lua_State* L, const std::vector<std::string>& texts) {
  lua_createtable(L, static_cast<int>(texts.size()), 0);
  lua_Integer i = 0;
  for (const std::string& text : texts) {
    push_text(L, text);
    lua_rawseti(L, -2, ++i);
  }
}

}  // namespace bindings
