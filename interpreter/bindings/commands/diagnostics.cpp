// Specification tests after least squares as commands.
#include "estimators/linear/diagnostics.hpp"
#include "bindings/open.hpp"
#include "bindings/reported.hpp"
#include "core/text.hpp"
#include "estimators/variance_components/hausman.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace bindings {
namespace {

using core::Kind;
using core::OptionSpec;

core::Record record(const std::string& name, const std::string& summary, const std::string& source,
                    std::vector<OptionSpec> options = {}) {
  return {.name = name,
          .topic = "diagnostics",
          .summary = summary,
          .args = {{.name = "result", .kind = Kind::result, .doc = "of ols without fixed effects"}},
          .options = std::move(options),
          .source = source,
          .example = name + "(m)"};
}

int bptest(lua_State* L, Arguments& a) {
  push_test(L, estimators::breusch_pagan(*a.result("result"), a.boolean("studentize", true)));
  return 1;
}
int whitetest(lua_State* L, Arguments& a) {
  push_test(L, estimators::white(*a.result("result")));
  return 1;
}
int reset(lua_State* L, Arguments& a) {
  push_test(L, estimators::reset(*a.result("result"), static_cast<int>(a.integer("powers", 3))));
  return 1;
}
int dwtest(lua_State* L, Arguments& a) {
  push_test(L, estimators::durbin_watson(*a.result("result")));
  return 1;
}
int bgtest(lua_State* L, Arguments& a) {
  push_test(L, estimators::breusch_godfrey(*a.result("result"), static_cast<int>(a.integer("order", 1)),
                                           a.text("form", "chi2") == "F"));
  return 1;
}

int vif(lua_State* L, Arguments& a) {
  std::vector<std::string> names;
  std::vector<double> values;
  for (const auto& [name, value] : estimators::variance_inflation(*a.result("result"))) {
    names.push_back(name);
    values.push_back(value);
  }
  push_numbers(L, names, values, "regressor");
  return 1;
}

/// Over the rows of the sample, and their maxima.
int influence(lua_State* L, Arguments& a) {
  const estimators::Influence found = estimators::influence(*a.result("result"));
  lua_newtable(L);
  const auto add = [&](const char* name, const numerics::Vector& values) {
    push_value(L, ColumnValue{data::Column::reals({values.data(), values.data() + values.size()}), name});
    lua_setfield(L, -2, name);
  };
  add("leverage", found.leverage);
  add("cooks", found.cooks);
  add("studentized", found.studentized);
  lua_pushnumber(L, found.leverage.maxCoeff());
  lua_setfield(L, -2, "leverage_max");
  lua_pushnumber(L, found.cooks.maxCoeff());
  lua_setfield(L, -2, "cooks_max");
  seal_named(L, {"leverage_max", "cooks_max", "leverage", "cooks", "studentized"}, "field");
  return 1;
}

estimators::HausmanSigma hausman_sigma(const Arguments& a) {
  const bool more = a.boolean("sigmamore"), less = a.boolean("sigmaless");
  if (more && less) throw core::Error("sigmamore and sigmaless are one choice: give one of them").word("sigmaless");
  return more   ? estimators::HausmanSigma::efficient
         : less ? estimators::HausmanSigma::consistent
                : estimators::HausmanSigma::own;
}

int hausman(lua_State* L, Arguments& a) {
  const FitRef consistent = a.result("consistent"), efficient = a.result("efficient");
  const estimators::HausmanTest h = estimators::hausman_test(*consistent, *efficient, hausman_sigma(a));
  report::Table table;
  table.title = "Hausman test: " + consistent->command + " against " + efficient->command;
  table.header.push_back(header_row({"", "Consistent", "Efficient", "Difference", "Std. err."}));
  for (std::size_t j = 0; j < h.names.size(); ++j) {
    const auto at = static_cast<numerics::Index>(j);
    table.body.push_back(
        text_row({h.names[j], statistic_text(h.first[at]), statistic_text(h.second[at]),
                  statistic_text(h.first[at] - h.second[at]), std::isnan(h.se[at]) ? "" : statistic_text(h.se[at])}));
  }
  table.notes = {"χ²(" + core::shortest(h.test.df1) + ") = " + core::fixed(h.test.statistic, 2) +
                 (std::isnan(h.test.p) ? ""
                  : h.test.p < 1e-4    ? ", p < 0.0001"
                                       : ", p = " + core::fixed(h.test.p, 4)) +
                 "; H0: both are consistent, and the second is efficient"};
  table.notes.insert(table.notes.end(), h.notes.begin(), h.notes.end());
  if (a.has("file")) report::save(table, a.text("file"));
  lua_newtable(L);
  for (const auto& [name, value] : {std::pair{"chi2", h.test.statistic}, {"df", h.test.df1}, {"p", h.test.p}}) {
    lua_pushnumber(L, value);
    lua_setfield(L, -2, name);
  }
  seal_reported(L, std::move(table), {"chi2", "df", "p"}, "field");
  return 1;
}

}  // namespace

void add_diagnostics(Registry& registry) {
  registry.add({record("bptest", "Heteroskedasticity: squared residuals on the regressors",
                       "Breusch & Pagan (1979); Koenker (1981)",
                       {{.name = "studentize",
                         .kind = Kind::boolean,
                         .doc = "Koenker's n·R²; false: half the explained sum of squares",
                         .default_text = "true"}}),
                bptest});
  registry.add({record("whitetest", "Heteroskedasticity: squared residuals on fitted values and their squares",
                       "White (1980); Wooldridge's form"),
                whitetest});
  registry.add({record("reset", "Functional form: powers of the fitted values", "Ramsey (1969)",
                       {{.name = "powers",
                         .kind = Kind::integer,
                         .doc = "highest power",
                         .default_text = "3",
                         .min = 2,
                         .max = 9}}),
                reset});
  registry.add({record("dwtest", "Serial correlation of order one, exact p-value", "Durbin & Watson (1950)"), dwtest});
  registry.add({record("bgtest", "Serial correlation up to an order", "Breusch (1978); Godfrey (1978)",
                       {{.name = "order", .kind = Kind::integer, .doc = "lags", .default_text = "1", .min = 1},
                        {.name = "form",
                         .kind = Kind::text,
                         .doc = "n·R², or F",
                         .default_text = "chi2",
                         .one_of = {"chi2", "F"}}}),
                bgtest});
  registry.add({record("vif", "Variance inflation of each regressor", "Marquardt (1970)"), vif});
  core::Record compared;
  compared.name = "hausman";
  compared.topic = "diagnostics";
  compared.summary =
      "Do two estimators of the same coefficients differ? Fixed against random effects, 2SLS against OLS";
  compared.args = {{.name = "consistent", .kind = Kind::result, .doc = "right in either case: fixed effects, 2SLS"},
                   {.name = "efficient", .kind = Kind::result, .doc = "better if H0 is true: random effects, OLS"}};
  compared.options = {{.name = "sigmamore",
                       .kind = Kind::boolean,
                       .doc = "both covariances with the residual variance of the efficient estimator",
                       .default_text = "false"},
                      {.name = "sigmaless",
                       .kind = Kind::boolean,
                       .doc = "both with that of the consistent one",
                       .default_text = "false"},
                      {.name = "file", .kind = Kind::text, .doc = "save the table", .default_text = ""}};
  compared.source = "Hausman (1978)";
  compared.example = "hausman(feols(ser ~ lngdp, fe=city), random_effects(ser ~ lngdp))";
  registry.add({compared, hausman});
  registry.add({record("influence", "Leverage, Cook's distance, studentized residuals", "Cook (1977)"), influence});
}

}  // namespace bindings
