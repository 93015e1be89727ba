// Hausman's specification test: H = d'(V₁ − V₂)⁻d ~ χ²(rank), d = b₁ − b₂, b₂ efficient under the null.
// Source: Hausman (1978), Econometrica 46, 1251-1271. Peers: Stata hausman, plm::phtest.
#include "estimators/variance_components/hausman.hpp"

#include "core/error.hpp"
#include "core/text.hpp"
#include "numerics/dense.hpp"

#include <algorithm>
#include <cmath>

namespace estimators {
namespace {

void require_efficient(const results::Fit& fit) {
  if (fit.likelihood || fit.vcov.spec.kind == inference::VcovKind::iid) return;
  throw core::Error("hausman compares iid covariances, and that of '" + fit.command + "' is " + fit.vcov.label)
      .hint(
          "V1 - V2 is a variance only when the second estimator is efficient; with clusters, add the regressors' means "
          "by "
          "unit to the random effects and test them: gen(mx = mean(x), by=unit), m:test(\"mx\")");
}

double sigma_of(const results::Fit& fit) {
  const double sigma = fit.stat("rmse");
  if (std::isnan(sigma))
    throw core::Error("'" + fit.command + "' has no root mean square error to take for both").word("sigmamore");
  return sigma;
}

struct CommonCoefficients {
  std::vector<std::string> names;
  std::vector<Index> first, second;
};

CommonCoefficients common_coefficients(const results::Fit& a, const results::Fit& b) {
  CommonCoefficients common;
  for (std::size_t j = 0; j < a.names.size(); ++j) {
    const auto at = std::find(b.names.begin(), b.names.end(), a.names[j]);
    if (static_cast<Index>(j) == a.constant || a.names[j] == "_cons" || at == b.names.end()) continue;
    common.names.push_back(a.names[j]);
    common.first.push_back(static_cast<Index>(j));
    common.second.push_back(static_cast<Index>(at - b.names.begin()));
  }
  if (common.names.empty())
    throw core::Error("the two results have no coefficient in common").hint("the same formula, estimated in two ways");
  return common;
}

}  // namespace

HausmanTest hausman_test(const results::Fit& consistent, const results::Fit& efficient, HausmanSigma sigma) {
  require_efficient(consistent);
  require_efficient(efficient);
  const CommonCoefficients common = common_coefficients(consistent, efficient);
  double first_factor = 1, second_factor = 1;
  if (sigma != HausmanSigma::own) {
    const double ratio = sigma_of(efficient) / sigma_of(consistent);
    if (sigma == HausmanSigma::efficient) first_factor = ratio * ratio;
    if (sigma == HausmanSigma::consistent) second_factor = 1 / (ratio * ratio);
  }
  HausmanTest out;
  out.names = common.names;
  out.first = consistent.coef(common.first);
  out.second = efficient.coef(common.second);
  const Matrix V1 = first_factor * consistent.vcov.matrix(common.first, common.first);
  const Matrix V2 = second_factor * efficient.vcov.matrix(common.second, common.second);
  out.se = (V1 - V2).diagonal().unaryExpr([](double v) { return v > 0 ? std::sqrt(v) : std::nan(""); });
  const inference::Contrast contrast = inference::hausman(out.first - out.second, V1, V2);
  out.test = contrast.test;
  if (out.test.statistic < 0)
    out.notes.emplace_back(
        "the statistic is negative, and there is no p-value: it does not speak for the second result");
  if (!contrast.positive)
    out.notes.emplace_back(
        "V1 - V2 is not positive definite; sigmamore takes one variance for both, which mends it often");
  if (out.test.df1 < static_cast<double>(V1.rows()))
    out.notes.push_back("V1 - V2 has rank " + core::shortest(out.test.df1) + " for " +
                        core::counted(V1.rows(), "coefficient"));
  if (consistent.rows != efficient.rows)
    out.notes.push_back("the samples differ: " + core::shortest(consistent.nobs) + " and " +
                        core::shortest(efficient.nobs) + " observations");
  return out;
}

}  // namespace estimators
