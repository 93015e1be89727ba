// The text of help pages.
#pragma once

#include <string>

struct lua_State;

namespace bindings {

/// The page of a command or topic, the list of topics for "". Throws core::Error with a near name.
std::string help_text(lua_State* L, const std::string& name);

}  // namespace bindings
