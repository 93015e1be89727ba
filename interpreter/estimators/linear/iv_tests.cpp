#include "estimators/linear/iv_tests.hpp"

#include "core/error.hpp"
#include "core/text.hpp"

#include <cmath>
#include "numerics/dense.hpp"

namespace estimators {
namespace {

using inference::VcovKind;

Matrix times(const Matrix& Z, const Vector& e) { return Z.array().colwise() * e.array(); }

Matrix inverse(const Matrix& S) { return numerics::solve_psd(S, Matrix(Matrix::Identity(S.rows(), S.cols()))); }

/// λ'V⁻¹λ for λ = Z*'(X*): the rk statistic of the direction in which the instruments are weakest.
double rk_statistic(const Instrumented& iv, const Vector& lambda, const Matrix& Z, const Vector& e) {
  Matrix V;
  if (iv.settings.vcov.kind == VcovKind::iid) {
    V = e.squaredNorm() / iv.problem.context->nobs * numerics::crossprod(Z);
  } else {
    V = moment_covariance(iv, times(Z, e));
  }
  return lambda.dot(numerics::solve_psd(V, lambda));
}

}  // namespace

Matrix moment_covariance(const Instrumented& iv, const Matrix& scores) {
  inference::VcovSpec spec = iv.settings.vcov;
  if (spec.kind == VcovKind::iid || inference::uses_leverage(spec.kind)) spec.kind = VcovKind::hc0;
  spec.ssc.reset();
  const Index m = scores.cols();
  const Covariance covariance(*iv.problem.context, spec, inference::ssc_preset("none"), 0);
  return covariance(scores, Matrix::Identity(m, m), Vector::Zero(scores.rows()), 0).matrix;
}

FirstStageRules first_stage_rules(const Instrumented& iv) {
  const Index k = iv.exogenous + iv.Z.cols();
  inference::VcovSpec spec = iv.settings.vcov;
  if (inference::uses_leverage(spec.kind)) spec.kind = VcovKind::hc1;
  const inference::Ssc rules = spec.ssc.value_or(iv.settings.ssc);
  spec.ssc.reset();
  const Vector e = iv.y;
  const Matrix score = times(iv.Z.col(0), e);
  const double rss = e.squaredNorm();
  const auto variance = [&](const inference::Ssc& ssc) {
    return Covariance(*iv.problem.context, spec, ssc, k)(score, Matrix::Identity(1, 1), e, rss);
  };
  const inference::Vcov with = variance(rules);
  FirstStageRules out;
  out.df = with.df_t;
  if (spec.kind == VcovKind::iid) {
    out.factor = with.matrix(0, 0) / (rss / iv.problem.context->nobs);
  } else {
    out.factor = with.matrix(0, 0) / variance(inference::ssc_preset("none")).matrix(0, 0);
  }
  return out;
}

void add_identification_tests(const Instrumented& iv, results::Fit& fit) {
  const double n = iv.problem.context->nobs;
  const Index L = iv.Z.cols(), p = iv.X.cols();
  const Matrix Q = numerics::crossprod(iv.Z), ZX = numerics::crossprod(iv.Z, iv.X);
  const Matrix Lz = numerics::cholesky(Q / n, "instruments");
  const Matrix Lx = numerics::cholesky(numerics::crossprod(iv.X) / n, "endogenous regressors");
  // Θ = Lz⁻¹ (Z'X/n) Lx⁻ᵀ: its singular values are the canonical correlations.
  const Matrix half = numerics::solve_lower(Lz, ZX / n);
  const Matrix theta = numerics::solve_lower(Lx, half.transpose()).transpose();
  const numerics::Svd svd = numerics::svd(theta);
  const Vector v = svd.V.col(p - 1), weakest = svd.U.col(p - 1);
  Matrix U2(L, L - p + 1);  // the weakest direction and those that explain nothing
  U2 << weakest, numerics::orthogonal_complement(svd.U);
  const Matrix Zs = numerics::product(iv.Z, numerics::solve_lower(Lz, U2, true));
  const Matrix residuals = iv.X - numerics::product(iv.Z, numerics::solve_psd(Q, ZX));
  const Vector direction = numerics::solve_lower(Lx, v, true);
  const Vector lambda = n * numerics::crossprod(U2, numerics::product(theta, v));
  const double lm = rk_statistic(iv, lambda, Zs, iv.X * direction);
  const double wald = rk_statistic(iv, lambda, Zs, residuals * direction);
  const FirstStageRules rules = first_stage_rules(iv);
  const double rho2 = std::pow(svd.values[p - 1], 2);
  const double df2 = n - parameters(fit, iv.settings.ssc) + static_cast<double>(p - L);

  fit.tests.push_back(inference::chi2_test("Kleibergen-Paap rk LM", lm, static_cast<double>(L - p + 1)));
  fit.set_stat("kleibergen_paap_F", wald / rules.factor / static_cast<double>(L));
  fit.set_stat("cragg_donald_F", rho2 / (1 - rho2) * df2 / static_cast<double>(L));
  if (p != 1) {  // with one endogenous regressor it is the first-stage F
    fit.notes.push_back(
        "weak identification: Kleibergen-Paap rk Wald F = " + core::significant(fit.stat("kleibergen_paap_F"), 5) +
        ", Cragg-Donald F = " + core::significant(fit.stat("cragg_donald_F"), 5) +
        " (no p-value: compare with Stock & Yogo 2005)");
    return;
  }
  // π̂'Qπ̂ / tr(V_π Q), with V_π = Q⁻¹ M Q⁻¹: the numerator is X'P_Z X, the denominator tr(M Q⁻¹).
  const Vector zx = ZX.col(0);
  const Matrix M = iv.settings.vcov.kind == VcovKind::iid ? Matrix(residuals.squaredNorm() / n * Q)
                                                          : moment_covariance(iv, times(iv.Z, residuals.col(0)));
  fit.set_stat("effective_F", zx.dot(numerics::solve_psd(Q, zx)) / (rules.factor * M.cwiseProduct(inverse(Q)).sum()));
}

void add_overidentification_test(const Instrumented& iv, const Vector& u, results::Fit& fit) {
  const Index L = iv.Z.cols(), p = iv.X.cols();
  if (L <= p) return;
  const auto df = static_cast<double>(L - p);
  if (iv.settings.vcov.kind == VcovKind::iid) {
    const Vector g = numerics::crossprod(iv.Z, u);
    const double s2 = u.squaredNorm() / iv.problem.context->nobs;
    fit.tests.push_back(
        inference::chi2_test("Sargan", g.dot(numerics::solve_psd(numerics::crossprod(iv.Z), g)) / s2, df));
    return;
  }
  const Matrix W = inverse(moment_covariance(iv, times(iv.Z, u)));
  const Matrix ZX = numerics::crossprod(iv.Z, iv.X);
  const Vector Zy = numerics::crossprod(iv.Z, iv.y);
  const Matrix WZX = numerics::product(W, ZX);
  // two-step efficient GMM
  const Vector b = numerics::solve_psd(numerics::crossprod(ZX, WZX), numerics::crossprod(WZX, Zy));
  const Vector g = Zy - numerics::product(ZX, b);
  fit.tests.push_back(inference::chi2_test("Hansen J", g.dot(numerics::product(W, g)), df));
}

}  // namespace estimators
