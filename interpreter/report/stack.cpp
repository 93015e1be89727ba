// Panels: tables one under the other in one table.
#include "core/error.hpp"
#include "core/text.hpp"
#include "report/layout.hpp"

#include <algorithm>

namespace report {
namespace {

bool same_rows(const std::vector<Row>& a, const std::vector<Row>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](const Row& x, const Row& y) {
    return std::equal(x.cells.begin(), x.cells.end(), y.cells.begin(), y.cells.end(),
                      [](const Cell& c, const Cell& d) { return c.text == d.text && c.span == d.span; });
  });
}

}  // namespace

Table stack(const std::vector<Table>& tables, const std::vector<std::string>& titles) {
  if (tables.empty()) throw core::Error("there is no table to stack").hint("give two or more: stack_tables(t1, t2)");
  if (!titles.empty() && titles.size() != tables.size())
    throw core::Error(core::counted(static_cast<long long>(titles.size()), "title") + " for " +
                      core::counted(static_cast<long long>(tables.size()), "table"))
        .word("titles");
  const std::size_t columns = column_count(tables.front());
  for (std::size_t i = 1; i < tables.size(); ++i) {
    const std::size_t own = column_count(tables[i]);
    if (own != columns)
      throw core::Error("the tables have " + std::to_string(columns) + " and " + std::to_string(own) +
                        " columns: those that are stacked need the same number");
  }
  Table out = tables.front();
  out.body.clear();
  for (std::size_t i = 0; i < tables.size(); ++i) {
    const Table& table = tables[i];
    const std::size_t first = out.body.size();
    if (!titles.empty())
      out.body.push_back({.cells = {{.text = titles[i], .span = static_cast<int>(columns), .header = true}}});
    if (i > 0 && !same_rows(table.header, out.header))
      for (Row row : table.header) {
        for (Cell& cell : row.cells) cell.header = !cell.text.empty();
        out.body.push_back(std::move(row));
      }
    out.body.insert(out.body.end(), table.body.begin(), table.body.end());
    if (i > 0 && first < out.body.size()) out.body[first].rule_above = true;
    if (i > 0)
      for (const std::string& note : table.notes)
        if (std::find(out.notes.begin(), out.notes.end(), note) == out.notes.end()) out.notes.push_back(note);
  }
  return out;
}

}  // namespace report
