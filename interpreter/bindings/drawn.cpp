#include "bindings/drawn.hpp"

#include "bindings/lua.hpp"
#include "bindings/value.hpp"
#include "core/error.hpp"

#include <memory>
#include <utility>

namespace bindings {
namespace {

core::OptionSpec words(const std::string& name, const std::string& doc) {
  return {.name = name, .kind = core::Kind::text, .doc = doc, .default_text = ""};
}

/// plot() or plot{file=…}, with or without the result before.
int plot_of_fields(lua_State* L) {
  const FigureRef figure = *test_value<FigureRef>(L, lua_upvalueindex(1));
  const int options = lua_gettop(L);
  if (options >= 1 && lua_type(L, options) == LUA_TTABLE && luaL_getmetafield(L, options, "__index") == LUA_TNIL) {
    for (lua_pushnil(L); lua_next(L, options); lua_pop(L, 1)) {
      const bool is_file = lua_type(L, -2) == LUA_TSTRING && text_at(L, -2) == "file";
      if (!is_file || lua_type(L, -1) != LUA_TSTRING)
        throw core::Error("this plot takes file= alone: plot{file=\"figure.svg\"}");
      report::save(*figure, text_at(L, -1));
    }
  }
  push_value<FigureRef>(L, figure);
  return 1;
}

}  // namespace

int push_figure(lua_State* L, const Arguments& a, report::Figure figure) {
  if (a.has("file")) {
    report::save(figure, a.text("file"));
    if (is_statement_call(L)) return 0;
  }
  push_value<FigureRef>(L, std::make_shared<const report::Figure>(std::move(figure)));
  return 1;
}

report::PlotText plot_text(const Arguments& a) {
  return {a.text("title"), a.text("x_label"), a.text("y_label"), a.text("note")};
}

std::vector<core::OptionSpec> plot_options(std::vector<core::OptionSpec> own) {
  own.insert(own.begin(), words("file", "where to save it (.svg, .png, .pdf, .txt)"));
  own.push_back(words("title", "above the figure"));
  own.push_back(words("x_label", "below the figure"));
  own.push_back(words("y_label", "beside the figure"));
  own.push_back(words("note", "under the figure"));
  return own;
}

void set_figure_fields(lua_State* L, report::Figure figure) {
  push_value<FigureRef>(L, std::make_shared<const report::Figure>(std::move(figure)));
  lua_pushvalue(L, -1);
  lua_setfield(L, -3, "figure");
  lua_pushcclosure(L, guarded<plot_of_fields>, 1);
  lua_setfield(L, -2, "plot");
}

}  // namespace bindings
