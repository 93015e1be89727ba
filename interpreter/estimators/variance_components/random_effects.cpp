// Random effects of units by generalised least squares:
//   y_it = x_it'b + u_i + e_it;   z*_it = z_it − θ_i z̄_i,   θ_i = 1 − √(σ_e² / (T_i σ_u² + σ_e²));   b from y* on x*.
// σ_e² = RSS_within / (N − n − rank within);  r: residuals of the means by unit regressed on each other, K their rank;
//   σ_u² = max(0, Σ r_i² / (n − K) − σ_e² / T̄),   T̄ = n / Σ 1/T_i: as Stata's xtreg, re; or with `sa`, r weighted by
//   T_i, σ_u² = max(0, (Σ T_i r_i² − (n − K) σ_e²) / (N − tr[(Σ T_i x̄_i x̄_i')⁻¹ Σ T_i² x̄_i x̄_i'])).
// The two are one when every unit has the same T.
// Sources: Swamy & Arora (1972), Econometrica 40; Baltagi & Chang (1994), J. Econometrics 62, for unequal T_i.
// Peers:   Stata xtreg, re; plm(model = "random", random.method = "swar").
#include "estimators/variance_components/random_effects.hpp"

#include "core/error.hpp"
#include "core/text.hpp"
#include "estimators/panel_r2.hpp"
#include "estimators/pipeline.hpp"
#include "formula/tree.hpp"
#include "numerics/dense.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace estimators {
namespace {

struct PanelUnits {
  numerics::Codes of_row;
  Vector sizes;  ///< T_i
};

PanelUnits panel_units(const Problem& problem) {
  const data::Panel* panel = problem.context->frame.panel();
  if (panel == nullptr)
    throw core::Error("random effects of units need a panel")
        .hint("panel(unit, time) declares it; xtset in a statement");
  inference::VcovSpec by_unit;
  by_unit.kind = inference::VcovKind::cluster;
  by_unit.cluster = {formula::print(formula::name(panel->unit))};
  PanelUnits units{.of_row = problem.context->vcov_data(by_unit).clusters.front(), .sizes = {}};
  const Index count = *std::max_element(units.of_row.begin(), units.of_row.end()) + 1;
  units.sizes = numerics::group_sums(Matrix::Ones(problem.n(), 1), units.of_row, count).col(0);
  return units;
}

/// Rows of `columns` minus θ_i times the mean of their unit.
Matrix without_means(const Matrix& columns, const Matrix& means, const PanelUnits& units, const Vector& theta) {
  Matrix out = columns;
  for (Index i = 0; i < out.rows(); ++i) {
    const Index unit = units.of_row[static_cast<std::size_t>(i)];
    out.row(i) -= theta[unit] * means.row(unit);
  }
  return out;
}

struct VarianceComponents {
  double sigma2_e = 0, sigma2_u = 0;
};

double within_variance(const Problem& problem, const Matrix& means, const PanelUnits& units) {
  const Index n = units.sizes.size(), slopes = problem.exogenous - (problem.constant ? 1 : 0);
  const Matrix within = without_means(problem.columns, means, units, Vector::Ones(n));
  numerics::LeastSquaresOptions options;
  options.refine = false;
  options.reference_norms = problem.norms.segment(1, slopes);
  const Matrix X = within.middleCols(1, slopes);
  double rss = within.col(0).squaredNorm();
  Index rank = 0;
  if (slopes > 0) {
    const numerics::LeastSquares ls = numerics::least_squares(X, within.col(0), {}, options);
    rss = ls.rss;
    rank = static_cast<Index>(ls.kept.size());
  }
  const double df = static_cast<double>(problem.n() - n - rank);
  if (df <= 0)
    throw core::Error("the variance within units has no degrees of freedom: " + std::to_string(problem.n()) +
                      " rows of " + core::counted(n, "unit") + ", " + core::counted(rank, "slope"))
        .hint("random effects need several rows a unit");
  return rss / df;
}

double between_variance(const Problem& problem, const Matrix& means, const PanelUnits& units, double sigma2_e,
                        bool unequal) {
  const Vector weights = unequal ? units.sizes : Vector();
  const numerics::LeastSquares ls = numerics::least_squares(means.rightCols(problem.exogenous), means.col(0), weights);
  const double n = static_cast<double>(units.sizes.size());
  const double df = n - static_cast<double>(ls.kept.size());
  if (df <= 0)
    throw core::Error(
        "the variance between units has no degrees of freedom: " + core::counted(units.sizes.size(), "unit") + " and " +
        core::counted(static_cast<long long>(ls.kept.size()), "coefficient"))
        .hint("random effects need more units than coefficients; fe= takes the units as fixed");
  if (!unequal) return std::max(0.0, ls.rss / df - sigma2_e * units.sizes.cwiseInverse().mean());
  Matrix X(units.sizes.size(), static_cast<Index>(ls.kept.size()));
  for (Index j = 0; j < X.cols(); ++j) X.col(j) = means.col(ls.kept[static_cast<std::size_t>(j)] + 1);
  const Matrix squared = numerics::crossprod(X, Vector(units.sizes.cwiseProduct(units.sizes)), X);
  const double trace = ls.bread.cwiseProduct(squared).sum();
  return std::max(0.0, (ls.rss - df * sigma2_e) / (units.sizes.sum() - trace));
}

void add_components(results::Fit& fit, const VarianceComponents& found, const PanelUnits& units, const Vector& theta) {
  const double rho = found.sigma2_u / (found.sigma2_u + found.sigma2_e);
  fit.set_stat("sigma_u", std::sqrt(found.sigma2_u));
  fit.set_stat("sigma_e", std::sqrt(found.sigma2_e));
  fit.set_stat("rho", rho);
  fit.set_stat("units", static_cast<double>(units.sizes.size()));
  fit.set_stat("theta_min", theta.minCoeff());
  fit.set_stat("theta_max", theta.maxCoeff());
  const auto shown = [](double value) { return core::significant(value, 5); };
  const std::string range = theta.maxCoeff() > theta.minCoeff() ? " to " + shown(theta.maxCoeff()) : "";
  fit.notes.push_back("sigma_u = " + shown(std::sqrt(found.sigma2_u)) +
                      ", sigma_e = " + shown(std::sqrt(found.sigma2_e)) + ", rho = " + shown(rho) +
                      " of the variance is the units'; theta = " + shown(theta.minCoeff()) + range);
  fit.notes.push_back("squared correlations: within " + core::fixed(fit.stat("r2_within"), 4) + ", between " +
                      core::fixed(fit.stat("r2_between"), 4) + ", overall " + core::fixed(fit.stat("r2_overall"), 4));
  if (found.sigma2_u == 0)
    fit.notes.emplace_back("the units' variance is estimated to be 0: these are the estimates of least squares");
}

void require_random(const Request& request, const formula::Parts& parts) {
  if (!parts.fe.empty())
    throw core::Error("random_effects takes no fixed effects beside the units' random ones")
        .hint("effects of time are terms: y ~ x + i.year");
  if (!parts.endogenous.empty())
    throw core::Error("random_effects takes no instruments").hint("feols takes them, with fe= for the units");
  if (request.options.has("weights"))
    throw core::Error("random_effects takes no weights").word("weights").hint("reg and feols do");
}

results::Fit fit_random_effects(const Request& request) {
  Settings settings = read_settings(request, "random_effects");
  settings.ssc.t_fixed = std::numeric_limits<double>::infinity();  // the theory is for many units
  formula::Parts parts = read_formula(request, settings);
  require_random(request, parts);
  if (inference::uses_leverage(settings.vcov.kind))
    throw core::Error("vcov '" + inference::print(settings.vcov) +
                      "' needs leverages, which random effects do not have")
        .hint("use vcov=\"hetero\" or vcov=cluster(…)");
  Problem problem = prepare(settings, std::move(parts), request.frame);
  absorb(problem);
  const PanelUnits units = panel_units(problem);
  const Matrix means = numerics::scale_rows(numerics::group_sums(problem.columns, units.of_row, units.sizes.size()),
                                            units.sizes.cwiseInverse());

  VarianceComponents found;
  found.sigma2_e = within_variance(problem, means, units);
  found.sigma2_u = between_variance(problem, means, units, found.sigma2_e, request.options.get<bool>("sa"));
  const Vector theta = (1 - (found.sigma2_e / (units.sizes.array() * found.sigma2_u + found.sigma2_e)).sqrt()).matrix();

  results::Fit out = start_fit(problem, settings, request);
  out.title = "Random effects of " + problem.context->frame.panel()->unit + ", generalised least squares";
  const Matrix given = problem.columns;
  problem.columns = without_means(given, means, units, theta);
  std::vector<Index> regressors(static_cast<std::size_t>(problem.exogenous));
  std::iota(regressors.begin(), regressors.end(), Index{1});
  const numerics::LeastSquares ls = regress(problem, 0, regressors);
  std::vector<Index> dropped;
  for (const Index j : ls.dropped) dropped.push_back(j + 1);
  note_collinear(problem, dropped, out);
  out.coef = ls.coef;
  out.bread = ls.bread;
  out.rss = ls.rss;
  out.rank = ls.coef.size();
  out.fitted = Vector::Zero(problem.n());
  out.scores.resize(problem.n(), out.rank);
  for (Index j = 0; j < out.rank; ++j) {
    const Index at = ls.kept[static_cast<std::size_t>(j)] + 1;
    out.names.push_back(problem.names[static_cast<std::size_t>(at - 1)]);
    if (problem.constant && at == problem.exogenous) out.constant = j;
    out.fitted += ls.coef[j] * given.col(at);
    out.scores.col(j) = problem.columns.col(at).cwiseProduct(ls.residuals);
  }
  out.residuals = problem.y - out.fitted;
  const double df = out.nobs - static_cast<double>(out.rank);
  if (df <= 0) throw core::Error("no degrees of freedom left: as many coefficients as observations");
  out.ssc = settings.ssc;
  out.vcov = inference::vcov(settings.vcov, results::sandwich(out), out.sample->vcov_data(settings.vcov), settings.ssc);
  set_panel_r2(out, problem.y, out.fitted, units.of_row);
  out.set_stat("rmse", std::sqrt(out.rss / df));
  add_components(out, found, units, theta);
  results::set_overall_test(out);
  return out;
}

core::Record random_effects_record() {
  core::Record r;
  r.name = "random_effects";
  r.topic = "estimation";
  r.summary = "Panel regression with random effects of the units";
  r.args = {{.name = "formula", .kind = core::Kind::formula, .doc = "y ~ x + i.year"}};
  for (core::OptionSpec& option : common_options())
    if (option.name != "fe" && option.name != "keep_singletons" && option.name != "weights")
      r.options.push_back(std::move(option));
  r.options.push_back({.name = "sa",
                       .kind = core::Kind::boolean,
                       .doc = "units of unequal length: the components of Baltagi and Chang",
                       .default_text = "false"});
  r.source = "Swamy & Arora (1972); Baltagi & Chang (1994)";
  r.example = "random_effects(ser ~ did + lngdp, vcov=cluster(city))";
  return r;
}

}  // namespace

const Estimator random_effects{.record = random_effects_record(), .fit = fit_random_effects};

}  // namespace estimators
