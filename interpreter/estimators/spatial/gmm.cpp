// Instruments and moments instead of a likelihood:
//   stsls:   y = ρWy + Xb + u by 2SLS, Wy instrumented by WX and W²X (Kelejian & Prucha 1998).
//   gs2sls:  the same with u = λWu + ε: λ from the moments of the 2SLS residuals, then 2SLS of the data times I − λW.
//   gmerror: y = Xb + u with u = λWu + ε.
//   Moments: homoskedastic, Kelejian & Prucha (1999), three for (λ, σ²); het, Kelejian & Prucha (2010): ε'W'Wε without
//   its diagonal and ε'Wε are 0 whatever the variances; λ once more from the residuals of the last step, its moments
//   weighted by their inverse covariance, and jointly with the coefficients' covariance.
//   Panels: fixed effects by the within transformation Q0, which commutes with I ⊗ W, moments of Q0u; random unit
//   effects by the six moments of Q0u and Q1u (Kapoor, Kelejian & Prucha 2007), moments.hpp.
// Peers: spatialreg::stsls, gstsls, GMerrorsar; sphet::spreg; splm::spgm.
#include "estimators/spatial/gmm.hpp"

#include "core/error.hpp"
#include "core/text.hpp"
#include "estimators/spatial/lm_tests.hpp"
#include "estimators/spatial/model.hpp"
#include "estimators/spatial/moments.hpp"
#include "numerics/dense.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>

namespace estimators {
namespace {

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

/// The two moments of unequal variances, ε(λ) = u − λWu: m_r = ε'A_rε/n.
struct HetMoments {
  double uu[2], uv[2], vv[2];
  HetMoments(const StackedWeights& W, const Vector& u) {
    const Vector v = W.lag(u), diagonal = diagonal_of_cross(W);
    const double n = static_cast<double>(u.size());
    const auto A1 = [&](const Vector& a, const Vector& b) { return a.dot(cross_without_diagonal(W, b, diagonal)) / n; };
    const auto A2 = [&](const Vector& a, const Vector& b) { return a.dot(W.lag(b)) / n; };
    uu[0] = A1(u, u), uv[0] = A1(u, v), vv[0] = A1(v, v);
    uu[1] = A2(u, u), uv[1] = (A2(u, v) + A2(v, u)) / 2, vv[1] = A2(v, v);
  }
  Vector at(double l) const {
    return (Vector(2) << uu[0] - 2 * l * uv[0] + l * l * vv[0], uu[1] - 2 * l * uv[1] + l * l * vv[1]).finished();
  }
};

ErrorMoments error_moments(const StackedWeights& W, const Vector& u, bool het, const spatial::Interval& ends) {
  if (!het) return homoskedastic_moments(W, u, static_cast<double>(u.size()), ends);
  const HetMoments m(W, u);
  ErrorMoments out;
  out.lambda = least_point([&](double l) { return m.at(l).squaredNorm(); }, ends);
  out.sigma2 = (u - out.lambda * W.lag(u)).squaredNorm() / static_cast<double>(u.size());
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

/// λ and its covariance with the coefficients, from the residuals u of the last step:
///   λ = argmin m'Ψ⁻¹m,  V(λ) = (J'Ψ⁻¹J)⁻¹/n,  Cov(b, λ) = −bread X̂'Σ[a_1 a_2] Ψ⁻¹J(J'Ψ⁻¹J)⁻¹/n,  Σ = diag(ε²)
/// with Ψ and J as in lambda_error, a_r = X̂ bread α_r, X̂ and bread of the filtered data. Source: Kelejian & Prucha
/// (2010), theorems 3 and 4; Arraiz, Drukker, Kelejian & Prucha (2010), J. Regional Science 50.
struct LastStep {
  double lambda = 0, variance = 0;
  Vector covariance;    ///< of λ with the coefficients
  Matrix coefficients;  ///< bread X̂'ΣX̂ bread of the data filtered by this λ
};

LastStep last_step(const StackedWeights& W, const Vector& u, const Matrix& Z, const Matrix& H, double first,
                   const spatial::Interval& ends) {
  const double rows = static_cast<double>(u.size());
  const Vector v = W.lag(u), diagonal = diagonal_of_cross(W);
  const spatial::Weights cross = spatial::with_self(spatial::product(spatial::transposed(W.whole()), W.whole()), 0);
  const std::vector<const spatial::Weights*> links = {&cross, &W.whole()};
  Matrix Psi(2, 2), J(2, 1), a(u.size(), 2);
  Vector e;
  TwoStage ts;
  const auto measure = [&](double lambda) {
    e = u - lambda * v;
    const Matrix Zs = Z - lambda * W.lag(Z);
    ts = two_stage(Vector(W.lag(e)), Zs, H.cols() > 0 ? H : Zs);  // for X̂ and the bread alone
    const Vector squares = e.cwiseAbs2();
    const std::vector<Vector> forms = {2 * cross_without_diagonal(W, e, diagonal), W.lag(e) + W.lag_transposed(e)};
    for (Index r = 0; r < 2; ++r) {
      const Vector& form = forms[static_cast<std::size_t>(r)];
      const Vector alpha = -numerics::crossprod(Zs, form);
      a.col(r) = numerics::product(ts.projected, Vector(ts.bread * alpha));
      J(r, 0) = -v.dot(form) / rows;
    }
    for (Index r = 0; r < 2; ++r)
      for (Index s = 0; s <= r; ++s)
        Psi(r, s) = Psi(s, r) =
            (trace_product(*links[static_cast<std::size_t>(r)], *links[static_cast<std::size_t>(s)], squares) / 2 +
             a.col(r).dot(Vector(squares.cwiseProduct(a.col(s))))) /
            rows;
  };
  measure(first);
  const Matrix weight = numerics::inverse_spd(Psi, "the moments of lambda");
  const HetMoments m(W, u);
  LastStep out;
  out.lambda = least_point(
      [&](double l) {
        const Vector at = m.at(l);
        return at.dot(weight * at);
      },
      ends);
  measure(out.lambda);
  const Matrix inverse = numerics::inverse_spd(Psi, "the moments of lambda");
  const double information = (J.transpose() * inverse * J)(0, 0);
  out.variance = 1 / (rows * information);
  const Vector squares = e.cwiseAbs2();
  const Matrix crossed = numerics::crossprod(ts.projected, Matrix(squares.asDiagonal() * a));
  out.covariance = -ts.bread * crossed * inverse * J / (information * rows);
  const Matrix meat = numerics::crossprod(ts.projected, Matrix(squares.asDiagonal() * ts.projected));
  out.coefficients = ts.bread * meat * ts.bread;
  return out;
}

enum class Kind { stsls, gs2sls, gmerror };

/// Effects that the moments of the error know: unit effects, fixed or random.
void check_effects(const SpatialModel& m, const std::string& command, Kind kind, bool het) {
  if (m.effects == Effects::random && kind == Kind::stsls)
    throw core::Error("stsls has no random effects").hint("gs2sls has, with a spatial error; sar has, by likelihood");
  if (kind == Kind::stsls) return;
  if (m.effects == Effects::time || m.effects == Effects::both)
    throw core::Error("the moments of '" + command + "' know unit effects, not those of time")
        .hint("put the periods among the regressors, y ~ x + i." + m.context->frame.panel()->time +
              ", with fe=\"unit\" or without");
  if (m.effects != Effects::none && het)
    throw core::Error(
        "moments=\"het\" is for cross-sections and pooled data: with unit effects the errors of a unit "
        "mix over time")
        .hint("vcov=\"hetero\" or cluster(...) makes the coefficients' standard errors robust")
        .word("moments");
}

/// Instruments: the regressors without the endogenous ones, their lags, second lags, and those of the formula.
Matrix instruments(const SpatialModel& m, Index endogenous, bool second) {
  const Matrix exogenous = m.X.rightCols(m.X.cols() - endogenous);
  const Matrix first = m.context->W.lag(exogenous);
  Matrix H = beside(exogenous, first);
  if (second) H = beside(H, m.context->W.lag(first));
  const Index z = m.problem.instruments;
  if (z > 0) {
    Matrix excluded(m.n(), z);
    for (Index j = 0; j < z; ++j)
      for (Index i = 0; i < m.n(); ++i)
        excluded(i, j) =
            m.problem.columns(m.row[static_cast<std::size_t>(i)], 1 + m.problem.endogenous + m.problem.exogenous + j);
    H = beside(H, excluded);
  }
  return independent(m.without_effects(std::move(H)), m.constant >= 0 ? m.constant - endogenous : -1);
}

/// λ from the residuals of the first step, with a note; what the data are multiplied by goes into `quasi` (the share of
/// unit means that random effects take away).
double first_lambda(const SpatialModel& m, const TwoStage& ts, const Matrix& Z, bool het, const spatial::Interval& ends,
                    double& quasi, results::Fit& fit) {
  const StackedWeights& W = m.context->W;
  if (m.effects == Effects::random) {
    const PanelMoments p = panel_moments(W, ts.residuals, m.units, m.periods, ends);
    quasi = 1 - std::sqrt(p.sigma2_v / p.sigma2_1);
    fit.set_stat("sigma2_v", p.sigma2_v);
    fit.set_stat("sigma2_1", p.sigma2_1);
    fit.set_stat("theta", quasi);
    fit.notes.push_back("lambda = " + core::significant(p.lambda, 6) + ", sigma2_v " +
                        core::significant(p.sigma2_v, 5) + ", sigma2_1 " + core::significant(p.sigma2_1, 5) +
                        " by six weighted moments; the coefficients' standard errors take them as known");
    return p.lambda;
  }
  if (m.effects == Effects::unit) {
    const double n = static_cast<double>(m.units * (m.periods - 1));
    const ErrorMoments moments = homoskedastic_moments(W, ts.residuals, n, ends);
    fit.set_stat("sigma2_moments", moments.sigma2);
    fit.notes.push_back("lambda = " + core::significant(moments.lambda, 6) +
                        " by moments of the within residuals; the coefficients' standard errors take it as known");
    return moments.lambda;
  }
  const ErrorMoments moments = error_moments(W, ts.residuals, het, ends);
  fit.set_stat("sigma2_moments", moments.sigma2);
  const double error = lambda_error(W, ts.residuals, Z, ts, moments.lambda, het);
  fit.set_stat("lambda_se", error);
  if (!het)
    fit.notes.push_back("lambda = " + core::significant(moments.lambda, 6) + " (s.e. " + core::significant(error, 4) +
                        ") by moments; standard errors of the coefficients take it as known");
  return moments.lambda;
}

/// X less `quasi` times its unit means.
Matrix less_unit_means(const SpatialModel& m, Matrix X, double quasi) {
  for (Index j = 0; j < X.cols() && quasi != 0; ++j) {
    Eigen::Map<Matrix> cells(X.col(j).data(), m.units, m.periods);
    const Vector means = cells.rowwise().mean();
    cells.colwise() -= quasi * means;
  }
  return X;
}

/// λ beside the coefficients, with the covariance of both: diag(ε²) for theirs, without a small-sample factor.
void put_lambda(results::Fit& fit, const LastStep& last) {
  const Index k = fit.coef.size();
  Matrix V(k + 1, k + 1);
  V.topLeftCorner(k, k) = last.coefficients;
  V.topRightCorner(k, 1) = last.covariance;
  V.bottomLeftCorner(1, k) = last.covariance.transpose();
  V(k, k) = last.variance;
  fit.names.emplace_back("lambda");
  fit.coef.conservativeResize(k + 1);
  fit.coef[k] = last.lambda;
  fit.scores.resize(0, 0);
  fit.bread.resize(0, 0);
  fit.vcov.matrix = std::move(V);
  fit.vcov.label = "heteroskedastic (Kelejian & Prucha 2010), jointly with lambda";
}

results::Fit fit_moments(const Request& request, const std::string& command, Kind kind) {
  SpatialModel m = spatial_model(request, command, request.options.has("durbin"));
  if (!m.balanced) throw core::Error("'" + command + "' needs a balanced panel");
  if (kind != Kind::stsls) spatial::require_constant(m.context->W.whole(), "'" + command + "'");
  const bool het = request.options.get<std::string>("moments", "homoskedastic") == "het";
  check_effects(m, command, kind, het);
  const Index endogenous = m.problem.endogenous;
  if (kind == Kind::gmerror && endogenous > 0)
    throw core::Error("gmerror takes no instruments").hint("gs2sls(y ~ x | d ~ z, W)");
  std::string title = kind == Kind::stsls    ? "Spatial two-stage least squares"
                      : kind == Kind::gs2sls ? "Generalised spatial two-stage least squares"
                                             : "Spatial error model by moments";
  if (kind != Kind::stsls) title += het ? ", heteroskedastic moments" : "";
  results::Fit fit = start_spatial_fit(m, request, title);
  if (m.periods > 1 && m.effects == Effects::none)
    fit.notes.emplace_back("pooled: no unit effects; fe=\"unit\" takes them out");
  drop_collinear(m, fit);
  const StackedWeights& W = m.context->W;
  Matrix raw = m.X, H;
  fit.names = m.names;
  fit.constant = m.constant;
  if (kind != Kind::gmerror) {
    H = instruments(m, endogenous, request.options.get<bool>("w2x", true));
    raw = beside(raw, W.lag(m.y));
    fit.names.emplace_back("rho");
  }
  Matrix Z = m.without_effects(raw);
  Vector y = m.without_effects(Matrix(m.y)).col(0);
  const Matrix Z0 = Z;
  const Vector y0 = y;
  TwoStage ts = two_stage(y, Z, H.cols() > 0 ? H : Z);
  double lambda = 0;
  bool joint = false;
  LastStep last;
  const spatial::Interval ends = spatial::admissible(spatial::spectrum_range(W.whole()));
  if (kind != Kind::stsls) {
    double quasi = 0;
    lambda = first_lambda(m, ts, Z, het, ends, quasi, fit);
    y = less_unit_means(m, Matrix(y - lambda * W.lag(y)), quasi).col(0);
    Z = less_unit_means(m, Z - lambda * W.lag(Z), quasi);
    H = less_unit_means(m, H, quasi);
    ts = two_stage(y, Z, H.cols() > 0 ? H : Z);
    if (het) {
      last = last_step(W, Vector(y0 - numerics::product(Z0, ts.coef)), Z0, H, lambda, ends);
      joint = !m.settings.vcov_given;
      lambda = last.lambda;
      fit.set_stat("lambda_se", std::sqrt(last.variance));
      fit.notes.push_back(joint ? "lambda by the weighted moments of the last step, jointly with the coefficients"
                                : "lambda = " + core::significant(lambda, 6) + " (s.e. " +
                                      core::significant(std::sqrt(last.variance), 4) +
                                      ") by the weighted moments of the last step");
    }
    fit.set_stat("lambda", lambda);
  }
  fit.coef = ts.coef;
  if (kind != Kind::gmerror && !ends.holds(fit.coef[fit.coef.size() - 1]))
    fit.notes.push_back("warning: rho is not admissible (I - rho W is regular for rho " + spatial::in_words(ends) +
                        "): effects that spread with it have no sum");
  fit.rank = ts.coef.size();
  fit.bread = ts.bread;
  Matrix scores = ts.projected;
  for (Index j = 0; j < scores.cols(); ++j) scores.col(j).array() *= ts.residuals.array();
  fit.scores = m.to_sample(scores);
  fit.residuals = m.to_sample(ts.residuals);
  fit.fitted = m.problem.y - fit.residuals;
  fit.rss = ts.residuals.squaredNorm();
  const double n = static_cast<double>(m.n()), k = static_cast<double>(fit.rank) + effect_parameters(m);
  fit.set_stat("sigma2", fit.rss / (n - k));
  fit.set_stat("rss", fit.rss);
  if (kind != Kind::gmerror) fit.set_stat("instruments", static_cast<double>(H.cols()));
  fit = results::vcov_as(fit, m.settings.vcov, m.settings.ssc);
  fit.vcov.df_t = std::numeric_limits<double>::infinity();  // the theory is for large samples
  if (kind == Kind::stsls && m.effects == Effects::none)
    fit.tests.push_back(anselin_kelejian(W, ts.residuals, Z, ts.bread));
  m.context->X = Z0.leftCols(m.X.cols());
  m.context->y = y0;
  m.context->xb = numerics::product(m.X, Vector(ts.coef.head(m.X.cols())));
  if (kind != Kind::stsls) {
    m.context->u = m.y - m.context->xb;
    if (kind == Kind::gs2sls) m.context->u -= ts.coef[m.X.cols()] * W.lag(m.y);
    m.context->u = m.without_effects(Matrix(m.context->u)).col(0);
  }
  if (joint) put_lambda(fit, last);
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
    for (const char* wanted : {"fe", "vcov", "cluster", "where", "data", "level", "ssc"})
      if (option.name == wanted) r.options.push_back(option);
  for (core::OptionSpec& option : r.options)
    if (option.name == "vcov" && moments)
      option.default_text = "\"iid\"; with moments=\"het\" heteroskedastic, jointly with lambda";
  r.options.push_back(
      {.name = "effects",
       .kind = core::Kind::text,
       .doc = moments ? "unit effects: fixed, by the within transformation, or random" : "the same as fe=",
       .default_text = "none",
       .one_of = moments ? std::vector<std::string>{"none", "unit", "random"}
                         : std::vector<std::string>{"none", "unit", "time", "both"}});
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
  r.source = "Kelejian & Prucha (1998, 1999, 2010); Kapoor, Kelejian & Prucha (2007)";
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
