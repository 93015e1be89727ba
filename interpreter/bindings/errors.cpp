// Errors as Lua values: made at the boundary (lua.hpp), caught by pcall, passed on when nobody may hold them.
#include "bindings/errors.hpp"

#include "bindings/session.hpp"
#include "core/text.hpp"

#include <algorithm>
#include <array>
#include <fstream>
#include <sstream>

namespace bindings {
namespace {

void push_error_value(lua_State* L, ErrorValue value) {
  value.position = script_position(L, 0);
  push_value(L, std::move(value));
}

int error_tostring(lua_State* L) {
  push_text(L, test_value<ErrorValue>(L, 1)->error.what());
  return 1;
}

int error_concat(lua_State* L) {
  push_text(L, printed_at(L, 1) + printed_at(L, 2));
  return 1;
}

/// string.NAME over the error's text: scripts write e:find("…") on what pcall gave them.
int call_string_method(lua_State* L) {
  push_text(L, printed_at(L, 1));
  lua_replace(L, 1);
  lua_pushvalue(L, lua_upvalueindex(1));
  lua_insert(L, 1);
  lua_call(L, lua_gettop(L) - 1, LUA_MULTRET);
  return lua_gettop(L);
}

int error_index(lua_State* L) {
  const ErrorValue& value = *test_value<ErrorValue>(L, 1);
  const std::string field = text_at(L, 2);
  if (field == "message") {
    push_text(L, value.error.message());
  } else if (field == "command") {
    push_text(L, value.error.command());
  } else if (field == "word") {
    push_text(L, value.error.word());
  } else if (field == "line") {
    lua_pushinteger(L, value.position.line);
  } else if (field == "hints") {
    lua_newtable(L);
    lua_Integer i = 0;
    for (const std::string& hint : value.error.hints()) {
      push_text(L, hint);
      lua_rawseti(L, -2, ++i);
    }
  } else {
    lua_getglobal(L, LUA_STRLIBNAME);
    lua_pushvalue(L, 2);
    if (lua_gettable(L, -2) == LUA_TFUNCTION) lua_pushcclosure(L, guarded<call_string_method>, 1);
  }
  return 1;
}

int finish_pcall(lua_State* L, int status, lua_KContext extra) {
  if (status != LUA_OK && status != LUA_YIELD) {
    if (passes_pcall(L, -1)) return lua_error(L);
    lua_pushboolean(L, 0);
    lua_pushvalue(L, -2);
    return 2;
  }
  return lua_gettop(L) - static_cast<int>(extra);
}

/// pcall and xpcall as in Lua, except that an interruption and os.exit pass through.
int protected_call(lua_State* L) {
  luaL_checkany(L, 1);
  lua_pushboolean(L, 1);
  lua_insert(L, 1);
  const int status = lua_pcallk(L, lua_gettop(L) - 2, LUA_MULTRET, 0, 0, finish_pcall);
  return finish_pcall(L, status, 0);
}

int protected_call_with_handler(lua_State* L) {
  const int arguments = lua_gettop(L);
  luaL_checktype(L, 2, LUA_TFUNCTION);
  lua_pushboolean(L, 1);
  lua_pushvalue(L, 1);
  lua_rotate(L, 3, 2);
  const int status = lua_pcallk(L, arguments - 2, LUA_MULTRET, 2, 2, finish_pcall);
  return finish_pcall(L, status, 2);
}

/// coroutine.resume as in Lua, with the same exception.
int resume(lua_State* L) {
  lua_pushvalue(L, lua_upvalueindex(1));
  lua_insert(L, 1);
  lua_call(L, lua_gettop(L) - 1, LUA_MULTRET);
  if (!lua_toboolean(L, 1) && lua_gettop(L) >= 2 && passes_pcall(L, 2)) {
    lua_settop(L, 2);
    return lua_error(L);
  }
  return lua_gettop(L);
}

int exit_program(lua_State* L) {
  int status = 0;
  if (lua_isboolean(L, 1)) {
    status = lua_toboolean(L, 1) ? 0 : 1;
  } else {
    status = static_cast<int>(luaL_optinteger(L, 1, 0));
  }
  return leave(L, status);
}

/// exit, exit 198 as statements: the prompt is left; a file ends there by the `return` that the translation adds.
int exit_statement(lua_State* L) {
  const int code = static_cast<int>(std::clamp<lua_Integer>(luaL_optinteger(L, 1, 0), 0, 255));
  lua_Debug caller;
  if (lua_getstack(L, 1, &caller) != 0 && lua_getinfo(L, "S", &caller) != 0 && std::string(caller.source) == "=stdin")
    return leave(L, code);
  return code == 0 ? 0 : luaL_error(L, "the script ends with exit %d", code);
}

}  // namespace

void push_error(lua_State* L, core::Error error) { push_error_value(L, {std::move(error), {}}); }

void push_interrupted(lua_State* L) {
  push_error_value(L, {core::Error("interrupted"), {}, ErrorValue::Kind::interrupted});
}

int leave(lua_State* L, int exit_status) {
  push_error_value(L, {core::Error("os.exit"), {}, ErrorValue::Kind::leave, exit_status});
  return lua_error(L);
}

bool passes_pcall(lua_State* L, int index) {
  const auto* value = test_value<ErrorValue>(L, index);
  return value != nullptr && value->kind != ErrorValue::Kind::error;
}

bool is_library(const std::string& source) { return core::starts_with(source, library_prefix); }

std::string shown_source(const std::string& source) {
  if (!source.empty() && (source[0] == '@' || source[0] == '=')) return source.substr(1);
  return "[string \"" + source.substr(0, source.find('\n')) + "\"]";
}

Position script_position(lua_State* L, int level) {
  lua_Debug ar;
  for (; lua_getstack(L, level, &ar); ++level) {
    lua_getinfo(L, "Sl", &ar);
    if (ar.currentline <= 0 || is_library(ar.source)) continue;
    return {ar.source, ar.currentline};
  }
  return {};
}

const std::string& script_text(lua_State* L, const std::string& source) {
  Session& s = session(L);
  const auto known = s.chunks.find(source);
  if (known != s.chunks.end()) return known->second.text;
  Chunk chunk;
  if (!source.empty() && source[0] == '@') {
    std::ifstream file(source.substr(1), std::ios::binary);
    std::ostringstream text;
    text << file.rdbuf();
    chunk.text = text.str();
  } else if (!source.empty() && source[0] != '=') {
    chunk.text = source;  // load("…"): the source is the text
  }
  return s.chunks.emplace(source, std::move(chunk)).first->second.text;
}

void open_errors(lua_State* L) {
  constexpr std::array<luaL_Reg, 4> functions{{{"__tostring", guarded<error_tostring>},
                                               {"__concat", guarded<error_concat>},
                                               {"__index", guarded<error_index>},
                                               {nullptr, nullptr}}};
  new_type<ErrorValue>(L, functions.data());
  lua_pop(L, 1);
  lua_pushcfunction(L, protected_call);
  lua_setglobal(L, "pcall");
  lua_pushcfunction(L, protected_call_with_handler);
  lua_setglobal(L, "xpcall");
  lua_getglobal(L, LUA_COLIBNAME);
  lua_getfield(L, -1, "resume");
  lua_pushcclosure(L, resume, 1);
  lua_setfield(L, -2, "resume");
  lua_pop(L, 1);
  lua_pushcfunction(L, exit_statement);
  lua_setglobal(L, "__exit");
  lua_getglobal(L, LUA_OSLIBNAME);
  lua_pushcfunction(L, exit_program);
  lua_setfield(L, -2, "exit");
  lua_pop(L, 1);
}

}  // namespace bindings
