// Wald tests, linear combinations, intervals: coefficients and covariance in, statistics out.
#pragma once

#include "numerics/distributions.hpp"
#include "numerics/types.hpp"

#include <string>

namespace inference {

using numerics::Matrix;
using numerics::Vector;

struct Test {
  std::string name;  ///< "joint test of x, z", "Sargan"
  double statistic = 0;
  std::string distribution;  ///< "F", "chi2", "t", "z"
  double df1 = 0, df2 = 0;   ///< df2 only for F and t
  double p = 1;
};

/// H0: R b = q. F with (rank, df_t) degrees of freedom, or chi2 when df_t is infinite. Redundant rows are counted once.
/// Throws core::Error when R V R' is zero.
Test wald(const Matrix& R, const Vector& q, const Vector& coef, const Matrix& vcov, double df_t);

Test chi2_test(std::string name, double statistic, double df);

/// Hausman's statistic d'(V₁ − V₂)⁻d ~ χ²(rank) of the difference d = b₁ − b₂, b₂ efficient under the null, V its
/// variance. p is NaN when the statistic is negative.
struct Contrast {
  Test test;
  bool positive = true;  ///< V₁ − V₂ is positive semi-definite
};
/// In units of the first standard errors, so that the rank does not depend on units of measure.
/// Source: Hausman (1978), Econometrica 46.
Contrast hausman(const Vector& difference, const Matrix& V1, const Matrix& V2);

struct Estimate {
  double value = 0, se = 0, t = 0, p = 1, low = 0, high = 0;
};
/// t when df_t is finite, z otherwise. `level` in (0, 1).
Estimate estimate(double value, double se, double df_t, double level = 0.95);

using numerics::chi2_upper;
using numerics::f_upper;
using numerics::normal_cdf;
using numerics::normal_quantile;
using numerics::t_quantile;
using numerics::t_two_sided;
using numerics::wald_power;

}  // namespace inference
