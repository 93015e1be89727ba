// Tables of results as values: they print aligned and save as .tex, .html, .md, .csv, .txt.
#include "bindings/open.hpp"
#include "bindings/value.hpp"
#include "core/near.hpp"

#include <array>

namespace bindings {
namespace {

const report::Table& self(lua_State* L) {
  const TableRef* table = test_value<TableRef>(L, 1);
  if (!table) throw core::Error("a method of a table is called with a colon: t:save(\"table.tex\")");
  return **table;
}

int show_table(lua_State* L) {
  const InterpreterOptions& options = session(L).options;
  push_text(L, report::render_text(self(L), {.width = options.width, .color = options.color}));
  return 1;
}

int tostring(lua_State* L) {
  push_text(L, report::render_text(self(L)));
  return 1;
}

int save(lua_State* L) {
  report::save(self(L), luaL_checkstring(L, 2));
  lua_settop(L, 1);
  return 1;
}

template <std::string (*Render)(const report::Table&)>
int rendered(lua_State* L) {
  push_text(L, Render(self(L)));
  return 1;
}

constexpr std::array<luaL_Reg, 7> methods{{{"save", guarded<save>},
                                           {"text", guarded<tostring>},
                                           {"latex", guarded<rendered<report::render_latex>>},
                                           {"html", guarded<rendered<report::render_html>>},
                                           {"markdown", guarded<rendered<report::render_markdown>>},
                                           {"csv", guarded<rendered<report::render_csv>>},
                                           {nullptr, nullptr}}};

}  // namespace

void open_tables(lua_State* L) {
  constexpr std::array<luaL_Reg, 3> functions{
      {{"__show", guarded<show_table>}, {"__tostring", guarded<tostring>}, {nullptr, nullptr}}};
  new_type<TableRef>(L, functions.data());
  set_methods(L, methods.data());
  lua_pop(L, 1);
}

}  // namespace bindings
