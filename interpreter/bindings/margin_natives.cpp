// What stdlib/commands/stata/margins.lua asks of native code: variables, levels, margins, their figure.
#include "bindings/lua_fields.hpp"
#include "bindings/named.hpp"
#include "bindings/statement_form.hpp"
#include "bindings/statements.hpp"
#include "bindings/text_list.hpp"
#include "bindings/value.hpp"
#include "estimators/margins.hpp"
#include "estimators/predict.hpp"
#include "formula/parse.hpp"
#include "report/margins_plot.hpp"

#include <array>
#include <cmath>
#include <limits>

namespace bindings {
namespace {

const results::Fit& fit_at(lua_State* L, int index) {
  const FitRef* fit = test_value<FitRef>(L, index);
  if (!fit) throw core::Error("an estimate is needed, not " + described(L, index));
  return **fit;
}

std::map<std::string, std::string> field_map(lua_State* L, int table, const char* name) {
  std::map<std::string, std::string> out;
  lua_getfield(L, table, name);
  const int at = lua_gettop(L);
  if (lua_istable(L, at))
    for (lua_pushnil(L); lua_next(L, at); lua_pop(L, 1)) out.emplace(text_at(L, -2), printed_at(L, -1));
  lua_pop(L, 1);
  return out;
}

// __margin_variables(fit): {{name=…, factor=…, levels={…}, base=…}, …}
int margin_variables(lua_State* L) {
  const results::Fit& fit = fit_at(L, 1);
  lua_newtable(L);
  lua_Integer place = 0;
  for (const estimators::MarginVariable& variable : estimators::margin_variables(fit)) {
    lua_newtable(L);
    push_text(L, variable.name);
    lua_setfield(L, -2, "name");
    lua_pushboolean(L, variable.factor);
    lua_setfield(L, -2, "factor");
    lua_seti(L, -2, ++place);
  }
  return 1;
}

// __margin_levels(fit, column): the levels in the sample, and the base.
int margin_levels(lua_State* L) {
  const estimators::FactorLevels found = estimators::factor_levels(fit_at(L, 1), luaL_checkstring(L, 2));
  push_strings(L, found.names);
  push_text(L, found.names.at(found.base));
  return 2;
}

estimators::MarginPoint point_at(lua_State* L, int table) {
  estimators::MarginPoint point;
  point.values = field_map(L, table, "values");
  point.over = field_map(L, table, "over");
  point.at_means = field_true(L, table, "at_means");
  if (const std::string where = field_text(L, table, "where"); !where.empty()) point.where = formula::parse(where);
  return point;
}

estimators::MarginAsk ask_at(lua_State* L, int table) {
  estimators::MarginAsk ask{.slope = field_text(L, table, "slope"),
                            .factor = field_text(L, table, "factor"),
                            .to = field_text(L, table, "to"),
                            .base = field_text(L, table, "base"),
                            .index = field_true(L, table, "index")};
  const std::string scale = field_text(L, table, "scale");
  if (scale == "eyex") ask.scale = estimators::MarginScale::eyex;
  if (scale == "eydx") ask.scale = estimators::MarginScale::eydx;
  if (scale == "dyex") ask.scale = estimators::MarginScale::dyex;
  return ask;
}

// __margin(fit, {values={x="1"}, over={g="2"}, at_means=…, where=…, slope=…, factor=…, to=…, base=…, scale=…,
// index=…}): the margin and the list of its derivatives by the coefficients. Nothing when it is not estimable.
int margin(lua_State* L) {
  const results::Fit& fit = fit_at(L, 1);
  luaL_checktype(L, 2, LUA_TTABLE);
  const estimators::Margin found = estimators::margin(fit, point_at(L, 2), ask_at(L, 2));
  if (!found.estimable()) return 0;
  lua_pushnumber(L, found.value);
  push_number_list(L, {found.gradient.begin(), found.gradient.end()});
  return 2;
}

int probability(lua_State* L) {
  lua_pushboolean(L, estimators::predicts_probability(fit_at(L, 1)));
  return 1;
}

numerics::Vector vector_at(lua_State* L, int index) {
  numerics::Vector out(static_cast<numerics::Index>(luaL_len(L, index)));
  for (numerics::Index i = 0; i < out.size(); ++i) {
    lua_geti(L, index, i + 1);
    out[i] = luaL_checknumber(L, -1);
    lua_pop(L, 1);
  }
  return out;
}

// {{value=…, gradient={…}}, …}
std::vector<estimators::Margin> margins_at(lua_State* L, int table) {
  std::vector<estimators::Margin> out;
  const lua_Integer n = luaL_len(L, table);
  for (lua_Integer i = 1; i <= n; ++i) {
    lua_geti(L, table, i);
    const int one = lua_gettop(L);
    lua_getfield(L, one, "gradient");
    out.push_back({field_number(L, one, "value"), vector_at(L, lua_gettop(L))});
    lua_pop(L, 2);
  }
  return out;
}

// __margin_estimate(fit, value, gradient, level)
int estimate(lua_State* L) {
  const estimators::Margin margin{luaL_checknumber(L, 2), vector_at(L, 3)};
  const double level = luaL_checknumber(L, 4);
  push_estimate(L, "margin", estimators::margin_estimate(fit_at(L, 1), margin, level), level);
  return 1;
}

// __margins_test(fit, {{value=…, gradient={…}}, …}, name): all are zero
int joint_test(lua_State* L) {
  inference::Test test = estimators::margins_test(fit_at(L, 1), margins_at(L, 2));
  test.name = luaL_checkstring(L, 3);
  push_test(L, test);
  return 1;
}

// __margins_post(fit, names, {{value=…, gradient={…}}, …}, title): an estimate
int post(lua_State* L) {
  std::vector<std::string> names;
  const lua_Integer n = luaL_len(L, 2);
  for (lua_Integer i = 1; i <= n; ++i) {
    lua_geti(L, 2, i);
    names.push_back(text_at(L, -1));
    lua_pop(L, 1);
  }
  push_value<FitRef>(L, std::make_shared<const results::Fit>(
                            estimators::posted_margins(fit_at(L, 1), names, margins_at(L, 3), luaL_checkstring(L, 4))));
  return 1;
}

report::MarginPlotOptions plot_options(lua_State* L, int table) {
  report::MarginPlotOptions out;
  out.text = {field_text(L, table, "title"), field_text(L, table, "x_label"), field_text(L, table, "y_label"),
              field_text(L, table, "note")};
  out.level = field_number(L, table, "level");
  out.zero = field_true(L, table, "zero");
  out.intervals = !field_true(L, table, "noci");
  out.bands = field_true(L, table, "bands");
  const std::string marks = field_text(L, table, "marks");
  out.lines = marks != "points";
  out.points = marks != "lines";
  for (const double at : field_numbers(L, table, "xline")) out.guides.push_back({.at = at, .vertical = true});
  for (const double at : field_numbers(L, table, "yline")) out.guides.push_back({.at = at, .vertical = false});
  return out;
}

// __margins_plot({{label=…, x={…}, estimate={…}, low={…}, high={…}}, …}, ticks, {title=…, zero=…, level=…, noci=…,
// bands=…, marks="lines" or "points", xline={…}, yline={…}})
int plot_margins(lua_State* L) {
  std::vector<report::MarginSeries> series;
  const lua_Integer n = luaL_len(L, 1);
  for (lua_Integer i = 1; i <= n; ++i) {
    lua_geti(L, 1, i);
    const int one = lua_gettop(L);
    series.push_back({field_text(L, one, "label"), field_numbers(L, one, "x"), field_numbers(L, one, "estimate"),
                      field_numbers(L, one, "low"), field_numbers(L, one, "high")});
    lua_pop(L, 1);
  }
  std::vector<std::string> ticks;
  const lua_Integer many = luaL_len(L, 2);
  for (lua_Integer i = 1; i <= many; ++i) {
    lua_geti(L, 2, i);
    ticks.push_back(printed_at(L, -1));
    lua_pop(L, 1);
  }
  push_value<FigureRef>(
      L, std::make_shared<const report::Figure>(report::margins_plot(series, ticks, plot_options(L, 3))));
  return 1;
}

// __prediction_errors(fit): a column.
int prediction_errors(lua_State* L) {
  const results::Fit& fit = fit_at(L, 1);
  push_value(L, ColumnValue{data::Column::reals(estimators::prediction_errors(fit)), "", {}});
  return 1;
}

}  // namespace

void open_margin_natives(lua_State* L) {
  constexpr std::array<std::pair<const char*, lua_CFunction>, 9> functions{
      {{"__margin_variables", guarded<margin_variables>},
       {"__margin_levels", guarded<margin_levels>},
       {"__margin", guarded<margin>},
       {"__margin_estimate", guarded<estimate>},
       {"__margin_probability", guarded<probability>},
       {"__margins_test", guarded<joint_test>},
       {"__margins_post", guarded<post>},
       {"__margins_plot", guarded<plot_margins>},
       {"__prediction_errors", guarded<prediction_errors>}}};
  for (const auto& [name, function] : functions) add_script_function(L, name, function);
}

}  // namespace bindings
