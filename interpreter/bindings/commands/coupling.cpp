// coupling: coupling coordination degree of two or more systems.
#include "measures/coupling.hpp"
#include "bindings/importance.hpp"
#include "bindings/measures.hpp"
#include "core/text.hpp"
#include "formula/evaluate.hpp"
#include "measures/composite.hpp"
#include "measures/describe.hpp"

#include <cmath>

namespace bindings {
namespace {

using core::Kind;

struct Systems {
  std::vector<std::string> names;
  std::vector<std::vector<double>> values;  ///< over the rows in use
};

Systems systems_of(const Arguments& a, const MeasureRows& rows) {
  Systems out;
  for (const formula::Tree& tree : a.trees("systems")) {
    out.names.push_back(formula::print(tree));
    out.values.push_back(formula::evaluate_numbers(tree, rows.frame));
  }
  if (out.names.size() < 2)
    throw core::Error("coupling needs two systems or more").word("coupling").hint("coupling(digital, green)");
  return out;
}

/// floor + (1 − floor) · min-max, over the rows of each group.
void scale(Systems& systems, const MeasureGroups& groups, double floor) {
  for (std::size_t j = 0; j < systems.values.size(); ++j) {
    std::vector<double> scaled(systems.values[j].size(), std::nan(""));
    for (std::size_t g = 0; g < groups.rows.size(); ++g) {
      measures::Indicator known;
      for (const std::uint32_t row : groups.rows[g])
        if (!std::isnan(systems.values[j][row])) known.values.push_back(systems.values[j][row]);
      if (known.values.empty()) continue;
      const std::vector<double> u = measures::min_max(known);
      if (u.empty())
        throw core::Error("system '" + systems.names[j] + "' has the same value in every row" +
                          (groups.given() ? " of " + groups.names[g] : " in use"))
            .word(systems.names[j])
            .hint("scale=\"none\" takes values in [0, 1] as they are");
      std::size_t next = 0;
      for (const std::uint32_t row : groups.rows[g])
        if (!std::isnan(systems.values[j][row])) scaled[row] = floor + (1 - floor) * u[next++];
    }
    systems.values[j] = std::move(scaled);
  }
}

/// Kernels know systems and rows by position.
measures::Coordination coordinate(const Systems& systems, const MeasureRows& rows,
                                  const measures::CouplingOptions& options) {
  for (std::size_t j = 0; j < systems.values.size(); ++j)
    for (std::size_t i = 0; i < systems.values[j].size(); ++i) {
      const double u = systems.values[j][i];
      if (u < 0 || u > 1)
        throw core::Error("system '" + systems.names[j] + "' is " + core::shortest(u) + " in row " +
                          std::to_string(rows.origin[i] + 1) + "; coupling needs values in [0, 1]")
            .word(systems.names[j])
            .hint("scale=\"minmax\" (the default) scales the systems");
    }
  return measures::coordination(systems.values, options);
}

/// The rows of the report: C, T, D and how many rows are in each class.
int push_coordination(lua_State* L, const Arguments& a, const std::string& name, const measures::Coordination& c,
                      const std::vector<int>& classes, std::vector<std::string> notes) {
  report::Table table;
  table.title = "Coupling coordination";
  std::vector<int> counts(measures::coordination_classes().size(), 0);
  for (const int code : classes)
    if (code >= 0) ++counts[static_cast<std::size_t>(code)];
  std::vector<std::string> filled;
  for (std::size_t k = 0; k < counts.size(); ++k)
    if (counts[k]) filled.push_back(measures::coordination_classes()[k] + " " + std::to_string(counts[k]));
  notes.push_back("Classes of D by tenths: " + core::join(filled, ", "));
  table.notes = std::move(notes);
  std::vector<Statistics> statistics;
  for (const std::vector<double>* column : {&c.coupling, &c.development, &c.coordination}) {
    const measures::Description d = measures::describe(*column);
    statistics.push_back({{"n", "N", d.n},
                          {"mean", "Mean", d.mean},
                          {"sd", "Std. dev.", d.sd},
                          {"min", "Min", d.min},
                          {"max", "Max", d.max}});
  }
  push_by_rows(L, a, std::move(table), "Column", {name + "_C", name + "_T", name + "_D"}, statistics);
  return 1;
}

int coupling(lua_State* L, Arguments& a) {
  const MeasureRows rows = measure_rows(a);
  Systems systems = systems_of(a, rows);
  const MeasureGroups groups = measure_groups(a, rows.frame);
  const std::string name = a.text("name", "coupling"), form = a.text("form", "geometric");
  measures::CouplingOptions options;
  options.form = form == "power"     ? measures::Coupling::power
                 : form == "revised" ? measures::Coupling::revised
                                     : measures::Coupling::geometric;
  options.exponent = a.number("exponent", 2);
  if (a.has("exponent") && form != "power") throw core::Error("exponent= belongs to form=\"power\"").word("exponent");
  options.importance = importance_of(a, systems.names.size(), "system");
  NewColumns columns(a, rows);
  const bool classes = a.boolean("classes");
  for (const char* part : {"_C", "_T", "_D"}) columns.claim(name + part);
  if (classes) columns.claim(name + "_class");
  std::vector<std::string> notes = {form == "geometric" ? "C: geometric over arithmetic mean of the systems"
                                    : form == "power"
                                        ? "C: [product / mean^n]^k with k = " + core::shortest(options.exponent)
                                        : "C: revised form of Wang et al. (2021)"};
  notes.push_back(std::string("T: ") +
                  (options.importance.empty() ? "mean of the systems" : "weighted mean of the systems") +
                  "; D = sqrt(C T)");
  const bool none = a.text("scale", "minmax") == "none";
  if (none && (a.has("floor") || a.has("by")))
    throw core::Error("floor= and by= belong to scale=\"minmax\"").word(a.has("floor") ? "floor" : "by");
  const double floor = a.number("floor", 0.01);
  if (!none) {
    scale(systems, groups, floor);
    notes.push_back("Systems scaled to [" + core::shortest(floor) + ", 1] " +
                    (groups.given() ? "within each " + core::join(groups.columns, ", ")
                                    : std::string("over all rows together (pooled)")));
  }
  const measures::Coordination c = coordinate(systems, rows, options);
  std::vector<int> codes;
  for (const double d : c.coordination) codes.push_back(measures::coordination_class(d));
  columns.add(name + "_C", c.coupling, "Coupling degree");
  columns.add(name + "_T", c.development, "Development");
  columns.add(name + "_D", c.coordination, "Coupling coordination degree");
  if (classes) columns.add_words(name + "_class", codes, measures::coordination_classes(), "Class of coordination");
  columns.store();
  return push_coordination(L, a, name, c, codes, notes);
}

}  // namespace

void add_coupling_command(Registry& registry) {
  registry.add(
      {{.name = "coupling",
        .topic = "measures",
        .summary = "Coupling coordination degree of two or more systems: columns C, T and D",
        .args = {{.name = "systems",
                  .kind = Kind::expression,
                  .doc = "columns or expressions, one a system",
                  .repeated = true}},
        .options = {{.name = "form",
                     .kind = Kind::text,
                     .doc = "which C",
                     .default_text = "geometric",
                     .one_of = {"geometric", "power", "revised"}},
                    {.name = "exponent",
                     .kind = Kind::number,
                     .doc = "k of form=\"power\"",
                     .default_text = "2",
                     .min = 1e-6,
                     .max = 100},
                    importance_option("weights of the systems in T; scaled to sum to one", "equal"),
                    {.name = "scale",
                     .kind = Kind::text,
                     .doc = "scale the systems first, or take them as they are",
                     .default_text = "minmax",
                     .one_of = {"minmax", "none"}},
                    {.name = "floor",
                     .kind = Kind::number,
                     .doc = "smallest scaled value, so that no product vanishes",
                     .default_text = "0.01",
                     .min = 0,
                     .max = 0.5},
                    by_option("scale within each of these, usually the year; else over all rows"),
                    {.name = "classes", .kind = Kind::boolean, .doc = "also make NAME_class", .default_text = "false"},
                    name_option("of the new columns: NAME_C, NAME_T, NAME_D", "coupling"),
                    replace_option(),
                    file_option()},
        .source = "Liao (1999), Tropical Geography 19(2); Wang et al. (2021), Journal of Natural Resources 36(3)",
        .example = "coupling(digital, lnexports, classes=true)"},
       coupling});
}

}  // namespace bindings
