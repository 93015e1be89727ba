// What stdlib/commands/stata/coefplot.lua and graphs.lua ask of native code: coefficients of several results in one
// figure, and figures of another size.
#include "bindings/lua_fields.hpp"
#include "bindings/statement_form.hpp"
#include "bindings/value.hpp"
#include "report/plots.hpp"

#include <array>
#include <cmath>

namespace bindings {
namespace {

std::map<std::string, std::string> labels_at(lua_State* L, int table) {
  std::map<std::string, std::string> out;
  lua_getfield(L, table, "labels");
  const int at = lua_gettop(L);
  if (lua_istable(L, at))
    for (lua_pushnil(L); lua_next(L, at); lua_pop(L, 1)) out.emplace(text_at(L, -2), printed_at(L, -1));
  lua_pop(L, 1);
  return out;
}

// __coefplot({fit, …}, {keep={…}, order={…}, labels={name=…}, names={…}, level=…, vertical=…, joined=…, noci=…,
// nolegend=…, value_lines={…}, coefficient_lines={…}, title=…, x_label=…, y_label=…, note=…})
int coefplot(lua_State* L) {
  luaL_checktype(L, 1, LUA_TTABLE);
  luaL_checktype(L, 2, LUA_TTABLE);
  const std::vector<std::string> names = field_texts(L, 2, "names");
  std::vector<FitRef> held;
  std::vector<report::NamedFit> fits;
  const lua_Integer n = luaL_len(L, 1);
  for (lua_Integer i = 1; i <= n; ++i) {
    lua_geti(L, 1, i);
    const FitRef* fit = test_value<FitRef>(L, -1);
    if (!fit) throw core::Error("coefplot takes estimates, not " + described(L, lua_gettop(L)));
    held.push_back(*fit);
    const auto place = static_cast<std::size_t>(i - 1);
    fits.push_back({held.back().get(), place < names.size() ? names[place] : ""});
    lua_pop(L, 1);
  }
  report::CoefplotOptions options;
  options.keep = field_texts(L, 2, "keep");
  options.order = field_texts(L, 2, "order");
  options.labels = labels_at(L, 2);
  if (const double level = field_number(L, 2, "level"); !std::isnan(level)) options.level = level;
  options.constant = true;
  options.vertical = field_true(L, 2, "vertical");
  options.joined = field_true(L, 2, "joined");
  options.intervals = !field_true(L, 2, "noci");
  options.legend = !field_true(L, 2, "nolegend");
  options.value_lines = field_numbers(L, 2, "value_lines");
  options.coefficient_lines = field_numbers(L, 2, "coefficient_lines");
  options.text = {field_text(L, 2, "title"), field_text(L, 2, "x_label"), field_text(L, 2, "y_label"),
                  field_text(L, 2, "note")};
  push_value<FigureRef>(L, std::make_shared<const report::Figure>(report::coefplot(fits, options)));
  return 1;
}

// __resized(figure, ending, width, height): for .png and .svg in pixels, for .pdf in inches; NaN keeps the proportions.
int resized(lua_State* L) {
  const FigureRef* given = test_value<FigureRef>(L, 1);
  if (!given) throw core::Error("a figure is needed, not " + described(L, 1));
  const std::string ending = luaL_checkstring(L, 2);
  double width = luaL_checknumber(L, 3), height = luaL_checknumber(L, 4);
  report::Figure figure = **given;
  const double ratio = figure.height_in / figure.width_in;
  if (std::isnan(width)) width = height / ratio;
  if (std::isnan(height)) height = width * ratio;
  const bool inches = ending == ".pdf";
  const double least = inches ? 1 : 50, most = inches ? 40 : 20000;
  if (!(width >= least && width <= most && height >= least && height <= most))
    throw core::Error(std::string("width and height of a figure are between ") +
                      (inches ? "1 and 40 inches (.pdf)" : "50 and 20000 pixels"))
        .word("width");
  if (inches) {
    figure.width_in = width;
  } else {
    figure.pixels_per_inch = width / figure.width_in;
  }
  figure.height_in = figure.width_in * height / width;
  push_value<FigureRef>(L, std::make_shared<const report::Figure>(std::move(figure)));
  return 1;
}

}  // namespace

void open_plot_natives(lua_State* L) {
  add_script_function(L, "__coefplot", guarded<coefplot>);
  add_script_function(L, "__resized", guarded<resized>);
}

}  // namespace bindings
