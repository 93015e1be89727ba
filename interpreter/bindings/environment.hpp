// Names in scripts, and loading script text.
#pragma once

#include "bindings/lua.hpp"

#include <string>

namespace bindings {

/// The script environment, _G's commands, require/dofile/loadfile for .mt files.
void open_environment(lua_State* L);
/// Translates script text, loads it with the script environment and pushes the function. `source` as lua_load's chunk
/// name ("@trend.mt"). Throws core::Error or raises a Lua error for syntax errors; Session::chunks keeps the text.
/// `first_line`: its number in positions; inputs at the prompt count on.
void load_script(lua_State* L, const std::string& text, const std::string& source, int first_line);
/// `return nil, TEXT` of the same: an expression typed at the prompt. False, with nothing pushed, when it is not one.
bool load_expression(lua_State* L, const std::string& text, const std::string& source, int first_line);
/// Gives the chunk on top of the stack the names of scripts.
void use_script_environment(lua_State* L);
/// Loads a file: .mt is translated, others not.
void load_file(lua_State* L, const std::string& path);
/// The whole file; throws core::Error naming the path and the system's reason.
std::string read_file(const std::string& path);
/// "folder/" of "folder/file", "" when there is none.
std::string folder_of(const std::string& path);

}  // namespace bindings
