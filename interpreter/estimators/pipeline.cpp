#include "estimators/pipeline.hpp"

#include "core/error.hpp"
#include "core/interrupt.hpp"
#include "core/parallel.hpp"
#include "core/text.hpp"
#include "estimators/fingerprint.hpp"
#include "formula/stepwise.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <numeric>
#include <tuple>
#include <utility>

namespace estimators {
namespace {

/// Analytic and probability weights sum to n (conventions.md item 11); frequencies stay as they are.
Vector used_weights(const formula::Design& design) {
  if (design.weights.size() == 0 || design.weight_kind == formula::WeightKind::frequency) return design.weights;
  return design.weights * (static_cast<double>(design.weights.size()) / design.weights.sum());
}

Matrix side_by_side(formula::Design& design) {
  const Index n = design.y.size();
  Matrix columns(n, 1 + design.endogenous.cols() + design.X.cols() + design.instruments.cols());
  numerics::for_rows(n, [&](Index from, Index count) {
    columns.col(0).segment(from, count) = design.y.segment(from, count);
    Index at = 1;
    for (const Matrix* block : {&design.endogenous, &design.X, &design.instruments})
      for (Index j = 0; j < block->cols(); ++j)
        columns.col(at++).segment(from, count) = block->col(j).segment(from, count);
  });
  for (Matrix* block : {&design.endogenous, &design.X, &design.instruments})
    block->resize(0, 0);  // memory: one copy of the design is enough
  return columns;
}

std::vector<std::string> joined(std::vector<std::string> a, const std::vector<std::string>& b,
                                const std::vector<std::string>& c) {
  a.insert(a.end(), b.begin(), b.end());
  a.insert(a.end(), c.begin(), c.end());
  return a;
}

double weighted_sum(const Eigen::Ref<const Vector>& x, const Vector& weights) {
  return weights.size() == 0 ? x.sum() : weights.dot(x);
}

double weighted_square(const Eigen::Ref<const Vector>& x, const Vector& weights) {
  return weights.size() == 0 ? x.squaredNorm() : (weights.array() * x.array().square()).sum();
}

/// What Fit::fe says of the context's fixed effects.
std::pair<std::vector<results::AbsorbedEffect>, bool> describe_effects(const Context& context) {
  const numerics::AbsorbedDegrees degrees = numerics::absorbed_degrees(context.fe);
  std::vector<results::AbsorbedEffect> effects(context.fe.size());
  for (std::size_t q = 0; q < effects.size(); ++q) {
    effects[q].name = context.fe_info[q].name;
    effects[q].levels = static_cast<double>(degrees.levels[q]);
    effects[q].redundant = static_cast<double>(degrees.redundant[q]);
    effects[q].slopes = static_cast<double>(context.fe[q].levels) * static_cast<double>(context.fe[q].slopes.size());
    effects[q].nestable = context.fe[q].slopes.empty();
  }
  return {std::move(effects), degrees.exact};
}

void add_effects(const std::vector<results::AbsorbedEffect>& effects, inference::Sandwich& sandwich) {
  for (const results::AbsorbedEffect& effect : effects) {
    sandwich.fe_levels.push_back(effect.levels);
    sandwich.fe_redundant.push_back(effect.redundant);
    sandwich.fe_nestable.push_back(effect.nestable);
    sandwich.fe_slopes.push_back(effect.slopes);
  }
}

void add_statistics(results::Fit& fit, const Problem& problem, const inference::Ssc& rules, Index response) {
  const double n = fit.nobs;
  const double K = parameters(fit, rules);
  const double df = n - K;
  const bool constant = problem.constant || problem.absorbed_constant;
  const double slopes = static_cast<double>(fit.rank) - (problem.absorbed_constant && fit.constant >= 0 ? 1 : 0);
  const double tss = problem.spread[response] * problem.spread[response];
  fit.set_stat("r2", 1 - fit.rss / tss);
  fit.set_stat("r2_adj", 1 - (fit.rss / df) / (tss / (n - (constant ? 1 : 0))));
  if (problem.has_fe()) {
    const double within = weighted_square(problem.columns.col(response), problem.weights());
    fit.set_stat("r2_within", 1 - fit.rss / within);
    fit.set_stat("r2_within_adj", 1 - (fit.rss / df) / (within / (df + slopes)));
    fit.set_stat("tss_within", within);
  }
  fit.set_stat("rmse", std::sqrt(fit.rss / df));
  fit.set_stat("rmse_n", std::sqrt(fit.rss / n));
  fit.set_stat("rss", fit.rss);
  fit.set_stat("tss", tss);
  double loglik = -n / 2 * (1 + std::log(2 * std::numbers::pi) + std::log(fit.rss / n));
  if (problem.weight_kind == formula::WeightKind::analytic)
    loglik += fit.weights.array().log().sum() / 2;  // Var u = σ²/w
  fit.set_stat("loglik", loglik);
  fit.set_stat("aic", -2 * loglik + 2 * K);
  fit.set_stat("bic", -2 * loglik + std::log(n) * K);
  fit.set_stat("parameters", K);
  fit.set_stat("df_residual", df);
}

}  // namespace

Problem prepare(const Settings& settings, formula::Parts parts, const data::Frame& frame) {
  Problem problem;
  problem.context = std::make_shared<Context>();
  Context& context = *problem.context;
  context.frame = settings.derive ? settings.derive(frame) : frame;
  context.derive = settings.derive;
  context.parts = std::move(parts);
  context.options = settings.design;
  for (const formula::Tree& tree : columns_needed(settings.vcov, context.frame))
    context.options.complete.push_back(tree);

  formula::Design design = formula::design(context.parts, context.frame, context.options);
  problem.y_name = design.y_name;
  problem.endogenous = design.endogenous.cols();
  problem.exogenous = design.X.cols();
  problem.instruments = design.instruments.cols();
  problem.constant = design.constant;
  problem.frame_rows = design.frame_rows;
  problem.weight_kind = design.weight_kind;
  problem.columns = side_by_side(design);
  problem.y = std::move(design.y);
  problem.names = joined(design.endogenous_names, design.names, design.instrument_names);
  context.weights = used_weights(design);
  context.frequency = design.weight_kind == formula::WeightKind::frequency;
  context.nobs = context.frequency ? context.weights.sum() : static_cast<double>(problem.n());
  context.rows = std::move(design.rows);
  context.fe = std::move(design.fe);
  context.fe_info = std::move(design.fe_info);
  for (const numerics::FixedEffect& effect : context.fe) problem.absorbed_constant |= effect.intercept;
  for (const formula::Dropped& dropped : design.dropped) {
    if (dropped.rows == 0) continue;
    problem.notes.push_back(core::counted(static_cast<long long>(dropped.rows), "row") + " dropped: " + dropped.reason);
  }
  problem.notes.insert(problem.notes.end(), design.notes.begin(), design.notes.end());
  return problem;
}

namespace {

/// Squares of values beyond 1e150 or below 1e-150 leave what doubles hold, and sums of them are wrong without a word.
void require_scale(const Problem& problem) {
  constexpr double most = 1e150;
  for (Index j = 0; j < problem.columns.cols(); ++j) {
    const double norm = problem.norms[j];
    if (norm < most && (norm > 1 / most || problem.columns.col(j).cwiseAbs().maxCoeff() == 0)) continue;
    const std::string& name = j == 0 ? problem.y_name : problem.names[static_cast<std::size_t>(j - 1)];
    throw core::Error("the values of '" + name + "' are too " + (norm < most ? "small" : "large") +
                      " to be squared: " + core::shortest(problem.columns.col(j).cwiseAbs().maxCoeff()))
        .hint("measure it in another unit")
        .word(name);
  }
}

void require_variation(const Problem& problem) {
  if (!problem.constant && !problem.absorbed_constant) return;
  if (problem.y.size() == 0 || problem.y.minCoeff() != problem.y.maxCoeff()) return;
  throw core::Error("the outcome '" + problem.y_name +
                    "' is the same in every row of the sample: " + core::shortest(problem.y[0]))
      .hint("there is nothing to explain; look at where= and at the rows dropped for missing values")
      .word(problem.y_name);
}

}  // namespace

Index constant_column(const Problem& problem) { return problem.endogenous + problem.exogenous; }

void absorb(Problem& problem) {
  const Index width = problem.columns.cols();
  const Vector& weights = problem.weights();
  problem.means = problem.spread = problem.norms = Vector::Zero(width);
  if (problem.endogenous > 0) problem.endogenous_given = problem.columns.middleCols(1, problem.endogenous);
  core::for_blocks(static_cast<std::size_t>(width), 1, [&](std::size_t begin, std::size_t) {
    const auto j = static_cast<Index>(begin);
    auto column = problem.columns.col(j);
    const double raw = std::sqrt(weighted_square(column, weights));
    problem.means[j] = weighted_sum(column, weights) / problem.context->nobs;
    problem.spread[j] = raw;
    if (problem
            .absorbed_constant) {  // the fixed effects would remove the mean anyway; removed first it costs no digits
      column.array() -= problem.means[j];
      problem.spread[j] = std::sqrt(weighted_square(column, weights));
    } else if (problem.constant) {
      problem.spread[j] = std::sqrt(weighted_square((column.array() - problem.means[j]).matrix(), weights));
    }
    problem.norms[j] = problem.absorbed_constant ? std::max(problem.spread[j], 1e-5 * raw) : raw;
  });
  require_scale(problem);
  require_variation(problem);
  core::poll();
  if (!problem.has_fe()) return;
  const numerics::Absorber absorber(problem.context->fe, weights);
  problem.report = absorber.apply(problem.columns);
  if (problem.report.iterations > 0)
    problem.absorbed_tol = 1e-6;  // what an iterative solver leaves of an absorbed column
}

namespace {

/// The coefficients, the bread and the kept columns of a regression on permuted columns, in the order of `columns`:
/// place j of the permuted ones is columns[j].
void restore_order(const std::vector<Index>& columns, numerics::LeastSquares& ls) {
  std::vector<Index> order(ls.kept.size());
  std::iota(order.begin(), order.end(), Index{0});
  const auto place = [&](Index at) { return columns[static_cast<std::size_t>(ls.kept[static_cast<std::size_t>(at)])]; };
  std::sort(order.begin(), order.end(), [&](Index a, Index b) { return place(a) < place(b); });
  ls.coef = Vector(ls.coef(order));
  ls.bread = Matrix(ls.bread(order, order));
  for (std::vector<Index>* list : {&ls.kept, &ls.dropped}) {
    for (Index& at : *list) at = columns[static_cast<std::size_t>(at)];
    std::sort(list->begin(), list->end());
  }
}

}  // namespace

numerics::LeastSquares regress(const Problem& problem, Index response, const std::vector<Index>& regressors) {
  const auto k = static_cast<Index>(regressors.size());
  // The constant comes first, so that of a full set of dummies the last goes and not the constant.
  std::vector<Index> order(regressors.size());
  std::iota(order.begin(), order.end(), Index{0});
  const auto constant =
      problem.constant ? std::find(regressors.begin(), regressors.end(), constant_column(problem)) : regressors.end();
  if (constant != regressors.end())
    std::rotate(order.begin(), order.begin() + (constant - regressors.begin()),
                order.begin() + (constant - regressors.begin()) + 1);
  const auto column = [&](Index j) { return regressors[static_cast<std::size_t>(order[static_cast<std::size_t>(j)])]; };
  Matrix X(problem.n(), k);
  numerics::LeastSquaresOptions options;
  options.refine = !problem.has_fe();
  numerics::for_rows(problem.n(), [&](Index from, Index count) {
    for (Index j = 0; j < k; ++j) X.col(j).segment(from, count) = problem.columns.col(column(j)).segment(from, count);
  });
  if (problem.has_fe()) {
    options.reference_tol = problem.absorbed_tol;
    options.reference_norms.resize(k);
    for (Index j = 0; j < k; ++j) options.reference_norms[j] = problem.norms[column(j)];
  }
  numerics::LeastSquares ls = numerics::least_squares(X, problem.columns.col(response), problem.weights(), options);
  if (constant != regressors.end()) restore_order(order, ls);
  return ls;
}

void note_collinear(const Problem& problem, const std::vector<Index>& dropped, results::Fit& fit) {
  std::vector<std::string> absorbed, constant, collinear;
  for (const Index j : dropped) {
    const std::string& name = problem.names[static_cast<std::size_t>(j - 1)];
    const double left = std::sqrt(weighted_square(problem.columns.col(j), problem.weights()));
    const bool gone = problem.has_fe() && left <= problem.absorbed_tol * problem.norms[j];
    const bool flat = problem.constant && problem.spread[j] <= 1e-13 * problem.norms[j];
    (gone ? absorbed : flat ? constant : collinear).push_back(name);
    fit.collinear.push_back(name);
  }
  if (!absorbed.empty()) fit.notes.push_back("absorbed by the fixed effects, dropped: " + core::join(absorbed, ", "));
  if (!constant.empty()) fit.notes.push_back("the same in every row, dropped: " + core::join(constant, ", "));
  if (!collinear.empty()) fit.notes.push_back("collinear with earlier terms, dropped: " + core::join(collinear, ", "));
}

results::Fit start_fit(const Problem& problem, const Settings& settings, const Request& request) {
  const Context& context = *problem.context;
  results::Fit fit;
  fit.command = settings.command;
  fit.depvar = problem.y_name;
  fit.formula = formula::print(formula::with_effects(request.formula, settings.fe));
  fit.call = request.call;
  fit.weights = context.weights;
  fit.frequency_weights = context.frequency;
  fit.nobs = context.nobs;
  std::tie(fit.fe, fit.fe_rank_exact) = describe_effects(context);
  fit.ssc = settings.ssc;
  fit.level = settings.level;
  fit.notes = problem.notes;
  fit.rows = context.rows;
  fit.frame_rows = problem.frame_rows;
  fit.frame_name = context.frame.name();
  fit.sample = problem.context;

  std::vector<std::string> used = formula::names_in(request.formula);
  for (const formula::Tree& tree : {settings.fe, settings.design.where, settings.design.weights.expression}) {
    if (tree == nullptr) continue;
    for (const std::string& name : formula::names_in(tree)) used.push_back(name);
  }
  std::sort(used.begin(), used.end());
  used.erase(std::unique(used.begin(), used.end()), used.end());
  fit.provenance["version"] = MOONTIDE_VERSION;
  fit.provenance["data"] = context.frame.name() + " " + hexadecimal(fingerprint(context.frame, used));
  fit.provenance["conventions"] = settings.ssc.like;
  fit.provenance["level"] = core::shortest(settings.level);
  if (settings.design.weights.expression != nullptr) {
    fit.provenance["weights"] = formula::print(settings.design.weights.expression);
  }
  if (problem.has_fe()) {
    fit.provenance["absorbed by"] = problem.report.strategy;
    fit.provenance["absorbed in iterations"] = std::to_string(problem.report.iterations);
    fit.provenance["absorbed to"] = core::significant(problem.report.residual, 3);
    if (problem.report.iterations > 0) {
      fit.notes.push_back("fixed effects absorbed by " + problem.report.strategy + ": " +
                          core::counted(problem.report.iterations, "iteration") + ", normal equations to " +
                          core::significant(problem.report.residual, 2));
    }
  }
  return fit;
}

double parameters(const results::Fit& fit, const inference::Ssc& rules) {
  inference::Ssc full = rules;
  full.k_adjust = true;
  full.k_fixef = inference::Ssc::KFixef::full;
  inference::VcovSpec iid;
  return inference::vcov(iid, results::sandwich(fit), {}, full).K;
}

Covariance::Covariance(const Context& context, const inference::VcovSpec& spec, const inference::Ssc& rules, Index k)
    : context_(context),
      spec_(spec),
      rules_(rules),
      data_(context.vcov_data(spec)),
      fe_(describe_effects(context).first),
      k_(k) {}

inference::Vcov Covariance::operator()(const Matrix& scores, const Matrix& bread, const Vector& residuals,
                                       double rss) const {
  inference::Sandwich sandwich{.scores = scores,
                               .bread = bread,
                               .residuals = residuals,
                               .weights = context_.weights,
                               .frequency = context_.frequency,
                               .n = context_.nobs,
                               .rss = rss,
                               .k = k_,
                               .constant = -1,
                               .fe_levels = {},
                               .fe_redundant = {},
                               .fe_nestable = {},
                               .leverage = {}};
  add_effects(fe_, sandwich);
  return inference::vcov(spec_, sandwich, data_, rules_);
}

void finish_linear(results::Fit& fit, const Problem& problem, const Settings& settings, Index response) {
  const double K = parameters(fit, settings.ssc);
  if (fit.nobs - K <= 0) {
    throw core::Error("no degrees of freedom left: " + core::shortest(fit.nobs) + " observations, " +
                      core::shortest(K) + " parameters")
        .hint("drop regressors or fixed effects, or keep more rows");
  }
  fit.vcov = inference::vcov(settings.vcov, results::sandwich(fit), fit.sample->vcov_data(settings.vcov), settings.ssc);
  add_statistics(fit, problem, settings.ssc, response);
  results::set_overall_test(fit);
  const double size = fit.fitted.size() > 0 ? fit.fitted.squaredNorm() : 0;
  if (fit.rank > 0 && size > 0 && fit.rss <= 1e-28 * size)
    fit.notes.emplace_back("the fit is perfect: residuals are rounding errors, and standard errors, t and F of no use");
}

}  // namespace estimators
