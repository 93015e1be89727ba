// check: a condition that every row must meet.
#include "bindings/commands/value_verbs.hpp"
#include "core/text.hpp"
#include "formula/evaluate.hpp"

namespace bindings {
namespace {

using core::Kind;

/// "row 5 (Hangzhou, 2014)": the panel says which one it is.
std::string row_text(const data::Frame& frame, std::size_t row, const std::vector<std::uint32_t>* original) {
  std::string out = "row " + std::to_string((original ? (*original)[row] : row) + 1);
  if (const data::Panel* panel = frame.panel())
    out += " (" + (panel->unit.empty() ? "" : frame.at(panel->unit)->text(row) + ", ") +
           frame.at(panel->time)->text(row) + ")";
  return out;
}

int check(lua_State*, Arguments& a) {
  data::Frame frame = a.box()->frame;
  std::vector<std::uint32_t> rows;
  const formula::Tree where = a.tree("where");
  if (where) {
    rows = formula::rows_where(where, frame);
    frame = frame.take(rows);
  }
  const formula::Tree condition = a.tree("condition");
  const data::ColumnPtr result = formula::evaluate(condition, frame);
  if (!result->is_numeric()) (void)formula::rows_where(condition, frame);  // throws: text is no condition
  const bool missing_passes = a.text("missing", "fail") == "pass";
  const auto most = static_cast<std::size_t>(a.integer("show", 5));
  std::vector<std::string> failing;
  long long count = 0;
  long long missing = 0;
  for (std::size_t i = 0; i < result->size(); ++i) {
    const bool unknown = result->missing(i);
    if (unknown ? missing_passes : result->number(i) != 0) continue;
    ++count;
    missing += unknown ? 1 : 0;
    if (failing.size() < most) failing.push_back(row_text(frame, i, where ? &rows : nullptr));
  }
  if (count == 0) return 0;
  core::Error error(share_of(static_cast<std::size_t>(count), frame.rows(), "row") + " fail " +
                    formula::print(condition) +
                    (missing > 0 ? " (" + core::grouped(missing) + " because something is missing)" : ""));
  if (!failing.empty()) error.hint(core::join(failing, ", ") + (count > static_cast<long long>(most) ? ", …" : ""));
  throw core::Error(std::move(error));
}

}  // namespace

void add_check_command(Registry& registry) {
  registry.add(
      {{.name = "check",
        .topic = "data",
        .summary = "Stops with the first failing rows unless a condition holds in every row",
        .args = {{.name = "condition", .kind = Kind::condition, .doc = "a condition as a string"}},
        .options = {{.name = "missing",
                     .kind = Kind::text,
                     .doc = "rows where the condition is neither true nor false",
                     .default_text = "fail",
                     .one_of = {"fail", "pass"}},
                    {.name = "show", .kind = Kind::integer, .doc = "rows to name", .default_text = "5", .min = 0},
                    where_option("rows to check")},
        .source = "Stata [D] assert",
        .example = "check \"0 <= share and share <= 1\""},
       check});
}

}  // namespace bindings
