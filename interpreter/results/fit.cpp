#include "results/fit.hpp"

#include "core/error.hpp"
#include "core/near.hpp"
#include "core/text.hpp"
#include "inference/cluster_leverage.hpp"

#include <cmath>
#include <limits>

namespace results {

double Fit::stat(const std::string& name) const {
  for (const auto& [known, value] : stats)
    if (known == name) return value;
  return std::numeric_limits<double>::quiet_NaN();
}

void Fit::set_stat(const std::string& name, double value) {
  for (auto& [known, old] : stats)
    if (known == name) {
      old = value;
      return;
    }
  stats.emplace_back(name, value);
}

Index Fit::position(const std::string& coefficient) const {
  for (std::size_t i = 0; i < names.size(); ++i)
    if (names[i] == coefficient) return static_cast<Index>(i);
  for (std::size_t i = 0; i < names.size(); ++i)
    if (core::same_but_spaces(names[i], coefficient)) return static_cast<Index>(i);
  for (const std::string& name : collinear)
    if (name == coefficient)
      throw core::Error("no coefficient '" + coefficient + "': it was dropped as collinear").word(coefficient);
  throw core::Error("no coefficient '" + coefficient + "'")
      .hint(core::did_you_mean(coefficient, names, "coefficients"))
      .word(coefficient);
}

double Fit::se(Index i) const {
  const double variance = vcov.matrix(i, i);
  return variance >= 0 ? std::sqrt(variance) : std::numeric_limits<double>::quiet_NaN();
}

void set_overall_test(Fit& fit) {
  const Index k = fit.coef.size();
  const Index slopes = k - (fit.constant >= 0 ? 1 : 0);
  if (slopes == 0) return;
  Matrix R = Matrix::Zero(slopes, k);
  double df = fit.vcov.df_t;
  for (Index j = 0, row = 0; j < k; ++j) {
    if (j == fit.constant) continue;
    R(row++, j) = 1;
    if (slopes == 1) df = fit.vcov.df_of(j);
  }
  try {
    const inference::Test test = inference::wald(R, Vector::Zero(slopes), fit.coef, fit.vcov.matrix, df);
    const bool finite = test.distribution == "F";
    fit.set_stat("F", test.statistic / (finite ? 1 : test.df1));
    fit.set_stat("F_df1", test.df1);
    fit.set_stat("F_df2", finite ? test.df2 : std::numeric_limits<double>::infinity());
    fit.set_stat("F_p", test.p);
  } catch (const core::Error&) {  // a covariance of zeros (a perfect fit) has no test to report
  }
}

Fit vcov_as(const Fit& fit, const inference::VcovSpec& spec) { return vcov_as(fit, spec, fit.ssc); }

Fit vcov_as(const Fit& fit, const inference::VcovSpec& spec, const inference::Ssc& ssc) {
  if (fit.scores.cols() != fit.coef.size() || fit.bread.rows() != fit.coef.size())
    throw core::Error((fit.command.empty() ? "this result" : "'" + fit.command + "'") +
                      " leaves no scores, so its covariance cannot be changed after the fit");
  if (inference::uses_leverage(spec.kind) &&
      !(inference::is_clustered(spec.kind) ? bool(fit.hat_basis) : bool(fit.leverage)))
    throw core::Error("vcov '" + inference::print(spec) + "' needs leverages, which '" + fit.command +
                      "' does not have")
        .hint(inference::is_clustered(spec.kind) ? "use vcov=cluster(…)" : "use vcov=\"hetero\"");
  inference::VcovData data;
  if (fit.sample) data = fit.sample->vcov_data(spec);
  Fit out = fit;
  out.ssc = ssc;
  out.vcov = inference::vcov(spec, sandwich(fit), data, ssc);
  if (!std::isnan(fit.stat("F"))) set_overall_test(out);
  if (!fit.tests.empty()) out.notes.push_back("tests are those of the estimation's vcov: " + fit.vcov.label);
  return out;
}

inference::Sandwich sandwich(const Fit& fit) {
  inference::Sandwich out{.scores = fit.scores,
                          .bread = fit.bread,
                          .residuals = fit.residuals,
                          .weights = fit.weights,
                          .frequency = fit.frequency_weights,
                          .n = fit.nobs,
                          .rss = fit.rss,
                          .k = fit.rank,
                          .constant = fit.constant,
                          .fe_levels = {},
                          .fe_redundant = {},
                          .fe_nestable = {},
                          .leverage = fit.leverage,
                          .hat_basis = fit.hat_basis,
                          .likelihood = fit.likelihood};
  for (const AbsorbedEffect& fe : fit.fe) {
    out.fe_levels.push_back(fe.levels);
    out.fe_redundant.push_back(fe.redundant);
    out.fe_nestable.push_back(fe.nestable);
    out.fe_slopes.push_back(fe.slopes);
  }
  return out;
}

double degrees_of_freedom(const Fit& fit, const Vector& c) {
  if (fit.vcov.df.size() == 0 || !fit.hat_basis || !fit.sample) return fit.vcov.df_t;
  const inference::Codes clusters = fit.sample->vcov_data(fit.vcov.spec).clusters.front();
  const inference::ClusterBlocks blocks =
      inference::cluster_blocks(fit.hat_basis(clusters), fit.residuals, fit.weights, clusters, c.size());
  return inference::leverage_vcov(blocks, fit.vcov.spec.kind == inference::VcovKind::cr3, c).df[0];
}

std::vector<CoefficientRow> coefficient_table(const Fit& fit, std::optional<double> level) {
  std::vector<CoefficientRow> rows;
  for (Index i = 0; i < fit.coef.size(); ++i) {
    rows.push_back({fit.names[static_cast<std::size_t>(i)],
                    inference::estimate(fit.coef[i], fit.se(i), fit.vcov.df_of(i), level.value_or(fit.level))});
    if (fit.p_values.size() > 0) rows.back().estimate.p = fit.p_values[i];
  }
  return rows;
}

}  // namespace results
