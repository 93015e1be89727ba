// Instruments and moments instead of a likelihood:
//   stsls:   y = ρWy + Xb + u by 2SLS, Wy instrumented by WX and W²X (Kelejian & Prucha 1998).
//   gs2sls:  the same with u = λWu + ε: λ from the moments of the 2SLS residuals, then 2SLS of the data times I − λW.
//   gmerror: y = Xb + u with u = λWu + ε.
//   Moments: homoskedastic, Kelejian & Prucha (1999), three for (λ, σ²); het, Kelejian & Prucha (2010): ε'W'Wε without
//   its diagonal and ε'Wε are 0 whatever the variances.
// Peers: spatialreg::stsls, gstsls, GMerrorsar.
#include "estimators/spatial/gmm.hpp"

#include "core/error.hpp"
#include "core/text.hpp"
#include "estimators/spatial/lm_tests.hpp"
#include "estimators/spatial/model.hpp"
#include "numerics/dense.hpp"
#include "numerics/golden.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>

namespace estimators {
namespace {

struct Moments {
  double lambda = 0, sigma2 = 0;
};

/// The least point of f on [low, high]: a grid, then golden section.
double minimum(const std::function<double(double)>& f, double low, double high) {
  constexpr int points = 400;
  int best = 0;
  double least = std::numeric_limits<double>::infinity();
  const auto at = [&](int i) { return low + (high - low) * (i + 0.5) / points; };
  for (int i = 0; i < points; ++i)
    if (const double value = f(at(i)); value < least) {
      least = value;
      best = i;
    }
  return numerics::golden_minimum(f, at(std::max(best - 1, 0)), at(std::min(best + 1, points - 1)));
}

/// W'W without its diagonal, times x.
Vector cross_without_diagonal(const StackedWeights& W, const Vector& x, const Vector& diagonal) {
  return W.lag_transposed(W.lag(x)) - Vector(diagonal.array() * x.array());
}

Vector diagonal_of_cross(const StackedWeights& W) {
  Vector out = Vector::Zero(W.rows());
  // Each column's sum of squares, period by period: the periods share one matrix when the panel is balanced.
  const spatial::Weights& one = W.whole();
  Vector squares = Vector::Zero(static_cast<Index>(one.units()));
  for (const spatial::Link& link : spatial::links_of(one)) squares[link.to] += link.weight * link.weight;
  for (Index i = 0; i < out.size(); ++i) out[i] = squares[i % squares.size()];
  return out;
}

Moments error_moments(const StackedWeights& W, const Vector& u, bool het, const spatial::Interval& ends) {
  const double n = static_cast<double>(u.size());
  const Vector v = W.lag(u), w = W.lag(v);
  Moments out;
  if (het) {
    const Vector diagonal = diagonal_of_cross(W);
    const auto A1 = [&](const Vector& a, const Vector& b) { return a.dot(cross_without_diagonal(W, b, diagonal)) / n; };
    const auto A2 = [&](const Vector& a, const Vector& b) { return a.dot(W.lag(b)) / n; };
    const double uu1 = A1(u, u), uv1 = A1(u, v), vv1 = A1(v, v), uu2 = A2(u, u), uv2 = (A2(u, v) + A2(v, u)) / 2,
                 vv2 = A2(v, v);
    out.lambda = minimum(
        [&](double l) {
          return std::pow(uu1 - 2 * l * uv1 + l * l * vv1, 2) + std::pow(uu2 - 2 * l * uv2 + l * l * vv2, 2);
        },
        ends.low, ends.high);
    out.sigma2 = (u - out.lambda * v).squaredNorm() / n;
    return out;
  }
  double trace = 0;
  for (const spatial::Link& link : spatial::links_of(W.whole())) trace += link.weight * link.weight;
  trace *= static_cast<double>(W.periods());
  Matrix G(3, 3);
  G << 2 * u.dot(v) / n, -v.dot(v) / n, 1, 2 * w.dot(v) / n, -w.dot(w) / n, trace / n, (u.dot(w) + v.dot(v)) / n,
      -v.dot(w) / n, 0;
  const Vector g = (Vector(3) << u.dot(u) / n, v.dot(v) / n, u.dot(v) / n).finished();
  // Given λ the best σ² is linear least squares.
  const auto sigma_at = [&](double l) {
    const Vector rest = g - G.col(0) * l - G.col(1) * l * l;
    return rest.dot(G.col(2)) / G.col(2).squaredNorm();
  };
  out.lambda =
      minimum([&](double l) { return (g - G.col(0) * l - G.col(1) * l * l - G.col(2) * sigma_at(l)).squaredNorm(); },
              ends.low, ends.high);
  out.sigma2 = sigma_at(out.lambda);
  return out;
}

Matrix beside(const Matrix& A, const Matrix& B) {
  Matrix C(A.rows(), A.cols() + B.cols());
  C << A, B;
  return C;
}

/// Columns of A that earlier ones do not explain, the constant (when there is one) first.
Matrix independent(const Matrix& A, Index constant) {
  Matrix ordered = A;
  if (constant > 0) ordered.col(0).swap(ordered.col(constant));
  const numerics::LeastSquares ls = numerics::least_squares(ordered, Vector(ordered.col(0)));
  Matrix out(A.rows(), static_cast<Index>(ls.kept.size()));
  for (std::size_t j = 0; j < ls.kept.size(); ++j) out.col(static_cast<Index>(j)) = ordered.col(ls.kept[j]);
  return out;
}

struct TwoStage {
  Vector coef, residuals;
  Matrix projected, bread;
};

TwoStage two_stage(const Vector& y, const Matrix& Z, const Matrix& H) {
  const Matrix HH = numerics::crossprod(H);
  TwoStage out;
  out.projected = numerics::product(H, numerics::solve_spd(HH, numerics::crossprod(H, Z), "the instruments"));
  const numerics::LeastSquares ls = numerics::least_squares(out.projected, y);
  if (static_cast<Index>(ls.kept.size()) < Z.cols())
    throw core::Error(
        "the instruments do not identify the spatial lag: the lags of the regressors are collinear with them")
        .hint("other regressors or weights are needed; sar uses the likelihood instead");
  out.coef = ls.coef;
  out.bread = ls.bread;
  out.residuals = y - numerics::product(Z, out.coef);
  return out;
}

/// tr[(A + A')Σ(B + B')Σ] over the periods, Σ = diag(s).
double trace_product(const spatial::Weights& A, const spatial::Weights& B, const Vector& s) {
  const spatial::Weights SA = spatial::sum(A, 1, spatial::transposed(A), 1),
                         SB = spatial::sum(B, 1, spatial::transposed(B), 1);
  const auto n = static_cast<Index>(A.units());
  double sum = 0;
  for (const spatial::Link& l : spatial::links_of(SA)) {
    const double other = SB.at(l.from, l.to);
    if (other == 0) continue;
    for (Index start = 0; start < s.size(); start += n) sum += l.weight * other * s[start + l.from] * s[start + l.to];
  }
  return sum;
}

/// Standard error of λ: the sandwich (J'J)⁻¹J'ΨJ(J'J)⁻¹ of the unweighted moments ε'A_rε, with what the coefficients of
/// the first stage add, a_r = (I − λW')⁻¹X̂ bread α_r, α_r = −Z'(I − λW')(A_r + A_r')ε, X̂ the projected regressors:
///   Ψ_rs = ½ tr[(A_r + A_r')Σ(A_s + A_s')Σ] + a_r'Σa_s + (μ_4 − 3σ⁴) Σ_i A_r,ii A_s,ii + μ_3 Σ_i (A_r,ii a_s,i +
///   A_s,ii a_r,i)
/// het: A = W'W without its diagonal and W, Σ = diag(ε²), no terms of the diagonal. Else A = I, W'W and W, Σ = σ²I.
/// Sources: Kelejian & Prucha (2010), J. Econometrics 157, theorem 3; Drukker, Egger & Prucha (2013), Econometric
/// Reviews 32, for equal variances.
double lambda_error(const StackedWeights& W, const Vector& u, const Matrix& Z, const TwoStage& first, double lambda,
                    bool het) {
  const Index n = u.size();
  const double rows = static_cast<double>(n);
  const Vector v = W.lag(u), e = u - lambda * v, We = W.lag(e);
  const Vector squares = e.cwiseAbs2();
  const double sigma2 = squares.mean(), mu3 = e.array().cube().mean(), mu4 = squares.cwiseAbs2().mean();
  const Vector diagonal = diagonal_of_cross(W);
  // (A_r + A_r')e, A_r's diagonal, and the links of A_r beyond it.
  std::vector<Vector> forms, diagonals;
  std::vector<spatial::Weights> links;
  spatial::Weights cross = spatial::product(spatial::transposed(W.whole()), W.whole());
  if (het) {
    cross = spatial::with_self(cross, 0);
    forms = {2 * cross_without_diagonal(W, e, diagonal), We + W.lag_transposed(e)};
    diagonals = {Vector::Zero(n), Vector::Zero(n)};
    links = {cross, W.whole()};
  } else {
    std::vector<spatial::Link> own;
    for (std::uint32_t i = 0; i < W.whole().units(); ++i) own.push_back({i, i, 1});
    forms = {2 * e, 2 * W.lag_transposed(We), We + W.lag_transposed(e)};
    diagonals = {Vector::Ones(n), diagonal, Vector::Zero(n)};
    links = {spatial::from_links(W.whole().ids, std::move(own), "identity"), cross, W.whole()};
  }
  const auto m = static_cast<Index>(forms.size());
  const Vector sigma = het ? squares : Vector(Vector::Constant(n, sigma2));
  std::vector<Vector> a;
  for (const Vector& form : forms) {
    const Vector alpha = -numerics::crossprod(Z, Vector(form - lambda * W.lag_transposed(form)));
    a.push_back(inverse_times(W, lambda, numerics::product(first.projected, Vector(first.bread * alpha)), true));
  }
  Matrix Psi(m, m);
  for (Index r = 0; r < m; ++r)
    for (Index s = 0; s <= r; ++s) {
      const auto i = static_cast<std::size_t>(r), j = static_cast<std::size_t>(s);
      double value = trace_product(links[i], links[j], sigma) / 2 + a[i].dot(Vector(sigma.cwiseProduct(a[j])));
      if (!het)
        value += (mu4 - 3 * sigma2 * sigma2) * diagonals[i].dot(diagonals[j]) +
                 mu3 * (diagonals[i].dot(a[j]) + diagonals[j].dot(a[i]));
      Psi(r, s) = Psi(s, r) = value / rows;
    }
  Matrix J(m, het ? 1 : 2);
  for (Index r = 0; r < m; ++r) J(r, 0) = -v.dot(forms[static_cast<std::size_t>(r)]) / rows;
  if (!het) {
    J.col(1) << -1, -diagonal.sum() / rows, 0;
  }
  const Matrix inverse = numerics::inverse(numerics::crossprod(J), "the moments of lambda");
  const Matrix V = inverse * numerics::crossprod(J, Matrix(Psi * J)) * inverse / rows;
  return std::sqrt(std::max(0.0, V(0, 0)));
}

enum class Kind { stsls, gs2sls, gmerror };

results::Fit fit_moments(const Request& request, const std::string& command, Kind kind) {
  SpatialModel m = spatial_model(request, command, request.options.has("durbin"));
  if (m.effects != Effects::none)
    throw core::Error("'" + command + "' has no effects of units or periods").hint("sar and sem have");
  if (!m.balanced) throw core::Error("'" + command + "' needs a balanced panel");
  if (kind != Kind::stsls) spatial::require_constant(m.context->W.whole(), "'" + command + "'");
  const bool het = request.options.get<std::string>("moments", "homoskedastic") == "het";
  const Index endogenous = m.problem.endogenous;
  if (kind == Kind::gmerror && endogenous > 0)
    throw core::Error("gmerror takes no instruments").hint("gs2sls(y ~ x | d ~ z, W)");
  std::string title = kind == Kind::stsls    ? "Spatial two-stage least squares"
                      : kind == Kind::gs2sls ? "Generalised spatial two-stage least squares"
                                             : "Spatial error model by moments";
  if (kind != Kind::stsls) title += het ? ", heteroskedastic moments" : "";
  results::Fit fit = start_spatial_fit(m, request, title);
  drop_collinear(m, fit);
  const StackedWeights& W = m.context->W;
  Matrix Z = m.X, H;
  fit.names = m.names;
  fit.constant = m.constant;
  if (kind == Kind::gmerror) {
    H = Z;
  } else {
    Matrix exogenous = m.X.rightCols(m.X.cols() - endogenous);
    Matrix first = W.lag(exogenous);
    H = beside(exogenous, first);
    if (request.options.get<bool>("w2x", true)) H = beside(H, W.lag(first));
    const Index z = m.problem.instruments;
    if (z > 0) {
      Matrix excluded(m.n(), z);
      for (Index j = 0; j < z; ++j)
        for (Index i = 0; i < m.n(); ++i)
          excluded(i, j) =
              m.problem.columns(m.row[static_cast<std::size_t>(i)], 1 + m.problem.endogenous + m.problem.exogenous + j);
      H = beside(H, excluded);
    }
    H = independent(H, m.constant >= 0 ? m.constant - endogenous : -1);
    Z = beside(Z, W.lag(m.y));
    fit.names.emplace_back("rho");
  }
  Vector y = m.y;
  TwoStage ts = two_stage(y, Z, H);
  double lambda = 0;
  if (kind != Kind::stsls) {
    const spatial::Interval ends = spatial::admissible(spatial::spectrum_range(W.whole()));
    const Moments moments = error_moments(W, ts.residuals, het, ends);
    lambda = moments.lambda;
    fit.set_stat("lambda", lambda);
    fit.set_stat("sigma2_moments", moments.sigma2);
    const double error = lambda_error(W, ts.residuals, Z, ts, lambda, het);
    fit.set_stat("lambda_se", error);
    y -= lambda * W.lag(y);
    Z -= lambda * W.lag(Z);
    if (kind == Kind::gmerror) H = Z;
    ts = two_stage(y, Z, H);
    fit.notes.push_back("lambda = " + core::significant(lambda, 6) + " (s.e. " + core::significant(error, 4) +
                        ") by moments; standard errors of the coefficients take it as known");
  }
  fit.coef = ts.coef;
  fit.rank = ts.coef.size();
  fit.bread = ts.bread;
  Matrix scores = ts.projected;
  for (Index j = 0; j < scores.cols(); ++j) scores.col(j).array() *= ts.residuals.array();
  fit.scores = m.to_sample(scores);
  fit.residuals = m.to_sample(ts.residuals);
  fit.fitted = m.problem.y - fit.residuals;
  fit.rss = ts.residuals.squaredNorm();
  const double n = static_cast<double>(m.n()), k = static_cast<double>(fit.rank);
  fit.set_stat("sigma2", fit.rss / (n - k));
  fit.set_stat("rss", fit.rss);
  fit.set_stat("instruments", static_cast<double>(H.cols()));
  const Covariance covariance(*m.context, m.settings.vcov, m.settings.ssc, fit.rank);
  fit.vcov = covariance(fit.scores, fit.bread, fit.residuals, fit.rss);
  fit.vcov.df_t = std::numeric_limits<double>::infinity();  // the theory is for large samples
  if (kind == Kind::stsls) fit.tests.push_back(anselin_kelejian(W, ts.residuals, Z, ts.bread));
  m.context->X = m.X;
  m.context->y = m.y;
  m.context->xb = numerics::product(m.X, Vector(ts.coef.head(m.X.cols())));
  if (kind != Kind::stsls) {
    m.context->u = m.y - m.context->xb;
    if (kind == Kind::gs2sls) m.context->u -= ts.coef[m.X.cols()] * W.lag(m.y);
  }
  fit.sample = m.context;
  results::set_overall_test(fit);
  return fit;
}

core::Record record(const std::string& name, const std::string& summary, bool moments, bool lag) {
  core::Record r{.name = name, .topic = "spatial", .summary = summary};
  r.args = {{.name = "formula",
             .kind = core::Kind::formula,
             .doc = lag ? "y ~ x, or y ~ x | d ~ z with instruments for d" : "y ~ x"},
            {.name = "W", .kind = core::Kind::spatial, .doc = "the weights"}};
  for (core::OptionSpec& option : common_options())
    for (const char* wanted : {"vcov", "cluster", "where", "data", "level", "ssc"})
      if (option.name == wanted) r.options.push_back(option);
  r.options.push_back(
      {.name = "durbin", .kind = core::Kind::terms, .doc = "regressors whose lags enter, too", .default_text = "none"});
  if (lag)
    r.options.push_back({.name = "w2x",
                         .kind = core::Kind::boolean,
                         .doc = "second lags of the regressors among the instruments",
                         .default_text = "true"});
  if (moments)
    r.options.push_back({.name = "moments",
                         .kind = core::Kind::text,
                         .doc = "of the errors: equal variances, or any",
                         .default_text = "homoskedastic",
                         .one_of = {"homoskedastic", "het"}});
  r.source = "Kelejian & Prucha (1998, 1999, 2010)";
  r.example = name + "(y ~ x1 + x2, W, vcov=\"hetero\")";
  return r;
}

}  // namespace

const Estimator stsls{.record = record("stsls", "Spatial lag model by two-stage least squares", false, true),
                      .fit = [](const Request& request) { return fit_moments(request, "stsls", Kind::stsls); }};
const Estimator gs2sls{.record = record("gs2sls", "Spatial lag and error model by instruments and moments", true, true),
                       .fit = [](const Request& request) { return fit_moments(request, "gs2sls", Kind::gs2sls); }};
const Estimator gmerror{.record = record("gmerror", "Spatial error model by moments", true, false),
                        .fit = [](const Request& request) { return fit_moments(request, "gmerror", Kind::gmerror); }};

}  // namespace estimators
