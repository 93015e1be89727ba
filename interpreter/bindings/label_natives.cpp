// What stdlib/commands/labels.lua asks of native code: the value labels of a column.
#include "bindings/open.hpp"
#include "bindings/statement_form.hpp"
#include "bindings/text_list.hpp"
#include "bindings/value.hpp"
#include "data/value_labels.hpp"

#include <array>
#include <cmath>

namespace bindings {
namespace {

FrameRef labelled_frame(lua_State* L, int index) {
  if (const FrameRef* box = test_value<FrameRef>(L, index)) return *box;
  return data_in_use(L);
}

// __value_labels(column, frame or nil): {{number, text}, …} by number; nil when it has none.
int value_labels(lua_State* L) {
  const data::ValueLabels labels = data::value_labels(*labelled_frame(L, 2)->frame.at(luaL_checkstring(L, 1)));
  if (labels.empty()) return 0;
  lua_newtable(L);
  lua_Integer place = 0;
  for (const auto& [value, text] : labels) {
    lua_newtable(L);
    if (value == std::floor(value) && std::abs(value) < 0x1p53) {
      lua_pushinteger(L, static_cast<lua_Integer>(value));
    } else {
      lua_pushnumber(L, value);
    }
    lua_seti(L, -2, 1);
    push_text(L, text);
    lua_seti(L, -2, 2);
    lua_seti(L, -2, ++place);
  }
  return 1;
}

// __set_value_labels(column, {{number, text}, …} or nil, frame or nil): in place of those it has; nil takes them away.
int set_value_labels(lua_State* L) {
  const FrameRef box = labelled_frame(L, 3);
  const std::string name = luaL_checkstring(L, 1);
  const data::ColumnPtr column = box->frame.at(name);
  data::ValueLabels labels;
  const bool given = lua_istable(L, 2);
  const lua_Integer n = given ? luaL_len(L, 2) : 0;
  for (lua_Integer i = 1; i <= n; ++i) {
    lua_geti(L, 2, i);
    lua_geti(L, -1, 1);
    lua_geti(L, -2, 2);
    labels[luaL_checknumber(L, -2)] = text_at(L, -1);
    lua_pop(L, 3);
  }
  try {
    box->frame =
        box->frame.with(name, given ? data::with_value_labels(*column, labels) : data::without_value_labels(*column));
  } catch (const core::Error& error) {
    core::Error named("'" + name + "' " + error.message());
    for (const std::string& hint : error.hints()) named.hint(hint);
    throw core::Error(named.word(name));
  }
  return 0;
}

// __column_type(column): "double", "integer", "boolean", "string", "category", "date"; nil when there is none.
int column_type(lua_State* L) {
  const FrameRef& box = session(L).in_use();
  const data::ColumnPtr column = box ? box->frame.find(luaL_checkstring(L, 1)) : nullptr;
  if (!column) return 0;
  push_text(L, data::name_of(column->type()));
  lua_pushboolean(L, column->is_numeric() || !column->level_values().empty());
  return 2;
}

// __all_columns(): the names of the columns of the data in use, or {} without.
int all_columns(lua_State* L) {
  const FrameRef& box = session(L).in_use();
  push_strings(L, box ? box->frame.names() : std::vector<std::string>());
  return 1;
}

}  // namespace

void open_label_natives(lua_State* L) {
  constexpr std::array<std::pair<const char*, lua_CFunction>, 4> functions{
      {{"__value_labels", guarded<value_labels>},
       {"__set_value_labels", guarded<set_value_labels>},
       {"__column_type", guarded<column_type>},
       {"__all_columns", guarded<all_columns>}}};
  for (const auto& [name, function] : functions) add_script_function(L, name, function);
}

}  // namespace bindings
