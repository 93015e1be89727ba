// What stdlib/commands/stata/margins.lua asks of native code: variables, levels, margins, their figure.
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
int variables(lua_State* L) {
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
int levels(lua_State* L) {
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

// __margin(fit, {values={x="1"}, over={g="2"}, at_means=…, where=…, level=0.95}): the predictive margin; with
// slope="x" the derivative by x; with factor="g", to="2", base="1" the effect of a level. Nil when not estimable.
int margin(lua_State* L) {
  const results::Fit& fit = fit_at(L, 1);
  luaL_checktype(L, 2, LUA_TTABLE);
  estimators::MarginPoint point = point_at(L, 2);
  const double level = field_number(L, 2, "level");
  const std::string slope = field_text(L, 2, "slope");
  const std::string factor = field_text(L, 2, "factor");
  numerics::Vector weights;
  if (!slope.empty()) {
    weights = estimators::slope_weights(fit, slope, point);
  } else if (!factor.empty()) {
    point.values[factor] = field_text(L, 2, "to");
    weights = estimators::effect_weights(fit, factor, field_text(L, 2, "base"), point);
  } else {
    weights = estimators::margin_weights(fit, point);
  }
  if (!weights.allFinite()) return 0;
  push_estimate(L, "margin", estimators::margin_estimate(fit, weights, level), level);
  return 1;
}

std::vector<double> numbers_at(lua_State* L, int table, const char* name) {
  std::vector<double> out;
  lua_getfield(L, table, name);
  const int at = lua_gettop(L);
  const lua_Integer n = luaL_len(L, at);
  for (lua_Integer i = 1; i <= n; ++i) {
    lua_geti(L, at, i);
    out.push_back(luaL_checknumber(L, -1));
    lua_pop(L, 1);
  }
  lua_pop(L, 1);
  return out;
}

// __margins_plot({{label=…, x={…}, estimate={…}, low={…}, high={…}}, …}, ticks, {title=…, zero=…, level=…})
int plot(lua_State* L) {
  std::vector<report::MarginSeries> series;
  const lua_Integer n = luaL_len(L, 1);
  for (lua_Integer i = 1; i <= n; ++i) {
    lua_geti(L, 1, i);
    const int one = lua_gettop(L);
    series.push_back({field_text(L, one, "label"), numbers_at(L, one, "x"), numbers_at(L, one, "estimate"),
                      numbers_at(L, one, "low"), numbers_at(L, one, "high")});
    lua_pop(L, 1);
  }
  std::vector<std::string> ticks;
  const lua_Integer many = luaL_len(L, 2);
  for (lua_Integer i = 1; i <= many; ++i) {
    lua_geti(L, 2, i);
    ticks.push_back(printed_at(L, -1));
    lua_pop(L, 1);
  }
  const report::PlotText text = {field_text(L, 3, "title"), field_text(L, 3, "x_label"), field_text(L, 3, "y_label"),
                                 field_text(L, 3, "note")};
  push_value<FigureRef>(L, std::make_shared<const report::Figure>(report::margins_plot(
                               series, ticks, field_true(L, 3, "zero"), field_number(L, 3, "level"), text)));
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
  constexpr std::array<std::pair<const char*, lua_CFunction>, 5> functions{
      {{"__margin_variables", guarded<variables>},
       {"__margin_levels", guarded<levels>},
       {"__margin", guarded<margin>},
       {"__margins_plot", guarded<plot>},
       {"__prediction_errors", guarded<prediction_errors>}}};
  for (const auto& [name, function] : functions) add_script_function(L, name, function);
}

}  // namespace bindings
