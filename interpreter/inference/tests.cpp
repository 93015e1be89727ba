#include "inference/tests.hpp"

#include "core/error.hpp"

#include "numerics/dense.hpp"

#include <cassert>
#include <cmath>
#include <limits>

namespace inference {
namespace {

using numerics::Index;

/// Do the restrictions R b = q contradict each other (x = 0 and x = 1)? They do when q is not in the span of R's
/// columns.
bool contradictory(const Matrix& R, const Vector& q) {
  const numerics::Svd svd = numerics::svd(R);
  Vector gap = q;
  for (Index j = 0; j < svd.values.size() && svd.values[j] > 1e-13 * svd.values[0]; ++j)
    gap -= svd.U.col(j).dot(q) * svd.U.col(j);
  return gap.cwiseAbs().maxCoeff() > 1e-9 * (1 + q.cwiseAbs().maxCoeff());
}

}  // namespace

Test wald(const Matrix& R, const Vector& q, const Vector& coef, const Matrix& vcov, double df_t) {
  assert(R.cols() == coef.size() && R.rows() == q.size() && vcov.rows() == coef.size());
  if (R.rows() == 0) throw core::Error("a joint test needs at least one restriction");
  const Vector gap = numerics::product(R, coef) - q;
  const Matrix V = numerics::sandwich(R, vcov);
  if (!V.allFinite()) throw core::Error("the covariance of the tested combinations is missing");
  if (R.rows() > 1 && contradictory(R, q)) throw core::Error("the hypotheses contradict each other");
  // In units of each restriction's own standard error, so that units of measure do not decide the rank.
  const Vector scale = V.diagonal().unaryExpr([](double v) { return v > 0 ? 1 / std::sqrt(v) : 0.0; });
  if (scale.isZero(0)) throw core::Error("the tested combinations have no variance: there is nothing to test");
  const auto [values, vectors] = numerics::symmetric_eigen(scale.asDiagonal() * V * scale.asDiagonal());
  const Vector turned = numerics::crossprod(vectors, Vector(scale.cwiseProduct(gap)));
  Test out;
  double sum = 0;
  for (Index i = 0; i < turned.size(); ++i) {
    if (values[i] <= 1e-12 * values[turned.size() - 1]) continue;
    sum += turned[i] * turned[i] / values[i];
    out.df1 += 1;
  }
  if (std::isinf(df_t)) {
    out.distribution = "chi2";
    out.statistic = sum;
    out.p = chi2_upper(sum, out.df1);
  } else {
    out.distribution = "F";
    out.statistic = sum / out.df1;
    out.df2 = df_t;
    out.p = f_upper(out.statistic, out.df1, df_t);
  }
  return out;
}

Estimate estimate(double value, double se, double df_t, double level) {
  assert(level > 0 && level < 1);
  Estimate out{.value = value, .se = se};
  out.t = se > 0 ? value / se : std::numeric_limits<double>::quiet_NaN();
  out.p = t_two_sided(out.t, df_t);
  const double reach = t_quantile(0.5 + level / 2, df_t) * se;
  out.low = value - reach;
  out.high = value + reach;
  return out;
}

Test chi2_test(std::string name, double statistic, double df) {
  return {.name = std::move(name),
          .statistic = statistic,
          .distribution = "chi2",
          .df1 = df,
          .df2 = 0,
          .p = chi2_upper(statistic, df)};
}

Contrast hausman(const Vector& difference, const Matrix& V1, const Matrix& V2) {
  const Vector scale = V1.diagonal().cwiseSqrt().cwiseInverse();
  const Vector d = difference.cwiseProduct(scale);
  const Matrix V = scale.asDiagonal() * (V1 - V2) * scale.asDiagonal();
  numerics::Index rank = 0;
  const double statistic = numerics::product(numerics::pseudo_inverse(V, 1e-10, &rank), d).dot(d);
  Contrast out{.test = chi2_test("Hausman", statistic, static_cast<double>(rank)),
               .positive = numerics::symmetric_eigen(V).values[0] >= -1e-10};
  if (!(statistic > 0)) out.test.p = std::nan("");
  return out;
}

}  // namespace inference
