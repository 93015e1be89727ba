// Methods of values: one __index that finds methods by name, and errors that name the near one.
#include "bindings/value.hpp"
#include "core/near.hpp"

#include <algorithm>

namespace bindings {
namespace {

// Upvalue: the table of methods.
int find_method(lua_State* L) {
  lua_settop(L, 2);
  lua_pushvalue(L, 2);
  if (lua_gettable(L, lua_upvalueindex(1)) != LUA_TNIL) return 1;
  throw no_field(described(L, 1), printed_at(L, 2), method_names(L, 1));
}

}  // namespace

core::Error no_field(const std::string& owner, const std::string& field, const std::vector<std::string>& known) {
  core::Error error(owner + " has no field '" + field + "'");
  error.word(field).hint(core::did_you_mean(field, known, "fields", 40));
  return error;
}

void set_methods(lua_State* L, const luaL_Reg* methods) {
  lua_newtable(L);
  luaL_setfuncs(L, methods, 0);
  lua_pushvalue(L, -1);
  lua_setfield(L, -3, "methods");
  lua_pushcclosure(L, guarded<find_method>, 1);
  lua_setfield(L, -2, "__index");
}

std::vector<std::string> method_names(lua_State* L, int index) {
  std::vector<std::string> names;
  if (luaL_getmetafield(L, index, "methods") == LUA_TNIL) return names;
  for (lua_pushnil(L); lua_next(L, -2); lua_pop(L, 1)) names.push_back(text_at(L, -2));
  lua_pop(L, 1);
  std::sort(names.begin(), names.end());
  return names;
}

}  // namespace bindings
