// Logit and probit by maximum likelihood, as a kernel: arrays in, numbers out. Commands and propensity scores stand on
// it.
#pragma once

#include "numerics/types.hpp"

#include <cstdint>
#include <vector>

namespace estimators {

enum class Link { logit, probit };

struct BinaryOptions {
  Link link = Link::logit;
  int maxiter = 50;
  double tol = 1e-12;  ///< on the Newton decrement g'H⁻¹g over 1 + |log-likelihood|
};

struct Binary {
  std::vector<numerics::Index> kept;     ///< columns of X in use, ascending
  std::vector<numerics::Index> dropped;  ///< collinear with earlier ones
  numerics::Vector coef;                 ///< k, of the kept columns
  numerics::Vector index;                ///< n: x'b
  numerics::Vector fitted;               ///< n: Pr(y = 1 | x)
  numerics::Vector generalised;          ///< n: ∂ log-likelihood_i / ∂ (x'b), without the weight; logit: y − p
  numerics::Matrix scores;               ///< n×k: w_i · generalised_i · x_i
  numerics::Matrix bread;                ///< k×k: inverse of the observed information (Stata)
  numerics::Matrix expected_bread;       ///< k×k: inverse of the expected one (R's glm); the same for logit
  double loglik = 0, loglik_null = 0;    ///< null: the weighted share of ones as probability
  int iterations = 0;
  bool converged = false;
  /// Rows that a combination of the regressors predicts perfectly: their likelihood has no maximum. Empty: none.
  std::vector<std::int64_t> separated;
};

/// y: n values 0 or 1; X: n×k, the constant among its columns when there is one; weights: n positive or empty. Newton's
/// method on the log-likelihood, which is concave for both links, with halved steps where one overshoots.
///   log L = Σ w_i {y_i log F(x_i'b) + (1 − y_i) log(1 − F(x_i'b))},  F logistic or Φ.
/// Throws core::Error: no rows, y all 0 or all 1. Does not throw when there is no maximum: look at `converged` and
/// `separated`.
/// Sources: McCullagh & Nelder (1989), chapter 4; Albert & Anderson (1984) on separation.
Binary fit_binary(const numerics::Vector& y, const numerics::Matrix& X, const numerics::Vector& weights = {},
                  const BinaryOptions& options = {});

/// F(x) of the link.
double link_probability(double index, Link link);
/// F'(x) of the link.
double link_density(double index, Link link);

/// Rows that some γ separates: (2y_i − 1) x_i'γ ≥ 0 for all i, > 0 for these; the fitted probabilities there tend to 0
/// or
/// 1. Alternating projections from 1 between the span of the signed regressors and the non-negative vectors: they reach
/// zero unless such a γ exists. Source: Correia, Guimarães & Zylkin (2019), arXiv 1903.01633 (the iterative rectifier).
/// Variant: for 0/1 outcomes, where every row has a sign.
std::vector<std::int64_t> separated_rows(const numerics::Vector& y, const numerics::Matrix& X);

}  // namespace estimators
