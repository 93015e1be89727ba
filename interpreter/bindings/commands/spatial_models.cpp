// impacts, lmtests, bsktests, spatial_hausman: what follows a spatial model.
#include "bindings/measures.hpp"
#include "bindings/open.hpp"
#include "bindings/weights.hpp"
#include "core/text.hpp"
#include "estimators/spatial/impacts.hpp"
#include "estimators/spatial/lm_tests.hpp"
#include "numerics/random.hpp"

#include <cmath>

namespace bindings {
namespace {

using core::Kind;

int impacts(lua_State* L, Arguments& a) {
  const int reps = static_cast<int>(a.integer("reps", 0));
  const std::uint64_t seed = a.has("seed") ? static_cast<std::uint64_t>(a.integer("seed")) : numerics::fresh_seed();
  const FitRef fit = a.result("result");
  const estimators::Impacts made = estimators::impacts(*fit, reps, seed);
  report::Table table;
  table.title = "Impacts on " + fit->depvar + " (" + fit->command + ")";
  table.notes = made.notes;
  table.notes.push_back(
      "Direct: mean own effect; indirect: mean effect on or of all others; total: their sum. At the estimates");
  std::vector<std::string> names;
  std::vector<Statistics> rows;
  for (const estimators::Impact& i : made.rows) {
    names.push_back(i.name);
    Statistics s;
    const auto add = [&](const std::string& field, const std::string& head, double value, double se, double sim) {
      s.push_back({field, head, value});
      s.push_back({"se_" + field, "s.e.", se});
      s.push_back({"z_" + field, "z", value / se});
      if (reps > 0) s.push_back({"sim_se_" + field, "s.e. (sim.)", sim});
    };
    add("direct", "Direct", i.direct, i.se_direct, i.sim_direct);
    add("indirect", "Indirect", i.indirect, i.se_indirect, i.sim_indirect);
    add("total", "Total", i.total, i.se_total, i.sim_total);
    rows.push_back(std::move(s));
  }
  table.notes.emplace_back("Standard errors by the delta method");
  if (reps > 0)
    table.notes.push_back("sim.: standard deviation of " + std::to_string(reps) + " draws, seed " +
                          std::to_string(seed) + ", " + std::to_string(made.redrawn) +
                          " drawn again because rho lay beyond its bounds");
  push_by_rows(L, a, std::move(table), "regressor", names, rows, {{"seed", static_cast<double>(seed)}});
  return 1;
}

void push_tests(lua_State* L, const Arguments& a, const std::string& title, const std::vector<inference::Test>& tests,
                std::vector<std::string> notes) {
  report::Table table;
  table.title = title;
  table.notes = std::move(notes);
  table.header.push_back(header_row({"Test", "Statistic", "df", "p"}));
  std::vector<std::string> names;
  lua_newtable(L);
  for (const inference::Test& test : tests) {
    const bool z = test.distribution == "z";
    table.body.push_back(text_row({test.name, core::fixed(test.statistic, 4) + (z ? " (z)" : ""),
                                   z ? "" : core::shortest(test.df1), p_value_text(test.p)}));
    push_test(L, test);
    lua_setfield(L, -2, test.name.c_str());
    names.push_back(test.name);
  }
  if (a.has("file")) report::save(table, a.text("file"));
  seal_reported(L, std::move(table), names, "test");
}

int lmtests(lua_State* L, Arguments& a) {
  const WeightsRef W = weights_of(a, "W", L);
  const FitRef fit = a.result("result");
  push_tests(L, a, "Tests for spatial dependence in " + fit->depvar, estimators::lm_tests(*fit, W),
             {"Weights: " + W->source + ", standardised: " + std::string(spatial::name_of(W->standard)),
              "Robust: the test for the lag allows for a spatial error, and the other way round"});
  return 1;
}

int bsktests(lua_State* L, Arguments& a) {
  const WeightsRef W = weights_of(a, "W", L);
  push_tests(L, a, "Baltagi-Song-Koh tests", estimators::bsk_tests(*a.result("result"), W),
             {"One-sided; after pooled least squares"});
  return 1;
}

int spatial_hausman(lua_State* L, Arguments& a) {
  const estimators::Hausman h = estimators::hausman(*a.result("fixed"), *a.result("random"));
  std::vector<std::string> notes = {"Coefficients compared: " + core::join(h.names, ", ")};
  if (!h.note.empty()) notes.push_back(h.note);
  push_tests(L, a, "Hausman test: fixed against random effects", {h.test}, notes);
  return 1;
}

}  // namespace

void add_spatial_model_commands(Registry& registry) {
  const core::ArgSpec result{.name = "result", .kind = Kind::result, .doc = "of a spatial model"};
  const core::ArgSpec W{.name = "W", .kind = Kind::spatial, .doc = "the weights"};
  core::Record i{.name = "impacts",
                 .topic = "spatial",
                 .summary = "Direct, indirect and total impacts of the regressors of a spatial model",
                 .args = {result}};
  i.options = {
      {.name = "reps",
       .kind = Kind::integer,
       .doc = "draws for simulated standard errors",
       .default_text = "0",
       .min = 0,
       .max = 1e7},
      {.name = "seed", .kind = Kind::integer, .doc = "of the draws", .default_text = "fresh, and printed", .min = 0},
      file_option()};
  i.source = "LeSage & Pace (2009), ch. 2";
  i.example = "impacts(sdm(y ~ x, W), reps=1000, seed=1)";
  registry.add({i, impacts});
  const core::ArgSpec linear{.name = "result", .kind = Kind::result, .doc = "of ols or feols"};
  core::Record l{.name = "lmtests",
                 .topic = "spatial",
                 .summary = "LM and robust LM tests for a spatial lag or error after least squares",
                 .args = {linear, W},
                 .options = {file_option()}};
  l.source = "Anselin (1988); Anselin, Bera, Florax & Yoon (1996)";
  l.example = "lmtests(ols(y ~ x), W)";
  registry.add({l, lmtests});
  core::Record b{.name = "bsktests",
                 .topic = "spatial",
                 .summary = "Tests for random effects and spatial errors after pooled least squares",
                 .args = {linear, W},
                 .options = {file_option()}};
  b.source = "Baltagi, Song & Koh (2003), Journal of Econometrics 117";
  b.example = "bsktests(ols(y ~ x), W)";
  registry.add({b, bsktests});
  core::Record h{.name = "spatial_hausman",
                 .topic = "spatial",
                 .summary = "Hausman test of fixed against random effects of a spatial panel",
                 .args = {{.name = "fixed", .kind = Kind::result, .doc = "with fixed effects"},
                          {.name = "random", .kind = Kind::result, .doc = "with random effects"}},
                 .options = {file_option()}};
  h.source = "Hausman (1978); Mutl & Pfaffermayr (2011)";
  h.example = "spatial_hausman(sar(f, W, fe=\"unit\"), sar(f, W, effects=\"random\"))";
  registry.add({h, spatial_hausman});
}

}  // namespace bindings
