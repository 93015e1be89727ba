// What stdlib/commands/stata/ asks of native code: the last estimate, the panel, counts of rows, the log.
#include "bindings/expr.hpp"
#include "bindings/output_log.hpp"
#include "bindings/statement_form.hpp"
#include "bindings/statements.hpp"
#include "bindings/value.hpp"
#include "formula/evaluate.hpp"
#include "formula/parse.hpp"
#include "language/stata_expression.hpp"
#include "measures/describe.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <optional>

namespace bindings {
namespace {

FrameRef frame_at(lua_State* L, int index) {
  if (const FrameRef* box = test_value<FrameRef>(L, index)) return *box;
  return data_in_use(L);
}

// __last(): the most recent estimate, and a number that tells it from others; __last(m) makes m the most recent.
int last_estimate(lua_State* L) {
  if (const FitRef* fit = test_value<FitRef>(L, 1)) statement_state(L).last = *fit;
  if (statement_state(L).last) {
    push_value<FitRef>(L, statement_state(L).last);
    lua_pushinteger(L, reinterpret_cast<std::intptr_t>(statement_state(L).last.get()));  // NOLINT: an identity only
    return 2;
  } else {
    lua_pushnil(L);
  }
  return 1;
}

// __panel_unit(frame or nil): the name of the unit column, or nil.
int panel_unit(lua_State* L) {
  const data::Panel* panel = frame_at(L, 1)->frame.panel();
  if (panel && !panel->unit.empty()) {
    push_text(L, panel->unit);
  } else {
    lua_pushnil(L);
  }
  return 1;
}

// __repeated_rows(columns): rows that have the values of another row in all of them; missing values aside.
int repeated_rows(lua_State* L) {
  const data::Frame frame = data_in_use(L)->frame;
  std::vector<data::ColumnPtr> columns;
  const lua_Integer n = luaL_len(L, 1);
  for (lua_Integer i = 1; i <= n; ++i) {
    lua_geti(L, 1, i);
    columns.push_back(frame.at(printed_at(L, -1)));
    lua_pop(L, 1);
  }
  const data::Grouping groups = data::group(columns);
  const auto known =
      std::count_if(groups.codes.begin(), groups.codes.end(), [](std::int32_t code) { return code >= 0; });
  lua_pushinteger(L, known - groups.levels());
  return 1;
}

// __panel_time(frame or nil): the name of the time column, or nil.
int panel_time(lua_State* L) {
  const data::Panel* panel = frame_at(L, 1)->frame.panel();
  if (panel) {
    push_text(L, panel->time);
  } else {
    lua_pushnil(L);
  }
  return 1;
}

// __absorbs(fit)
int absorbs(lua_State* L) {
  const FitRef* fit = test_value<FitRef>(L, 1);
  lua_pushboolean(L, fit && !(*fit)->fe.empty());
  return 1;
}

// __levels(column, condition or nil, frame or nil): the different values in order; numbers where there are numbers.
int levels(lua_State* L) {
  data::Frame frame = frame_at(L, 3)->frame;
  if (lua_type(L, 2) == LUA_TSTRING) frame = frame.take(formula::rows_where(formula::parse(text_at(L, 2)), frame));
  const data::ColumnPtr column = frame.at(luaL_checkstring(L, 1));
  const data::Grouping groups = data::sorted(data::group(*column), *column);
  const bool text = column->type() == data::Type::date || (!column->is_numeric() && column->level_values().empty());
  lua_createtable(L, groups.levels(), 0);
  lua_Integer place = 0;
  for (const std::uint32_t row : groups.first) {
    if (text) {
      push_text(L, column->text(row));
    } else if (column->type() == data::Type::real) {
      lua_pushnumber(L, column->number(row));
    } else {
      lua_pushinteger(L, static_cast<lua_Integer>(column->number(row)));
    }
    lua_seti(L, -2, ++place);
  }
  return 1;
}

// __rows_without(condition, where or nil): rows where it is not true.
int rows_without(lua_State* L) {
  data::Frame frame = data_in_use(L)->frame;
  if (lua_type(L, 2) == LUA_TSTRING) frame = frame.take(formula::rows_where(formula::parse(text_at(L, 2)), frame));
  const std::string condition = language::plain_expression(luaL_checkstring(L, 1));
  const std::size_t holds = formula::rows_where(formula::parse(condition), frame).size();
  lua_pushinteger(L, static_cast<lua_Integer>(frame.rows() - holds));
  return 1;
}

// __count_rows(where or nil)
int count_rows(lua_State* L) {
  const data::Frame frame = data_in_use(L)->frame;
  const std::size_t rows =
      lua_type(L, 1) == LUA_TSTRING ? formula::rows_where(formula::parse(text_at(L, 1)), frame).size() : frame.rows();
  lua_pushinteger(L, static_cast<lua_Integer>(rows));
  return 1;
}

// __first(text): the value of an expression in the first row.
int first_value(lua_State* L) {
  const data::Frame frame = data_in_use(L)->frame;
  const data::ColumnPtr column = formula::evaluate(formula::parse(luaL_checkstring(L, 1)), frame);
  if (frame.rows() == 0 || column->missing(0)) {
    push_text(L, ".");
  } else if (column->is_numeric() && column->type() != data::Type::date) {
    const double value = column->number(0);
    if (column->type() == data::Type::real) {
      lua_pushnumber(L, value);
    } else {
      lua_pushinteger(L, static_cast<lua_Integer>(value));
    }
  } else {
    push_text(L, column->text(0));
  }
  return 1;
}

int is_column(lua_State* L) {
  const FrameRef& box = session(L).in_use();
  lua_pushboolean(L, box && box->frame.has(luaL_checkstring(L, 1)));
  return 1;
}

int has_command(lua_State* L) {
  lua_pushboolean(L, session(L).commands.find(luaL_checkstring(L, 1)) != nullptr);
  return 1;
}

struct Spread {
  double n = 0, mean = 0, sd = 0, low = 0, high = 0;
};
Spread spread(const std::vector<double>& values) {
  const measures::Description d = measures::describe(values, {}, {});
  return {d.n, d.mean, d.sd, d.min, d.max};
}

// __panel_moments(column, unit, frame or nil): mean and standard deviations overall, of the units' means, and of
// x - mean of its unit + overall mean, as Stata's xtsum.
int panel_moments(lua_State* L) {
  const std::string name = luaL_checkstring(L, 1), unit = luaL_checkstring(L, 2);
  const data::Frame frame = frame_at(L, 3)->frame;
  const std::vector<double> x = formula::evaluate_numbers(formula::name(name), frame);
  const std::vector<data::ColumnPtr> by = {frame.at(unit)};
  const data::Grouping groups = data::group(by);
  std::vector<double> sums(groups.first.size(), 0), counts(groups.first.size(), 0);
  for (std::size_t i = 0; i < x.size(); ++i) {
    if (std::isnan(x[i]) || groups.codes[i] < 0) continue;
    const auto g = static_cast<std::size_t>(groups.codes[i]);
    sums[g] += x[i];
    ++counts[g];
  }
  const Spread overall = spread(x);
  std::vector<double> means, within(x.size(), std::numeric_limits<double>::quiet_NaN());
  for (std::size_t g = 0; g < sums.size(); ++g)
    if (counts[g] > 0) means.push_back(sums[g] / counts[g]);
  for (std::size_t i = 0; i < x.size(); ++i) {
    if (std::isnan(x[i]) || groups.codes[i] < 0) continue;
    const auto g = static_cast<std::size_t>(groups.codes[i]);
    within[i] = x[i] - sums[g] / counts[g] + overall.mean;
  }
  const Spread of_means = spread(means), of_within = spread(within);
  lua_newtable(L);
  const auto set = [&](const char* field, double value) {
    lua_pushnumber(L, value);
    lua_setfield(L, -2, field);
  };
  const auto set_count = [&](const char* field, double value) {
    lua_pushinteger(L, static_cast<lua_Integer>(value));
    lua_setfield(L, -2, field);
  };
  set_count("N", overall.n);
  set("mean", overall.mean);
  set("sd", overall.sd);
  set("min", overall.low);
  set("max", overall.high);
  set_count("n", of_means.n);
  set("sd_between", of_means.sd);
  set("min_between", of_means.low);
  set("max_between", of_means.high);
  set("sd_within", of_within.sd);
  set("min_within", of_within.low);
  set("max_within", of_within.high);
  return 1;
}

// __log(file, append) begins a log of what is printed; __log() ends it.
int log_output(lua_State* L) {
  if (lua_type(L, 1) == LUA_TSTRING) {
    open_log(text_at(L, 1), lua_toboolean(L, 2) != 0);
  } else {
    close_log();
  }
  return 0;
}

}  // namespace

void open_statement_natives(lua_State* L) {
  constexpr std::array<std::pair<const char*, lua_CFunction>, 13> functions{
      {{"__last", guarded<last_estimate>},
       {"__panel_unit", guarded<panel_unit>},
       {"__repeated_rows", guarded<repeated_rows>},
       {"__levels", guarded<levels>},
       {"__panel_time", guarded<panel_time>},
       {"__absorbs", guarded<absorbs>},
       {"__rows_without", guarded<rows_without>},
       {"__first", guarded<first_value>},
       {"__count_rows", guarded<count_rows>},
       {"__is_column", guarded<is_column>},
       {"__has_command", guarded<has_command>},
       {"__panel_moments", guarded<panel_moments>},
       {"__log", guarded<log_output>}}};
  for (const auto& [name, function] : functions) add_script_function(L, name, function);
}

}  // namespace bindings
