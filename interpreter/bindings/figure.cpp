// Figures as values: they save as .svg, .png, .pdf, .txt and show themselves in text.
#include "bindings/open.hpp"
#include "bindings/value.hpp"

#include <algorithm>
#include <array>

namespace bindings {
namespace {

const report::Figure& self(lua_State* L) {
  const FigureRef* figure = test_value<FigureRef>(L, 1);
  if (!figure) throw core::Error("a method of a figure is called with a colon: f:save(\"figure.svg\")");
  return **figure;
}

int show_figure(lua_State* L) {
  push_text(L, report::render_text(self(L), std::clamp(session(L).options.width - 1, 40, 120)));
  return 1;
}

int tostring(lua_State* L) {
  const std::string& title = self(L).title;
  push_text(L, title.empty() ? "figure" : "figure: " + title);
  return 1;
}

int save(lua_State* L) {
  report::save(self(L), luaL_checkstring(L, 2));
  lua_settop(L, 1);
  return 1;
}

int text(lua_State* L) {
  push_text(L, report::render_text(self(L), static_cast<int>(luaL_optinteger(L, 2, 79)),
                                   static_cast<int>(luaL_optinteger(L, 3, 24))));
  return 1;
}

constexpr std::array<luaL_Reg, 3> methods{{{"save", guarded<save>}, {"text", guarded<text>}, {nullptr, nullptr}}};

}  // namespace

void open_figures(lua_State* L) {
  constexpr std::array<luaL_Reg, 3> functions{
      {{"__show", guarded<show_figure>}, {"__tostring", guarded<tostring>}, {nullptr, nullptr}}};
  new_type<FigureRef>(L, functions.data());
  set_methods(L, methods.data());
  lua_pop(L, 1);
}

}  // namespace bindings
