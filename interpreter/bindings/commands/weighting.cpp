// ebalance, teffects: weights of controls that balance, and effects by weighting and regression.
#include "estimators/matching/weighting.hpp"

#include "bindings/commands/matched_sample.hpp"
#include "bindings/open.hpp"
#include "core/text.hpp"
#include "formula/evaluate.hpp"

#include <limits>

namespace bindings {
namespace {

using core::Kind;
using estimators::Estimand;
using numerics::Index;
using numerics::Matrix;
using numerics::Vector;

int ebalance(lua_State* L, Arguments& a) {
  const MatchSample s = match_sample(a, a.tree("formula"), a.tree("y"), "ebalance");
  const Matrix C = estimators::moments(s.X, static_cast<int>(a.integer("moments", 1)), a.boolean("products"));
  const estimators::EntropyWeights e = estimators::entropy_balance(s.treat, C, {}, a.number("tol", 1e-10));
  Analysis out;
  out.what = "an entropy balance";
  out.table.title = "Entropy balancing: " + s.treat_name;
  const BalanceRows balance = balance_rows(s, e.weights, {}, Estimand::att);
  add_balance(out, balance);
  out.note(core::counted(C.cols(), "moment") + " balanced to " + core::significant(e.worst, 2) +
           " standard deviations in " + core::counted(e.iterations, "step"));
  out.note("effective controls " + core::fixed(estimators::effective_size(e.weights, s.treat, 0), 1) +
           "; weights of controls sum to the number of treated rows");
  if (s.has_y()) {
    double y1 = 0, y0 = 0;
    const double n1 = s.treat.sum();
    for (Index i = 0; i < s.y.size(); ++i) (s.treat[i] == 1 ? y1 : y0) += e.weights[i] * s.y[i] / n1;
    report::Row row = text_row({"ATT on " + s.y_name, estimate_text(y1 - y0), "", "", "", "", "", ""});
    row.rule_above = true;
    out.table.body.push_back(std::move(row));
    out.note("for its standard error: reg(y ~ " + s.treat_name + ", data=e.frame, weights=pw(_weight))");
    out.number("estimate", y1 - y0);
  }
  for (const std::string& note : s.notes) out.note(note);
  out.number("worst", e.worst);
  out.number("iterations", e.iterations);
  out.number("ess_control", estimators::effective_size(e.weights, s.treat, 0));
  store_match_columns(a, s, e.weights, {});
  out.frames.emplace_back("frame", matched_frame(s, e.weights, {}));
  out.lists.emplace_back("weights", std::vector<double>(e.weights.data(), e.weights.data() + e.weights.size()));
  out.plots.push_back({"love", [balance](const report::PlotText& text) { return love_plot(balance, text); }});
  return push_analysis(L, a, std::move(out));
}

int teffects(lua_State* L, Arguments& a) {
  const std::string method = a.text("method", "aipw");
  const formula::Tree outcome = a.tree("outcome");
  const formula::Parts parts = formula::split(outcome);
  if (parts.lhs.size() != 1)
    throw core::Error("teffects takes the outcome's formula first").hint("teffects(y ~ x1 + x2, treat ~ x1 + x2)");
  const MatchSample s = match_sample(a, a.tree("treatment"), parts.lhs[0], "teffects");
  // Outcome regressors over the same rows.
  formula::DesignOptions same;
  std::vector<std::uint8_t> in(s.rows.frame.rows(), 0);
  for (const std::uint32_t row : s.use) in[row] = 1;
  const data::Frame frame = s.rows.frame.with("__in", data::Column::booleans(in));
  same.where = formula::name("__in");
  const formula::Design design = formula::design(parts, frame, same);
  if (design.rows.size() != s.use.size())
    throw core::Error("outcome regressors are missing in " +
                      core::counted(static_cast<long long>(s.use.size() - design.rows.size()), "row") +
                      " that the treatment model uses")
        .hint("keep complete rows with where=");
  numerics::Codes clusters;
  if (a.has("cluster")) {
    clusters = formula::group_of(a.tree("cluster"), s.rows.frame, s.use).codes;
    for (const std::int32_t code : clusters)
      if (code < 0) throw core::Error("the cluster variable is missing in rows in use").word("cluster");
  }
  const estimators::EffectMethod kind = method == "ra"      ? estimators::EffectMethod::ra
                                        : method == "ipw"   ? estimators::EffectMethod::ipw
                                        : method == "ipwra" ? estimators::EffectMethod::ipwra
                                                            : estimators::EffectMethod::aipw;
  const estimators::Link link =
      a.text("link", "logit") == "probit" ? estimators::Link::probit : estimators::Link::logit;
  const std::string word = a.text("estimand", "ate");
  const Estimand estimand = word == "att" ? Estimand::att : Estimand::ate;
  const estimators::TreatmentEffect e =
      estimators::treatment_effect(kind, estimand, s.treat, s.y, design.X, s.design.X, link, clusters);
  results::Fit fit;
  fit.command = "teffects";
  fit.title = "Treatment effect by " + std::string(method == "ra"     ? "regression adjustment"
                                                   : method == "ipw"  ? "inverse probability weighting"
                                                   : method == "aipw" ? "augmented inverse probability weighting"
                                                                      : "weighted regression adjustment");
  fit.depvar = s.y_name;
  fit.formula = formula::print(outcome) + ", " + formula::print(a.tree("treatment"));
  fit.call = call_text(L, "teffects");
  fit.names = {estimand == Estimand::att ? "ATT" : "ATE", "mean without treatment"};
  fit.coef.resize(2);
  fit.coef << e.estimate, e.mean0;
  fit.vcov.matrix = Matrix::Zero(2, 2);
  fit.vcov.matrix(0, 0) = e.se * e.se;
  fit.vcov.matrix(1, 1) = e.mean0_se * e.mean0_se;
  fit.vcov.df_t = std::numeric_limits<double>::infinity();
  fit.vcov.label =
      clusters.empty() ? "robust, of the stacked moment conditions" : "clustered, of the stacked moment conditions";
  fit.nobs = static_cast<double>(s.y.size());
  fit.rank = 2;
  fit.notes = s.notes;
  fit.set_stat("treated", s.treat.sum());
  push_value<FitRef>(L, std::make_shared<const results::Fit>(std::move(fit)));
  return 1;
}

}  // namespace

void add_weighting_commands(Registry& registry) {
  registry.add({{.name = "ebalance",
                 .topic = "matching",
                 .summary = "Entropy balancing: weights of controls that equalise moments",
                 .args = {{.name = "formula", .kind = Kind::formula, .doc = "treat ~ x1 + x2"}},
                 .options = {match_outcome_option(),
                             {.name = "moments",
                              .kind = Kind::integer,
                              .doc = "1 means, 2 variances too, 3 skewness too",
                              .default_text = "1",
                              .min = 1,
                              .max = 3},
                             {.name = "products",
                              .kind = Kind::boolean,
                              .doc = "products of two covariates too",
                              .default_text = "false"},
                             {.name = "tol",
                              .kind = Kind::number,
                              .doc = "largest gap left, in standard deviations",
                              .default_text = "1e-10",
                              .min = 1e-14},
                             name_option("also make a column of weights"),
                             replace_option(),
                             file_option()},
                 .source = "Hainmueller (2012), Political Analysis 20(1)",
                 .example = "e = ebalance(treat ~ lngdp + lnedu, moments=2)"},
                ebalance});
  registry.add(
      {{.name = "teffects",
        .topic = "matching",
        .summary = "Treatment effects by regression adjustment, inverse probability weighting, or both",
        .args = {{.name = "outcome", .kind = Kind::formula, .doc = "y ~ x1 + x2, by treatment"},
                 {.name = "treatment", .kind = Kind::formula, .doc = "treat ~ z1 + z2"}},
        .options =
            {{.name = "method",
              .kind = Kind::text,
              .doc = "ra, ipw (normalised weights), aipw (doubly robust), ipwra",
              .default_text = "aipw",
              .one_of = {"ra", "ipw", "aipw", "ipwra"}},
             {.name = "estimand",
              .kind = Kind::text,
              .doc = "the effect on all, or on the treated",
              .default_text = "ate",
              .one_of = {"ate", "att"}},
             score_link_option(),
             {.name = "cluster", .kind = Kind::expression, .doc = "clustered standard errors", .default_text = ""}},
        .source = "Robins, Rotnitzky & Zhao (1994); Wooldridge (2010), chapter 21",
        .example = "teffects(ser ~ lngdp, treat ~ lngdp + lnedu, method=\"aipw\")"},
       teffects});
}

}  // namespace bindings
