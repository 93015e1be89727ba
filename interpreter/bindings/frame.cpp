// Frames as values: df.x, #df.
#include "bindings/open.hpp"
#include "bindings/value.hpp"
#include "core/text.hpp"

#include <array>

namespace bindings {
namespace {

int index(lua_State* L) {
  const data::Frame& frame = (*test_value<FrameRef>(L, 1))->frame;
  const std::string name = printed_at(L, 2);
  push_value(L, ColumnValue{frame.at(name), name});
  return 1;
}

int length(lua_State* L) {
  lua_pushinteger(L, static_cast<lua_Integer>((*test_value<FrameRef>(L, 1))->frame.rows()));
  return 1;
}

int tostring(lua_State* L) {
  const data::Frame& frame = (*test_value<FrameRef>(L, 1))->frame;
  push_text(L, "frame '" + frame.name() + "': " + core::counted(static_cast<long long>(frame.rows()), "row") + ", " +
                   core::counted(static_cast<long long>(frame.width()), "column"));
  return 1;
}

}  // namespace

void open_frames(lua_State* L) {
  constexpr std::array<luaL_Reg, 5> functions{{{"__index", guarded<index>},
                                               {"__len", guarded<length>},
                                               {"__show", guarded<tostring>},
                                               {"__tostring", guarded<tostring>},
                                               {nullptr, nullptr}}};
  new_type<FrameRef>(L, functions.data());
  lua_pop(L, 1);
}

}  // namespace bindings
