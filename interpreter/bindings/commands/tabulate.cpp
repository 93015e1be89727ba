// tabulate: counts of one or two columns.
#include "measures/tabulate.hpp"
#include "bindings/reported.hpp"
#include "bindings/table_options.hpp"
#include "core/near.hpp"
#include "core/text.hpp"

#include <algorithm>

namespace bindings {
namespace {

using core::Kind;

std::string level_text(const std::string& level) { return level.empty() ? "(missing)" : level; }

/// What is shown of a table with many levels: all of it goes into files and fields.
std::size_t most_levels(const Arguments& a, std::size_t usual) {
  return a.has("most") ? static_cast<std::size_t>(a.integer("most")) : usual;
}

std::string not_shown(std::size_t shown, std::size_t all, const std::string& name) {
  return "The first " + core::grouped(static_cast<long long>(shown)) + " of " +
         core::grouped(static_cast<long long>(all)) + " levels of " + name + " are shown; most=" + std::to_string(all) +
         " shows all, file= writes all";
}

/// The report of a table of which `rows` body rows and `columns` columns (of levels) are shown.
void seal_shown(lua_State* L, Arguments& a, const report::Table& table, report::Table shown,
                const std::vector<std::string>& names) {
  save_if_asked(a, table);
  seal_reported(L, std::move(shown), names, "level");
}

int one_way(lua_State* L, const data::Frame& frame, const std::string& name, const measures::TabulateOptions& options,
            Arguments& a) {
  const measures::OneWayTable t = measures::tabulate(*frame.at(name), {}, options);
  report::Table table;
  table.header.push_back(header_row({shown_name(frame, name), "Count", "Percent", "Cumulative"}));
  lua_newtable(L);
  for (std::size_t i = 0; i < t.levels.size(); ++i) {
    table.body.push_back(text_row({level_text(t.levels[i]), core::grouped(static_cast<long long>(t.counts[i])),
                                   core::fixed(100 * t.shares[i], 2), core::fixed(100 * t.cumulative[i], 2)}));
    push_fields(L, {{"count", t.counts[i]}, {"share", t.shares[i]}, {"cumulative", t.cumulative[i]}}, "field");
    lua_setfield(L, -2, t.levels[i].c_str());
  }
  report::Row total = text_row({"Total", core::grouped(static_cast<long long>(t.total)), "100.00", ""});
  total.rule_above = true;
  constexpr std::size_t usual = 100;
  const std::size_t most = most_levels(a, usual);
  report::Table shown = table;
  if (shown.body.size() > most) {
    shown.body.resize(most);
    shown.notes.push_back(not_shown(most, t.levels.size(), name));
  }
  shown.body.push_back(total);
  table.body.push_back(std::move(total));
  seal_shown(L, a, table, std::move(shown), t.levels);
  return 1;
}

/// Lines under the counts of a cell, of cells= and row=, column=.
struct Cells {
  bool row = false, column = false, cell = false, expected = false;
};

Cells cells_of(const Arguments& a) {
  Cells cells;
  cells.row = a.boolean("row");
  cells.column = a.boolean("column");
  const std::vector<std::string> known = {"row", "column", "cell", "expected"};
  for (const std::string& given : a.texts("cells"))
    for (const std::string& word : core::split(given, ' ')) {
      if (word.empty()) continue;
      if (word == "row")
        cells.row = true;
      else if (word == "col" || word == "column")
        cells.column = true;
      else if (word == "cell")
        cells.cell = true;
      else if (word == "expected")
        cells.expected = true;
      else
        throw core::Error("cells= has no '" + word + "'").word(word).hint(core::did_you_mean(word, known, "words"));
    }
  return cells;
}

int two_way(lua_State* L, const data::Frame& frame, const std::string& rows, const std::string& columns,
            const measures::TabulateOptions& options, Arguments& a) {
  const measures::TwoWayTable t = measures::tabulate(*frame.at(rows), *frame.at(columns), {}, options);
  const Cells cells = cells_of(a);
  const numerics::Matrix row_shares = t.row_shares(), column_shares = t.column_shares(), shares = t.shares();
  constexpr std::size_t usual_rows = 100, usual_columns = 20;
  const std::size_t most_rows = most_levels(a, usual_rows), most_columns = most_levels(a, usual_columns);
  const std::size_t shown_columns = std::min(most_columns, t.columns.size());
  report::Table table;
  std::vector<std::string> heads = {rows + " \\ " + columns};
  for (const std::string& level : t.columns) heads.push_back(level_text(level));
  heads.emplace_back("Total");
  table.header.push_back(header_row(heads));
  report::Table shown;
  /// A row into the table, and what is shown of it: the first columns and the total.
  const auto add = [&](std::vector<std::string> texts, bool visible, bool rule) {
    report::Row row = text_row(texts);
    row.rule_above = rule;
    table.body.push_back(row);
    if (!visible) return;
    if (row.cells.size() == t.columns.size() + 2 || row.cells.size() == t.columns.size() + 1)
      row.cells.erase(row.cells.begin() + 1 + static_cast<std::ptrdiff_t>(shown_columns),
                      row.cells.begin() + 1 + static_cast<std::ptrdiff_t>(t.columns.size()));
    shown.body.push_back(std::move(row));
  };
  heads.erase(heads.begin() + 1 + static_cast<std::ptrdiff_t>(shown_columns),
              heads.begin() + 1 + static_cast<std::ptrdiff_t>(t.columns.size()));
  shown.header.push_back(header_row(heads));
  lua_newtable(L);
  for (std::size_t i = 0; i < t.rows.size(); ++i) {
    const auto row = static_cast<Eigen::Index>(i);
    std::vector<std::string> counts = {level_text(t.rows[i])}, of_row = {"  row %"}, of_column = {"  column %"},
                             of_all = {"  cell %"}, expected = {"  expected"};
    lua_newtable(L);
    for (std::size_t j = 0; j < t.columns.size(); ++j) {
      const auto column = static_cast<Eigen::Index>(j);
      counts.push_back(core::grouped(static_cast<long long>(t.counts(row, column))));
      of_row.push_back(core::fixed(100 * row_shares(row, column), 2));
      of_column.push_back(core::fixed(100 * column_shares(row, column), 2));
      of_all.push_back(core::fixed(100 * shares(row, column), 2));
      expected.push_back(core::fixed(t.row_totals[row] * t.column_totals[column] / t.total, 1));
      lua_pushnumber(L, t.counts(row, column));
      lua_setfield(L, -2, t.columns[j].c_str());
    }
    seal_named(L, t.columns, "level");
    lua_setfield(L, -2, t.rows[i].c_str());
    counts.push_back(core::grouped(static_cast<long long>(t.row_totals[row])));
    const bool visible = i < most_rows;
    add(counts, visible, false);
    if (cells.expected) add(expected, visible, false);
    if (cells.row) add(of_row, visible, false);
    if (cells.column) add(of_column, visible, false);
    if (cells.cell) add(of_all, visible, false);
  }
  std::vector<std::string> totals = {"Total"};
  for (const double value : t.column_totals) totals.push_back(core::grouped(static_cast<long long>(value)));
  totals.push_back(core::grouped(static_cast<long long>(t.total)));
  add(totals, true, true);
  table.notes.push_back("Pearson chi2(" + core::shortest(t.df) + ") = " + core::fixed(t.chi2, 4) +
                        ", p = " + core::fixed(t.p, 4) + ", Cramér's V = " + core::fixed(t.cramers_v, 4));
  push_fields(L, {{"chi2", t.chi2}, {"df", t.df}, {"p", t.p}, {"cramers_v", t.cramers_v}}, "field");
  lua_setfield(L, -2, "test");
  shown.notes = table.notes;
  if (t.rows.size() > most_rows) shown.notes.push_back(not_shown(most_rows, t.rows.size(), rows));
  if (shown_columns < t.columns.size()) shown.notes.push_back(not_shown(shown_columns, t.columns.size(), columns));
  seal_shown(L, a, table, std::move(shown), t.rows);
  return 1;
}

int tabulate(lua_State* L, Arguments& a) {
  const data::Frame frame = a.frame();
  const std::vector<std::string> names = a.column_names("columns");
  measures::TabulateOptions options;
  options.missing = a.boolean("missing");
  if (names.size() == 1) return one_way(L, frame, names[0], options, a);
  if (names.size() == 2) return two_way(L, frame, names[0], names[1], options, a);
  throw core::Error("tabulate takes one column or two, not " + std::to_string(names.size())).word("tabulate");
}

}  // namespace

void add_tabulate_command(Registry& registry) {
  const std::vector<core::OptionSpec> files = file_options();
  registry.add(
      {{.name = "tabulate",
        .topic = "statistics",
        .summary = "Counts of one column, or of two with a test of independence",
        .args = {{.name = "columns", .kind = Kind::columns, .doc = "one column or two", .repeated = true}},
        .options =
            {{.name = "missing", .kind = Kind::boolean, .doc = "count missing values too", .default_text = "false"},
             {.name = "row", .kind = Kind::boolean, .doc = "shares of the row", .default_text = "false"},
             {.name = "column", .kind = Kind::boolean, .doc = "shares of the column", .default_text = "false"},
             {.name = "cells",
              .kind = Kind::texts,
              .doc = "lines in each cell: row, column, cell (percent), expected (count)",
              .default_text = "none"},
             {.name = "most",
              .kind = Kind::integer,
              .doc = "show at most so many levels",
              .default_text = "100, across 20",
              .min = 1},
             files[0],
             files[1],
             files[2]},
        .source = "Pearson (1900)",
        .example = "tabulate(province, treat, row=true)"},
       tabulate});
}

}  // namespace bindings
