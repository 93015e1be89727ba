// Lua with C++ manners: the one wrapper between Lua and native code, and userdata that hold C++ values.
// The C++ build of Lua unwinds destructors, so native code may hold C++ objects across Lua calls.
#pragma once

#include "core/error.hpp"
#include "core/interrupt.hpp"

#include <exception>
#include <lua.hpp>
#include <new>
#include <string>
#include <string_view>
#include <utility>

namespace bindings {

/// Pushes the error object that scripts and the printer see (errors.cpp); it remembers the script position.
void push_error(lua_State* L, core::Error error);
void push_interrupted(lua_State* L);

/// Every native function Lua can call goes through here: C++ exceptions become Lua errors; Lua's own pass.
template <int (*Body)(lua_State*)>
int guarded(lua_State* L) {
  try {
    return Body(L);
  } catch (const core::Interrupted&) {
    push_interrupted(L);
  } catch (core::Error& error) {
    push_error(L, std::move(error));
  } catch (const std::bad_alloc&) {
    push_error(L, core::Error("not enough memory"));
  } catch (const std::exception& error) {
    push_error(L, core::Error(std::string("internal error: ") + error.what()));
  }
  return lua_error(L);
}

/// The metatable name of a C++ type that scripts hold: one specialisation of `Bound` per type, in value.hpp.
template <class T>
struct Bound;

template <class T>
T* test_value(lua_State* L, int index) {
  return static_cast<T*>(luaL_testudata(L, index, Bound<T>::key));
}

template <class T>
int collect_value(lua_State* L) {
  static_cast<T*>(lua_touserdata(L, 1))->~T();
  return 0;
}

template <class T>
T& push_value(lua_State* L, T value) {
  void* memory = lua_newuserdatauv(L, sizeof(T), 0);
  T* made = new (memory) T(std::move(value));
  luaL_setmetatable(L, Bound<T>::key);
  return *made;
}

/// Makes the metatable of T (key, __name, __gc) and leaves it on the stack; `functions` end with {nullptr, nullptr}.
template <class T>
void new_type(lua_State* L, const luaL_Reg* functions) {
  luaL_newmetatable(L, Bound<T>::key);
  lua_pushstring(L, Bound<T>::name);
  lua_setfield(L, -2, "__name");
  lua_pushcfunction(L, collect_value<T>);
  lua_setfield(L, -2, "__gc");
  luaL_setfuncs(L, functions, 0);
}

inline void push_text(lua_State* L, std::string_view text) { lua_pushlstring(L, text.data(), text.size()); }
/// The string at `index`; only for values that are strings.
inline std::string text_at(lua_State* L, int index) {
  std::size_t length = 0;
  const char* text = lua_tolstring(L, index, &length);
  return text ? std::string(text, length) : std::string();
}
/// tostring() of any value.
inline std::string printed_at(lua_State* L, int index) {
  std::size_t length = 0;
  const char* text = luaL_tolstring(L, index, &length);
  std::string out(text, length);
  lua_pop(L, 1);
  return out;
}

}  // namespace bindings
