#include "estimators/spatial/lm_tests.hpp"

#include "core/error.hpp"
#include "core/text.hpp"
#include "estimators/linear/linear.hpp"
#include "estimators/sample.hpp"
#include "estimators/spatial/model.hpp"
#include "numerics/dense.hpp"
#include "spatial/global.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace estimators {
namespace {

struct Stacked {
  StackedWeights W;
  std::vector<Index> row;
  Index units = 0, periods = 0;
  Vector put(const Vector& x) const {
    Vector out(x.size());
    for (std::size_t i = 0; i < row.size(); ++i) out[static_cast<Index>(i)] = x[row[i]];
    return out;
  }
};

Stacked stacked(const results::Fit& fit, const spatial::WeightsPtr& W, const std::string& what) {
  const Context& c = context_of(fit, what);
  const spatial::Periods at = spatial::align(*W, c.frame, c.rows);
  spatial::require_complete(*W, at);
  Stacked s;
  s.units = static_cast<Index>(at.units);
  s.periods = static_cast<Index>(at.periods());
  s.row.resize(c.rows.size());
  std::iota(s.row.begin(), s.row.end(), Index{0});
  std::sort(s.row.begin(), s.row.end(), [&](Index a, Index b) {
    const auto i = static_cast<std::size_t>(a), j = static_cast<std::size_t>(b);
    return at.period[i] != at.period[j] ? at.period[i] < at.period[j] : at.unit[i] < at.unit[j];
  });
  std::vector<std::vector<std::uint32_t>> units(at.periods());
  for (const Index r : s.row)
    units[at.period[static_cast<std::size_t>(r)]].push_back(at.unit[static_cast<std::size_t>(r)]);
  s.W = StackedWeights(W, std::move(units));
  return s;
}

inference::Test chi2(const std::string& name, double statistic, double df) {
  return {.name = name,
          .statistic = statistic,
          .distribution = "chi2",
          .df1 = df,
          .df2 = 0,
          .p = inference::chi2_upper(statistic, df)};
}

/// tr(W'W + WW) of one period.
double trace_of_squares(const spatial::Weights& W) {
  double sum = 0;
  for (std::size_t i = 0; i < W.units(); ++i)
    for (std::size_t p = W.start[i]; p < W.start[i + 1]; ++p) sum += W.value[p] * (W.value[p] + W.at(W.to[p], i));
  return sum;
}

void check_linear(const results::Fit& fit, const std::string& what) {
  if (fit.command != "ols" && fit.command != "reg" && fit.command != "feols")
    throw core::Error(what + " is for least squares, not for '" + fit.command + "'")
        .hint("m = ols(y ~ x); " + what + "(m, W)");
  if (!fit.first_stages.empty()) throw core::Error(what + " is for least squares without instruments");
  if (fit.weights.size() > 0) throw core::Error(what + " is for least squares without weights");
}

}  // namespace

std::vector<inference::Test> lm_tests(const results::Fit& fit, const spatial::WeightsPtr& W) {
  check_linear(fit, "lmtests");
  const Stacked s = stacked(fit, W, "lmtests");
  const Context& c = context_of(fit, "lmtests");
  std::vector<std::string> names;
  for (const std::string& name : fit.names) names.push_back(name);
  const Matrix columns = absorbed_columns(c, names);
  Matrix X(columns.rows(), columns.cols() - 1);
  for (Index j = 0; j < X.cols(); ++j) X.col(j) = s.put(columns.col(j + 1));
  const Vector y = s.put(columns.col(0)), e = s.put(fit.residuals);
  const double n = static_cast<double>(e.size()), sigma2 = e.squaredNorm() / n;
  const double T = static_cast<double>(s.periods) * trace_of_squares(*W);
  const Vector WXb = s.W.lag(numerics::product(X, fit.coef));
  const Vector M_WXb = numerics::least_squares(X, WXb).residuals;
  const double J = (M_WXb.squaredNorm() + T * sigma2) / sigma2;
  const double lag = e.dot(s.W.lag(y)) / sigma2, error = e.dot(s.W.lag(e)) / sigma2;
  const double robust_lag = std::pow(lag - error, 2) / (J - T);
  std::vector<inference::Test> out = {chi2("LM lag", lag * lag / J, 1), chi2("LM error", error * error / T, 1),
                                      chi2("robust LM lag", robust_lag, 1),
                                      chi2("robust LM error", std::pow(error - T / J * lag, 2) / (T * (1 - T / J)), 1),
                                      chi2("LM lag and error", robust_lag + error * error / T, 2)};
  if (s.periods == 1) {
    const spatial::Association moran = spatial::moran_residuals(*W, e, X, spatial::Alternative::two_sided);
    out.push_back({.name = "Moran's I of residuals",
                   .statistic = moran.z,
                   .distribution = "z",
                   .df1 = 0,
                   .df2 = 0,
                   .p = moran.p});
  }
  return out;
}

std::vector<inference::Test> bsk_tests(const results::Fit& fit, const spatial::WeightsPtr& W) {
  check_linear(fit, "bsktests");
  if (!fit.fe.empty()) throw core::Error("bsktests is for a pooled fit, without fixed effects");
  const Stacked s = stacked(fit, W, "bsktests");
  if (s.periods < 2) throw core::Error("bsktests needs a panel of two periods or more");
  const Vector e = s.put(fit.residuals);
  const double N = static_cast<double>(s.units), T = static_cast<double>(s.periods), ee = e.squaredNorm();
  const Eigen::Map<const Matrix> cells(e.data(), s.units, s.periods);
  const double A = cells.rowwise().sum().squaredNorm() / ee - 1;
  const double H = e.dot(s.W.lag(e)) / ee, b = trace_of_squares(*W);
  const double lm1 = std::sqrt(N * T / (2 * (T - 1))) * A, lm2 = std::sqrt(N * N * T / b) * H;
  const auto one_sided = [](const std::string& name, double z) {
    return inference::Test{.name = name,
                           .statistic = z,
                           .distribution = "z",
                           .df1 = 0,
                           .df2 = 0,
                           .p = spatial::p_value(z, spatial::Alternative::greater)};
  };
  // Both one-sided: a mixture of chi2 with 0, 1 and 2 degrees of freedom, of weights 1/4, 1/2, 1/4.
  const double joint = std::pow(std::max(lm1, 0.0), 2) + std::pow(std::max(lm2, 0.0), 2);
  inference::Test both{
      .name = "neither (LM-H)", .statistic = joint, .distribution = "chi2", .df1 = 2, .df2 = 0, .p = 1};
  if (joint > 0) both.p = inference::chi2_upper(joint, 1) / 2 + inference::chi2_upper(joint, 2) / 4;
  return {both, one_sided("random effects (LM1)", lm1), one_sided("spatial errors (LM2)", lm2)};
}

Hausman hausman(const results::Fit& fixed, const results::Fit& random) {
  Hausman h;
  std::vector<Index> f, r;
  for (std::size_t j = 0; j < fixed.names.size(); ++j) {
    const std::string& name = fixed.names[j];
    if (name == "rho" || name == "lambda" || name == "phi" || static_cast<Index>(j) == fixed.constant) continue;
    const auto at = std::find(random.names.begin(), random.names.end(), name);
    if (at == random.names.end()) continue;
    f.push_back(static_cast<Index>(j));
    r.push_back(static_cast<Index>(at - random.names.begin()));
    h.names.push_back(name);
  }
  if (f.empty())
    throw core::Error("the two results have no regressor in common")
        .hint("the same formula, once with fe=\"unit\" and once with effects=\"random\"");
  const Vector d = fixed.coef(f) - random.coef(r);
  const Matrix V = Matrix(fixed.vcov.matrix(f, f)) - Matrix(random.vcov.matrix(r, r));
  Index rank = 0;
  const Matrix inverse = numerics::pseudo_inverse(V, 1e-10, &rank);
  const double statistic = d.dot(inverse * d);
  h.test = {.name = "Hausman",
            .statistic = statistic,
            .distribution = "chi2",
            .df1 = static_cast<double>(rank),
            .df2 = 0,
            .p = statistic > 0 ? inference::chi2_upper(statistic, static_cast<double>(rank)) : 1};
  if (numerics::symmetric_eigen(V).values[0] < 0)
    h.note = "V_fixed - V_random is not positive definite: the statistic is not chi-squared in this sample";
  return h;
}

}  // namespace estimators
