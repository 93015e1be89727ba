#include "estimators/glm/binary.hpp"

#include "core/error.hpp"
#include "core/interrupt.hpp"
#include "numerics/dense.hpp"
#include "numerics/least_squares.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace estimators {
namespace {

using numerics::Index;
using numerics::Matrix;
using numerics::Vector;

/// log F(x): for the logistic without overflow, for the normal by its asymptotic series in the far tail.
double log_probability(double x, Link link) {
  if (link == Link::logit) return x > 0 ? -std::log1p(std::exp(-x)) : x - std::log1p(std::exp(x));
  if (x > -30) return std::log(std::erfc(-x / std::numbers::sqrt2) / 2);
  const double z = 1 / (x * x);
  return -x * x / 2 - std::log(-x * std::sqrt(2 * std::numbers::pi)) + std::log1p(-z * (1 - 3 * z));
}

/// F'(x)/F(x): for the normal the inverse Mills ratio.
double hazard(double x, Link link) {
  if (link == Link::logit) return link_probability(-x, link);
  if (x > -30) return link_density(x, link) / link_probability(x, link);
  const double z = 1 / (x * x);
  return -x / (1 - z * (1 - 3 * z));
}

/// What the likelihood says at given coefficients, row by row.
struct State {
  Vector index, slope, observed, expected;  ///< slope: ∂ℓ_i/∂(x'b); observed, expected: minus its derivative
  double loglik = 0;
};

double weight_of(const Vector& weights, Index i) { return weights.size() == 0 ? 1 : weights[i]; }

State state_at(const Vector& y, const Matrix& X, const Vector& weights, const Vector& coef, Link link) {
  const Index n = y.size();
  State s{numerics::product(X, coef), Vector(n), Vector(n), Vector(n), 0};
  for (Index i = 0; i < n; ++i) {
    const double sign = 2 * y[i] - 1, x = sign * s.index[i];
    const double h = hazard(x, link);
    s.slope[i] = sign * h;
    if (link == Link::logit) {
      s.observed[i] = s.expected[i] = h * (1 - h);
    } else {
      s.observed[i] = h * (h + x);
      s.expected[i] = h * hazard(-x, link);
    }
    s.loglik += weight_of(weights, i) * log_probability(x, link);
  }
  return s;
}

Vector weighted(const Vector& values, const Vector& weights) {
  return weights.size() == 0 ? values : Vector(values.cwiseProduct(weights));
}

Matrix columns_of(const Matrix& X, const std::vector<Index>& kept) {
  Matrix out(X.rows(), static_cast<Index>(kept.size()));
  for (std::size_t j = 0; j < kept.size(); ++j) out.col(static_cast<Index>(j)) = X.col(kept[j]);
  return out;
}

/// The inverse of the information, or nothing when separation made it singular.
Matrix inverse_information(const Matrix& X, const Vector& weight) {
  try {
    return numerics::inverse_spd(numerics::crossprod(X, weight, X), "information");
  } catch (const core::Error&) {
    return {};
  }
}

double null_loglik(const Vector& y, const Vector& weights) {
  const double total = weights.size() == 0 ? static_cast<double>(y.size()) : weights.sum();
  const double ones = weighted(y, weights).sum(), share = ones / total;
  return ones * std::log(share) + (total - ones) * std::log1p(-share);
}

void require_both_outcomes(const Vector& y) {
  if (y.size() == 0) throw core::Error("no rows");
  const double ones = y.sum();
  if (ones > 0 && ones < static_cast<double>(y.size())) return;
  throw core::Error(std::string("the outcome is ") + (ones > 0 ? "1" : "0") + " in every row")
      .hint("a binary model needs both outcomes");
}

}  // namespace

double link_probability(double index, Link link) {
  if (link == Link::probit) return std::erfc(-index / std::numbers::sqrt2) / 2;
  return index > 0 ? 1 / (1 + std::exp(-index)) : std::exp(index) / (1 + std::exp(index));
}

double link_density(double index, Link link) {
  if (link == Link::probit) return std::exp(-index * index / 2) / std::sqrt(2 * std::numbers::pi);
  return link_probability(index, link) * link_probability(-index, link);
}

std::vector<std::int64_t> separated_rows(const Vector& y, const Matrix& X) {
  const Vector sign = 2 * y.array() - 1;
  const Matrix Z = numerics::scale_rows(X, sign);
  const Matrix bread = numerics::inverse_spd(numerics::crossprod(X), "regressors");
  constexpr int most = 2000;
  constexpr double nothing = 1e-6;
  Vector u = Vector::Ones(y.size());
  for (int step = 0; step < most; ++step) {
    const Vector v = numerics::product(Z, Vector(bread * numerics::crossprod(Z, u)));
    const double top = v.maxCoeff();
    if (top < nothing) return {};
    if (v.minCoeff() >= -1e-9 * top) {  // v itself is non-negative: γ is found
      std::vector<std::int64_t> rows;
      for (Index i = 0; i < v.size(); ++i)
        if (v[i] > 1e-6 * top) rows.push_back(i);
      return rows;
    }
    u = v.cwiseMax(0);
    core::poll();
  }
  return {};
}

Binary fit_binary(const Vector& y, const Matrix& X_given, const Vector& weights, const BinaryOptions& options) {
  require_both_outcomes(y);
  Binary out;
  {
    const numerics::LeastSquares ls = numerics::least_squares(X_given, y, weights, {.refine = false});
    out.kept = ls.kept;
    out.dropped = ls.dropped;
  }
  const bool all = out.dropped.empty();
  const Matrix reduced = all ? Matrix() : columns_of(X_given, out.kept);
  const Matrix& X = all ? X_given : reduced;
  out.loglik_null = null_loglik(y, weights);
  out.coef = Vector::Zero(X.cols());
  State now = state_at(y, X, weights, out.coef, options.link);
  while (!out.converged && out.iterations < options.maxiter) {
    core::poll();
    const Vector gradient = numerics::crossprod(X, weighted(now.slope, weights));
    const Matrix inverse = inverse_information(X, weighted(now.observed, weights));
    if (inverse.size() == 0) break;
    const Vector step = inverse * gradient;
    const double decrement = gradient.dot(step);
    ++out.iterations;
    out.converged = decrement <= options.tol * (1 + std::abs(now.loglik));
    State next;
    double length = 1;
    for (int halved = 0; halved < 30; ++halved, length /= 2) {
      next = state_at(y, X, weights, out.coef + length * step, options.link);
      if (next.loglik >= now.loglik - 1e-10 * (1 + std::abs(now.loglik))) break;
    }
    out.coef += length * step;
    now = std::move(next);
  }
  out.index = std::move(now.index);
  out.generalised = std::move(now.slope);
  out.loglik = now.loglik;
  out.fitted.resize(y.size());
  for (Index i = 0; i < y.size(); ++i) out.fitted[i] = link_probability(out.index[i], options.link);
  out.scores = numerics::scale_rows(X, weighted(out.generalised, weights));
  out.bread = inverse_information(X, weighted(now.observed, weights));
  out.expected_bread =
      options.link == Link::logit ? out.bread : inverse_information(X, weighted(now.expected, weights));
  if (out.bread.size() == 0 || out.expected_bread.size() == 0) out.converged = false;
  // Without a maximum the index of separated rows grows by about 1 a step; 12 is Pr = 6e-6.
  if (!out.converged || out.index.cwiseAbs().maxCoeff() > 12) out.separated = separated_rows(y, X);
  return out;
}

}  // namespace estimators
