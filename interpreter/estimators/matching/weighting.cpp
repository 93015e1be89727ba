#include "estimators/matching/weighting.hpp"

#include "core/error.hpp"
#include "core/interrupt.hpp"
#include "core/text.hpp"
#include "numerics/dense.hpp"
#include "numerics/least_squares.hpp"

#include <algorithm>
#include <cmath>
#include <functional>

namespace estimators {
namespace {

using numerics::Index;
using numerics::Matrix;
using numerics::Vector;

/// All parameters and moment conditions of one estimator: per row ψ_i(θ), n×p.
using WeightedMoments = std::function<Matrix(const Vector&)>;

/// (−Σ ∂ψ/∂θ')⁻¹ by central differences of the summed moments.
Matrix inverse_slope(const WeightedMoments& psi, const Vector& theta) {
  const Index p = theta.size();
  Matrix A(p, p);
  for (Index j = 0; j < p; ++j) {
    const double h = 1e-5 * std::max(std::abs(theta[j]), 1e-3);
    Vector up = theta, down = theta;
    up[j] += h;
    down[j] -= h;
    A.col(j) = -(psi(up).colwise().sum() - psi(down).colwise().sum()).transpose() / (up[j] - down[j]);
  }
  // Rows and columns to one scale: moments of incomes and of shares stand side by side.
  Vector row(p), column(p);
  for (Index i = 0; i < p; ++i) row[i] = 1 / std::max(A.row(i).cwiseAbs().maxCoeff(), 1e-300);
  Matrix S = row.asDiagonal() * A;
  for (Index j = 0; j < p; ++j) column[j] = 1 / std::max(S.col(j).cwiseAbs().maxCoeff(), 1e-300);
  S = S * column.asDiagonal();
  return column.asDiagonal() * numerics::inverse(S, "moment conditions") * row.asDiagonal();
}

double clustered_se(const Vector& influence, const numerics::Codes& clusters) {
  if (clusters.empty()) return influence.norm();
  std::int32_t groups = 0;
  for (const std::int32_t code : clusters) groups = std::max(groups, code + 1);
  const double G = groups;
  return numerics::group_sums(influence, clusters, groups).norm() * std::sqrt(G / (G - 1));
}

}  // namespace

EntropyWeights entropy_balance(const Vector& treat, const Matrix& given, const Vector& base, double tol, int maxiter) {
  const Index n = treat.size(), m = given.cols();
  std::vector<Index> controls;
  for (Index i = 0; i < n; ++i)
    if (treat[i] == 0) controls.push_back(i);
  const double treated = static_cast<double>(n) - static_cast<double>(controls.size());
  if (controls.empty() || treated == 0) throw core::Error("entropy balancing needs treated and untreated rows");
  // Moments about the treated mean in standard deviations.
  Matrix C = given(controls, Eigen::all);
  Vector scale(m);
  for (Index j = 0; j < m; ++j) {
    double mean = 0, square = 0;
    for (Index i = 0; i < n; ++i) mean += treat[i] * given(i, j) / treated;
    for (Index i = 0; i < n; ++i) square += (given(i, j) - mean) * (given(i, j) - mean);
    scale[j] = std::sqrt(square / static_cast<double>(n - 1));
    if (!(scale[j] > 0)) throw core::Error("a moment to balance is the same for all rows").hint("leave it out");
    C.col(j).array() -= mean;
    C.col(j) /= scale[j];
  }
  const numerics::LeastSquares independent = numerics::least_squares(C, Vector::Ones(C.rows()));
  const Matrix D = C(Eigen::all, independent.kept);
  const auto weights = [&](const Vector& lambda) {
    const Vector x = numerics::product(D, lambda);
    const double top = x.maxCoeff();
    Vector w(x.size());
    for (Index i = 0; i < x.size(); ++i)
      w[i] = (base.size() > 0 ? base[controls[static_cast<std::size_t>(i)]] : 1) * std::exp(x[i] - top);
    return std::make_pair(w, top);
  };
  const auto objective = [&](const Vector& lambda) {
    const auto [w, top] = weights(lambda);
    return std::log(w.sum()) + top;
  };
  Vector lambda = Vector::Zero(D.cols());
  EntropyWeights out;
  Vector w;
  for (; out.iterations < maxiter; ++out.iterations) {
    core::poll();
    w = weights(lambda).first;
    w /= w.sum();
    const Vector gradient = numerics::crossprod(D, w);
    out.worst = gradient.cwiseAbs().maxCoeff();
    if (out.worst < tol) break;
    Matrix H = numerics::crossprod(D, w, D) - gradient * gradient.transpose();
    H.diagonal().array() += 1e-12;
    const Vector step = numerics::solve_spd(H, gradient, "moments").col(0);
    const double now = objective(lambda), slope = gradient.dot(step);
    double t = 1;
    while (t > 1e-8 && objective(lambda - t * step) > now - 1e-4 * t * slope) t /= 2;
    lambda -= t * step;
    if (lambda.cwiseAbs().maxCoeff() > 1e4 || t <= 1e-8) break;
  }
  if (!(out.worst < std::max(tol * 100, 1e-6)))
    throw core::Error(
        "no weights of the controls balance these moments: the treated means lie outside what controls can reach "
        "(gap " +
        core::significant(out.worst, 3) + " standard deviations)")
        .hint("balance fewer moments, or leave treated rows without comparable controls out");
  out.weights = treat;
  for (std::size_t i = 0; i < controls.size(); ++i) out.weights[controls[i]] = w[static_cast<Index>(i)] * treated;
  return out;
}

Matrix moments(const Matrix& X, int order, bool products) {
  std::vector<Vector> columns;
  std::vector<Index> continuous;
  for (Index j = 0; j < X.cols(); ++j) {
    columns.push_back(X.col(j));
    bool binary = true;
    for (Index i = 0; i < X.rows(); ++i) binary = binary && (X(i, j) == 0 || X(i, j) == 1);
    if (!binary) continuous.push_back(j);
  }
  for (int power = 2; power <= order; ++power)
    for (const Index j : continuous) {
      const Vector centred = X.col(j).array() - X.col(j).mean();
      columns.emplace_back(centred.array().pow(power));
    }
  if (products)
    for (Index a = 0; a < X.cols(); ++a)
      for (Index b = a + 1; b < X.cols(); ++b) columns.emplace_back(X.col(a).cwiseProduct(X.col(b)));
  Matrix out(X.rows(), static_cast<Index>(columns.size()));
  for (std::size_t j = 0; j < columns.size(); ++j) out.col(static_cast<Index>(j)) = columns[j];
  return out;
}

TreatmentEffect treatment_effect(EffectMethod method, Estimand estimand, const Vector& treat, const Vector& y,
                                 const Matrix& X, const Matrix& Z, Link link, const numerics::Codes& clusters) {
  if (estimand == Estimand::atc)
    throw core::Error("teffects gives the effect on all (ate) or on the treated (att)").word("estimand");
  const bool att = estimand == Estimand::att;
  const bool regression = method != EffectMethod::ipw, weighted = method != EffectMethod::ra;
  const Index n = y.size(), kz = weighted ? Z.cols() : 0, kx = regression ? X.cols() : 0;
  const auto score = [&](const Vector& theta) {
    Vector p(n);
    const Vector index = kz > 0 ? numerics::product(Z, Vector(theta.head(kz))) : Vector();
    for (Index i = 0; i < n; ++i) p[i] = kz > 0 ? link_probability(index[i], link) : 0.5;
    return p;
  };
  // Weight of row i for the mean of outcome d.
  const auto weight = [&](Index i, int d, double p) {
    if (treat[i] != d) return 0.0;
    if (att) return d == 1 ? 1.0 : p / (1 - p);
    return d == 1 ? 1 / p : 1 / (1 - p);
  };
  // θ = (γ, β1, β0, mean1, mean0)
  const Index at1 = kz, at0 = kz + kx, means = kz + 2 * kx;
  const WeightedMoments psi = [&](const Vector& theta) {
    Matrix out = Matrix::Zero(n, means + 2);
    const Vector index = kz > 0 ? numerics::product(Z, Vector(theta.head(kz))) : Vector();
    const Vector p = score(theta);
    const Vector m1 = kx > 0 ? numerics::product(X, Vector(theta.segment(at1, kx))) : Vector(Vector::Zero(n));
    const Vector m0 = kx > 0 ? numerics::product(X, Vector(theta.segment(at0, kx))) : Vector(Vector::Zero(n));
    for (Index i = 0; i < n; ++i) {
      if (kz > 0) {
        const double f = link_density(index[i], link);
        out.row(i).head(kz) = Z.row(i) * ((treat[i] - p[i]) * f / (p[i] * (1 - p[i])));
      }
      const double own = kx > 0 ? (treat[i] == 1 ? y[i] - m1[i] : y[i] - m0[i]) : 0;
      if (kx > 0) {
        const double w = method == EffectMethod::ipwra ? weight(i, treat[i] == 1, p[i]) : 1;
        out.row(i).segment(treat[i] == 1 ? at1 : at0, kx) = X.row(i) * (w * own);
      }
      const double in = att ? treat[i] : 1;
      if (method == EffectMethod::ipw) {
        out(i, means) = weight(i, 1, p[i]) * (y[i] - theta[means]);
        out(i, means + 1) = weight(i, 0, p[i]) * (y[i] - theta[means + 1]);
        continue;
      }
      out(i, means) = in * (m1[i] - theta[means]);
      out(i, means + 1) = in * (m0[i] - theta[means + 1]);
      if (method == EffectMethod::aipw) {
        out(i, means) += weight(i, 1, p[i]) * (treat[i] == 1 ? y[i] - m1[i] : 0);
        out(i, means + 1) += weight(i, 0, p[i]) * (treat[i] == 0 ? y[i] - m0[i] : 0);
      }
    }
    return out;
  };
  Vector theta = Vector::Zero(means + 2);
  if (kz > 0) {
    const Binary b = fit_binary(treat, Z, {}, {.link = link});
    if (!b.separated.empty())
      throw core::Error(core::counted(static_cast<long long>(b.separated.size()), "row") +
                        " have a treatment that is predicted perfectly: there is no overlap")
          .hint("drop regressors of the score, or restrict to common support");
    for (std::size_t j = 0; j < b.kept.size(); ++j) theta[b.kept[j]] = b.coef[static_cast<Index>(j)];
    if (!b.dropped.empty()) throw core::Error("regressors of the score are collinear").hint("drop one of them");
  }
  const Vector p = score(theta);
  if (kx > 0)
    for (const int d : {1, 0}) {
      Vector w(n);
      std::vector<Index> rows;
      std::vector<double> of;
      for (Index i = 0; i < n; ++i)
        if (treat[i] == d) {
          rows.push_back(i);
          of.push_back(method == EffectMethod::ipwra ? weight(i, d, p[i]) : 1);
        }
      const numerics::LeastSquares ls = numerics::least_squares(
          X(rows, Eigen::all), y(rows), Eigen::Map<const Vector>(of.data(), static_cast<Index>(of.size())));
      if (!ls.dropped.empty())
        throw core::Error("the outcome regression of " + std::string(d == 1 ? "treated" : "untreated") +
                          " rows has collinear regressors")
            .hint("drop one of them");
      theta.segment(d == 1 ? at1 : at0, kx) = ls.coef;
    }
  // Means solve their own moments: linear with slope −Σ weights.
  for (const Index j : {means, means + 1}) {
    theta[j] = 0;
    const double at_zero = psi(theta).col(j).sum();
    theta[j] = 1;
    const double at_one = psi(theta).col(j).sum();
    theta[j] = at_zero / (at_zero - at_one);
  }
  const Matrix influence = numerics::product(psi(theta), Matrix(inverse_slope(psi, theta).transpose()));
  TreatmentEffect out;
  out.estimate = theta[means] - theta[means + 1];
  out.mean0 = theta[means + 1];
  out.influence = influence.col(means) - influence.col(means + 1);
  out.se = clustered_se(out.influence, clusters);
  out.mean0_se = clustered_se(influence.col(means + 1), clusters);
  return out;
}

}  // namespace estimators
