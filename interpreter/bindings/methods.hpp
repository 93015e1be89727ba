// Methods of values with records of their own: arguments checked and statements shown as for commands.
#pragma once

#include "bindings/commands.hpp"
#include "bindings/value.hpp"

#include <string>
#include <vector>

namespace bindings {

/// A method of the value type T: its record (name without the colon) and its function.
template <class T>
struct Method {
  core::Record record;
  int (*run)(lua_State*, Arguments&, const T&);
};

/// Upvalue: the Method.
template <class T>
int call_method(lua_State* L) {
  const auto* method = static_cast<const Method<T>*>(lua_touserdata(L, lua_upvalueindex(1)));
  try {
    const T* given = test_value<T>(L, 1);
    if (!given) {
      throw core::Error("a method of a " + std::string(Bound<T>::name) +
                        " is called with a colon: x:" + method->record.name + "(…)");
    }
    const T self = *given;
    lua_remove(L, 1);
    const Command command{method->record, {}};
    Arguments arguments(L, command);
    const int results = method->run(L, arguments, self);
    if (results > 0 && is_statement_call(L)) show(L, lua_gettop(L) - results + 1);
    return results;
  } catch (core::Error& error) {
    error.in_command(method->record.name);
    throw;
  }
}

/// Pushes the method of that name; false, with nothing pushed, when there is none. `methods` lives as long as the
/// program.
template <class T>
bool push_method(lua_State* L, const std::vector<Method<T>>& methods, const std::string& name) {
  for (const Method<T>& method : methods) {
    if (method.record.name != name) continue;
    lua_pushlightuserdata(L, const_cast<Method<T>*>(&method));  // NOLINT: Lua knows no const pointers
    lua_pushcclosure(L, guarded<call_method<T>>, 1);
    return true;
  }
  return false;
}

/// Remembers the methods of T for completion: their names, and their options inside an open call.
template <class T>
void register_methods(lua_State* L, const std::vector<Method<T>>& methods) {
  for (const Method<T>& method : methods) session(L).methods.push_back({Bound<T>::key, &method.record});
}

}  // namespace bindings
