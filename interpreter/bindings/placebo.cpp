// placebo(m, reps=500): the estimate against those of randomly reassigned treatments, as a value with plots.
#include "estimators/did/placebo.hpp"
#include "bindings/assignment.hpp"
#include "bindings/drawn.hpp"
#include "bindings/methods.hpp"
#include "bindings/named.hpp"
#include "bindings/open.hpp"
#include "core/near.hpp"
#include "core/text.hpp"
#include "report/histogram.hpp"
#include "report/plots.hpp"

#include <array>
#include <cmath>
#include <limits>

namespace bindings {

using PlaceboRef = std::shared_ptr<const estimators::Placebo>;
template <>
struct Bound<PlaceboRef> {
  static constexpr const char* key = "moontide.placebo";
  static constexpr const char* name = "placebo";
};

namespace {

using core::Kind;
using estimators::Assignment;
using estimators::Placebo;

const char* draws_words(Assignment assign) {
  switch (assign) {
    case Assignment::unit:
      return "units";
    case Assignment::time:
      return "dates";
    case Assignment::both:
      return "units and dates";
  }
  return "units";
}

std::string summary(const Placebo& placebo, const report::TextStyle& style) {
  constexpr int decimals = 4;
  double sum = 0, squares = 0;
  long long valid = 0;
  for (const double draw : placebo.draws) {
    if (std::isnan(draw)) continue;
    sum += draw;
    squares += draw * draw;
    ++valid;
  }
  const double mean = valid ? sum / static_cast<double>(valid) : std::nan("");
  const double sd = valid > 1 ? std::sqrt((squares - sum * mean) / static_cast<double>(valid - 1)) : std::nan("");
  report::Table table;
  table.title = "Placebo: " + placebo.treatment + " on " + placebo.depvar + ", " +
                core::counted(static_cast<long long>(placebo.draws.size()), "random assignment") + " of " +
                draws_words(placebo.design.draws);
  const auto add = [&](const std::string& name, const std::string& value) {
    table.body.push_back({{{name}, {value}}});
  };
  add("Estimate", core::fixed(placebo.estimate, decimals));
  add("t", core::fixed(placebo.t, 2));
  add("Mean of draws", core::fixed(mean, decimals));
  add("Sd of draws", core::fixed(sd, decimals));
  add("Permutation p, two-sided", core::fixed(placebo.p, decimals));
  add("Permutation p of |t|", core::fixed(placebo.p_t, decimals));
  table.notes = placebo.notes;
  table.notes.push_back("p = (1 + #{|b*| ≥ |b|})/(R + 1); seed " + std::to_string(placebo.seed));
  return report::render_text(table, style);
}

int show_placebo(lua_State* L) {
  push_text(L, summary(**test_value<PlaceboRef>(L, 1), text_style(L)));
  return 1;
}

int tostring(lua_State* L) {
  push_text(L, summary(**test_value<PlaceboRef>(L, 1), {}));
  return 1;
}

int plot(lua_State* L, Arguments& a, const PlaceboRef& placebo) {
  const report::PlotText text = plot_text(a);
  const std::string kind = a.text("kind", "density");
  report::Figure figure;
  if (kind == "density") {
    figure = report::density_plot(placebo->draws, placebo->estimate, placebo->p, text);
  } else if (kind == "histogram" || kind == "hist") {
    figure = report::placebo_histogram(placebo->draws, placebo->estimate, placebo->p, text);
  } else if (kind == "scatter") {
    figure =
        report::placebo_scatter(placebo->draws, placebo->p_draws, placebo->estimate, a.number("threshold", 0.1), text);
  } else {
    throw core::Error("no placebo plot is called '" + kind + "'")
        .hint(core::did_you_mean(kind, {"density", "histogram", "scatter"}, "kinds"))
        .word(kind);
  }
  if (a.has("threshold") && kind != "scatter")
    throw core::Error("threshold= is the line of the scatter: plot(\"scatter\", threshold=0.1)").word("threshold");
  return push_figure(L, a, std::move(figure));
}

const std::vector<Method<PlaceboRef>>& methods() {
  static const std::vector<Method<PlaceboRef>> all = {
      {{.name = "plot",
        .topic = "results",
        .summary = "Density or histogram of the draws with the estimate marked, or their p-values",
        .args = {{.name = "kind",
                  .kind = Kind::text,
                  .doc = "density, histogram, or scatter of p-values",
                  .optional = true}},
        .options = plot_options({{.name = "threshold",
                                  .kind = Kind::number,
                                  .doc = "horizontal line of the scatter",
                                  .default_text = "0.1",
                                  .min = 0,
                                  .max = 1}})},
       plot}};
  return all;
}

int index(lua_State* L) {
  const PlaceboRef placebo = *test_value<PlaceboRef>(L, 1);
  const std::string name = printed_at(L, 2);
  if (push_method(L, methods(), name)) return 1;
  const std::array<std::pair<const char*, double>, 5> numbers{{{"estimate", placebo->estimate},
                                                               {"se", placebo->se},
                                                               {"t", placebo->t},
                                                               {"p", placebo->p},
                                                               {"p_t", placebo->p_t}}};
  for (const auto& [field, value] : numbers) {
    if (name != field) continue;
    lua_pushnumber(L, value);
    return 1;
  }
  if (name == "draws") {
    push_number_list(L, placebo->draws);
    make_shown_list(L);
  } else if (name == "se_draws") {
    push_number_list(L, placebo->se_draws);
    make_shown_list(L);
  } else if (name == "p_draws") {
    push_number_list(L, placebo->p_draws);
    make_shown_list(L);
  } else if (name == "treatment") {
    push_text(L, placebo->treatment);
  } else if (name == "seed") {
    lua_pushinteger(L, static_cast<lua_Integer>(placebo->seed));
  } else {
    throw no_field("a placebo", name,
                   {"estimate", "se", "t", "p", "p_t", "draws", "se_draws", "p_draws", "treatment", "seed", "plot"});
  }
  return 1;
}

/// The treatment's estimate with the permutation p-value, as a column of tables.
int as_result(lua_State* L) {
  const PlaceboRef placebo = *test_value<PlaceboRef>(L, 1);
  results::Fit fit;
  fit.command = "placebo";
  fit.title = "Placebo test of " + placebo->command;
  fit.depvar = placebo->depvar;
  fit.names = {placebo->treatment};
  fit.coef = results::Vector::Constant(1, placebo->estimate);
  fit.p_values = results::Vector::Constant(1, placebo->p);
  fit.vcov.matrix = results::Matrix::Constant(1, 1, placebo->se * placebo->se);
  fit.vcov.df_t = std::numeric_limits<double>::infinity();
  fit.vcov.label = "permutation of " + std::string(draws_words(placebo->design.draws)) + " (" +
                   core::grouped(static_cast<long long>(placebo->draws.size())) + " draws)";
  fit.nobs = placebo->nobs;
  fit.rank = 1;
  fit.set_stat("placebo_p", placebo->p);
  fit.set_stat("placebo_p_t", placebo->p_t);
  fit.set_stat("placebo_draws", static_cast<double>(placebo->draws.size()));
  fit.notes = placebo->notes;
  fit.notes.push_back("p-values by permutation; seed " + std::to_string(placebo->seed));
  push_value<FitRef>(L, std::make_shared<const results::Fit>(std::move(fit)));
  return 1;
}

int placebo_command(lua_State* L, Arguments& a) {
  estimators::PlaceboOptions options;
  options.reps = static_cast<int>(a.integer("reps", options.reps));
  options.design = assignment_of(a, "unit");
  options.treatment = a.text("treatment");
  if (a.has("seed")) options.seed = static_cast<std::uint64_t>(a.integer("seed"));
  push_value<PlaceboRef>(L, std::make_shared<const Placebo>(estimators::placebo(*a.result("m"), options)));
  return 1;
}

}  // namespace

void open_placebo(lua_State* L) {
  constexpr std::array<luaL_Reg, 5> functions{{{"__index", guarded<index>},
                                               {"__result", guarded<as_result>},
                                               {"__show", guarded<show_placebo>},
                                               {"__tostring", guarded<tostring>},
                                               {nullptr, nullptr}}};
  new_type<PlaceboRef>(L, functions.data());
  register_methods(L, methods());
  lua_pop(L, 1);
}

void add_placebo_command(Registry& registry) {
  registry.add({.record = estimators::placebo_record(), .run = placebo_command, .takes_data = false});
}

}  // namespace bindings
