// Interactive fixed effects: Y_it = a_i + d_t + x_it'b + l_i'f_t + e_it from the controls, loadings of treated units
// from their periods before treatment. Source: Bai (2009), Econometrica 77(4), 1229–1279; Xu (2017), Political Analysis
// 25(1), 57–76.
#include "core/error.hpp"
#include "core/interrupt.hpp"
#include "core/parallel.hpp"
#include "core/text.hpp"
#include "estimators/synth/counterfactual_parts.hpp"
#include "numerics/dense.hpp"
#include "numerics/least_squares.hpp"
#include "numerics/random.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace estimators {

using numerics::Index;
using numerics::Matrix;
using numerics::Vector;

namespace {

struct Factors {
  Vector beta, d;   ///< covariates, period effects (with the grand mean)
  Matrix F;         ///< T×r, F'F = T I
  Matrix residual;  ///< controls
};

/// Controls only: y = a_i + d_t + x b + l_i'f_t, iterating b and principal components (Bai 2009).
Factors factors_of(const Matrix& Y, const std::vector<Matrix>& X, int r) {
  const Index N = Y.rows(), T = Y.cols(), k = static_cast<Index>(X.size());
  const auto demean = [](Matrix A) {
    const Vector rows = A.rowwise().mean();
    A.colwise() -= rows;
    const Eigen::RowVectorXd columns = A.colwise().mean();
    A.rowwise() -= columns;
    return A;
  };
  const Matrix Yd = demean(Y);
  std::vector<Matrix> Xd;
  for (const Matrix& x : X) Xd.push_back(demean(x));
  Factors out;
  out.beta = Vector::Zero(k);
  Matrix common = Matrix::Zero(N, T);
  Matrix XX(k, k);
  for (Index a = 0; a < k; ++a)
    for (Index b = 0; b < k; ++b)
      XX(a, b) = Xd[static_cast<std::size_t>(a)].cwiseProduct(Xd[static_cast<std::size_t>(b)]).sum();
  const Matrix inverse = k > 0 ? numerics::inverse_spd(XX, "covariates") : Matrix();
  for (int round = 0; round < 1000; ++round) {
    core::poll();
    Matrix rest = Yd;
    if (k > 0) {
      Vector xy(k);
      for (Index a = 0; a < k; ++a) xy[a] = Xd[static_cast<std::size_t>(a)].cwiseProduct(Yd - common).sum();
      const Vector fresh = numerics::product(inverse, xy);
      const double change = (fresh - out.beta).norm();
      out.beta = fresh;
      for (Index a = 0; a < k; ++a) rest -= out.beta[a] * Xd[static_cast<std::size_t>(a)];
      if (round > 0 && change < 1e-9 * (1 + fresh.norm())) round = 1000;
    } else {
      round = 1000;
    }
    if (r > 0) {
      const numerics::Svd svd = numerics::svd(rest.transpose());
      out.F = svd.U.leftCols(r) * std::sqrt(static_cast<double>(T));
      common = numerics::product(numerics::product(rest, out.F), Matrix(out.F.transpose())) / static_cast<double>(T);
    }
    out.residual = rest - common;
  }
  if (r == 0) out.F.resize(T, 0);
  // Period effects: what is left of the mean over units of y − x b (unit effects average to the grand mean).
  Matrix net = Y;
  for (Index a = 0; a < k; ++a) net -= out.beta[a] * X[static_cast<std::size_t>(a)];
  out.d = net.colwise().mean().transpose();
  return out;
}

/// y − d − x b of one unit on a constant and the factors over `use` periods; fitted for all periods.
Vector predict_unit(const Vector& y, const std::vector<Vector>& x, const Factors& f, const std::vector<Index>& use) {
  Vector net = y - f.d;
  for (std::size_t a = 0; a < x.size(); ++a) net -= f.beta[static_cast<Index>(a)] * x[a];
  Matrix Z(y.size(), f.F.cols() + 1);
  Z.leftCols(1).setOnes();
  Z.rightCols(f.F.cols()) = f.F;
  const Matrix Zu = Z(use, Eigen::all);
  const Vector b =
      numerics::product(numerics::pseudo_inverse(numerics::crossprod(Zu)), numerics::crossprod(Zu, Vector(net(use))));
  return y - net + numerics::product(Z, b);
}

std::vector<Vector> covariates(const PanelMatrix& panel, Index unit) {
  std::vector<Vector> out;
  for (const Matrix& x : panel.X) out.push_back(x.row(unit).transpose());
  return out;
}

double leave_out_error(const PanelMatrix& panel, const std::vector<Index>& start, const Split& s, const Factors& f) {
  double square = 0, n = 0;
  for (const Index i : s.treated) {
    const Index before = start[static_cast<std::size_t>(i)];
    for (Index out = 0; out < before; ++out) {
      std::vector<Index> use;
      for (Index t = 0; t < before; ++t)
        if (t != out) use.push_back(t);
      const Vector y = panel.Y.row(i).transpose();
      const double e = y[out] - predict_unit(y, covariates(panel, i), f, use)[out];
      square += e * e;
      n += 1;
    }
  }
  return square / n;
}

Matrix fit_treated(const Matrix& Y, const PanelMatrix& panel, const std::vector<Index>& start, const Split& s, int r) {
  std::vector<Matrix> X;
  for (const Matrix& x : panel.X) X.push_back(pick(x, s.controls));
  const Factors f = factors_of(pick(Y, s.controls), X, r);
  Matrix out = Y;
  for (std::size_t j = 0; j < s.controls.size(); ++j) out.row(s.controls[j]) -= f.residual.row(static_cast<Index>(j));
  for (const Index i : s.treated)
    out.row(i) = predict_unit(Y.row(i).transpose(), covariates(panel, i), f, until(start[static_cast<std::size_t>(i)]))
                     .transpose();
  return out;
}

}  // namespace

Counterfactual generalised_synth(const PanelMatrix& panel, const std::vector<Index>& start,
                                 const FactorOptions& options) {
  const Split s = split(panel, start, "gsynth");
  for (std::size_t j = 0; j < panel.X.size(); ++j)
    if (panel.X[j].array().isNaN().any())
      throw core::Error("covariate '" + panel.x_names[j] + "' is missing in some cells").word(panel.x_names[j]);
  const int limit = std::min(
      {static_cast<int>(s.first) - 2, static_cast<int>(s.controls.size()) - 1, static_cast<int>(panel.Y.cols()) - 1});
  Counterfactual out;
  int r = options.factors;
  std::vector<Matrix> X;
  for (const Matrix& x : panel.X) X.push_back(pick(x, s.controls));
  if (r > limit)
    throw core::Error(std::to_string(r) + " factors are too many for " + std::to_string(s.first) +
                      " periods before treatment: at most " + std::to_string(limit))
        .word("factors");
  if (r < 0) {
    double least = std::numeric_limits<double>::infinity();
    for (int q = 0; q <= std::min(options.most, limit); ++q) {
      const double error = leave_out_error(panel, start, s, factors_of(pick(panel.Y, s.controls), X, q));
      if (error < least) {
        least = error;
        r = q;
      }
    }
    out.numbers.emplace_back("CV error", least);
    out.notes.emplace_back("number of factors by leaving out each period before treatment");
  }
  out.fitted = fit_treated(panel.Y, panel, start, s, r);
  out.numbers.emplace_back("Factors", r);
  const Factors f = factors_of(pick(panel.Y, s.controls), X, r);
  for (Index k = 0; k < f.beta.size(); ++k)
    out.numbers.emplace_back(panel.x_names[static_cast<std::size_t>(k)], f.beta[k]);
  summarise(panel, start, out);
  out.se = std::nan("");
  if (options.reps == 0) return out;
  // Prediction errors of controls, each predicted from the others as if it were treated.
  std::vector<Vector> errors;
  for (std::size_t j = 0; j < s.controls.size(); ++j) {
    Split other = s;
    other.controls.erase(other.controls.begin() + static_cast<std::ptrdiff_t>(j));
    if (static_cast<int>(other.controls.size()) <= r) break;
    std::vector<Matrix> rest;
    for (const Matrix& x : panel.X) rest.push_back(pick(x, other.controls));
    const Factors g = factors_of(pick(panel.Y, other.controls), rest, r);
    const Vector y = panel.Y.row(s.controls[j]).transpose();
    errors.push_back(y - predict_unit(y, covariates(panel, s.controls[j]), g, until(s.first)));
    core::poll();
  }
  std::vector<double> draws(static_cast<std::size_t>(options.reps));
  core::Progress progress("gsynth", draws.size());
  for (std::size_t b = 0; b < draws.size(); ++b) {
    numerics::Random random(options.seed, b);
    Matrix Y = out.fitted;
    for (const Index i : s.controls) Y.row(i) += f.residual.row(static_cast<Index>(random.below(s.controls.size())));
    for (const Index i : s.treated) Y.row(i) += errors[random.below(errors.size())].transpose();
    draws[b] = att_of(Y, fit_treated(Y, panel, start, s, r), start);
    progress.step();
  }
  out.se = sd(draws);
  out.notes.push_back("standard error: parametric bootstrap, " + std::to_string(options.reps) + " draws; seed " +
                      std::to_string(options.seed));
  return out;
}

}  // namespace estimators
