// Two groups, two periods: the effect on the treated by doubly robust, weighting or regression estimators, from a panel
// or repeated cross-sections (two_by_two.hpp has the formulas).
// Source: Sant'Anna & Zhao (2020), J. Econometrics 219(1), 101–122; Abadie (2005), Review of Economic Studies 72(1).
// Peers:  DRDID (R), drdid (Stata).
#include "core/error.hpp"
#include "core/text.hpp"
#include "estimators/did/did.hpp"
#include "estimators/did/group_time.hpp"
#include "estimators/did/multiplier.hpp"
#include "estimators/did/two_by_two.hpp"
#include "formula/evaluate.hpp"
#include "numerics/dense.hpp"
#include "numerics/random.hpp"

#include <algorithm>
#include <cmath>

namespace estimators {
namespace {

/// treat= as a cohort: treated units start in the later period.
data::Frame with_cohort(const Request& request, const std::string& time, const std::string& name) {
  const std::vector<double> treat =
      formula::evaluate_numbers(request.options.get<formula::Tree>("treat"), request.frame);
  const std::vector<double> when = request.frame.at(time)->numbers();
  double last = -std::numeric_limits<double>::infinity();
  for (const double t : when)
    if (!std::isnan(t)) last = std::max(last, t);
  std::vector<double> cohort(treat.size(), 0);
  for (std::size_t i = 0; i < treat.size(); ++i) {
    if (!std::isnan(treat[i]) && treat[i] != 0 && treat[i] != 1)
      throw core::Error("treat= is 1 for treated units and 0 for others, in all their rows, not " +
                        core::shortest(treat[i]))
          .word("treat");
    if (treat[i] == 1) cohort[i] = last;
  }
  return request.frame.with(name, data::Column::reals(std::move(cohort)));
}

std::string time_of(const Request& request) {
  if (request.options.has("time")) return formula::print(request.options.get<formula::Tree>("time"));
  if (request.frame.panel() != nullptr) return request.frame.panel()->time;
  throw core::Error("no periods are known").hint("declare them first: panel(unit, time); or name them: time=year");
}

Request prepared(const Request& request) {
  if (!request.options.has("treat"))
    throw core::Error("treat= is missing: 1 for treated units and 0 for others, in both periods")
        .hint("drdid(y ~ x, treat=treated, unit=id, time=year)")
        .word("drdid");
  Request out = request;
  const std::string name = "treated in the later period";
  // Only the rows of where= say which period is the later.
  if (request.options.has("where")) {
    const std::vector<std::uint32_t> rows =
        formula::rows_where(request.options.get<formula::Tree>("where"), request.frame);
    out.frame = request.frame.take(rows);
    out.options.set("where", Value{});
    if (rows.empty()) throw core::Error("where= leaves no rows").word("where");
  }
  out.frame = with_cohort(out, time_of(out), name);
  out.options.set("cohort", formula::name(name));
  return out;
}

const char* words(const std::string& method) {
  if (method == "imp") return "improved doubly robust";
  if (method == "dr") return "doubly robust";
  if (method == "ipw") return "weighting (Horvitz-Thompson)";
  if (method == "stdipw") return "weighting (Hájek)";
  if (method == "twfe") return "regression with effects of groups and periods";
  return "outcome regression";
}

/// y on 1, D, post, D·post and covariates by least squares: what is estimated without a thought for who differs.
TwoByTwo plain_regression(const Vector& y, const Vector& post, const Vector& D, const Matrix& X, const Vector& w) {
  const Index n = y.size();
  Matrix Z(n, 3 + X.cols());
  Z.col(0) = D.cwiseProduct(post);
  Z.col(1) = D;
  Z.col(2) = post;
  Z.rightCols(X.cols()) = X;
  const Matrix weighted = numerics::scale_rows(Z, w);
  const Matrix inverse = numerics::inverse_spd(numerics::crossprod(Z, weighted), "regressors");
  const Vector b = numerics::product(inverse, numerics::crossprod(weighted, y));
  const Vector residuals = y - numerics::product(Z, b);
  const Vector pull = numerics::product(weighted, Vector(inverse.col(0)));
  TwoByTwo out;
  out.att = b[0];
  out.influence = static_cast<double>(n) * pull.cwiseProduct(residuals);
  return out;
}

/// Covariates that are the same in both periods leave the coefficient of D·post alone: the difference of mean changes.
TwoByTwo panel_estimate(const Staggered& s, const std::string& word, Vector& weights) {
  const DidMethod method = word == "twfe" ? DidMethod::reg : did_method(word);
  const Index n = s.unit_count, k = s.problem.exogenous;
  std::vector<std::int64_t> before(static_cast<std::size_t>(n), -1), after(static_cast<std::size_t>(n), -1);
  for (std::size_t i = 0; i < s.units.size(); ++i)
    (s.periods[i] == 0 ? before : after)[static_cast<std::size_t>(s.units[i])] = static_cast<std::int64_t>(i);
  Vector change(n), D(n), w(s.problem.weights().size() == 0 ? 0 : n);
  Matrix X(n, k);
  for (Index u = 0; u < n; ++u) {
    const auto at = static_cast<std::size_t>(u);
    if (before[at] < 0 || after[at] < 0)
      throw core::Error("a unit is seen in one period only: " + s.unit)
          .hint("keep units with both periods, or treat the rows as repeated cross-sections: panel=false");
    change[u] = s.problem.columns(after[at], 0) - s.problem.columns(before[at], 0);
    X.row(u) = s.problem.columns.row(before[at]).segment(1, k);
    D[u] = s.cohorts[at] != never_treated;
    if (w.size() > 0) w[u] = s.problem.weights()[before[at]];
  }
  weights = w;
  if (word == "twfe") X = Matrix::Ones(n, 1);
  return PanelDid(D, std::move(X), std::move(w), method)(change);
}

TwoByTwo sections_estimate(const Staggered& s, const std::string& word) {
  Vector post(s.n()), D(s.n());
  for (std::size_t i = 0; i < s.units.size(); ++i) {
    post[static_cast<Index>(i)] = s.periods[i];
    D[static_cast<Index>(i)] = s.cohorts[static_cast<std::size_t>(s.units[i])] != never_treated;
  }
  const Matrix X = s.problem.columns.middleCols(1, s.problem.exogenous);
  if (word == "twfe") return plain_regression(s.problem.columns.col(0), post, D, X, s.problem.weights());
  return sections_did(s.problem.columns.col(0), post, D, X, s.problem.weights(), did_method(word));
}

results::Fit fit_drdid(const Request& given) {
  const Request request = prepared(given);
  Settings settings = read_settings(request, "drdid");
  formula::Parts parts = read_formula(request, settings);
  if (!parts.fe.empty()) throw core::Error("drdid takes no fixed effects").word("fe");
  parts.constant = true;
  settings.ssc = inference::ssc_preset("none");
  default_staggered_vcov(request, settings);
  const Staggered s = read_staggered(request, settings, parts);
  if (s.period_count() != 2)
    throw core::Error("drdid compares two periods, and the rows in use have " + std::to_string(s.period_count()))
        .hint("choose two with where=, or use att_gt for all of them");
  if (std::count(s.cohorts.begin(), s.cohorts.end(), never_treated) == 0)
    throw core::Error("every unit is treated: nobody to compare with").word("treat");
  const std::string method = request.options.get<std::string>("method", "imp");
  Vector weights;
  TwoByTwo made = s.panel ? panel_estimate(s, method, weights) : sections_estimate(s, method);

  results::Fit out = start_fit(s.problem, settings, request);
  out.title = std::string("Two-by-two difference-in-differences, ") + words(method);
  out.formula = formula::print(given.formula);
  out.names = {"ATT"};
  out.coef = Vector::Constant(1, made.att);
  out.weights.resize(0);
  auto sample = std::make_shared<GroupTime>();
  set_sample(*sample, s, settings, request);
  out.set_stat("treated_units", static_cast<double>(s.cohort_sizes().front().second));
  out.set_stat("units", static_cast<double>(s.unit_count));
  out.notes.push_back("from " + s.period_names[0] + " to " + s.period_names[1] +
                      (s.panel ? ", changes of units" : ", repeated cross-sections"));
  if (method == "twfe" && s.panel && s.problem.exogenous > 1)
    out.notes.emplace_back(
        "covariates of the first period do not change this regression: it is the difference of mean changes");
  if (made.trimmed > 0)
    out.notes.push_back(core::counted(made.trimmed, "control") + " left out: propensity score of 0.995 or more");
  Matrix influence(made.influence.size(), 1);
  influence.col(0) = made.influence;
  set_influence(out, sample, std::move(influence));
  return out;
}

core::Record drdid_record() {
  core::Record r;
  r.name = "drdid";
  r.topic = "did";
  r.summary = "Two groups, two periods: doubly robust, weighting and regression estimators";
  r.args = {{.name = "formula",
             .kind = core::Kind::formula,
             .doc = "y ~ covariates (their values in the first period), or y ~ 1"}};
  r.options = {
      {.name = "treat",
       .kind = core::Kind::expression,
       .doc = "1 for treated units, 0 for others, in both periods",
       .default_text = ""},
      {.name = "unit", .kind = core::Kind::column, .doc = "the units", .default_text = "the panel's"},
      {.name = "time", .kind = core::Kind::column, .doc = "the periods", .default_text = "the panel's"},
      {.name = "panel",
       .kind = core::Kind::boolean,
       .doc = "false: repeated cross-sections, every row its own unit",
       .default_text = "true"},
      {.name = "method",
       .kind = core::Kind::text,
       .doc = "improved doubly robust (imp), doubly robust (dr), outcome regression (reg), weighting with weights that "
              "sum to one (stdipw), Abadie's weighting (ipw), or plain regression to compare with (twfe)",
       .default_text = "imp",
       .one_of = {"imp", "dr", "reg", "stdipw", "ipw", "twfe"}},
      multiplier_reps("0"),
      multiplier_seed(),
  };
  for (core::OptionSpec& option : influence_options()) r.options.push_back(std::move(option));
  r.source = "Sant'Anna & Zhao (2020), J. Econometrics 219(1)";
  r.example = "drdid(lemp ~ lpop, treat=treat, where=\"year == 2006 or year == 2007\")";
  return r;
}

}  // namespace

const Estimator drdid{.record = drdid_record(), .fit = fit_drdid};

}  // namespace estimators
