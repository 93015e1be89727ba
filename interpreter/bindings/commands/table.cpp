// table{ rows…, header = … }, df:table(): any rows, or the rows of a frame, as a table for publication.
#include "bindings/expr.hpp"
#include "bindings/open.hpp"
#include "bindings/table_options.hpp"
#include "core/near.hpp"
#include "core/text.hpp"

#include <algorithm>
#include <cmath>

namespace bindings {
namespace {

using core::Kind;

constexpr int usual_digits = 3;
constexpr int most_columns = 1000;

/// Decimals by column; one number stands for all.
struct Decimals {
  std::vector<int> of;
  int at(std::size_t column) const { return of.empty() ? usual_digits : of[std::min(column, of.size() - 1)]; }
};

Decimals decimals(const Arguments& a) {
  Decimals out;
  for (const double d : a.numbers("digits")) {
    if (d != std::floor(d) || d < 0 || d > 15)
      throw core::Error("option 'digits' takes whole numbers from 0 to 15").word("digits");
    out.of.push_back(static_cast<int>(d));
  }
  return out;
}

std::string number_text(double value, int digits) {
  if (std::isnan(value)) return "";
  if (std::isinf(value)) return value > 0 ? "∞" : "-∞";
  return core::fixed(value, digits);
}

/// {"text", span = 2, stars = "**", bold = true}
report::Cell cell_of(lua_State* L, int index, int digits);

void set_field(lua_State* L, report::Cell& cell, const std::string& key, int value) {
  if (key == "span") {
    if (!lua_isinteger(L, value) || lua_tointeger(L, value) < 1 || lua_tointeger(L, value) > most_columns)
      throw core::Error("span is a number of columns").word("span");
    cell.span = static_cast<int>(lua_tointeger(L, value));
  } else if (key == "stars") {
    cell.stars = printed_at(L, value);
  } else if (key == "bold") {
    cell.header = lua_toboolean(L, value) != 0;
  } else {
    throw core::Error("a cell has the unknown field '" + key + "'")
        .word(key)
        .hint(core::did_you_mean(key, {"span", "stars", "bold"}, "fields"));
  }
}

report::Cell cell_of(lua_State* L, int index, int digits) {
  report::Cell cell;
  if (is_list(L, index)) {
    lua_geti(L, index, 1);
    if (is_list(L, -1)) throw core::Error("a cell holds one text or number");
    cell = cell_of(L, lua_gettop(L), digits);
    lua_pop(L, 1);
    for (lua_pushnil(L); lua_next(L, index); lua_pop(L, 1))
      if (lua_type(L, -2) == LUA_TSTRING) set_field(L, cell, text_at(L, -2), lua_gettop(L));
    return cell;
  }
  if (lua_isinteger(L, index)) {
    cell.value = static_cast<double>(lua_tointeger(L, index));
    cell.text = printed_at(L, index);
  } else if (lua_type(L, index) == LUA_TNUMBER) {
    cell.value = lua_tonumber(L, index);
    cell.text = number_text(cell.value, digits);
  } else if (!lua_isnil(L, index)) {
    cell.text = printed_at(L, index);
  }
  return cell;
}

report::Row row_of(lua_State* L, int index, const Decimals& digits, const std::string& what) {
  if (!is_list(L, index)) throw core::Error(what + " is a list of cells, not " + described(L, index));
  report::Row row;
  const lua_Integer n = luaL_len(L, index);
  std::size_t column = 0;
  for (lua_Integer i = 1; i <= n; ++i) {
    lua_geti(L, index, i);
    row.cells.push_back(cell_of(L, lua_gettop(L), digits.at(column)));
    column += static_cast<std::size_t>(row.cells.back().span);
    lua_pop(L, 1);
  }
  if (column > most_columns) throw core::Error(what + " has more than " + std::to_string(most_columns) + " columns");
  return row;
}

/// Rows; a string alone is a heading over all columns, "-" a rule.
void add_rows(lua_State* L, int list, const Decimals& digits, report::Table& table) {
  const lua_Integer n = luaL_len(L, list);
  bool rule = false;
  for (lua_Integer i = 1; i <= n; ++i) {
    lua_geti(L, list, i);
    const int item = lua_gettop(L);
    if (lua_type(L, item) == LUA_TSTRING && text_at(L, item) == "-") {
      rule = true;
    } else {
      report::Row row = lua_type(L, item) == LUA_TSTRING
                            ? report::Row{.cells = {{.text = text_at(L, item), .span = 0, .header = true}}}
                            : row_of(L, item, digits, "row " + std::to_string(i));
      row.rule_above = rule;
      rule = false;
      table.body.push_back(std::move(row));
    }
    lua_pop(L, 1);
  }
}

void add_header(lua_State* L, const Arguments& a, report::Table& table) {
  a.push("header");
  const int list = lua_gettop(L);
  if (!lua_isnil(L, list)) {
    lua_geti(L, list, 1);
    bool several = is_list(L, -1);  // rows; a single row may begin with a cell that is a table: {text, span = 2}
    if (several)
      for (lua_pushnil(L); lua_next(L, -2); lua_pop(L, 1))
        if (lua_type(L, -2) == LUA_TSTRING) several = false;
    lua_pop(L, 1);
    if (several) {
      const lua_Integer n = luaL_len(L, list);
      for (lua_Integer i = 1; i <= n; ++i) {
        lua_geti(L, list, i);
        table.header.push_back(row_of(L, lua_gettop(L), {}, "a row of header="));
        lua_pop(L, 1);
      }
    } else {
      table.header.push_back(row_of(L, list, {}, "header="));
    }
  }
  lua_pop(L, 1);
}

std::size_t columns_of(const report::Table& table) {
  std::size_t most = 1;
  for (const std::vector<report::Row>* rows : {&table.header, &table.body})
    for (const report::Row& row : *rows) {
      std::size_t own = 0;
      for (const report::Cell& cell : row.cells) own += static_cast<std::size_t>(cell.span);
      most = std::max(most, own);
    }
  return most;
}

report::Align align_named(const std::string& word) {
  if (word == "l" || word == "left") return report::Align::left;
  if (word == "r" || word == "right") return report::Align::right;
  if (word == "c" || word == "center") return report::Align::center;
  if (word == "d" || word == "decimal") return report::Align::decimal;
  throw core::Error("align is '" + word + "', not one of left, right, center, decimal")
      .word(word)
      .hint("align={\"left\", \"decimal\"}, or one letter a column: \"lddc\"");
}

void set_alignment(const Arguments& a, report::Table& table) {
  const std::size_t columns = columns_of(table);
  std::vector<std::string> given = a.texts("align");
  if (given.size() == 1 && given[0].size() == columns && columns > 1) {
    const std::string letters = given[0];
    given.clear();
    for (const char c : letters) given.emplace_back(1, c);
  }
  if (!given.empty() && given.size() != columns)
    throw core::Error("align has " + core::counted(static_cast<long long>(given.size()), "entry") + " for " +
                      core::counted(static_cast<long long>(columns), "column"))
        .word("align");
  for (std::size_t j = 0; j < columns; ++j)
    table.align.push_back(!given.empty() ? align_named(given[j]) : j ? report::Align::decimal : report::Align::left);
  for (report::Row& row : table.body)
    for (report::Cell& cell : row.cells)
      if (cell.span == 0) cell.span = static_cast<int>(columns);
}

/// The rows of a frame, columns headed by their labels.
void add_frame(const Arguments& a, const data::Frame& frame, const Decimals& digits, report::Table& table) {
  std::vector<std::string> names = a.column_names("columns");
  if (names.empty()) names = frame.names();
  if (names.empty()) throw core::Error("the frame has no columns");
  if (names.size() > most_columns)
    throw core::Error("the frame has more than " + std::to_string(most_columns) + " columns: name some in columns=");
  const bool headed = !table.header.empty();
  report::Row header;
  std::vector<data::ColumnPtr> columns;
  for (const std::string& name : names) {
    columns.push_back(frame.at(name));
    const std::string& label = columns.back()->label();
    header.cells.push_back({.text = label.empty() ? name : label});
  }
  if (!headed) table.header.push_back(std::move(header));
  for (std::size_t row = 0; row < frame.rows(); ++row) {
    report::Row line;
    for (std::size_t j = 0; j < columns.size(); ++j) {
      const data::Column& column = *columns[j];
      report::Cell cell;
      if (column.type() == data::Type::real) {
        cell.value = column.number(row);
        cell.text = number_text(cell.value, digits.at(j));
      } else {
        cell.text = column.text(row);
      }
      line.cells.push_back(std::move(cell));
    }
    table.body.push_back(std::move(line));
  }
}

int make_table(lua_State* L, Arguments& a) {
  report::Table made;
  made.title = a.text("title");
  made.label = a.text("label");
  made.notes = a.texts("notes");
  made.landscape = a.boolean("landscape");
  const Decimals digits = decimals(a);
  add_header(L, a, made);
  a.push("rows");
  const int rows = lua_gettop(L);
  if (const FrameRef* frame = test_value<FrameRef>(L, rows)) {
    if (a.has("where") || a.has("data"))
      throw core::Error("table(frame) takes the frame as it is: write frame:table(where=…)").word("table");
    add_frame(a, (*frame)->frame, digits, made);
  } else if (lua_isnil(L, rows)) {
    add_frame(a, a.frame(), digits, made);
  } else if (is_list(L, rows)) {
    if (a.has("columns")) throw core::Error("columns= chooses columns of a frame, and these are rows").word("columns");
    add_rows(L, rows, digits, made);
  } else {
    throw core::Error("table takes a list of rows or a frame, not " + described(L, rows)).word("table");
  }
  lua_pop(L, 1);
  set_alignment(a, made);
  auto table = std::make_shared<const report::Table>(std::move(made));
  save_if_asked(a, *table);
  push_value<TableRef>(L, std::move(table));
  return 1;
}

}  // namespace

int call_library(lua_State* L) {
  if (function_name(L, 1) != "table") throw core::Error("the library '" + function_name(L, 1) + "' cannot be called");
  const int top = lua_gettop(L);
  if (top == 2 && is_list(L, 2) && !is_keywords(L, 2)) {  // table{row, row, header = …}
    lua_newtable(L);
    std::vector<std::string> names;
    for (lua_pushnil(L); lua_next(L, 2); lua_pop(L, 1)) {
      if (lua_type(L, -2) != LUA_TSTRING) continue;
      names.push_back(text_at(L, -2));
      lua_pushvalue(L, -1);
      lua_setfield(L, 3, names.back().c_str());
    }
    std::sort(names.begin(), names.end());
    if (names.empty()) {
      lua_pop(L, 1);
    } else {
      mark_keywords(L, 3, core::join(names, " "));
      lua_newtable(L);
      const lua_Integer n = luaL_len(L, 2);
      for (lua_Integer i = 1; i <= n; ++i) {
        lua_geti(L, 2, i);
        lua_seti(L, 4, i);
      }
      if (n == 0) {
        lua_pushnil(L);
        lua_replace(L, 4);
      }
      lua_replace(L, 2);
    }
  }
  push_command(L, *session(L).commands.find("table"));
  lua_replace(L, 1);
  lua_call(L, lua_gettop(L) - 1, 1);
  if (is_statement_call(L)) show(L, 1);
  return 1;
}

void add_table_constructor(Registry& registry) {
  core::Record record;
  record.name = "table";
  record.topic = "tables";
  record.summary = "A table for publication from rows of your own, or from the rows of a frame";
  record.args = {{.name = "rows",
                  .kind = Kind::any,
                  .doc = "a list of rows, or a frame; the data in use when nothing is given",
                  .optional = true}};
  record.options = {
      {.name = "header",
       .kind = Kind::list,
       .doc = "a row, or several, of headings",
       .default_text = "names of columns"},
      {.name = "columns", .kind = Kind::columns, .doc = "of a frame: these", .default_text = "all"},
      {.name = "digits", .kind = Kind::numbers, .doc = "decimals, or one per column", .default_text = "3"},
      {.name = "align",
       .kind = Kind::texts,
       .doc = "left, right, center or decimal per column",
       .default_text = "left, decimal, …"},
      {.name = "title", .kind = Kind::text, .doc = "above the table", .default_text = {}},
      {.name = "notes", .kind = Kind::texts, .doc = "lines under the table", .default_text = {}},
      {.name = "label", .kind = Kind::text, .doc = "LaTeX label", .default_text = {}}};
  for (core::OptionSpec& option : file_options()) record.options.push_back(std::move(option));
  record.example = "table{{\"Mean\", 1.25}, {\"Variance\", 0.5}, header={\"\", \"ser\"}, file=\"t.docx\"}";
  registry.add({std::move(record), make_table});
}

}  // namespace bindings
