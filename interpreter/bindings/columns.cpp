// Columns taken out of frames (`df.x`): values whose arithmetic happens at once.
#include "bindings/expr.hpp"
#include "bindings/frame_values.hpp"
#include "bindings/open.hpp"
#include "bindings/value.hpp"
#include "core/text.hpp"
#include "formula/evaluate.hpp"

#include <array>
#include <cmath>
#include <functional>

namespace bindings {
namespace {

using formula::Op;
using formula::Tree;

template <Op op>
int binary(lua_State* L) {
  push_value(L, compute(L, [](const std::vector<Tree>& operands) { return formula::node(op, operands); }));
  return 1;
}

int negate(lua_State* L) {
  lua_settop(L, 1);
  push_value(L, compute(L, [](const std::vector<Tree>& operands) { return formula::node(Op::negate, operands); }));
  return 1;
}

int no_comparison(lua_State*) {
  throw core::Error("columns are compared in strings").hint("write gen(young = \"age < 30\"), or keep \"age < 30\"");
}

int length(lua_State* L) {
  lua_pushinteger(L, static_cast<lua_Integer>(test_value<ColumnValue>(L, 1)->column->size()));
  return 1;
}

int values(lua_State* L) {
  const ColumnValue* value = test_value<ColumnValue>(L, 1);
  if (!value) throw core::Error("a method of a column is called with a colon: df.x:values()");
  push_values(L, *value->column);
  return 1;
}

/// column[k]: the value in row k; nil beyond the end; missing numbers are NaN, other missing values nil.
int index(lua_State* L) {
  const data::Column& column = *test_value<ColumnValue>(L, 1)->column;
  if (lua_type(L, 2) == LUA_TSTRING && text_at(L, 2) == "values") {
    lua_pushcfunction(L, guarded<values>);
    return 1;
  }
  if (!lua_isinteger(L, 2)) throw core::Error("a column is indexed by row number, not by " + described(L, 2));
  const lua_Integer row = lua_tointeger(L, 2);
  if (row < 1 || row > static_cast<lua_Integer>(column.size())) {
    lua_pushnil(L);
    return 1;
  }
  const auto at = static_cast<std::size_t>(row - 1);
  const data::Type type = column.type();
  if (type == data::Type::real) {
    lua_pushnumber(L, column.number(at));
  } else if (column.missing(at)) {
    lua_pushnil(L);
  } else if (type == data::Type::integer) {
    lua_pushinteger(L, column.integers()[at]);
  } else if (type == data::Type::boolean) {
    lua_pushboolean(L, column.booleans()[at]);
  } else {
    push_text(L, column.text(at));
  }
  return 1;
}

int show_column(lua_State* L) {
  const ColumnValue& value = *test_value<ColumnValue>(L, 1);
  const data::Column& column = *value.column;
  constexpr std::size_t most = 10;
  std::string text = (value.name.empty() ? "column" : value.name) + " (" + std::string(data::name_of(column.type())) +
                     ", " + core::counted(static_cast<long long>(column.size()), "row") + ")";
  for (std::size_t i = 0; i < column.size() && i < most; ++i)
    text += "\n  " + (column.missing(i) ? "." : column.text(i));
  if (column.size() > most) text += "\n  …";
  push_text(L, text);
  return 1;
}

int tostring(lua_State* L) {
  const ColumnValue& value = *test_value<ColumnValue>(L, 1);
  push_text(L, value.name.empty() ? "column" : "column " + value.name);
  return 1;
}

}  // namespace

ColumnValue compute(lua_State* L, const std::function<Tree(const std::vector<Tree>&)>& make) {
  data::Frame frame("columns");
  data::RowIds rows;  // of the first column: the others are put into its order
  std::vector<Tree> operands;
  for (int i = 1; i <= lua_gettop(L); ++i) {
    if (const ColumnValue* value = test_value<ColumnValue>(L, i)) {
      data::ColumnPtr column = value->column;
      if (frame.width() == 0)
        rows = value->rows;
      else
        column = data::aligned(column, value->rows, rows, frame.rows());
      if (frame.width() > 0 && column->size() != frame.rows())
        throw core::Error("columns of " + core::counted(static_cast<long long>(frame.rows()), "row") + " and of " +
                          core::counted(static_cast<long long>(column->size()), "row") + " do not go together");
      const std::string name = "operand " + std::to_string(i);
      frame = frame.with(name, column);
      operands.push_back(formula::name(name));
    } else if (lua_type(L, i) == LUA_TNUMBER) {
      operands.push_back(formula::number(lua_tonumber(L, i)));
    } else if (lua_type(L, i) == LUA_TSTRING) {
      operands.push_back(formula::text(text_at(L, i)));
    } else if (test_value<Expr>(L, i) || !operand_name(L, i).empty()) {
      throw core::Error("a column of a frame and a column symbol do not mix")
          .hint("compute in one frame: gen(y = log(x)), or df.y = log(x)");
    } else {
      throw core::Error("a column cannot be combined with " + described(L, i));
    }
  }
  return {formula::evaluate(make(operands), frame), "", rows};
}

void open_columns(lua_State* L) {
  constexpr std::array<luaL_Reg, 15> functions{{{"__add", guarded<binary<Op::plus>>},
                                                {"__sub", guarded<binary<Op::minus>>},
                                                {"__mul", guarded<binary<Op::times>>},
                                                {"__div", guarded<binary<Op::divide>>},
                                                {"__pow", guarded<binary<Op::power>>},
                                                {"__unm", guarded<negate>},
                                                {"__lt", guarded<no_comparison>},
                                                {"__le", guarded<no_comparison>},
                                                {"__eq", guarded<no_comparison>},
                                                {"__len", guarded<length>},
                                                {"__index", guarded<index>},
                                                {"__show", guarded<show_column>},
                                                {"__tostring", guarded<tostring>},
                                                {nullptr, nullptr}}};
  new_type<ColumnValue>(L, functions.data());
  lua_pop(L, 1);
}

}  // namespace bindings
