// Maximum likelihood for the spatial family: sar, sem, sac, sdm, sdem, gns; slx by least squares.
//   gns:  y = ρWy + Xb + WXg + a + u,  u = λMu + ε;  the others leave ρ, λ or g out. Formulas in likelihood.hpp.
// Standard errors by expected information up to 1,000 units (Anselin 1988, ch. 6), by observed information of the
// concentrated likelihood beyond and with random effects.
// Peers: spatialreg, splm, spreg (tests/reference/spatial/).
#include "estimators/spatial/ml.hpp"

#include "core/error.hpp"
#include "core/text.hpp"
#include "estimators/spatial/dynamic.hpp"
#include "estimators/spatial/likelihood.hpp"
#include "numerics/dense.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

namespace estimators {
namespace {

constexpr Index most_expected = 1000;

struct Variant {
  std::string name, title;
  bool rho, lambda, durbin;
};

const std::vector<Variant>& variants() {
  static const std::vector<Variant> all = {{"sar", "Spatial lag model (SAR)", true, false, false},
                                           {"sem", "Spatial error model (SEM)", false, true, false},
                                           {"sac", "Spatial lag and error model (SAC)", true, true, false},
                                           {"sdm", "Spatial Durbin model (SDM)", true, false, true},
                                           {"sdem", "Spatial Durbin error model (SDEM)", false, true, true},
                                           {"slx", "Spatial lag of X (SLX)", false, false, true},
                                           {"gns", "General nesting spatial model (GNS)", true, true, true}};
  return all;
}

/// Traces over all periods for the expected information.
struct Traces {
  double G = 0, GG = 0, GtG = 0, H = 0, HH = 0, HtH = 0, GH = 0, WG = 0;  // GH: tr((H + H')BGB⁻¹); WG: tr((W + W')G)
};

/// Dense matrices of one period's weights.
struct DensePart {
  Matrix G, BGB, B, H;
  double periods;
};

std::vector<DensePart> dense_parts(const SpatialContext& c, double rho, double lambda, bool error) {
  std::vector<DensePart> out;
  for (std::size_t p = 0; p < c.W.parts().size(); ++p) {
    const Matrix W = spatial::dense(*c.W.parts()[p].W);
    const Matrix I = Matrix::Identity(W.rows(), W.cols());
    DensePart d;
    d.periods = c.W.parts()[p].periods;
    d.G = rho == 0 ? W : numerics::product(W, numerics::inverse(I - rho * W, "I - rho W"));
    d.BGB = d.G;
    if (error) {
      const Matrix M = spatial::dense(*c.M.parts()[p].W);
      d.B = I - lambda * M;
      const Matrix inverse = numerics::inverse(d.B, "I - lambda W");
      d.H = numerics::product(M, inverse);
      d.BGB = numerics::product(numerics::product(d.B, d.G), inverse);
    }
    out.push_back(std::move(d));
  }
  return out;
}

double trace_of_product(const Matrix& A, const Matrix& B) { return (A.array() * B.transpose().array()).sum(); }

/// G applied to stacked columns (balanced panels, or one part).
Vector apply_dense(const Matrix& G, const Vector& x, Index periods) {
  const Index n = G.rows();
  Vector out(x.size());
  for (Index t = 0; t < periods; ++t) out.segment(t * n, n) = numerics::product(G, Vector(x.segment(t * n, n)));
  return out;
}

/// JA: deviations from the means of periods.
void take_column_means(Matrix& A) { A.rowwise() -= Eigen::RowVectorXd(A.colwise().mean()); }

/// Inverse of the expected information of (b, ρ, λ, σ²). Lee and Yu's transformation of time works on deviations from
/// the means of periods: G becomes JG.
Matrix expected_covariance(const SpatialModel& m, const Likelihood& like, const Vector& theta,
                           const Likelihood::Point& at, bool rho, bool lambda, double share) {
  const SpatialContext& c = *m.context;
  const Index k = m.X.cols(), p = like.size();
  std::vector<DensePart> parts = dense_parts(c, like.rho_of(theta), like.lambda_of(theta), lambda);
  DensePart& d = parts[0];
  if (like.counts_deviations())
    for (Matrix* A : {&d.G, &d.BGB, &d.H}) take_column_means(*A);
  const double T = d.periods * share;
  const Matrix BX = like.filtered_X(theta);
  Matrix I = Matrix::Zero(k + p + 1, k + p + 1);
  I.topLeftCorner(k, k) = numerics::crossprod(BX) / at.sigma2;
  const Index s = k + p;
  I(s, s) = like.n() / (2 * at.sigma2 * at.sigma2);
  if (rho) {
    const Matrix X = m.without_effects(m.X);
    Vector GXb = m.without_effects_again(Matrix(apply_dense(d.G, numerics::product(X, at.beta), m.periods))).col(0);
    if (lambda) GXb -= like.lambda_of(theta) * Vector(m.without_effects_again(Matrix(c.M.lag(GXb))).col(0));
    I.block(0, k, k, 1) = numerics::crossprod(BX, GXb) / at.sigma2;
    I(k, k) = T * (trace_of_product(d.BGB, d.BGB) + d.BGB.squaredNorm()) + GXb.squaredNorm() / at.sigma2;
    I(k, s) = T * d.G.trace() / at.sigma2;
  }
  if (lambda) {
    const Index l = k + (rho ? 1 : 0);
    I(l, l) = T * (trace_of_product(d.H, d.H) + d.H.squaredNorm());
    I(l, s) = T * d.H.trace() / at.sigma2;
    if (rho) I(k, l) = T * (trace_of_product(d.H, d.BGB) + (d.H.array() * d.BGB.array()).sum());
  }
  I = Matrix(I.selfadjointView<Eigen::Upper>());
  return numerics::inverse(I, "the information");
}

/// By observed information: the coefficients given theta, and what the uncertainty of ρ adds. That of λ and φ adds
/// nothing: parameters of the covariance and coefficients are independent in expectation (Magnus 1978).
Matrix observed_covariance(const Likelihood& like, const Vector& theta, const Likelihood::Point& at,
                           const Matrix& XX_inverse, bool rho) {
  const Index k = at.beta.size(), p = theta.size();
  const Matrix V = like.covariance(theta);
  Matrix J = like.slopes(theta);
  J.rightCols(p - (rho ? 1 : 0)).setZero();
  Matrix out(k + p, k + p);
  out.topLeftCorner(k, k) = at.sigma2 * XX_inverse + J * V * J.transpose();
  out.topRightCorner(k, p) = J * V;
  out.bottomLeftCorner(p, k) = V * J.transpose();
  out.bottomRightCorner(p, p) = V;
  return out;
}

/// The diagonal of W(I − ρW)⁻¹ would be exact; its mean is what the score needs to sum to zero.
void set_scores(const SpatialModel& m, const Likelihood& like, const Vector& theta, const Vector& e, bool rho,
                bool lambda, results::Fit& fit) {
  const Index k = m.X.cols(), p = like.size(), n = m.n();
  Matrix scores = Matrix::Zero(n, k + p);
  const Matrix X = like.filtered_X(theta);
  for (Index j = 0; j < k; ++j) scores.col(j) = X.col(j).array() * e.array();
  const auto add = [&](Index column, Vector direction) {
    scores.col(column) = direction.array() * e.array();
    scores.col(column).array() -= scores.col(column).mean();
  };
  const SpatialContext& c = *m.context;
  if (rho) {
    Vector lagged = m.without_effects(Matrix(c.W.lag(m.y))).col(0);
    if (lambda) lagged -= like.lambda_of(theta) * Vector(c.M.lag(lagged));
    if (like.filters_effects()) lagged = like.without_filtered_effects(theta, lagged);
    add(k, std::move(lagged));
  }
  if (lambda) {
    Vector u = m.y - numerics::product(m.X, Vector(fit.coef.head(k)));
    if (rho) u -= like.rho_of(theta) * c.W.lag(m.y);
    add(k + (rho ? 1 : 0), like.without_filtered_effects(theta, c.M.lag(like.disturbances(theta, u))));
  }
  fit.scores = m.to_sample(scores);
}

void set_vcov(results::Fit& fit, Matrix V, const std::string& label, const Settings& settings) {
  fit.bread = V / fit.stat("sigma2");
  fit.vcov.matrix = std::move(V);
  fit.vcov.df_t = std::numeric_limits<double>::infinity();
  fit.vcov.K = static_cast<double>(fit.rank);
  fit.vcov.label = label;
  if (settings.vcov_given && settings.vcov.kind != inference::VcovKind::iid) {
    inference::Ssc rules = settings.ssc;
    fit = results::vcov_as(fit, settings.vcov, rules);
    fit.vcov.df_t = std::numeric_limits<double>::infinity();
    fit.vcov.notes.push_back(
        "The sandwich keeps the estimates; those of rho and lambda stay consistent only when the error variance is the "
        "same everywhere (stsls does not need that)");
  }
}

/// What the errors still hold of a spatial error: LM of Anselin (1988), ch. 6, after the lag model.
void add_residual_test(results::Fit& fit, const SpatialModel& m, const Likelihood& like, const Vector& theta,
                       const Vector& e, double sigma2, double share) {
  std::vector<DensePart> parts = dense_parts(*m.context, like.rho_of(theta), 0, false);
  Matrix W = spatial::dense(*m.context->W.parts()[0].W);
  if (like.counts_deviations())
    for (Matrix* A : {&W, &parts[0].G}) take_column_means(*A);
  const double T = parts[0].periods * share;
  const double T22 = T * (trace_of_product(W, W) + W.squaredNorm());
  const double T21 = T * (trace_of_product(W, parts[0].G) + (W.array() * parts[0].G.array()).sum());
  const Index rho = fit.position("rho");
  const double score = e.dot(m.context->W.lag(e)) / sigma2 - T * W.trace();
  fit.tests.push_back(inference::chi2_test("spatial error left (LM)",
                                           score * score / (T22 - T21 * T21 * fit.vcov.matrix(rho, rho)), 1));
}

/// Likelihood ratios against ρ = λ = 0, and, with lagged regressors, against least squares without them.
void add_dependence_tests(results::Fit& fit, const SpatialModel& m, const Likelihood& like, double value, double zero) {
  const auto p = static_cast<double>(like.size());
  const std::string none = "no spatial dependence (LR)";
  const Index lagged = static_cast<Index>(m.lag_of.size());
  if (lagged == 0) {
    fit.tests.insert(fit.tests.begin(), inference::chi2_test(none, 2 * (value - zero), p));
    return;
  }
  const Vector y = m.without_effects(Matrix(m.y)).col(0);
  const Matrix plain = without_lags(m);
  const double rss = plain.cols() == 0 ? y.squaredNorm() : numerics::least_squares(m.without_effects(plain), y).rss;
  const double least = -like.n() / 2 * (std::log(2 * std::numbers::pi * rss / like.n()) + 1);
  const std::string parameters = core::join(like.names(), " = ") + " = 0";
  fit.tests.insert(fit.tests.begin(), {inference::chi2_test(parameters + " (LR)", 2 * (value - zero), p),
                                       inference::chi2_test(parameters + ", no lagged regressors (LR)",
                                                            2 * (value - least), p + static_cast<double>(lagged))});
}

/// An estimate at an end of its interval is no maximum inside it.
void note_bounds(const std::vector<std::string>& names, const Vector& theta, const std::vector<spatial::Interval>& ends,
                 results::Fit& fit) {
  constexpr double nearest = 1e-3;  // of the width
  for (std::size_t j = 0; j < ends.size(); ++j) {
    const spatial::Interval& in = ends[j];
    const double at = theta[static_cast<Index>(j)];
    const double width = in.open_low ? 2 * in.high : in.open_high ? -2 * in.low : in.high - in.low;
    const bool low = !in.open_low && at - in.low < nearest * width,
               high = !in.open_high && in.high - at < nearest * width;
    if (names[j] != "phi" && (low || high))
      fit.notes.push_back("warning: " + names[j] + " = " + core::significant(at, 6) +
                          " lies at the bound of its interval (" + spatial::in_words(in) +
                          "): standard errors and tests do not hold there; look for a trend, or for another W");
  }
}

/// A lagged outcome written into the formula is a regressor as any other: its bias stays.
void note_past(const SpatialModel& m, results::Fit& fit) {
  const std::string past = "L." + fit.depvar;
  const bool there = std::find(m.names.begin(), m.names.end(), past) != m.names.end();
  if (there && m.context->own_lag.empty() && (m.effects == Effects::unit || m.effects == Effects::both))
    fit.notes.push_back(past + " with unit effects is biased by 1/T; dynamic=\"lag\" in its place takes the bias away");
}

/// What the direct approach leaves uncorrected, and what would correct it.
std::string direct_note(const SpatialModel& m, bool by_time) {
  if (!m.balanced)
    return "direct approach: sigma2 is too small by (rows - units)/rows, the unit effects being estimated; lee_yu=true "
           "corrects that in balanced panels";
  std::string note = "direct approach: with " + std::to_string(m.periods) + " periods sigma2 is too small by (T - 1)/T";
  if (!m.context->W.constant() || !m.context->M.constant())
    return note + "; lee_yu=true corrects that with weights that are the same in all periods";
  if (!m.context->dummies.empty()) return note + "; lee_yu=true corrects that with weights whose rows sum to one";
  return note + "; lee_yu=true corrects it" + (by_time ? ", and the bias of the coefficients" : "");
}

results::Fit fit_variant(const Request& request, const Variant& v) {
  SpatialModel m = spatial_model(request, v.name, v.durbin);
  if (m.problem.endogenous > 0 || m.problem.instruments > 0)
    throw core::Error("'" + v.name + "' takes no instruments").hint("stsls(y ~ x | d ~ z, W) does");
  LikelihoodOptions o;
  o.rho = v.rho;
  o.lambda = v.lambda;
  o.phi = m.effects == Effects::random;
  o.kkp = request.options.get<std::string>("error", "baltagi") == "kkp";
  o.lee_yu = request.options.get<bool>("lee_yu");
  o.logdet = request.options.get<std::string>("logdet", "auto");
  const bool dynamic = request.options.get<std::string>("dynamic", "none") != "none";
  if (dynamic) require_dynamic(m);
  if (request.options.has("error") && !(o.phi && o.lambda))
    throw core::Error("error= chooses how random effects and spatial errors meet: it needs both").word("error");
  if (!o.lee_yu && (v.rho || v.lambda)) time_effects_as_dummies(m, dynamic);
  std::string title = v.title + ", maximum likelihood";
  if (!v.rho && !v.lambda && !o.phi) title = v.title + ", least squares";
  if (dynamic) title = "Dynamic s" + title.substr(1);
  if (o.lee_yu) title += " after Lee and Yu's transformation";
  results::Fit fit = start_spatial_fit(m, request, title);
  drop_collinear(m, fit);
  const Likelihood like(m, o);
  Vector theta = like.maximise();
  const Likelihood::Point rough = like.at(theta);
  // The coefficients once more from the rows themselves: cross-products lose digits that the rows still have.
  const Vector y = like.filtered_y(theta);
  const Matrix X = like.filtered_X(theta);
  Likelihood::Point at = rough;
  const bool outside = o.phi && o.lambda && !o.kkp;
  Matrix XX_inverse;
  Vector e;
  if (!outside && X.cols() > 0) {
    const numerics::LeastSquares ls = numerics::least_squares(X, y);
    if (static_cast<Index>(ls.kept.size()) < X.cols())
      throw core::Error("the regressors are collinear after the spatial filter")
          .hint("drop one of them, or of their lags");
    at.beta = ls.coef;
    e = ls.residuals;
    XX_inverse = ls.bread;
    at.sse = ls.rss;
    at.sigma2 = ls.rss / like.n();
  } else {
    e = X.cols() > 0 ? Vector(y - numerics::product(X, at.beta)) : y;
    if (X.cols() > 0) XX_inverse = numerics::inverse_spd(numerics::crossprod(X), "the regressors");
  }
  const Index k = m.X.cols(), p = like.size();
  const bool by_unit = m.effects == Effects::unit || m.effects == Effects::both;
  const bool by_time = m.effects == Effects::time || m.effects == Effects::both;
  const double share = o.lee_yu && by_unit ? static_cast<double>(m.periods - 1) / static_cast<double>(m.periods) : 1;
  if (dynamic) {
    const auto information = [&] { return expected_covariance(m, like, theta, at, true, false, share); };
    Dynamics d{.beta = at.beta, .rho = theta[0], .sigma2 = at.sigma2};
    fit.notes.push_back(correct_bias(m, o.lee_yu, like.n(), information, d));
    at.beta = d.beta;
    theta[0] = d.rho;
    at.sigma2 = d.sigma2;
    e = like.filtered_y(theta) - numerics::product(X, at.beta);
  }
  fit.names = m.names;
  for (const std::string& name : like.names()) fit.names.push_back(name);
  fit.coef.resize(k + p);
  fit.coef << at.beta, theta;
  if (o.phi) fit.coef[k + p - 1] = like.phi_of(theta);
  fit.constant = m.constant;
  fit.rank = k + p;
  fit.residuals = m.to_sample(e);
  fit.fitted = m.problem.y - fit.residuals;
  fit.rss = e.squaredNorm();
  set_likelihood_statistics(fit, m, at.value, at.sigma2, like.n(),
                            static_cast<double>(k + p + 1) + (o.lee_yu ? 0 : effect_parameters(m)));
  m.context->logdet = like.lag_logdet();
  m.context->lee_yu = o.lee_yu;
  m.context->X = m.without_effects(m.X);
  m.context->xb = numerics::product(m.X, at.beta);
  if (v.lambda)
    m.context->u = like.disturbances(theta, m.y - m.context->xb - like.rho_of(theta) * m.context->W.lag(m.y));
  m.context->y = m.without_effects(Matrix(m.y)).col(0);
  set_panel_statistics(fit, m, like.rho_of(theta));

  const bool expected = p > 0 && !o.phi && m.balanced && m.units <= most_expected && m.context->W.parts().size() == 1 &&
                        m.context->M.parts().size() == 1;
  set_scores(m, like, theta, e, v.rho, v.lambda, fit);
  if (p == 0) {
    fit.ssc.t_fixed = m.settings.ssc.t_fixed = 0;  // least squares: t
    fit.bread = XX_inverse;
    fit = results::vcov_as(fit, m.settings.vcov_given ? m.settings.vcov : inference::VcovSpec{}, m.settings.ssc);
  } else {
    Matrix V = expected
                   ? expected_covariance(m, like, theta, at, v.rho, v.lambda, share).topLeftCorner(k + p, k + p).eval()
                   : Matrix();
    if (!expected) {
      V = observed_covariance(like, theta, at, XX_inverse, v.rho);
      if (outside) {  // the coefficients' own part from the curvature of the likelihood in b
        // S'ΩS is what at() solved; its inverse comes from the profile at two values of σ²: use the rough
        // cross-products.
        V.topLeftCorner(k, k) += at.sigma2 * (like.coefficient_inverse(theta) - XX_inverse);
      }
      if (o.phi) {
        V.row(k + p - 1) *= fit.coef[k + p - 1];
        V.col(k + p - 1) *= fit.coef[k + p - 1];
      }
    }
    if (expected && v.rho && !v.lambda && k > 0) {
      fit.vcov.matrix = V;
      add_residual_test(fit, m, like, theta, e, at.sigma2, share);
    }
    set_vcov(fit, std::move(V), std::string("ML, ") + (expected ? "expected" : "observed") + " information",
             m.settings);
    if (o.phi && theta[p - 1] < no_variance)
      fit.notes.emplace_back(
          "the random effects have no variance: the estimates are those of the pooled model, phi has no standard "
          "error");
    if (!o.phi) {
      const double zero = like.at(Vector(Vector::Zero(p))).value;
      fit.set_stat("loglik_0", zero);
      add_dependence_tests(fit, m, like, rough.value, zero);
    }
    const std::vector<spatial::Interval> ends = like.bounds();
    const auto& det = v.rho ? like.lag_logdet() : like.error_logdet();
    if (v.rho || v.lambda) {
      std::string note = "log-determinant by " + det->method();
      if (!det->exact()) note += " (standard error " + core::significant(det->error(theta[0]), 2) + " at the estimate)";
      for (std::size_t j = 0; j < ends.size(); ++j)  // rho, lambda
        if (like.names()[j] != "phi")
          note += (j == 0 ? "; " : ", ") + like.names()[j] + " " + spatial::in_words(ends[j]);
      note += ", by the spectrum of W";
      fit.notes.push_back(note);
      note_bounds(like.names(), theta, ends, fit);
    }
  }
  results::set_overall_test(fit);
  fit.notes.push_back(likelihood_note(fit));
  note_past(m, fit);
  if (like.filters_effects())
    fit.notes.emplace_back(
        "unit effects: dummies that are filtered with the errors, as W is not the same in all periods");
  if (by_unit && !o.lee_yu && p > 0 && !dynamic) fit.notes.push_back(direct_note(m, by_time));
  return fit;
}

core::Record record(const Variant& v) {
  core::Record r;
  r.name = v.name;
  r.topic = "spatial";
  r.summary =
      v.title + (v.rho || v.lambda ? " by maximum likelihood, cross-section or panel" : ", cross-section or panel");
  r.args = {{.name = "formula", .kind = core::Kind::formula, .doc = "y ~ x, or y ~ x | unit + time"},
            {.name = "W", .kind = core::Kind::spatial, .doc = "the weights"}};
  r.options = spatial_options(v.durbin);
  if (v.rho && !v.lambda) r.options.push_back(dynamic_option());
  if (v.rho || v.lambda) {
    r.options.push_back({.name = "lee_yu",
                         .kind = core::Kind::boolean,
                         .doc = "fixed effects by Lee and Yu's transformation instead of demeaning",
                         .default_text = "false"});
    r.options.push_back({.name = "logdet",
                         .kind = core::Kind::text,
                         .doc = "the log-determinant",
                         .default_text = "auto",
                         .one_of = {"auto", "eigen", "cholesky", "chebyshev"}});
  }
  if (v.lambda) {
    r.options.push_back(
        {.name = "error_W", .kind = core::Kind::spatial, .doc = "weights of the error", .default_text = "W"});
    r.options.push_back({.name = "error",
                         .kind = core::Kind::text,
                         .doc = "random effects outside the spatial error, or inside",
                         .default_text = "baltagi",
                         .one_of = {"baltagi", "kkp"}});
  }
  r.source = "Ord (1975); Anselin (1988); LeSage & Pace (2009); Elhorst (2014)";
  r.example = v.name + "(y ~ x1 + x2, W)";
  return r;
}

template <int index>
results::Fit run(const Request& request) {
  return fit_variant(request, variants()[index]);
}

}  // namespace

const Estimator sar{.record = record(variants()[0]), .fit = run<0>};
const Estimator sem{.record = record(variants()[1]), .fit = run<1>};
const Estimator sac{.record = record(variants()[2]), .fit = run<2>};
const Estimator sdm{.record = record(variants()[3]), .fit = run<3>};
const Estimator sdem{.record = record(variants()[4]), .fit = run<4>};
const Estimator slx{.record = record(variants()[5]), .fit = run<5>};
const Estimator gns{.record = record(variants()[6]), .fit = run<6>};

}  // namespace estimators
