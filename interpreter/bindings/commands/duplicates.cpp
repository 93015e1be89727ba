// duplicates: rows that repeat others.
#include "bindings/open.hpp"
#include "bindings/reported.hpp"
#include "bindings/verbs.hpp"
#include "core/text.hpp"
#include "data/verbs/keys.hpp"
#include "data/verbs/picked.hpp"
#include "data/verbs/rows.hpp"

#include <algorithm>
#include <map>

namespace bindings {
namespace {

using core::Kind;

std::string key_words(const std::vector<std::string>& columns) {
  return columns.empty() ? "all columns" : core::join(columns, ", ");
}

/// Stata's table: how many rows have so many copies.
int report_copies(lua_State* L, const data::Frame& frame, const std::vector<std::string>& columns) {
  const data::Copies copies = data::copies(frame, columns);
  std::map<std::uint32_t, std::size_t> groups;
  for (const std::uint32_t n : copies.of_group) ++groups[n];
  report::Table table;
  table.title = "Copies by " + key_words(columns);
  table.header.push_back(header_row({"Copies", "Rows", "Surplus"}));
  for (const auto& [n, count] : groups)
    table.body.push_back(text_row({core::grouped(n), core::grouped(static_cast<long long>(n * count)),
                                   core::grouped(static_cast<long long>((n - 1) * count))}));
  const std::vector<std::pair<std::string, double>> fields = {
      {"rows", static_cast<double>(frame.rows())},
      {"unique", static_cast<double>(copies.groups.first.size())},
      {"surplus", static_cast<double>(copies.surplus)}};
  lua_newtable(L);
  for (const auto& [name, value] : fields) {
    lua_pushnumber(L, value);
    lua_setfield(L, -2, name.c_str());
  }
  seal_reported(L, std::move(table), {"rows", "unique", "surplus"}, "field");
  return 1;
}

int list_copies(lua_State* L, const data::Frame& frame, std::vector<std::string> columns) {
  const data::Copies copies = data::copies(frame, columns);
  if (columns.empty()) columns = frame.names();
  report::Table table;
  std::vector<std::string> heads = {"Group", "Row"};
  heads.insert(heads.end(), columns.begin(), columns.end());
  table.header.push_back(header_row(heads));
  const data::GroupRows rows = data::rows_by_group(copies.groups.codes, copies.of_group.size());
  constexpr std::size_t most = 500;
  std::size_t group = 0;
  std::size_t listed = 0;
  for (std::size_t g = 0; g < copies.of_group.size(); ++g) {
    if (copies.of_group[g] < 2) continue;
    ++group;
    for (const std::uint32_t row : rows.of(g)) {
      if (++listed > most) continue;
      std::vector<std::string> cells = {std::to_string(group), std::to_string(row + 1)};
      for (const std::string& name : columns)
        cells.push_back(frame.at(name)->missing(row) ? "." : frame.at(name)->text(row));
      table.body.push_back(text_row(cells));
    }
  }
  if (listed > most) table.notes.push_back(rows_text(listed - most) + " more");
  table.notes.push_back(group ? rows_text(listed) + " in " + core::counted(static_cast<long long>(group), "group")
                              : "No row has a copy by " + key_words(columns));
  push_value(L, std::make_shared<const report::Table>(std::move(table)));
  return 1;
}

int tag_copies(lua_State* L, const Arguments& a, const FrameRef& box, const std::vector<std::string>& columns) {
  if (!a.has("generate"))
    throw core::Error("option 'generate' is missing").hint("duplicates(\"tag\", id, generate=\"copies\")");
  const data::Copies copies = data::copies(box->frame, columns);
  std::vector<std::int64_t> others(box->frame.rows());
  for (std::size_t i = 0; i < others.size(); ++i)
    others[i] = copies.of_group[static_cast<std::size_t>(copies.groups.codes[i])] - 1;
  data::Frame made =
      with_new(box->frame, a.text("generate"),
               data::Column::integers(std::move(others))->labelled("Other rows with the same key"), "generate");
  return finish(L, a, box, std::move(made));
}

/// Rows beyond the first of their group that differ from it in some column.
std::size_t differing(const data::Frame& frame, const data::Grouping& groups) {
  std::size_t count = 0;
  for (std::size_t i = 0; i < frame.rows(); ++i) {
    const std::uint32_t first = groups.first[static_cast<std::size_t>(groups.codes[i])];
    bool same = true;
    for (std::size_t c = 0; c < frame.width() && same; ++c)
      same = i == first || data::same_value(*frame.column(c), i, *frame.column(c), first);
    count += same ? 0 : 1;
  }
  return count;
}

int drop_copies(lua_State* L, const Arguments& a, const FrameRef& box, const std::vector<std::string>& columns) {
  const data::Copies copies = data::copies(box->frame, columns);
  if (!columns.empty() && !a.boolean("force")) {
    const std::size_t different = differing(box->frame, copies.groups);
    if (different > 0)
      throw core::Error(rows_text(different) + (different == 1 ? " differs" : " differ") +
                        " in other columns from the first row with the same " + core::join(columns, ", "))
          .hint("force=true keeps the first of each and drops the others; duplicates(\"list\", …) shows them");
  }
  std::vector<std::uint32_t> rows = copies.groups.first;
  std::sort(rows.begin(), rows.end());
  say(L, rows_text(copies.surplus) + " dropped; " + core::grouped(static_cast<long long>(rows.size())) + " left");
  return finish(L, a, box, box->frame.take(rows));
}

int duplicates(lua_State* L, Arguments& a) {
  const FrameRef box = a.box();
  const std::string what = a.text("what");
  const std::vector<std::string> columns = a.column_names("columns");
  const auto only = [&](const char* option, const char* owner) {
    if (a.has(option) && what != owner)
      throw core::Error(std::string("option '") + option + "' goes with \"" + owner + "\"").word(option);
  };
  only("generate", "tag");
  only("force", "drop");
  if (a.has("copy") && what != "tag" && what != "drop")
    throw core::Error("option 'copy' goes with \"tag\" and \"drop\"").word("copy");
  if (what == "report") return report_copies(L, box->frame, columns);
  if (what == "list") return list_copies(L, box->frame, columns);
  if (what == "tag") return tag_copies(L, a, box, columns);
  if (what == "drop") return drop_copies(L, a, box, columns);
  throw core::Error("duplicates does \"report\", \"list\", \"tag\" or \"drop\", not \"" + what + "\"").word(what);
}

}  // namespace

void add_duplicates_command(Registry& registry) {
  const core::ArgSpec columns{.name = "columns",
                              .kind = Kind::columns,
                              .doc = "what rows are compared by; all columns when none is named",
                              .optional = true,
                              .repeated = true};
  const core::OptionSpec force{.name = "force",
                               .kind = Kind::boolean,
                               .doc = "drop: also rows that differ in other columns",
                               .default_text = "false"};
  registry.add(whole_frame(
      {.name = "duplicates",
       .topic = "data",
       .summary = "Finds, marks or drops rows that repeat others",
       .args = {{.name = "what", .kind = Kind::text, .doc = "\"report\", \"list\", \"tag\" or \"drop\""}, columns},
       .options = {{.name = "generate",
                    .kind = Kind::text,
                    .doc = "tag: name of the column with the number of other such rows",
                    .default_text = {}},
                   force,
                   copy_option()},
       .example = "duplicates(\"report\", city, year)"},
      duplicates));
}

}  // namespace bindings
