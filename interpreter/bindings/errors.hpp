// Errors as Lua values, and the one printer of errors that reach the user.
#pragma once

#include "bindings/interpreter.hpp"
#include "bindings/lua.hpp"
#include "core/error.hpp"

#include <string>
#include <vector>

namespace bindings {

/// A place in a script. `source` is lua_Debug::source, the key of Session::chunks.
struct Position {
  std::string source;
  int line = 0;
  bool known() const { return line > 0; }
};

/// What native code raises. Inside pcall it prints as "command: message" and has the fields message, command, hints.
struct ErrorValue {
  core::Error error;
  Position position;
  enum class Kind { error, interrupted, leave } kind = Kind::error;
  int exit_status = 1;
};
template <>
struct Bound<ErrorValue> {
  static constexpr const char* key = "moontide.error";
  static constexpr const char* name = "error";
};

/// Raises what makes the whole run end with that status: no pcall of a script holds it back.
int leave(lua_State* L, int exit_status);
/// Is the value an interruption or a wish to leave, which pcall must pass on?
bool passes_pcall(lua_State* L, int index);

/// The innermost script position on the stack at or above `level`; native code and our own library are skipped.
Position script_position(lua_State* L, int level);
/// "@stdlib" chunks are ours, not the user's.
bool is_library(const std::string& source);
constexpr const char* library_prefix = "=[moontide] ";
/// "trend.mt" of "@trend.mt".
std::string shown_source(const std::string& source);
/// The text of a script, also of .lua files, which are read when first asked for; "" when it is not at hand.
const std::string& script_text(lua_State* L, const std::string& source);

/// Message handler for lua_pcall: describes the error with the stack still in place, in Session::outcome.
int on_error(lua_State* L);
/// The same for an error value without a stack (syntax errors).
Outcome describe_failure(lua_State* L, int index);

void open_errors(lua_State* L);

}  // namespace bindings
