// describe, list, head: data as tables to look at.
#include "bindings/frame_values.hpp"
#include "core/text.hpp"
#include "data/display_format.hpp"
#include "data/value_labels.hpp"
#include "files/files.hpp"
#include "formula/evaluate.hpp"

#include <algorithm>
#include <cmath>

namespace bindings {
namespace {

using core::Kind;

void push_table(lua_State* L, report::Table table) {
  push_value(L, std::make_shared<const report::Table>(std::move(table)));
}

report::Row header(const std::vector<std::string>& names) {
  report::Row row;
  for (const std::string& name : names) row.cells.push_back({.text = name, .header = true});
  return row;
}

/// The frame to describe: of using=, a file that is read for this alone, or the one at hand.
data::Frame described_frame(const Arguments& a) {
  if (!a.has("using")) return a.frame();
  if (a.has("data")) throw core::Error("data= and using= name two frames").word("using");
  return files::read(a.text("using"));
}

std::string first_text(const data::Column& column, std::size_t row) {
  if (column.missing(row)) return ".";
  return core::cell(data::formatted_text(column, row).value_or(column.text(row)), 20);
}

int describe(lua_State* L, Arguments& a) {
  const data::Frame frame = described_frame(a);
  report::Table table;
  table.title = frame.name() + ": " + core::counted(static_cast<long long>(frame.rows()), "row") + ", " +
                core::counted(static_cast<long long>(frame.width()), "column");
  std::vector<std::string> names = a.column_names("columns");
  if (names.empty()) names = frame.names();
  const bool formats = std::any_of(names.begin(), names.end(),
                                   [&](const std::string& name) { return !frame.at(name)->format().empty(); });
  std::vector<std::string> heads = {"Column", "Type", "Missing", "First values", "Label"};
  table.align = {report::Align::left, report::Align::left, report::Align::right, report::Align::left,
                 report::Align::left};
  if (formats) {
    heads.insert(heads.begin() + 2, "Format");
    table.align.insert(table.align.begin() + 2, report::Align::left);
  }
  table.header.push_back(header(heads));
  for (const std::string& name : names) {
    const data::ColumnPtr column = frame.at(name);
    std::string first;
    for (std::size_t row = 0; row < column->size() && row < 3; ++row)
      first += (row ? ", " : "") + first_text(*column, row);
    report::Row line{.cells = {{.text = name},
                               {.text = std::string(data::name_of(column->type()))},
                               {.text = core::grouped(static_cast<long long>(column->count_missing()))},
                               {.text = first},
                               {.text = column->label()}}};
    if (formats) line.cells.insert(line.cells.begin() + 2, {.text = column->format()});
    table.body.push_back(std::move(line));
  }
  if (const data::Panel* panel = frame.panel())
    table.notes.push_back("Panel: " + panel->unit + " × " + panel->time +
                          (panel->balanced ? ", balanced" : ", unbalanced"));
  if (frame.geometry()) table.notes.push_back("Shapes: " + data::summary(*frame.geometry(), frame.shapes()));
  push_table(L, std::move(table));
  return 1;
}

/// By the column's format; without one, numbers to 7 significant digits, as people read tables.
std::string cell_text(const data::Column& column, std::size_t row) {
  if (column.missing(row)) return ".";
  if (std::optional<std::string> text = data::formatted_text(column, row)) return *text;
  return column.type() == data::Type::real ? core::significant(column.number(row), 7) : core::cell(column.text(row));
}

/// head(3), list(city, log(y), 5): columns and expressions to show, and how many rows.
struct Shown {
  std::vector<std::string> names;
  std::vector<data::ColumnPtr> columns;
  std::size_t rows;
};

Shown shown_columns(const Arguments& a, const data::Frame& frame, std::size_t rows) {
  Shown shown;
  shown.rows = static_cast<std::size_t>(a.integer("rows", static_cast<long long>(rows)));
  for (const formula::Tree& tree : a.trees("columns")) {
    if (tree->op == formula::Op::number) {
      if (a.has("rows")) throw core::Error("the number of rows is given twice").word("rows");
      if (!(tree->number >= 0) || tree->number != std::floor(tree->number))
        throw core::Error("the number of rows is a whole number, not " + core::shortest(tree->number));
      shown.rows = static_cast<std::size_t>(std::min(tree->number, 1e15));
      continue;
    }
    const bool is_column = tree->op == formula::Op::name;
    shown.names.push_back(is_column ? tree->text : formula::print(tree));
    shown.columns.push_back(is_column ? frame.at(tree->text) : formula::evaluate(tree, frame));
  }
  if (!shown.names.empty()) return shown;
  shown.names = frame.names();
  for (const std::string& name : shown.names) shown.columns.push_back(frame.at(name));
  return shown;
}

/// The first `rows` rows under their columns' names; `numbers`, when not empty, numbers them.
report::Table rows_table(const std::vector<std::string>& names, const std::vector<data::ColumnPtr>& columns,
                         std::size_t rows, const std::vector<std::string>& numbers) {
  report::Table table;
  std::vector<std::string> heads;
  if (!numbers.empty()) {
    heads.emplace_back();
    table.align.push_back(report::Align::right);
  }
  heads.insert(heads.end(), names.begin(), names.end());
  table.header.push_back(header(heads));
  for (const data::ColumnPtr& column : columns)
    table.align.push_back(column->is_numeric() ? report::Align::right : report::Align::left);
  for (std::size_t row = 0; row < rows; ++row) {
    report::Row line;
    if (!numbers.empty()) line.cells.push_back({.text = numbers[row]});
    for (const data::ColumnPtr& column : columns) line.cells.push_back({.text = cell_text(*column, row)});
    table.body.push_back(std::move(line));
  }
  return table;
}

void note_more_rows(report::Table& table, std::size_t shown, std::size_t all) {
  if (shown < all) table.notes.push_back(core::counted(static_cast<long long>(all - shown), "more row"));
}

/// The columns of a page: the terminal's, or more than its lines where they are not folded.
int page_width(lua_State* L) {
  constexpr int widest = 120;
  const InterpreterOptions& options = session(L).options;
  return options.fold ? options.width : std::max(options.width, widest);
}

int listing(lua_State* L, const Arguments& a, const data::Frame& frame, Shown shown, bool look = false) {
  if (a.boolean("nolabel"))
    for (data::ColumnPtr& column : shown.columns)
      if (!column->level_values().empty()) column = data::without_value_labels(*column);
  const std::size_t last = std::min(shown.rows, frame.rows());
  const formula::Tree where = a.tree("where");
  const std::vector<std::uint32_t> chosen =
      where ? formula::rows_where(where, a.box()->frame) : std::vector<std::uint32_t>();
  std::vector<std::string> numbers;
  if (a.boolean("numbers", true))
    for (std::size_t row = 0; row < last; ++row) numbers.push_back(std::to_string((where ? chosen[row] : row) + 1));
  report::Table table = rows_table(shown.names, shown.columns, last, numbers);
  note_more_rows(table, last, frame.rows());
  if (look && !session(L).options.fold && a.trees("columns").empty())  // on a terminal wide tables are folded
    table.fit = page_width(L);
  push_table(L, std::move(table));
  return 1;
}

int list(lua_State* L, Arguments& a) {
  const data::Frame frame = a.frame();
  constexpr std::size_t most_rows = 100;
  return listing(L, a, frame, shown_columns(a, frame, most_rows));
}

int head(lua_State* L, Arguments& a) {
  const data::Frame frame = a.frame();
  constexpr std::size_t usual_rows = 5;
  return listing(L, a, frame, shown_columns(a, frame, usual_rows), true);
}

}  // namespace

report::Table frame_preview(lua_State* L, const data::Frame& frame) {
  constexpr std::size_t most_rows = 10;
  const std::size_t rows = std::min(most_rows, frame.rows());
  std::vector<data::ColumnPtr> columns;
  for (const std::string& name : frame.names()) columns.push_back(frame.at(name));
  std::vector<std::string> numbers;
  for (std::size_t row = 1; row <= rows; ++row) numbers.push_back(std::to_string(row));
  report::Table table = rows_table(frame.names(), columns, rows, numbers);
  note_more_rows(table, rows, frame.rows());
  table.fit = page_width(L);
  return table;
}

void add_listing_commands(Registry& registry) {
  const core::ArgSpec columns{.name = "columns",
                              .kind = Kind::columns,
                              .doc = "columns; all when none is named",
                              .optional = true,
                              .repeated = true};
  registry.add({{.name = "describe",
                 .topic = "data",
                 .summary = "Columns with their types, missing values, first values and labels",
                 .args = {columns},
                 .options = {{.name = "using",
                              .kind = Kind::text,
                              .doc = "a file to describe; the data in use stay",
                              .default_text = {}}},
                 .example = "describe()"},
                describe});
  const core::OptionSpec numbers{
      .name = "numbers", .kind = Kind::boolean, .doc = "number the rows", .default_text = "true"};
  const core::OptionSpec nolabel{
      .name = "nolabel", .kind = Kind::boolean, .doc = "numbers in place of value labels", .default_text = "false"};
  core::ArgSpec shown = columns;
  shown.doc = "columns, expressions of them, a number of rows; all columns when none is named";
  registry.add(of_expressions(
      {{.name = "list",
        .topic = "data",
        .summary = "Rows as a table",
        .args = {shown},
        .options = {{.name = "rows", .kind = Kind::integer, .doc = "at most so many", .default_text = "100", .min = 0},
                    numbers,
                    nolabel},
        .example = "list(city, year, ser, where=\"year == 2020\")"},
       list}));
  registry.add(of_expressions(
      {{.name = "head",
        .topic = "data",
        .summary = "The first rows as a table",
        .args = {shown},
        .options = {{.name = "rows", .kind = Kind::integer, .doc = "how many", .default_text = "5", .min = 0},
                    numbers,
                    nolabel},
        .example = "head(10)"},
       head}));
}

}  // namespace bindings
