// impacts, spillovers, lmtests, bsktests, spatial_hausman, spatial_choice: what follows a spatial model.
#include "bindings/measures.hpp"
#include "bindings/open.hpp"
#include "bindings/weights.hpp"
#include "core/text.hpp"
#include "estimators/spatial/choice.hpp"
#include "estimators/spatial/impacts.hpp"
#include "estimators/spatial/lm_tests.hpp"
#include "estimators/spatial/model.hpp"
#include "estimators/spatial/prediction.hpp"
#include "numerics/random.hpp"
#include "spatial/align.hpp"

#include <cmath>

namespace bindings {
namespace {

using core::Kind;

int impacts(lua_State* L, Arguments& a) {
  const int reps = static_cast<int>(a.integer("reps", 0));
  const std::uint64_t seed = a.has("seed") ? static_cast<std::uint64_t>(a.integer("seed")) : numerics::fresh_seed();
  const FitRef fit = a.result("result");
  const std::string run = a.text("run", "short");
  const estimators::Impacts made = estimators::impacts(*fit, reps, seed, run == "long");
  report::Table table;
  table.title = "Impacts on " + fit->depvar + " (" + fit->command + (a.has("run") ? ", " + run + " run)" : ")");
  table.notes = made.notes;
  table.notes.push_back(
      "Direct: mean own effect; indirect: mean effect on or of all others; total: their sum. At the estimates");
  std::vector<std::string> head = {"regressor", "", "Impact", "Std. error", "z", "p"};
  if (reps > 0) head.emplace_back("s.e. (sim.)");
  table.header.push_back(header_row(head));
  std::vector<std::string> names;
  std::vector<Statistics> rows;
  for (const estimators::Impact& i : made.rows) {
    names.push_back(i.name);
    Statistics s;
    // Three lines for each regressor: a page is too narrow for all of it in one.
    const auto add = [&](const std::string& field, double value, double se, double sim) {
      const double z = value / se, p = inference::chi2_upper(z * z, 1);
      s.push_back({field, "", value});
      s.push_back({"se_" + field, "", se});
      s.push_back({"z_" + field, "", z});
      s.push_back({"p_" + field, "", p});
      if (reps > 0) s.push_back({"sim_se_" + field, "", sim});
      std::vector<std::string> cells = {field == "direct" ? i.name : "",
                                        field,
                                        statistic_text(value, 5),
                                        statistic_text(se, 4),
                                        core::fixed(z, 2),
                                        p_value_text(p)};
      if (reps > 0) cells.push_back(statistic_text(sim, 4));
      table.body.push_back(text_row(cells));
    };
    add("direct", i.direct, i.se_direct, i.sim_direct);
    add("indirect", i.indirect, i.se_indirect, i.sim_indirect);
    add("total", i.total, i.se_total, i.sim_total);
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
                                   z ? "" : core::shortest(test.df1), std::isnan(test.p) ? "" : p_value_text(test.p)}));
    push_test(L, test);
    lua_setfield(L, -2, test.name.c_str());
    names.push_back(test.name);
  }
  if (a.has("file")) report::save(table, a.text("file"));
  seal_reported(L, std::move(table), names, "test");
}

int lmtests(lua_State* L, Arguments& a) {
  const WeightsRef W = weights_of(a);
  const FitRef fit = a.result("result");
  push_tests(L, a, "Tests for spatial dependence in " + fit->depvar, estimators::lm_tests(*fit, W),
             {"Weights: " + W->source + ", standardised: " + std::string(spatial::name_of(W->standard)),
              "Robust: the test for the lag allows for a spatial error, and the other way round"});
  return 1;
}

int bsktests(lua_State* L, Arguments& a) {
  const WeightsRef W = weights_of(a);
  push_tests(L, a, "Baltagi-Song-Koh tests", estimators::bsk_tests(*a.result("result"), W),
             {"One-sided; after pooled least squares"});
  return 1;
}

int spatial_hausman(lua_State* L, Arguments& a) {
  const bool given = a.text("variance", "joint") == "given_rho";
  const estimators::Hausman h = estimators::hausman(*a.result("fixed"), *a.result("random"), given);
  std::vector<std::string> notes = {"Coefficients compared: " + core::join(h.names, ", ")};
  if (given)
    notes.emplace_back("variance=\"given_rho\": random-effects variances take rho as known, as splm's sphtest");
  if (!h.note.empty()) notes.push_back(h.note);
  push_tests(L, a, "Hausman test: fixed against random effects", {h.test}, notes);
  return 1;
}

int spillovers(lua_State* L, Arguments& a) {
  constexpr std::size_t most_shown = 66;  // lines of a page
  const FitRef fit = a.result("result");
  const std::string x = a.text("x"), from = a.text("from");
  const estimators::Spillovers s = estimators::spillovers(*fit, x, from);
  const spatial::Weights& W = estimators::spatial_context(*fit, "spillovers").W.whole();
  report::Table table;
  table.title = "Impacts of " + x + " on " + fit->depvar + " by unit (" + fit->command + ")";
  std::vector<std::string> head = {"unit", "Direct", "Received", "Sent"};
  if (!from.empty()) head.push_back("From " + from);
  table.header.push_back(header_row(head));
  lua_newtable(L);
  for (std::size_t i = 0; i < s.units.size(); ++i) {
    const auto at = static_cast<estimators::Index>(i);
    std::vector<std::pair<std::string, double>> fields = {
        {"direct", s.direct[at]}, {"received", s.received[at]}, {"sent", s.sent[at]}};
    if (!from.empty()) fields.emplace_back("effect", s.effect[at]);
    if (i < most_shown) {
      std::vector<std::string> cells = {s.units[i]};
      for (const auto& [name, value] : fields) cells.push_back(statistic_text(value, 5));
      table.body.push_back(text_row(cells));
    }
    push_fields(L, fields, "number");
    lua_setfield(L, -2, s.units[i].c_str());
  }
  if (s.units.size() > most_shown)
    table.notes.push_back(std::to_string(most_shown) + " of " + std::to_string(s.units.size()) +
                          " units shown; all are in .frame");
  table.notes.emplace_back(
      "Direct: of its own change; received: when it changes in all others; sent: on all others. At the estimates");
  const auto column = [](const estimators::Vector& v) {
    return data::Column::reals(std::vector<double>(v.data(), v.data() + v.size()));
  };
  data::Frame frame = data::Frame("spillovers")
                          .with(W.id_column.empty() ? "unit" : W.id_column, data::Column::texts(s.units))
                          .with("direct", column(s.direct))
                          .with("received", column(s.received))
                          .with("sent", column(s.sent));
  if (!from.empty()) frame = frame.with("effect", column(s.effect));
  push_frame(L, frame);
  lua_setfield(L, -2, "frame");
  if (a.has("name")) {
    const MeasureRows rows = measure_rows(a);
    NewColumns columns(a, rows);
    const std::vector<std::uint32_t> unit = spatial::align(W, rows.frame).unit;
    const auto add = [&](const std::string& ending, const estimators::Vector& v, const std::string& label) {
      columns.claim(a.text("name") + ending);
      std::vector<double> values;
      for (const std::uint32_t i : unit) values.push_back(v[static_cast<estimators::Index>(i)]);
      columns.add(a.text("name") + ending, values, label);
    };
    add("_direct", s.direct, "direct impact of " + x);
    add("_received", s.received, "impact of " + x + " in all others");
    add("_sent", s.sent, "impact of " + x + " on all others");
    if (!from.empty()) add("_from", s.effect, "impact of " + x + " in " + from);
    columns.store();
  }
  if (a.has("file")) report::save(table, a.text("file"));
  seal_reported(L, std::move(table), s.units, "unit");
  return 1;
}

int spatial_choice(lua_State* L, Arguments& a) {
  const double size = a.number("size", 0.05);
  const estimators::SpatialChoice c = estimators::choose_spatial(request_of(L, a, a.command().record), size);
  report::Table table;
  table.title = "Choice of a spatial model for " + c.sdm->depvar;
  table.header.push_back(header_row({"Step", "H0", "Statistic", "df", "p"}));
  lua_newtable(L);
  std::vector<std::string> names;
  std::string stage;
  for (const estimators::SpatialChoice::Step& s : c.steps) {
    const bool lm = s.stage == "LM" || s.stage == "robust LM";
    table.body.push_back(
        text_row({s.stage == stage ? "" : s.stage, lm ? "no spatial " + s.test.name : s.test.name,
                  core::fixed(s.test.statistic, 4), core::shortest(s.test.df1), p_value_text(s.test.p)}));
    table.body.back().rule_above = s.stage == "Wald" && stage != "Wald";
    stage = s.stage;
    push_test(L, s.test);
    names.push_back(s.stage + " " + s.test.name);
    lua_setfield(L, -2, names.back().c_str());
  }
  table.notes = {"Chosen at " + core::shortest(100 * size) + "%: " + c.reading};
  table.notes.insert(table.notes.end(), c.notes.begin(), c.notes.end());
  table.notes.push_back("SDM -> SAR: no lagged regressors; -> SEM: common factor, g + rho b = 0; -> SLX: rho = 0");
  for (const auto& [name, text] : {std::pair<const char*, std::string>{"model", c.model}, {"reading", c.reading}}) {
    push_text(L, text);
    lua_setfield(L, -2, name);
    names.emplace_back(name);
  }
  lua_newtable(L);
  for (const auto& [name, fit] :
       {std::pair{"ols", c.linear}, {"sar", c.sar}, {"sem", c.sem}, {"slx", c.slx}, {"sdm", c.sdm}}) {
    push_value<FitRef>(L, fit);
    lua_setfield(L, -2, name);
  }
  seal_named(L, {"ols", "sar", "sem", "slx", "sdm"}, "model");
  lua_setfield(L, -2, "fits");
  names.emplace_back("fits");
  if (a.has("file")) report::save(table, a.text("file"));
  seal_reported(L, std::move(table), names, "step");
  return 1;
}

core::Record choice_record(const core::ArgSpec& W) {
  core::Record r{.name = "spatial_choice",
                 .topic = "spatial",
                 .summary = "Which spatial model: LM and robust LM tests, then Wald and LR tests of the Durbin model",
                 .args = {{.name = "formula", .kind = Kind::formula, .doc = "y ~ x, or y ~ x | unit + time"}, W}};
  for (core::OptionSpec& option : estimators::spatial_options(true))
    for (const char* name : {"fe", "effects", "durbin", "where", "data"})
      if (option.name == name) {
        if (option.name == "effects") {
          option.doc = "the same as fe=";
          option.one_of = {"none", "unit", "time", "both"};
        }
        r.options.push_back(option);
      }
  r.options.push_back({.name = "lee_yu",
                       .kind = Kind::boolean,
                       .doc = "the spatial models by Lee and Yu's transformation",
                       .default_text = "false"});
  r.options.push_back({.name = "size",
                       .kind = Kind::number,
                       .doc = "level at which a test rejects",
                       .default_text = "0.05",
                       .min = 1e-6,
                       .max = 0.5});
  r.options.push_back(file_option());
  r.source = "Elhorst (2010), Spatial Economic Analysis 5(1); Elhorst (2014), ch. 2";
  r.example = "spatial_choice(y ~ x1 + x2, W, fe=\"unit\")";
  return r;
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
      {.name = "run",
       .kind = Kind::text,
       .doc = "of a dynamic model: within the period, or when the change stays for good",
       .default_text = "short",
       .one_of = {"short", "long"}},
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
  core::Record s{.name = "spillovers",
                 .topic = "spatial",
                 .summary = "Impacts of a regressor unit by unit: own, received from others, sent to others",
                 .args = {result, {.name = "x", .kind = Kind::text, .doc = "the regressor"}}};
  s.options = {
      {.name = "from",
       .kind = Kind::text,
       .doc = "also what a change in this unit does in every unit",
       .default_text = "none"},
      name_option("also make columns NAME_direct, NAME_received, NAME_sent (and NAME_from)", "no columns"),
      replace_option(),
      {.name = "data", .kind = Kind::frame, .doc = "the frame of the columns", .default_text = "the data in use"},
      file_option()};
  s.source = "LeSage & Pace (2009), ch. 2; Kelejian, Tavlas & Hondroyiannis (2006)";
  s.example = "spillovers(sdm(y ~ x, W), \"x\", name=\"s\")";
  registry.add({s, spillovers});
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
  core::Record h{
      .name = "spatial_hausman",
      .topic = "spatial",
      .summary = "Hausman test of fixed against random effects of a spatial panel",
      .args = {{.name = "fixed", .kind = Kind::result, .doc = "with fixed effects"},
               {.name = "random", .kind = Kind::result, .doc = "with random effects"}},
      .options = {{.name = "variance",
                   .kind = Kind::text,
                   .doc = "of the random-effects coefficients: with the uncertainty of rho, or given rho, as "
                          "splm's sphtest for lag models",
                   .default_text = "joint",
                   .one_of = {"joint", "given_rho"}},
                  file_option()}};
  h.source = "Hausman (1978); Mutl & Pfaffermayr (2011)";
  h.example = "spatial_hausman(sar(f, W, fe=\"unit\"), sar(f, W, effects=\"random\"))";
  registry.add({h, spatial_hausman});
  registry.add({choice_record(W), spatial_choice});
}

}  // namespace bindings
