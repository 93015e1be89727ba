#include "estimators/spatial/lm_tests.hpp"

#include "core/error.hpp"
#include "core/text.hpp"
#include "estimators/linear/linear.hpp"
#include "estimators/sample.hpp"
#include "estimators/spatial/likelihood.hpp"
#include "estimators/spatial/model.hpp"
#include "formula/parse.hpp"
#include "numerics/absorb.hpp"
#include "numerics/dense.hpp"
#include "spatial/global.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <optional>

namespace estimators {
namespace {

struct Stacked {
  StackedWeights W;
  std::vector<Index> row;
  Index units = 0, periods = 0;
  Vector without_effects(const Vector& x, const Context& c) const {
    if (c.fe.empty()) return x;
    Matrix back(x.size(), 1);
    for (std::size_t i = 0; i < row.size(); ++i) back(row[i], 0) = x[static_cast<Index>(i)];
    numerics::Absorber(c.fe, c.weights).apply(back);
    return put(back.col(0));
  }
  Vector put(const Vector& x) const {
    Vector out(x.size());
    for (std::size_t i = 0; i < row.size(); ++i) out[static_cast<Index>(i)] = x[row[i]];
    return out;
  }
  /// X and what its fixed effects stand for, as columns without collinear ones; nothing when that is too much to hold.
  std::optional<Matrix> with_dummies(const Matrix& X, const Context& c) const {
    constexpr double most = 5e7;
    if (c.fe.empty()) return X;
    Index k = X.cols();
    for (const numerics::FixedEffect& effect : c.fe)
      k += effect.levels * static_cast<Index>(effect.slopes.size() + (effect.intercept ? 1 : 0));
    if (static_cast<double>(k) * static_cast<double>(X.rows()) > most) return std::nullopt;
    Matrix all = Matrix::Zero(X.rows(), k);
    all.leftCols(X.cols()) = X;
    Index at = X.cols();
    for (const numerics::FixedEffect& effect : c.fe) {
      const auto add = [&](const Vector* slope) {
        for (std::size_t i = 0; i < row.size(); ++i) {
          const auto from = static_cast<std::size_t>(row[i]);
          all(static_cast<Index>(i), at + effect.codes[from]) = slope ? (*slope)[row[i]] : 1;
        }
        at += effect.levels;
      };
      if (effect.intercept) add(nullptr);
      for (const Vector& slope : effect.slopes) add(&slope);
    }
    const std::vector<Index> kept = numerics::least_squares(all, all.col(all.cols() - 1)).kept;
    Matrix out(all.rows(), static_cast<Index>(kept.size()));
    for (std::size_t j = 0; j < kept.size(); ++j) out.col(static_cast<Index>(j)) = all.col(kept[j]);
    return out;
  }
};

Stacked stacked(const results::Fit& fit, const spatial::WeightsPtr& W, const std::string& what) {
  const Context& c = context_of(fit, what);
  const spatial::Periods at = spatial::align(*W, c.frame, c.rows);
  spatial::require_complete(*W, at);
  Stacked s;
  s.units = static_cast<Index>(at.units);
  s.periods = static_cast<Index>(at.periods());
  s.row.resize(c.rows.size());
  std::iota(s.row.begin(), s.row.end(), Index{0});
  std::sort(s.row.begin(), s.row.end(), [&](Index a, Index b) {
    const auto i = static_cast<std::size_t>(a), j = static_cast<std::size_t>(b);
    return at.period[i] != at.period[j] ? at.period[i] < at.period[j] : at.unit[i] < at.unit[j];
  });
  std::vector<std::vector<std::uint32_t>> units(at.periods());
  for (const Index r : s.row)
    units[at.period[static_cast<std::size_t>(r)]].push_back(at.unit[static_cast<std::size_t>(r)]);
  s.W = StackedWeights(W, std::move(units), at.names);
  return s;
}

/// tr(W'W + WW) of one period.
double trace_of_squares(const spatial::Weights& W) {
  double sum = 0;
  for (std::size_t i = 0; i < W.units(); ++i)
    for (std::size_t p = W.start[i]; p < W.start[i + 1]; ++p) sum += W.value[p] * (W.value[p] + W.at(W.to[p], i));
  return sum;
}

double traces(const StackedWeights& W) {
  double sum = 0;
  for (const StackedWeights::Part& part : W.parts()) sum += part.periods * trace_of_squares(*part.W);
  return sum;
}

void check_linear(const results::Fit& fit, const std::string& what) {
  if (fit.command != "ols" && fit.command != "reg" && fit.command != "feols")
    throw core::Error(what + " is for least squares, not for '" + fit.command + "'")
        .hint("m = ols(y ~ x); " + what + "(m, W)");
  if (fit.weights.size() > 0) throw core::Error(what + " is for least squares without weights");
}

}  // namespace

inference::Test anselin_kelejian(const StackedWeights& W, const Vector& e, const Matrix& Z, const Matrix& bread) {
  const double sigma2 = e.squaredNorm() / static_cast<double>(e.size());
  const double trace = traces(W);
  const Vector d = numerics::crossprod(Z, Vector(W.lag(e) + W.lag_transposed(e)));
  const double numerator = e.dot(W.lag(e)), variance = sigma2 * sigma2 * trace + sigma2 * d.dot(bread * d);
  return inference::chi2_test("spatial error left (Anselin-Kelejian)", numerator * numerator / variance, 1);
}

std::vector<inference::Test> lm_tests(const results::Fit& fit, const spatial::WeightsPtr& W) {
  check_linear(fit, "lmtests");
  const Stacked s = stacked(fit, W, "lmtests");
  const Context& c = context_of(fit, "lmtests");
  std::vector<std::string> names;
  for (const std::string& name : fit.names) names.push_back(name);
  const Matrix columns = absorbed_columns(c, names);
  Matrix X(columns.rows(), columns.cols() - 1);
  for (Index j = 0; j < X.cols(); ++j) X.col(j) = s.put(columns.col(j + 1));
  const Vector e = s.put(fit.residuals), fitted = s.put(fit.fitted);
  if (!fit.first_stages.empty()) return {anselin_kelejian(s.W, e, X, fit.bread)};
  const double n = static_cast<double>(e.size()), sigma2 = e.squaredNorm() / n;
  const double T = traces(s.W);
  // As with dummies for what is absorbed: Xb holds the effects, and M takes them out of its lag.
  const Vector WXb = s.without_effects(s.W.lag(fitted), c);
  const Vector M_WXb = numerics::least_squares(X, WXb).residuals;
  const double J = (M_WXb.squaredNorm() + T * sigma2) / sigma2;
  const double lag = e.dot(s.W.lag(Vector(fitted + e))) / sigma2, error = e.dot(s.W.lag(e)) / sigma2;
  const double robust_lag = std::pow(lag - error, 2) / (J - T);
  std::vector<inference::Test> out = {
      inference::chi2_test("LM lag", lag * lag / J, 1), inference::chi2_test("LM error", error * error / T, 1),
      inference::chi2_test("robust LM lag", robust_lag, 1),
      inference::chi2_test("robust LM error", std::pow(error - T / J * lag, 2) / (T * (1 - T / J)), 1),
      inference::chi2_test("LM lag and error", robust_lag + error * error / T, 2)};
  if (const std::optional<Matrix> all = s.periods == 1 ? s.with_dummies(X, c) : std::nullopt) {
    const spatial::Association moran =
        spatial::moran_residuals(*s.W.parts()[0].W, e, *all, spatial::Alternative::two_sided);
    out.push_back({.name = "Moran's I of residuals",
                   .statistic = moran.z,
                   .distribution = "z",
                   .df1 = 0,
                   .df2 = 0,
                   .p = moran.p});
  }
  return out;
}

spatial::Association residual_moran(const results::Fit& fit, const spatial::WeightsPtr& W,
                                    spatial::Alternative alternative) {
  check_linear(fit, "moran of a result");
  if (!fit.first_stages.empty())
    throw core::Error("the moments of Moran's I of residuals are those of least squares without instruments")
        .hint("lmtests(m, W) has the test of Anselin and Kelejian");
  const Stacked s = stacked(fit, W, "moran");
  if (s.periods > 1)
    throw core::Error("Moran's I of residuals is of one period, and these are " + std::to_string(s.periods))
        .hint("lmtests(m, W) tests panels; or where=\"year == 2020\" in the regression");
  const Context& c = context_of(fit, "moran");
  const Matrix columns = absorbed_columns(c, fit.names);
  Matrix X(columns.rows(), columns.cols() - 1);
  for (Index j = 0; j < X.cols(); ++j) X.col(j) = s.put(columns.col(j + 1));
  const std::optional<Matrix> all = s.with_dummies(X, c);
  if (!all) throw core::Error("moran of a result holds all dummies of the fixed effects, and these are too many");
  return spatial::moran_residuals(*s.W.parts()[0].W, s.put(fit.residuals), *all, alternative);
}

namespace {

inference::Test one_sided(const std::string& name, double z) {
  return {.name = name,
          .statistic = z,
          .distribution = "z",
          .df1 = 0,
          .df2 = 0,
          .p = spatial::p_value(z, spatial::Alternative::greater)};
}

/// The regression of `fit` on the same rows with other parameters of the errors.
struct Refit {
  SpatialModel model;
  Vector theta = {};
  Vector u = {};  ///< y − Xb, stacked
  double sigma2 = 0;
};

Refit refit(const results::Fit& fit, const spatial::WeightsPtr& W, bool lambda, bool phi) {
  const Context& c = context_of(fit, "bsktests");
  Request request;
  request.frame = c.frame.take(c.rows);
  request.formula = formula::parse(fit.formula);
  request.args = {W};
  if (phi) request.options.set("effects", std::string("random"));
  Refit out{.model = spatial_model(request, "bsktests", false)};
  const Likelihood like(out.model, {.lambda = lambda, .phi = phi});
  out.theta = like.maximise();
  const Likelihood::Point at = like.at(out.theta);
  out.u = out.model.y - numerics::product(out.model.X, at.beta);
  out.sigma2 = at.sigma2;
  return out;
}

/// No spatial errors given random effects: score and information of the model with random effects at λ = 0,
///   s = ½[(σ²/σ_1⁴) u'(J̄⊗(W + W'))u + (1/σ²) u'(E⊗(W + W'))u],  I = (T − 1 + σ⁴/σ_1⁴) tr(WW + W'W).
inference::Test spatial_given_random(const results::Fit& fit, const spatial::WeightsPtr& W, const Stacked& s) {
  const Refit r = refit(fit, W, false, true);
  const double T = static_cast<double>(s.periods), phi = std::exp(r.theta[0]), share = 1 / (1 + T * phi);
  const Eigen::Map<const Matrix> cells(r.u.data(), s.units, s.periods);
  Matrix between(s.units, s.periods);
  between.colwise() = cells.rowwise().mean();
  const Vector b = Eigen::Map<const Vector>(between.data(), r.u.size()), e = r.u - b;
  const double score = (share * share * b.dot(s.W.lag(b)) + e.dot(s.W.lag(e))) / r.sigma2;
  return one_sided("spatial errors given random effects",
                   score / std::sqrt((T - 1 + share * share) * trace_of_squares(*W)));
}

/// No random effects given spatial errors: over (σ², λ, σ_μ²) at σ_μ² = 0, with A = (B'B)⁻¹, D = W'B + B'W,
///   s = u'(J⊗(B'B)²)u/(2σ⁴) − T tr(B'B)/(2σ²);  I_μμ = T² tr((B'B)²)/(2σ⁴), I_μσ = T tr(B'B)/(2σ⁴), I_μλ = T
///   tr(D)/(2σ²), I_σσ = NT/(2σ⁴), I_σλ = T tr(DA)/(2σ²), I_λλ = T tr(DADA)/2.
inference::Test random_given_spatial(const results::Fit& fit, const spatial::WeightsPtr& W, const Stacked& s) {
  const Refit r = refit(fit, W, true, false);
  const double T = static_cast<double>(s.periods), N = static_cast<double>(s.units), s2 = r.sigma2;
  const Matrix D0 = spatial::dense(*W), B = Matrix::Identity(s.units, s.units) - r.theta[0] * D0;
  const Matrix BB = numerics::crossprod(B), WB = numerics::crossprod(D0, B), D = WB + WB.transpose();
  const Matrix DA = numerics::solve_spd(BB, D, "I - lambda W");  // A D: the same traces
  const Eigen::Map<const Matrix> cells(r.u.data(), s.units, s.periods);
  const Vector sums = BB * Vector(cells.rowwise().sum());
  const double score = sums.squaredNorm() / (2 * s2 * s2) - T * BB.trace() / (2 * s2);
  Matrix I(3, 3);
  I(0, 0) = N * T / (2 * s2 * s2);
  I(0, 1) = I(1, 0) = T * DA.trace() / (2 * s2);
  I(1, 1) = T * (DA.array() * DA.transpose().array()).sum() / 2;
  I(0, 2) = I(2, 0) = T * BB.trace() / (2 * s2 * s2);
  I(1, 2) = I(2, 1) = T * D.trace() / (2 * s2);
  I(2, 2) = T * T * BB.squaredNorm() / (2 * s2 * s2);
  return one_sided("random effects given spatial errors",
                   score * std::sqrt(numerics::inverse(I, "the information")(2, 2)));
}

}  // namespace

std::vector<inference::Test> bsk_tests(const results::Fit& fit, const spatial::WeightsPtr& W) {
  check_linear(fit, "bsktests");
  if (!fit.first_stages.empty()) throw core::Error("bsktests is for least squares without instruments");
  if (!fit.fe.empty()) throw core::Error("bsktests is for a pooled fit, without fixed effects");
  const Stacked s = stacked(fit, W, "bsktests");
  spatial::require_constant(*W, "bsktests");
  if (s.units > 2000) throw core::Error("bsktests takes 2,000 units at most: it needs dense matrices of them");
  if (s.periods < 2) throw core::Error("bsktests needs a panel of two periods or more");
  const Vector e = s.put(fit.residuals);
  const double N = static_cast<double>(s.units), T = static_cast<double>(s.periods), ee = e.squaredNorm();
  const Eigen::Map<const Matrix> cells(e.data(), s.units, s.periods);
  const double A = cells.rowwise().sum().squaredNorm() / ee - 1;
  const double H = e.dot(s.W.lag(e)) / ee, b = trace_of_squares(*W);
  const double lm1 = std::sqrt(N * T / (2 * (T - 1))) * A, lm2 = std::sqrt(N * N * T / b) * H;
  // Both one-sided: a mixture of chi2 with 0, 1 and 2 degrees of freedom, of weights 1/4, 1/2, 1/4.
  const double joint = std::pow(std::max(lm1, 0.0), 2) + std::pow(std::max(lm2, 0.0), 2);
  inference::Test both{
      .name = "neither (LM-H)", .statistic = joint, .distribution = "chi2", .df1 = 2, .df2 = 0, .p = 1};
  if (joint > 0) both.p = inference::chi2_upper(joint, 1) / 2 + inference::chi2_upper(joint, 2) / 4;
  return {both, one_sided("random effects (LM1)", lm1), one_sided("spatial errors (LM2)", lm2),
          spatial_given_random(fit, W, s), random_given_spatial(fit, W, s)};
}

namespace {

bool is_spatial_parameter(const std::string& name) { return name == "rho" || name == "lambda" || name == "phi"; }

/// Regressors that the fit names, or that it would but for the effects that hold them.
std::vector<std::string> regressors_of(const results::Fit& fit, bool dropped) {
  std::vector<std::string> out;
  const SpatialContext& c = spatial_context(fit, "spatial_hausman");
  for (std::size_t j = 0; j < fit.names.size(); ++j)
    if (!is_spatial_parameter(fit.names[j]) && static_cast<Index>(j) != fit.constant &&
        std::find(c.dummies.begin(), c.dummies.end(), fit.names[j]) == c.dummies.end())
      out.push_back(fit.names[j]);
  if (dropped) out.insert(out.end(), fit.collinear.begin(), fit.collinear.end());
  return out;
}

[[noreturn]] void not_one_model(const std::string& difference, const std::string& hint) {
  throw core::Error("spatial_hausman compares one model with fixed and with random unit effects, and these differ: " +
                    difference)
      .hint(hint);
}

void require_one_model(const results::Fit& fixed, const results::Fit& random) {
  const SpatialContext &f = spatial_context(fixed, "spatial_hausman"), &r = spatial_context(random, "spatial_hausman");
  const std::string same = "the same formula, W and rows, once with fe=\"unit\" and once with effects=\"random\"";
  if (f.effects == Effects::random && r.effects != Effects::random)
    throw core::Error("spatial_hausman takes the fixed-effects result first, then the one with random effects")
        .hint("spatial_hausman(fixed, random)");
  if (f.effects != Effects::unit && f.effects != Effects::both)
    throw core::Error("the first result of spatial_hausman has no fixed unit effects").hint(same);
  if (r.effects != Effects::random)
    throw core::Error("the second result of spatial_hausman has no random unit effects").hint(same);
  if (fixed.command != random.command) not_one_model(fixed.command + " and " + random.command, same);
  if (fixed.depvar != random.depvar)
    not_one_model("the outcomes are '" + fixed.depvar + "' and '" + random.depvar + "'", same);
  if (fixed.rows != random.rows)
    not_one_model("the samples have " + core::shortest(fixed.nobs) + " and " + core::shortest(random.nobs) +
                      " observations" + (fixed.nobs == random.nobs ? ", but of other rows" : ""),
                  same);
  const bool time = f.effects == Effects::both;
  if (time && r.dummies.empty())
    not_one_model("the first has time effects, the second has none",
                  "effects=\"random\", fe=\"time\" in the second, or fe=\"unit\" in the first");
  if (!time && !r.dummies.empty())
    not_one_model("the second has time effects, the first has none",
                  "fe=\"both\" in the first, or no fe= in the second");
  const auto other = [](const spatial::Weights& a, const spatial::Weights& b) {
    return &a != &b &&
           (a.ids != b.ids || a.start != b.start || a.to != b.to || a.value != b.value || a.by_period != b.by_period);
  };
  if (other(f.W.whole(), r.W.whole()))
    not_one_model("W is " + f.W.whole().source + " (" + std::string(spatial::name_of(f.W.whole().standard)) + ") and " +
                      r.W.whole().source + " (" + std::string(spatial::name_of(r.W.whole().standard)) + ")",
                  same);
  if (other(f.M.whole(), r.M.whole())) not_one_model("error_W is not the same", same);
  for (const auto& [one, two] : {std::pair{&fixed, &random}, std::pair{&random, &fixed}}) {
    const std::vector<std::string> known = regressors_of(*two, true);
    for (const std::string& name : regressors_of(*one, false))
      if (std::find(known.begin(), known.end(), name) == known.end())
        not_one_model("only the " + std::string(one == &fixed ? "first" : "second") + " has '" + name + "'", same);
  }
}

/// Covariance of the coefficients given those of the spatial parameters: V_bb − V_bp V_pp⁺ V_pb.
Matrix given_parameters(const results::Fit& fit) {
  std::vector<Index> p;
  for (std::size_t j = 0; j < fit.names.size(); ++j)
    if (is_spatial_parameter(fit.names[j])) p.push_back(static_cast<Index>(j));
  const Matrix& V = fit.vcov.matrix;
  const Matrix across = V(Eigen::all, p);
  return V - across * numerics::pseudo_inverse(V(p, p), 1e-12) * across.transpose();
}

}  // namespace

Hausman hausman(const results::Fit& fixed, const results::Fit& random, bool given_rho) {
  require_one_model(fixed, random);
  Hausman h;
  std::vector<Index> f, r;
  for (std::size_t j = 0; j < fixed.names.size(); ++j) {
    const std::string& name = fixed.names[j];
    if (is_spatial_parameter(name) || static_cast<Index>(j) == fixed.constant) continue;
    const auto at = std::find(random.names.begin(), random.names.end(), name);
    if (at == random.names.end()) continue;
    f.push_back(static_cast<Index>(j));
    r.push_back(static_cast<Index>(at - random.names.begin()));
    h.names.push_back(name);
  }
  if (f.empty())
    throw core::Error("the two results have no regressor in common")
        .hint("the same formula, once with fe=\"unit\" and once with effects=\"random\"");
  const Vector d = fixed.coef(f) - random.coef(r);
  const Matrix V_random = given_rho ? given_parameters(random) : random.vcov.matrix;
  const inference::Contrast contrast = inference::hausman(d, fixed.vcov.matrix(f, f), V_random(r, r));
  h.test = contrast.test;
  if (h.test.statistic < 0)
    h.note =
        "the statistic is negative: V_fixed - V_random is not positive definite, and there is no p-value. It does not "
        "speak for random effects; means of the regressors by unit in the random-effects model test the same "
        "(Mundlak)";
  else if (!contrast.positive)
    h.note = "V_fixed - V_random is not positive definite: the statistic is not chi-squared in this sample";
  return h;
}

}  // namespace estimators
