// balance: do two groups have the same means? The table that goes before a comparison.
#include "bindings/measures.hpp"
#include "core/text.hpp"
#include "measures/two_samples.hpp"

#include <cmath>

namespace bindings {
namespace {

using core::Kind;

std::string stars(double p) { return p < 0.01 ? "***" : p < 0.05 ? "**" : p < 0.1 ? "*" : ""; }

struct Comparison {
  measures::TTest t;
  double normalised = 0;      ///< (mean1 − mean0) / √((s1² + s0²)/2)
  double variance_ratio = 0;  ///< s1² / s0²
};

Comparison compare(const std::vector<double>& treated, const std::vector<double>& control, bool unequal) {
  Comparison c;
  c.t = measures::t_test(treated, control, unequal);
  const double v1 = c.t.first.sd * c.t.first.sd, v0 = c.t.second.sd * c.t.second.sd;
  c.normalised = c.t.difference / std::sqrt((v1 + v0) / 2);
  c.variance_ratio = v0 > 0 ? v1 / v0 : std::nan("");
  return c;
}

int balance(lua_State* L, Arguments& a) {
  const MeasureRows rows = measure_rows(a);
  const MeasureGroups groups = measure_groups(a, rows.frame);
  if (!groups.given()) throw core::Error("option 'by' is missing").word("balance").hint("balance(x1, x2, by=treat)");
  if (groups.rows.size() != 2)
    throw core::Error(core::join(groups.columns, ", ") + " has " +
                      core::counted(static_cast<long long>(groups.rows.size()), "group") + "; balance compares two")
        .word(groups.columns[0])
        .hint("choose two with where=");
  const bool unequal = a.boolean("unequal"), sds = a.boolean("sd", true);
  const auto number = [&](double x) {
    return std::isfinite(x) ? core::fixed(x, static_cast<int>(a.integer("decimals", 3))) : std::string(".");
  };
  report::Table table;
  table.title = a.text("title", "");
  const std::string of = core::join(groups.columns, ", ") + " = ";
  table.header.push_back(
      header_row({"Variable", of + groups.names[0], of + groups.names[1], "Difference", "t", "p", "Norm. diff."}));
  std::vector<std::string> names = a.column_names("columns");
  lua_newtable(L);
  std::size_t left_out = 0;
  for (const std::string& name : names) {
    const std::vector<double> x = numbers_of(rows.frame, name);
    std::vector<double> values[2];
    for (std::size_t g = 0; g < 2; ++g)
      for (const std::uint32_t row : groups.rows[g]) {
        if (std::isnan(x[row])) {
          ++left_out;
        } else {
          values[g].push_back(x[row]);
        }
      }
    Comparison c;
    try {
      c = compare(values[1], values[0], unequal);
    } catch (const core::Error& error) {
      throw core::Error("'" + name + "': " + error.message()).word(name);
    }
    report::Row row =
        text_row({shown_name(rows.frame, name), number(c.t.second.mean), number(c.t.first.mean), number(c.t.difference),
                  core::fixed(c.t.statistic, 2), p_value_text(c.t.p), core::fixed(c.normalised, 3)});
    row.cells[3].stars = stars(c.t.p);
    table.body.push_back(std::move(row));
    if (sds)
      table.body.push_back(text_row({"", "(" + number(c.t.second.sd) + ")", "(" + number(c.t.first.sd) + ")",
                                     "(" + number(c.t.se) + ")", "", "", ""}));
    push_fields(L,
                {{"mean0", c.t.second.mean},
                 {"mean1", c.t.first.mean},
                 {"sd0", c.t.second.sd},
                 {"sd1", c.t.first.sd},
                 {"n0", c.t.second.n},
                 {"n1", c.t.first.n},
                 {"difference", c.t.difference},
                 {"se", c.t.se},
                 {"t", c.t.statistic},
                 {"df", c.t.df},
                 {"p", c.t.p},
                 {"normalised", c.normalised},
                 {"variance_ratio", c.variance_ratio}},
                "statistic");
    lua_setfield(L, -2, name.c_str());
  }
  report::Row count = text_row({"Rows", core::grouped(static_cast<long long>(groups.rows[0].size())),
                                core::grouped(static_cast<long long>(groups.rows[1].size())), "", "", "", ""});
  count.rule_above = true;
  table.body.push_back(std::move(count));
  table.notes.push_back("Difference: " + of + groups.names[1] + " minus " + groups.names[0] +
                        (sds ? "; standard deviations, and the standard error of the difference, in parentheses" : ""));
  table.notes.push_back(std::string(unequal ? "Welch's t test" : "t test with equal variances") +
                        "; normalised difference: over the root of the mean variance");
  table.notes.emplace_back("* p < 0.1, ** p < 0.05, *** p < 0.01");
  note_left_out(groups.left_out, table.notes, "without a group");
  if (left_out)
    table.notes.push_back(core::counted(static_cast<long long>(left_out), "missing value") +
                          " left out, each by variable");
  if (a.has("file")) report::save(table, a.text("file"));
  seal_reported(L, std::move(table), names, "variable");
  return 1;
}

}  // namespace

void add_balance_command(Registry& registry) {
  registry.add({{.name = "balance",
                 .topic = "statistics",
                 .summary = "Means of two groups, their difference, t test and normalised difference",
                 .args = {{.name = "columns", .kind = Kind::columns, .doc = "numeric columns", .repeated = true}},
                 .options = {by_option("the two groups; the second, in sorted order, minus the first"),
                             {.name = "unequal",
                              .kind = Kind::boolean,
                              .doc = "Welch's test: variances may differ",
                              .default_text = "false"},
                             {.name = "sd",
                              .kind = Kind::boolean,
                              .doc = "a second line with standard deviations",
                              .default_text = "true"},
                             {.name = "decimals",
                              .kind = Kind::integer,
                              .doc = "digits after the point",
                              .default_text = "3",
                              .min = 0,
                              .max = 12},
                             {.name = "title", .kind = Kind::text, .doc = "above the table", .default_text = {}},
                             file_option()},
                 .source = "Imbens & Wooldridge (2009), Journal of Economic Literature 47(1)",
                 .example = "balance(lngdp, lnedu, by=treat)"},
                balance});
}

}  // namespace bindings
