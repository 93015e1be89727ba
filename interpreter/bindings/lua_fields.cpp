#include "bindings/lua_fields.hpp"

#include "bindings/value.hpp"

#include <limits>

namespace bindings {

std::string field_text(lua_State* L, int table, const char* name) {
  lua_getfield(L, table, name);
  std::string out = lua_isnil(L, -1) ? "" : printed_at(L, -1);
  lua_pop(L, 1);
  return out;
}

double field_number(lua_State* L, int table, const char* name) {
  lua_getfield(L, table, name);
  const double out = lua_isnil(L, -1) ? std::numeric_limits<double>::quiet_NaN() : luaL_checknumber(L, -1);
  lua_pop(L, 1);
  return out;
}

bool field_true(lua_State* L, int table, const char* name) {
  lua_getfield(L, table, name);
  const bool out = lua_toboolean(L, -1) != 0;
  lua_pop(L, 1);
  return out;
}

namespace {

/// use() with each entry of the list on top of the stack.
template <class Use>
void for_entries(lua_State* L, int table, const char* name, const Use& use) {
  lua_getfield(L, table, name);
  const int at = lua_gettop(L);
  const lua_Integer n = lua_isnil(L, at) ? 0 : luaL_len(L, at);
  for (lua_Integer i = 1; i <= n; ++i) {
    lua_geti(L, at, i);
    use();
    lua_pop(L, 1);
  }
  lua_pop(L, 1);
}

}  // namespace

std::vector<double> field_numbers(lua_State* L, int table, const char* name) {
  std::vector<double> out;
  for_entries(L, table, name, [&] { out.push_back(luaL_checknumber(L, -1)); });
  return out;
}

std::vector<std::string> field_texts(lua_State* L, int table, const char* name) {
  std::vector<std::string> out;
  for_entries(L, table, name, [&] { out.push_back(printed_at(L, -1)); });
  return out;
}

}  // namespace bindings
