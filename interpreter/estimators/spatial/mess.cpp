// Matrix exponential spatial specification: e^{αW} y = Xb + a + ε, ε ~ N(0, σ²).
//   ln L = −n/2 ln(2πσ²) + α Σ_t tr W_t − SSE(α)/(2σ²),   e^{αW} y = Σ_j α^j W^j y/j!
// With R the residuals of W^j y/j! on X, SSE = v'R'Rv, v_j = α^j: no determinant, and no bounds. For a W whose rows sum
// to one 1 − e^α takes the place of ρ. Standard errors by observed information of the likelihood in α.
// Source: LeSage & Pace (2007), J. Econometrics 140(1), 190–214.
// Peers:  spatialreg::lagmess (tests/reference/spatial/).
#include "estimators/spatial/mess.hpp"

#include "core/error.hpp"
#include "core/interrupt.hpp"
#include "core/text.hpp"
#include "estimators/spatial/model.hpp"
#include "numerics/dense.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

namespace estimators {
namespace {

constexpr int terms = 45;     // 6^45/45! < 1e-21
constexpr double widest = 6;  // |α| times the largest row sum of |W|

/// W^j y/j! without effects, j = 0 … terms − 1.
Matrix powers(const SpatialModel& m) {
  Matrix out(m.n(), terms);
  out.col(0) = m.y;
  for (Index j = 1; j < terms; ++j) {
    out.col(j) = m.context->W.lag(Vector(out.col(j - 1))) / static_cast<double>(j);
    core::poll();
  }
  return m.without_effects(std::move(out));
}

/// v_j = α^j and its first two derivatives.
struct Series {
  Vector value = Vector::Zero(terms), first = value, second = value;
  explicit Series(double alpha) {
    double power = 1;
    for (Index j = 0; j < terms; ++j, power *= alpha) {
      const double order = static_cast<double>(j);
      value[j] = power;
      if (j + 1 < terms) first[j + 1] = (order + 1) * power;
      if (j + 2 < terms) second[j + 2] = (order + 2) * (order + 1) * power;
    }
  }
};

struct Profile {
  Matrix Q;  ///< R'R
  double n = 0, trace = 0;
  double sse(double alpha) const {
    const Series s(alpha);
    return s.value.dot(Q * s.value);
  }
  double value(double alpha) const {
    return -n / 2 * (std::log(2 * std::numbers::pi * sse(alpha) / n) + 1) + alpha * trace;
  }
  /// First and second derivative of the value.
  std::pair<double, double> slopes(double alpha) const {
    const Series s(alpha);
    const Vector q = Q * s.value;
    const double f = s.value.dot(q), f1 = 2 * s.first.dot(q), f2 = 2 * (s.first.dot(Q * s.first) + s.second.dot(q));
    return {-n / 2 * f1 / f + trace, -n / 2 * (f2 / f - f1 * f1 / (f * f))};
  }
};

double maximise(const Profile& p, double bound) {
  constexpr int points = 600;
  double best = 0, most = -std::numeric_limits<double>::infinity();
  for (int i = 0; i < points; ++i) {
    const double alpha = bound * (2 * (i + 0.5) / points - 1);
    if (const double value = p.value(alpha); value > most) {
      most = value;
      best = alpha;
    }
  }
  if (std::abs(best) > bound * (1 - 2.0 / points))
    throw core::Error("the likelihood rises up to alpha = " + core::significant(best, 4) + ", the end of the search")
        .hint("the model does not fit these weights: try others, or sar");
  double low = best - 2 * bound / points, high = best + 2 * bound / points;
  for (int i = 0; i < 100 && high - low > 1e-15 * bound; ++i) {
    const auto [first, second] = p.slopes(best);
    (first > 0 ? low : high) = best;
    const double next = second < 0 ? best - first / second : low - 1;
    best = next > low && next < high ? next : (low + high) / 2;
    if (first == 0) break;
  }
  return best;
}

results::Fit fit_mess(const Request& request) {
  SpatialModel m = spatial_model(request, "mess", request.options.has("durbin"));
  if (m.problem.endogenous > 0 || m.problem.instruments > 0)
    throw core::Error("'mess' takes no instruments").hint("stsls(y ~ x | d ~ z, W) does");
  if (m.effects == Effects::random) throw core::Error("'mess' has no random effects").word("effects");
  results::Fit fit =
      start_spatial_fit(m, request, "Matrix exponential spatial specification (MESS), maximum likelihood");
  drop_collinear(m, fit);
  const Matrix Y = powers(m), X = m.without_effects(m.X);
  const Index k = X.cols();
  Matrix coef(k, terms), R(m.n(), terms);
  Matrix XX_inverse;
  for (Index j = 0; j < terms; ++j) {
    const numerics::LeastSquares ls = numerics::least_squares(X, Vector(Y.col(j)));
    R.col(j) = ls.residuals;
    coef.col(j) = ls.coef;
    XX_inverse = ls.bread;
  }
  Profile p{.Q = numerics::crossprod(R), .n = static_cast<double>(m.n())};
  for (const StackedWeights::Part& part : m.context->W.parts())
    for (std::size_t i = 0; i < part.W->units(); ++i) p.trace += part.periods * part.W->at(i, i);
  double largest = 0;
  for (const StackedWeights::Part& part : m.context->W.parts())
    for (std::size_t i = 0; i < part.W->units(); ++i) {
      double sum = 0;
      for (const double w : part.W->weights(i)) sum += std::abs(w);
      largest = std::max(largest, sum);
    }
  const double alpha = maximise(p, widest / largest);
  const Series s(alpha);
  const double sigma2 = p.sse(alpha) / p.n, variance = -1 / p.slopes(alpha).second;
  if (!(variance > 0)) throw core::Error("the likelihood is flat at its maximum: alpha is not identified");
  const Vector J = coef * s.first;
  Matrix V = Matrix::Zero(k + 1, k + 1);
  V.topLeftCorner(k, k) = sigma2 * XX_inverse + variance * J * J.transpose();
  V.topRightCorner(k, 1) = variance * J;
  V.bottomLeftCorner(1, k) = variance * J.transpose();
  V(k, k) = variance;

  fit.names = m.names;
  fit.names.emplace_back("alpha");
  fit.coef.resize(k + 1);
  fit.coef << coef * s.value, alpha;
  fit.constant = m.constant;
  fit.rank = k + 1;
  const Vector e = R * s.value;
  fit.residuals = m.to_sample(e);
  fit.fitted = m.problem.y - fit.residuals;
  fit.rss = e.squaredNorm();
  fit.bread = V / sigma2;
  Matrix scores(m.n(), k + 1);
  for (Index j = 0; j < k; ++j) scores.col(j) = X.col(j).array() * e.array();
  scores.col(k) = -(Y * s.first).array() * e.array();
  scores.col(k).array() -= scores.col(k).mean();
  fit.scores = m.to_sample(scores);
  fit.vcov.matrix = std::move(V);
  fit.vcov.df_t = std::numeric_limits<double>::infinity();
  fit.vcov.K = static_cast<double>(fit.rank);
  fit.vcov.label = "ML, observed information";
  set_likelihood_statistics(fit, m, p.value(alpha), sigma2, p.n, static_cast<double>(k + 2) + effect_parameters(m));
  m.context->exponential = true;
  m.context->X = X;
  m.context->y = Y.col(0);
  m.context->xb = numerics::product(m.X, Vector(fit.coef.head(k)));
  if (m.settings.vcov_given && m.settings.vcov.kind != inference::VcovKind::iid) {
    fit = results::vcov_as(fit, m.settings.vcov, m.settings.ssc);
    fit.vcov.df_t = std::numeric_limits<double>::infinity();
  }
  fit.set_stat("loglik_0", p.value(0));
  fit.tests.push_back(inference::chi2_test("no spatial dependence (LR)", 2 * (p.value(alpha) - p.value(0)), 1));
  results::set_overall_test(fit);
  fit.notes.push_back(likelihood_note(fit));
  if (m.context->W.rows_sum_to_one())
    fit.notes.push_back("1 - exp(alpha) = " + core::significant(1 - std::exp(alpha), 4) + " takes the place of rho");
  return fit;
}

core::Record mess_record() {
  core::Record r{.name = "mess",
                 .topic = "spatial",
                 .summary = "Matrix exponential spatial specification by maximum likelihood, cross-section or panel"};
  r.args = {{.name = "formula", .kind = core::Kind::formula, .doc = "y ~ x, or y ~ x | unit + time"},
            {.name = "W", .kind = core::Kind::spatial, .doc = "the weights"}};
  r.options = spatial_options(true);
  for (core::OptionSpec& option : r.options) {
    if (option.name == "durbin") option.default_text = "none";
    if (option.name == "effects") {
      option.doc = "the same as fe=";
      option.one_of = {"none", "unit", "time", "both"};
    }
  }
  r.source = "LeSage & Pace (2007), Journal of Econometrics 140(1)";
  r.example = "mess(y ~ x1 + x2, W)";
  return r;
}

}  // namespace

const Estimator mess{.record = mess_record(), .fit = fit_mess};

}  // namespace estimators
