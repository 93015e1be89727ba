// Logit and probit: Pr(y = 1 | x) = F(x'b), by maximum likelihood (glm/binary.cpp).
//   pseudo R² = 1 − log L/log L0 (McFadden); LR = 2(log L − log L0), χ² with as many degrees of freedom as slopes.
// Fixed effects are dummies (unconditional): levels whose outcome never varies predict it perfectly and are left out.
// Sources: McFadden (1974); McCullagh & Nelder (1989). Peers: R glm, Stata logit, fixest::feglm.
#include "estimators/glm/logit.hpp"

#include "core/error.hpp"
#include "core/text.hpp"
#include "estimators/linear/hat_basis.hpp"
#include "estimators/pipeline.hpp"
#include "inference/tests.hpp"
#include "numerics/dense.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace estimators {
namespace {

/// Rows of levels with both outcomes, for every fixed effect, until nothing changes.
std::vector<Index> varying_rows(const Vector& y, const std::vector<numerics::FixedEffect>& effects) {
  std::vector<bool> keep(static_cast<std::size_t>(y.size()), true);
  for (bool changed = true; changed;) {
    changed = false;
    for (const numerics::FixedEffect& effect : effects) {
      std::vector<int> seen(static_cast<std::size_t>(effect.levels), 0);
      for (std::size_t i = 0; i < keep.size(); ++i)
        if (keep[i]) seen[static_cast<std::size_t>(effect.codes[i])] |= y[static_cast<Index>(i)] == 1 ? 2 : 1;
      for (std::size_t i = 0; i < keep.size(); ++i)
        if (keep[i] && seen[static_cast<std::size_t>(effect.codes[i])] != 3) {
          keep[i] = false;
          changed = true;
        }
    }
  }
  std::vector<Index> rows;
  for (std::size_t i = 0; i < keep.size(); ++i)
    if (keep[i]) rows.push_back(static_cast<Index>(i));
  return rows;
}

void require_binary(const Problem& problem) {
  for (const double value : problem.y)
    if (value != 0 && value != 1)
      throw core::Error("the outcome '" + problem.y_name + "' is not 0 or 1: it holds " + core::shortest(value))
          .hint("make an indicator: gen(high = " + problem.y_name + " > 10)")
          .word(problem.y_name);
}

[[noreturn]] void separated(const Binary& found, const Problem& problem, const Matrix& X,
                            const std::vector<std::string>& names) {
  // A single regressor that does it alone is worth naming.
  std::string culprit;
  for (Index j = 0; j < X.cols() && culprit.empty(); ++j) {
    double low1 = INFINITY, high1 = -INFINITY, low0 = INFINITY, high0 = -INFINITY;
    for (Index i = 0; i < X.rows(); ++i) {
      double& low = problem.y[i] == 1 ? low1 : low0;
      double& high = problem.y[i] == 1 ? high1 : high0;
      low = std::min(low, X(i, j));
      high = std::max(high, X(i, j));
    }
    if (std::max(high0, high1) > std::min(low0, low1))  // not the constant
      if (low1 >= high0 || high1 <= low0 || (low1 == high1 && (low1 == low0 || low1 == high0)) ||
          (low0 == high0 && (low0 == low1 || low0 == high1)))
        culprit = names[static_cast<std::size_t>(j)];
  }
  core::Error error(
      "the likelihood has no maximum: " + core::counted(static_cast<long long>(found.separated.size()), "row") +
      " predicted perfectly" + (culprit.empty() ? " by a combination of the regressors" : " by '" + culprit + "'"));
  error.hint(culprit.empty() ? "drop regressors, or leave those rows out with where="
                             : "drop '" + culprit + "', or leave out the rows it predicts with where=");
  if (!culprit.empty()) error.word(culprit);
  throw core::Error(std::move(error));
}

results::Fit fit_binary_command(const Request& request, Link link) {
  const std::string command = link == Link::logit ? "logit" : "probit";
  Settings settings = read_settings(request, command);
  formula::Parts parts = read_formula(request, settings);
  if (!parts.endogenous.empty()) throw core::Error(command + " takes no instruments").word("|");
  if (inference::uses_leverage(settings.vcov.kind))
    throw core::Error("vcov '" + inference::print(settings.vcov) + "' is for least squares")
        .hint(inference::is_clustered(settings.vcov.kind) ? "use vcov=cluster(…)" : "use vcov=\"hetero\"")
        .word("vcov");
  settings.design.keep_singletons = true;
  Problem problem = prepare(settings, parts, request.frame);
  require_binary(problem);
  if (problem.has_fe()) {
    const std::vector<Index> rows = varying_rows(problem.y, problem.context->fe);
    if (static_cast<Index>(rows.size()) < problem.n()) {
      if (rows.empty()) throw core::Error("the outcome varies within no level of the fixed effects");
      throw core::Error(core::counted(problem.n() - static_cast<Index>(rows.size()), "row") +
                        " in levels of the fixed effects whose outcome never varies: their effect is infinite")
          .hint("leave them out: keep the levels where 0 < mean of " + problem.y_name + " < 1 with where=");
    }
  }
  const Index k = problem.exogenous;
  Matrix X = problem.columns.middleCols(1, k);
  std::vector<std::string> names = problem.names;
  names.resize(static_cast<std::size_t>(k));
  if (problem.has_fe()) {
    const Matrix dummies = dummy_columns(problem.context->fe, {}, {}, problem.n());
    Matrix wide(X.rows(), k + dummies.cols());
    wide << X, dummies;
    X = std::move(wide);
    for (Index j = 0; j < dummies.cols(); ++j) names.push_back("");
  }
  BinaryOptions options;
  options.link = link;
  options.maxiter = static_cast<int>(request.options.get<std::int64_t>("maxiter", options.maxiter));
  const Binary b = fit_binary(problem.y, X, problem.weights(), options);
  if (!b.separated.empty()) separated(b, problem, X, names);
  if (!b.converged)
    throw core::Error(command + " did not converge in " + std::to_string(options.maxiter) + " iterations")
        .hint("raise maxiter=, or look for regressors that predict the outcome nearly perfectly");
  results::Fit fit = start_fit(problem, settings, request);
  fit.title = std::string(link == Link::logit ? "Logit" : "Probit") + ", maximum likelihood";
  if (problem.has_fe()) fit.title += ", fixed effects as dummies";
  fit.provenance["link"] = command;
  const bool expected = request.options.get<std::string>("information", "observed") == "expected";
  const Matrix& bread = expected ? b.expected_bread : b.bread;
  std::vector<Index> shown;  // coefficients that are not dummies
  for (std::size_t at = 0; at < b.kept.size(); ++at)
    if (b.kept[at] < k) shown.push_back(static_cast<Index>(at));
  fit.coef = b.coef(shown);
  fit.scores = b.scores(Eigen::all, shown);
  fit.bread = bread(shown, shown);
  if (problem.has_fe())  // scores and bread of the slopes with the dummies partialled out
    fit.scores = numerics::product(numerics::product(b.scores, Matrix(bread(Eigen::all, shown))),
                                   numerics::inverse_spd(fit.bread));
  for (const Index at : shown) {
    const Index j = b.kept[static_cast<std::size_t>(at)];
    if (problem.constant && j == k - 1) fit.constant = static_cast<Index>(fit.names.size());
    fit.names.push_back(names[static_cast<std::size_t>(j)]);
  }
  std::vector<std::string> dropped;
  for (const Index j : b.dropped)
    if (j < k) dropped.push_back(names[static_cast<std::size_t>(j)]);
  if (!dropped.empty()) {
    fit.collinear = dropped;
    fit.notes.push_back("collinear with earlier terms, dropped: " + core::join(dropped, ", "));
  }
  fit.fitted = b.fitted;
  fit.residuals = problem.y - b.fitted;
  fit.rank = static_cast<Index>(shown.size());
  fit.rss = fit.weights.size() == 0 ? fit.residuals.squaredNorm()
                                    : fit.weights.dot(fit.residuals.cwiseProduct(fit.residuals));
  fit.likelihood = true;
  // Unless other rules are asked for, none counts parameters, and t is normal.
  if (!request.options.has("like") && !request.options.has("ssc")) settings.ssc.k_adjust = false;
  settings.ssc.t_fixed = std::numeric_limits<double>::infinity();
  fit.ssc = settings.ssc;
  fit.vcov = inference::vcov(settings.vcov, results::sandwich(fit), fit.sample->vcov_data(settings.vcov), settings.ssc);
  const double parameters = static_cast<double>(b.kept.size());
  const double slopes = parameters - (problem.constant || problem.has_fe() ? 1 : 0);
  fit.set_stat("r2_pseudo", 1 - b.loglik / b.loglik_null);
  fit.set_stat("loglik", b.loglik);
  fit.set_stat("loglik_null", b.loglik_null);
  fit.set_stat("deviance", -2 * b.loglik);
  fit.set_stat("lr", 2 * (b.loglik - b.loglik_null));
  fit.set_stat("lr_df", slopes);
  fit.set_stat("lr_p", slopes > 0 ? inference::chi2_upper(2 * (b.loglik - b.loglik_null), slopes) : 1);
  fit.set_stat("aic", -2 * b.loglik + 2 * parameters);
  fit.set_stat("bic", -2 * b.loglik + std::log(fit.nobs) * parameters);
  fit.set_stat("parameters", parameters);
  fit.set_stat("iterations", b.iterations);
  results::set_overall_test(fit);
  return fit;
}

core::Record record(const std::string& name, const std::string& of) {
  core::Record r;
  r.name = name;
  r.topic = "estimation";
  r.summary = of + " regression of a 0/1 outcome by maximum likelihood";
  r.args = {{.name = "formula", .kind = core::Kind::formula, .doc = "y ~ x, or y ~ x | fe (dummies)"}};
  for (core::OptionSpec& option : common_options())
    if (option.name != "keep_singletons") r.options.push_back(std::move(option));
  r.options.push_back(
      {.name = "information",
       .kind = core::Kind::text,
       .doc = "whose inverse the covariance is: observed (Stata) or expected (R's glm); the same for logit",
       .default_text = "observed",
       .one_of = {"observed", "expected"}});
  r.options.push_back(
      {.name = "maxiter", .kind = core::Kind::integer, .doc = "Newton steps at most", .default_text = "50", .min = 1});
  r.source = "McFadden (1974); McCullagh & Nelder (1989), chapter 4";
  r.example = name + "(treat ~ lngdp + lnedu, vcov=\"hetero\")";
  return r;
}

}  // namespace

std::vector<MarginalEffect> marginal_effects(const results::Fit& fit, const std::vector<std::string>& variables) {
  const auto link_name = fit.provenance.find("link");
  if (link_name == fit.provenance.end())
    throw core::Error("marginal effects of '" + fit.command + "' are its coefficients: it has no link");
  const Context& context = context_of(fit, "ame");
  const Link link = link_name->second == "probit" ? Link::probit : Link::logit;
  if (!context.fe.empty())
    throw core::Error("average marginal effects need every coefficient, and the fixed effects' are not kept");
  const formula::Design design = formula::design(context.parts, context.frame, context.options);
  const Index k = fit.coef.size();
  Matrix X(design.y.size(), k);
  for (Index j = 0; j < k; ++j) {
    const auto at = std::find(design.names.begin(), design.names.end(), fit.names[static_cast<std::size_t>(j)]);
    X.col(j) = design.X.col(at - design.names.begin());
  }
  const Vector xb = numerics::product(X, fit.coef);
  std::vector<MarginalEffect> out;
  std::vector<Index> columns;
  for (const std::string& name : variables) columns.push_back(fit.position(name));
  if (variables.empty())
    for (Index j = 0; j < k; ++j)
      if (j != fit.constant) columns.push_back(j);
  for (const Index j : columns) {
    const std::string& name = fit.names[static_cast<std::size_t>(j)];
    for (std::size_t other = 0; other < fit.names.size(); ++other)
      if (static_cast<Index>(other) != j &&
          (fit.names[other].find(name + ":") != std::string::npos ||
           fit.names[other].find(":" + name) != std::string::npos || fit.names[other].rfind(name + "^", 0) == 0))
        throw core::Error("'" + name + "' is also in '" + fit.names[other] +
                          "': its effect is not that of one coefficient")
            .word(name);
    MarginalEffect effect;
    effect.name = name;
    effect.discrete = true;
    for (const double x : Vector(X.col(j))) effect.discrete = effect.discrete && (x == 0 || x == 1);
    Vector gradient = Vector::Zero(k);
    double total = 0;
    for (Index i = 0; i < X.rows(); ++i) {
      const double w = fit.weights.size() > 0 ? fit.weights[i] : 1;
      total += w;
      if (effect.discrete) {
        const double at0 = xb[i] - X(i, j) * fit.coef[j], at1 = at0 + fit.coef[j];
        effect.effect += w * (link_probability(at1, link) - link_probability(at0, link));
        const double d1 = link_density(at1, link), d0 = link_density(at0, link);
        gradient += w * (d1 - d0) * X.row(i).transpose();
        gradient[j] += w * (d1 - (d1 - d0) * X(i, j));
      } else {
        const double d = link_density(xb[i], link), p = link_probability(xb[i], link);
        const double slope = link == Link::probit ? -xb[i] * d : d * (1 - 2 * p);
        effect.effect += w * d * fit.coef[j];
        gradient += w * slope * fit.coef[j] * X.row(i).transpose();
        gradient[j] += w * d;
      }
    }
    effect.effect /= total;
    gradient /= total;
    effect.se = std::sqrt(gradient.dot(numerics::product(fit.vcov.matrix, gradient)));
    out.push_back(effect);
  }
  return out;
}

const Estimator logit{.record = record("logit", "Logit"),
                      .fit = [](const Request& request) { return fit_binary_command(request, Link::logit); }};
const Estimator probit{.record = record("probit", "Probit"),
                       .fit = [](const Request& request) { return fit_binary_command(request, Link::probit); }};

}  // namespace estimators
