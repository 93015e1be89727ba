// tabulate: counts of one or two columns.
#include "measures/tabulate.hpp"
#include "bindings/reported.hpp"
#include "bindings/table_options.hpp"
#include "core/near.hpp"
#include "core/text.hpp"
#include "data/value_labels.hpp"
#include "formula/evaluate.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace bindings {
namespace {

using core::Kind;

std::string level_text(const std::string& level) { return level.empty() ? "(missing)" : level; }

/// Counts are whole but for analytic weights.
std::string count_text(double count) {
  constexpr int decimals = 2;
  return count == std::floor(count) ? core::grouped(static_cast<long long>(count)) : core::fixed(count, decimals);
}

/// What is tabulated: the columns, without their labels where asked, and the weights.
struct Tabulated {
  std::vector<std::string> names;
  std::vector<data::ColumnPtr> columns;
  std::vector<double> weights;
  measures::TabulateOptions options;
};

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

/// The most frequent level first; equal counts keep their order.
void sort_by_count(measures::OneWayTable& t) {
  std::vector<std::size_t> order(t.levels.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](std::size_t i, std::size_t j) { return t.counts[i] > t.counts[j]; });
  measures::OneWayTable out;
  out.total = t.total;
  double below = 0;
  for (const std::size_t i : order) {
    out.levels.push_back(t.levels[i]);
    out.counts.push_back(t.counts[i]);
    out.shares.push_back(t.shares[i]);
    out.cumulative.push_back(below += t.shares[i]);
  }
  t = std::move(out);
}

int one_way(lua_State* L, const data::Frame& frame, const Tabulated& asked, Arguments& a) {
  const std::string& name = asked.names[0];
  for (const char* option : {"row", "column", "cells", "nofreq"})
    if (a.has(option) && (a.has("cells") || a.boolean(option)))
      throw core::Error(std::string(option) + "= is of tables of two columns").word(option);
  measures::OneWayTable t = measures::tabulate(*asked.columns[0], asked.weights, asked.options);
  if (a.boolean("sort")) sort_by_count(t);
  report::Table table;
  table.header.push_back(header_row({shown_name(frame, name), "Count", "Percent", "Cumulative"}));
  lua_newtable(L);
  for (std::size_t i = 0; i < t.levels.size(); ++i) {
    table.body.push_back(text_row({level_text(t.levels[i]), count_text(t.counts[i]), core::fixed(100 * t.shares[i], 2),
                                   core::fixed(100 * t.cumulative[i], 2)}));
    push_fields(L, {{"count", t.counts[i]}, {"share", t.shares[i]}, {"cumulative", t.cumulative[i]}}, "field");
    lua_setfield(L, -2, t.levels[i].c_str());
  }
  report::Row total = text_row({"Total", count_text(t.total), "100.00", ""});
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
  bool counts = true;
};

Cells cells_of(const Arguments& a) {
  Cells cells;
  cells.row = a.boolean("row");
  cells.column = a.boolean("column");
  cells.counts = !a.boolean("nofreq");
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
  if (!cells.counts && !cells.row && !cells.column && !cells.cell && !cells.expected)
    throw core::Error("nofreq leaves nothing to show").word("nofreq").hint("row, column or cells= show shares");
  return cells;
}

int two_way(lua_State* L, const Tabulated& asked, Arguments& a) {
  if (a.boolean("sort")) throw core::Error("sort= is of tables of one column").word("sort");
  const std::string& rows = asked.names[0];
  const std::string& columns = asked.names[1];
  const measures::TwoWayTable t =
      measures::tabulate(*asked.columns[0], *asked.columns[1], asked.weights, asked.options);
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
    // Without counts the first line that is shown carries the level.
    std::string head = cells.counts ? "" : level_text(t.rows[i]) + ", ";
    const auto headed = [&](bool wanted, const char* text) {
      return !wanted || cells.counts ? std::string("  ") + text : std::exchange(head, "  ") + text;
    };
    std::vector<std::string> counts = {level_text(t.rows[i])}, expected = {headed(cells.expected, "expected")},
                             of_row = {headed(cells.row, "row %")}, of_column = {headed(cells.column, "column %")},
                             of_all = {headed(cells.cell, "cell %")};
    lua_newtable(L);
    for (std::size_t j = 0; j < t.columns.size(); ++j) {
      const auto column = static_cast<Eigen::Index>(j);
      counts.push_back(count_text(t.counts(row, column)));
      of_row.push_back(core::fixed(100 * row_shares(row, column), 2));
      of_column.push_back(core::fixed(100 * column_shares(row, column), 2));
      of_all.push_back(core::fixed(100 * shares(row, column), 2));
      expected.push_back(core::fixed(t.row_totals[row] * t.column_totals[column] / t.total, 1));
      lua_pushnumber(L, t.counts(row, column));
      lua_setfield(L, -2, t.columns[j].c_str());
    }
    seal_named(L, t.columns, "level");
    lua_setfield(L, -2, t.rows[i].c_str());
    counts.push_back(count_text(t.row_totals[row]));
    const bool visible = i < most_rows;
    if (cells.counts) add(counts, visible, false);
    if (cells.expected) add(expected, visible, false);
    if (cells.row) add(of_row, visible, false);
    if (cells.column) add(of_column, visible, false);
    if (cells.cell) add(of_all, visible, false);
  }
  std::vector<std::string> totals = {"Total"};
  for (const double value : t.column_totals) totals.push_back(count_text(value));
  totals.push_back(count_text(t.total));
  add(totals, true, true);
  if (!std::isnan(t.chi2))
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
  Tabulated asked;
  asked.names = a.column_names("columns");
  asked.options.missing = a.boolean("missing");
  for (const std::string& name : asked.names) {
    const data::ColumnPtr column = frame.at(name);
    const bool labelled = column->type() == data::Type::category && !column->level_values().empty();
    asked.columns.push_back(labelled && a.boolean("nolabel") ? data::without_value_labels(*column) : column);
  }
  if (const formula::Weights weights = a.weights(); weights.expression) {
    if (weights.kind == formula::WeightKind::probability)
      throw core::Error("tabulate takes aw() or fw(), not pw()").word("pw");
    asked.weights = formula::evaluate_numbers(weights.expression, frame);
    asked.options.weighting =
        weights.kind == formula::WeightKind::frequency ? measures::Weighting::frequency : measures::Weighting::analytic;
  }
  if (asked.names.size() == 1) return one_way(L, frame, asked, a);
  if (asked.names.size() == 2) return two_way(L, asked, a);
  throw core::Error("tabulate takes one column or two, not " + std::to_string(asked.names.size())).word("tabulate");
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
             {.name = "nofreq",
              .kind = Kind::boolean,
              .doc = "shares without counts (two columns)",
              .default_text = "false"},
             {.name = "sort",
              .kind = Kind::boolean,
              .doc = "the most frequent first (one column)",
              .default_text = "false"},
             {.name = "nolabel",
              .kind = Kind::boolean,
              .doc = "numbers in place of value labels",
              .default_text = "false"},
             {.name = "weights", .kind = Kind::weights, .doc = "aw(x) or fw(x)", .default_text = {}},
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
