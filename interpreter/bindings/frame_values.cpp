#include "bindings/frame_values.hpp"

#include "bindings/expr.hpp"
#include "core/text.hpp"

#include <algorithm>
#include <cmath>

namespace bindings {
namespace {

data::ColumnPtr one_value(lua_State* L, int index, const std::string& name, std::size_t rows) {
  switch (lua_type(L, index)) {
    case LUA_TNUMBER:
      if (lua_isinteger(L, index))
        return data::Column::integers(std::vector<std::int64_t>(rows, lua_tointeger(L, index)));
      return data::Column::reals(std::vector<double>(rows, lua_tonumber(L, index)));
    case LUA_TBOOLEAN:
      return data::Column::booleans(std::vector<std::uint8_t>(rows, lua_toboolean(L, index) ? 1 : 0));
    case LUA_TSTRING:
      return data::Column::texts(std::vector<std::string>(rows, text_at(L, index)));
    default:
      throw core::Error("column '" + name + "' takes a list of values, not " + described(L, index)).word(name);
  }
}

[[noreturn]] void odd_value(lua_State* L, const std::string& name, lua_Integer at, const char* others) {
  throw core::Error("column '" + name + "' holds " + described(L, -1) + " in place " + std::to_string(at) + ", but " +
                    others)
      .word(name)
      .hint("a missing number is 0/0, a missing string is \"\"");
}

}  // namespace

bool holds_values(lua_State* L, int index) {
  return is_list(L, lua_absindex(L, index)) || test_value<ColumnValue>(L, index);
}

data::ColumnPtr column_of_values(lua_State* L, int index, const std::string& name, const data::Frame& frame) {
  if (const ColumnValue* value = test_value<ColumnValue>(L, index))
    return data::aligned(value->column, value->rows, frame.row_ids(), frame.rows());
  return column_of_values(L, index, name, frame.rows());
}

data::ColumnPtr column_of_values(lua_State* L, int index, const std::string& name, std::size_t rows) {
  index = lua_absindex(L, index);
  if (const ColumnValue* value = test_value<ColumnValue>(L, index)) return value->column;
  if (!lua_istable(L, index)) return one_value(L, index, name, rows);
  const lua_Integer n = luaL_len(L, index);
  std::vector<double> reals;
  std::vector<std::string> texts;
  std::vector<std::uint8_t> booleans;
  bool whole = true;
  for (lua_Integer i = 1; i <= n; ++i) {
    const int type = lua_geti(L, index, i);
    if (type == LUA_TNUMBER) {
      if (!texts.empty() || !booleans.empty()) odd_value(L, name, i, "the values before it are no numbers");
      whole = whole && lua_isinteger(L, -1) && std::abs(lua_tonumber(L, -1)) < 9e15;
      reals.push_back(lua_tonumber(L, -1));
    } else if (type == LUA_TSTRING) {
      if (!reals.empty() || !booleans.empty()) odd_value(L, name, i, "the values before it are no strings");
      texts.push_back(text_at(L, -1));
    } else if (type == LUA_TBOOLEAN) {
      if (!reals.empty() || !texts.empty()) odd_value(L, name, i, "the values before it are no booleans");
      booleans.push_back(lua_toboolean(L, -1) ? 1 : 0);
    } else {
      odd_value(L, name, i, "a list takes numbers, strings or booleans");
    }
    lua_pop(L, 1);
  }
  if (!texts.empty()) return data::Column::texts(texts);
  if (!booleans.empty()) return data::Column::booleans(std::move(booleans));
  if (!whole || reals.empty()) return data::Column::reals(std::move(reals));
  std::vector<std::int64_t> integers(reals.size());
  std::transform(reals.begin(), reals.end(), integers.begin(), [](double x) { return static_cast<std::int64_t>(x); });
  return data::Column::integers(std::move(integers));
}

void push_values(lua_State* L, const data::Column& column) {
  lua_createtable(L, static_cast<int>(column.size()), 0);
  for (std::size_t row = 0; row < column.size(); ++row) {
    const bool missing = column.missing(row);
    switch (column.type()) {
      case data::Type::real:
        lua_pushnumber(L, column.number(row));
        break;
      case data::Type::integer:
        if (missing) {
          lua_pushnumber(L, std::nan(""));
        } else {
          lua_pushinteger(L, column.integers()[row]);
        }
        break;
      case data::Type::boolean:
        if (missing) {
          lua_pushnumber(L, std::nan(""));
        } else {
          lua_pushboolean(L, column.booleans()[row]);
        }
        break;
      default:
        push_text(L, column.text(row));
    }
    lua_seti(L, -2, static_cast<lua_Integer>(row + 1));
  }
}

std::vector<std::string> sorted_keys(lua_State* L, int table) {
  std::vector<std::string> keys;
  for (lua_pushnil(L); lua_next(L, table); lua_pop(L, 1)) {
    if (lua_type(L, -2) != LUA_TSTRING) throw core::Error("columns need names").hint("frame{y={1, 2, 3}}");
    keys.push_back(text_at(L, -2));
  }
  std::sort(keys.begin(), keys.end());
  return keys;
}

data::ColumnPtr spliced(const data::ColumnPtr& old, const data::ColumnPtr& fresh,
                        const std::vector<std::uint32_t>& rows) {
  const auto is_text = [](const data::Column& c) {
    return c.type() == data::Type::text || c.type() == data::Type::category;
  };
  const std::size_t n = fresh->size();
  if (is_text(*fresh)) {
    if (old && !is_text(*old)) throw core::Error("text cannot go into a column of numbers");
    std::vector<std::string> values(n);
    for (std::size_t row = 0; old && row < n; ++row) values[row] = old->text(row);
    for (const std::uint32_t row : rows) values[row] = fresh->text(row);
    return data::Column::texts(values);
  }
  if (old && is_text(*old)) throw core::Error("numbers cannot go into a column of text");
  std::vector<double> values = old ? old->numbers() : std::vector<double>(n, std::nan(""));
  for (const std::uint32_t row : rows) values[row] = fresh->number(row);
  const auto whole = [](const data::ColumnPtr& c) {
    return !c || c->type() == data::Type::integer || c->type() == data::Type::boolean;
  };
  if (!whole(old) || fresh->type() == data::Type::real || fresh->type() == data::Type::date)
    return data::Column::reals(std::move(values));
  std::vector<std::int64_t> integers(n);
  std::transform(values.begin(), values.end(), integers.begin(),
                 [](double x) { return std::isnan(x) ? data::missing_integer : static_cast<std::int64_t>(x); });
  return data::Column::integers(std::move(integers));
}

}  // namespace bindings
