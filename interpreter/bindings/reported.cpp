#include "bindings/reported.hpp"

#include "bindings/table.hpp"
#include "core/text.hpp"

#include <cmath>

namespace bindings {
namespace {

/// r:save(file, …): the method of the table. Upvalue: the table.
int save(lua_State* L) {
  push_method(L, table_methods(), "save");
  lua_insert(L, 1);
  if (lua_gettop(L) < 2) lua_pushnil(L);
  lua_pushvalue(L, lua_upvalueindex(1));
  lua_replace(L, 2);  // the table in place of what was reported
  lua_call(L, lua_gettop(L) - 1, 1);
  return 1;
}

}  // namespace

void seal_reported(lua_State* L, report::Table table, std::vector<std::string> names, const std::string& what) {
  std::string text = report::render_text(table, text_style(L));
  while (!text.empty() && text.back() == '\n') text.pop_back();
  push_value(L, std::make_shared<const report::Table>(std::move(table)));
  lua_pushvalue(L, -1);
  lua_pushcclosure(L, guarded<save>, 1);
  lua_setfield(L, -3, "save");
  lua_setfield(L, -2, "table");
  seal_named(L, std::move(names), what, std::move(text));
}

void push_fields(lua_State* L, const std::vector<std::pair<std::string, double>>& fields, const std::string& what) {
  std::vector<std::string> names;
  std::vector<double> values;
  for (const auto& [name, value] : fields) {
    names.push_back(name);
    values.push_back(value);
  }
  push_numbers(L, names, values, what);
}

report::Row header_row(const std::vector<std::string>& names) {
  report::Row row;
  for (const std::string& name : names) row.cells.push_back({.text = name, .header = true});
  return row;
}

report::Row text_row(const std::vector<std::string>& texts) {
  report::Row row;
  for (const std::string& text : texts) row.cells.push_back({.text = text});
  return row;
}

std::string statistic_text(double value, int digits) {
  if (std::isfinite(value) && value == std::floor(value) && std::abs(value) < 1e15) return core::fixed(value, 0);
  return core::significant(value, digits);
}

std::string p_value_text(double p) { return core::fixed(p, 3); }

std::string shown_name(const data::Frame& frame, const std::string& name) {
  const std::string& label = frame.at(name)->label();
  return label.empty() ? name : label;
}

std::vector<double> numbers_of(const data::Frame& frame, const std::string& name) {
  const data::ColumnPtr column = frame.at(name);
  if (column->type() == data::Type::text)
    throw core::Error("column '" + name + "' is text").word(name).hint("tabulate(" + name + ") counts its values");
  return column->numbers();
}

}  // namespace bindings
