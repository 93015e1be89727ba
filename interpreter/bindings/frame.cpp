// Frames as values: df.x, df.y = expression, df[{1, 3}], #df, df:names(), and every data command as a method.
#include "bindings/expr.hpp"
#include "bindings/frame_values.hpp"
#include "bindings/open.hpp"
#include "core/text.hpp"
#include "formula/evaluate.hpp"

#include <algorithm>
#include <array>

namespace bindings {
namespace {

FrameRef self(lua_State* L) {
  const FrameRef* box = test_value<FrameRef>(L, 1);
  if (!box) throw core::Error("a method of a frame is called with a colon: df:head()");
  return *box;
}

/// Commands with data= are methods of frames.
bool works_on_data(const core::Record& record) {
  return std::any_of(record.options.begin(), record.options.end(),
                     [](const core::OptionSpec& option) { return option.name == "data"; });
}

/// df[{1, 3}]: these rows, in this order.
int take_rows(lua_State* L, const data::Frame& frame) {
  std::vector<std::uint32_t> rows;
  const lua_Integer n = luaL_len(L, 2);
  for (lua_Integer i = 1; i <= n; ++i) {
    lua_geti(L, 2, i);
    const lua_Integer row = lua_isinteger(L, -1) ? lua_tointeger(L, -1) : 0;
    if (row < 1 || row > static_cast<lua_Integer>(frame.rows()))
      throw core::Error("row " + printed_at(L, -1) + " is not one of the frame's " +
                        core::counted(static_cast<long long>(frame.rows()), "row"));
    rows.push_back(static_cast<std::uint32_t>(row - 1));
    lua_pop(L, 1);
  }
  push_frame(L, frame.take(rows));
  return 1;
}

/// A command called as df:NAME(…): the same call with data=df. Upvalue: the command's function.
int call_with_data(lua_State* L) {
  self(L);
  const int top = lua_gettop(L);
  const bool keywords = top > 1 && is_keywords(L, top);
  std::vector<std::string> order = keywords ? keyword_order(L, top) : std::vector<std::string>{};
  lua_newtable(L);
  for (const std::string& name : order) {
    lua_getfield(L, top, name.c_str());
    lua_setfield(L, -2, name.c_str());
  }
  lua_pushvalue(L, 1);
  lua_setfield(L, -2, "data");
  order.emplace_back("data");
  const int options = lua_gettop(L);
  lua_pushvalue(L, lua_upvalueindex(1));
  const int last = keywords ? top - 1 : top;
  for (int i = 2; i <= last; ++i) lua_pushvalue(L, i);
  mark_keywords(L, options, core::join(order, " "));
  lua_pushvalue(L, options);
  const int before = options;
  lua_call(L, last, LUA_MULTRET);
  const int results = lua_gettop(L) - before;
  if (results > 0 && is_statement_call(L)) show(L, before + 1);
  return results;
}

int names(lua_State* L) {
  const FrameRef box = self(L);
  lua_newtable(L);
  for (std::size_t i = 0; i < box->frame.width(); ++i) {
    push_text(L, box->frame.names()[i]);
    lua_seti(L, -2, static_cast<lua_Integer>(i + 1));
  }
  return 1;
}

int index(lua_State* L) {
  const data::Frame& frame = self(L)->frame;
  if (lua_istable(L, 2)) return take_rows(L, frame);
  const std::string column = operand_name(L, 2);
  const std::string name = column.empty() ? printed_at(L, 2) : column;
  if (data::ColumnPtr found = frame.find(name)) {
    push_value(L, ColumnValue{std::move(found), name, frame.row_ids()});
    return 1;
  }
  if (name == "names") {
    lua_pushcfunction(L, guarded<names>);
    return 1;
  }
  if (const Command* command = session(L).commands.find(name); command && works_on_data(command->record)) {
    push_command(L, *command);
    lua_pushcclosure(L, guarded<call_with_data>, 1);
    return 1;
  }
  frame.at(name);  // throws, with the near name
  return 0;
}

/// df.y = a list, a column, a number, or an expression over the frame's columns; nil removes the column.
int new_index(lua_State* L) {
  const FrameRef box = self(L);
  const std::string column = operand_name(L, 2);
  const std::string name = column.empty() ? printed_at(L, 2) : column;
  if (lua_isnil(L, 3)) {
    box->frame = box->frame.without(name);
    return 0;
  }
  const bool expression = !holds_values(L, 3) && lua_type(L, 3) != LUA_TNUMBER && !lua_isboolean(L, 3);
  data::ColumnPtr values;
  if (expression) {
    const formula::Tree tree = tree_at(L, 3);
    if (!tree)
      throw core::Error("column '" + name + "' takes values or an expression, not " + described(L, 3)).word(name);
    values = formula::evaluate(tree, box->frame);
  } else {
    values = column_of_values(L, 3, name, box->frame);
  }
  if (box->frame.width() && values->size() != box->frame.rows())
    throw core::Error("'" + name + "' has " + core::counted(static_cast<long long>(values->size()), "value") +
                      ", the frame " + core::counted(static_cast<long long>(box->frame.rows()), "row"))
        .word(name);
  box->frame = box->frame.with(name, values);
  return 0;
}

int length(lua_State* L) {
  lua_pushinteger(L, static_cast<lua_Integer>(self(L)->frame.rows()));
  return 1;
}

std::string shape_of(const data::Frame& frame) {
  return "frame '" + frame.name() + "': " + core::counted(static_cast<long long>(frame.rows()), "row") + ", " +
         core::counted(static_cast<long long>(frame.width()), "column");
}

int tostring(lua_State* L) {
  push_text(L, shape_of(self(L)->frame));
  return 1;
}

/// Its shape and its first rows.
int show(lua_State* L) {
  const data::Frame& frame = self(L)->frame;
  std::string text = shape_of(frame);
  if (frame.rows() > 0 && frame.width() > 0) text += "\n" + report::render_text(frame_preview(L, frame), text_style(L));
  push_text(L, text);
  return 1;
}

}  // namespace

void open_frames(lua_State* L) {
  constexpr std::array<luaL_Reg, 6> functions{{{"__index", guarded<index>},
                                               {"__newindex", guarded<new_index>},
                                               {"__len", guarded<length>},
                                               {"__show", guarded<show>},
                                               {"__tostring", guarded<tostring>},
                                               {nullptr, nullptr}}};
  new_type<FrameRef>(L, functions.data());
  lua_pop(L, 1);
}

}  // namespace bindings
