// egen: columns from statistics of groups, Stata's way: missing is a group, and conditions restrict what is counted.
#include "bindings/open.hpp"
#include "bindings/verbs.hpp"
#include "data/verbs/keys.hpp"
#include "data/verbs/picked.hpp"
#include "formula/evaluate.hpp"

namespace bindings {
namespace {

using core::Kind;

int egen(lua_State*, Arguments& a) {
  const FrameRef box = a.box();
  data::Frame frame = box->frame;
  if (a.keywords().empty()) throw core::Error("no column was named").word("egen").hint("egen(NAME = mean(x), by=city)");
  for (const std::string& name : a.keywords()) {
    if (frame.has(name))
      throw core::Error("there is already a column '" + name + "'").word(name).hint("drop(" + name + ") first");
    const formula::Tree tree = a.keyword_tree(name);
    data::Frame used = frame;
    const formula::Tree where = a.tree("where");
    const std::vector<std::uint32_t> rows = where ? formula::rows_where(where, frame) : std::vector<std::uint32_t>();
    if (where) used = frame.take(rows);
    const std::vector<data::ColumnPtr> by = data::columns_of(used, a.column_names("by"));
    data::ColumnPtr made =
        by.empty() ? formula::evaluate(tree, used) : formula::evaluate(tree, used, data::keyed(by, used.rows()));
    if (where) made = data::placed(*made, rows, frame.rows());
    frame = frame.with(name, std::move(made));
  }
  box->frame = frame;
  return 0;
}

}  // namespace

void add_egen_command(Registry& registry) {
  registry.add({{.name = "egen",
                 .topic = "data",
                 .summary = "Makes columns from statistics of groups and of rows: NAME = mean(x), rowtotal(x, y), …",
                 .options = {{.name = "by", .kind = Kind::columns, .doc = "the groups", .default_text = {}},
                             {.name = "where",
                              .kind = Kind::condition,
                              .doc = "rows to count and to fill; the others are missing",
                              .default_text = {},
                              .aliases = {"if"}}},
                 .example = "egen(mean_gdp = mean(gdp), place = rank(gdp), by=year)",
                 .open_keywords = true},
                egen});
}

}  // namespace bindings
