// tabulate: counts of one or two columns.
#include "measures/tabulate.hpp"
#include "bindings/reported.hpp"
#include "bindings/table_options.hpp"
#include "core/text.hpp"

namespace bindings {
namespace {

using core::Kind;

std::string level_text(const std::string& level) { return level.empty() ? "(missing)" : level; }

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
  table.body.push_back(std::move(total));
  save_if_asked(a, table);
  seal_reported(L, std::move(table), t.levels, "level");
  return 1;
}

int two_way(lua_State* L, const data::Frame& frame, const std::string& rows, const std::string& columns,
            const measures::TabulateOptions& options, Arguments& a) {
  const measures::TwoWayTable t = measures::tabulate(*frame.at(rows), *frame.at(columns), {}, options);
  const bool by_row = a.boolean("row"), by_column = a.boolean("column");
  const numerics::Matrix row_shares = t.row_shares(), column_shares = t.column_shares();
  report::Table table;
  std::vector<std::string> heads = {rows + " \\ " + columns};
  for (const std::string& level : t.columns) heads.push_back(level_text(level));
  heads.emplace_back("Total");
  table.header.push_back(header_row(heads));
  lua_newtable(L);
  for (std::size_t i = 0; i < t.rows.size(); ++i) {
    const auto row = static_cast<Eigen::Index>(i);
    std::vector<std::string> counts = {level_text(t.rows[i])}, of_row = {"  row %"}, of_column = {"  column %"};
    lua_newtable(L);
    for (std::size_t j = 0; j < t.columns.size(); ++j) {
      const auto column = static_cast<Eigen::Index>(j);
      counts.push_back(core::grouped(static_cast<long long>(t.counts(row, column))));
      of_row.push_back(core::fixed(100 * row_shares(row, column), 2));
      of_column.push_back(core::fixed(100 * column_shares(row, column), 2));
      lua_pushnumber(L, t.counts(row, column));
      lua_setfield(L, -2, t.columns[j].c_str());
    }
    seal_named(L, t.columns, "level");
    lua_setfield(L, -2, t.rows[i].c_str());
    counts.push_back(core::grouped(static_cast<long long>(t.row_totals[row])));
    table.body.push_back(text_row(counts));
    if (by_row) table.body.push_back(text_row(of_row));
    if (by_column) table.body.push_back(text_row(of_column));
  }
  std::vector<std::string> totals = {"Total"};
  for (const double value : t.column_totals) totals.push_back(core::grouped(static_cast<long long>(value)));
  totals.push_back(core::grouped(static_cast<long long>(t.total)));
  report::Row total = text_row(totals);
  total.rule_above = true;
  table.body.push_back(std::move(total));
  table.notes.push_back("Pearson chi2(" + core::shortest(t.df) + ") = " + core::fixed(t.chi2, 4) +
                        ", p = " + core::fixed(t.p, 4) + ", Cramér's V = " + core::fixed(t.cramers_v, 4));
  push_fields(L, {{"chi2", t.chi2}, {"df", t.df}, {"p", t.p}, {"cramers_v", t.cramers_v}}, "field");
  lua_setfield(L, -2, "test");
  save_if_asked(a, table);
  seal_reported(L, std::move(table), t.rows, "level");
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
             files[0],
             files[1],
             files[2]},
        .source = "Pearson (1900)",
        .example = "tabulate(province, treat, row=true)"},
       tabulate});
}

}  // namespace bindings
