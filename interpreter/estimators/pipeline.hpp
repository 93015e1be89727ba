// The steps every regression shares: formula → Design → absorb → (the estimator's own step) → Fit with vcov and notes.
#pragma once

#include "estimators/estimator.hpp"
#include "estimators/sample.hpp"
#include "estimators/settings.hpp"
#include "numerics/least_squares.hpp"

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace estimators {

using numerics::Index;
using numerics::Matrix;
using numerics::Vector;

/// What a linear estimator works on. `columns` holds y, then the endogenous columns, the exogenous ones and the
/// instruments, in this order; absorb() replaces them by their residuals.
struct Problem {
  std::shared_ptr<Context> context;
  Vector y;  ///< n, as given
  Matrix columns;
  std::vector<std::string> names;  ///< of all columns but y
  Index endogenous = 0, exogenous = 0, instruments = 0;
  bool constant = false;  ///< the last exogenous column is _cons
  bool absorbed_constant = false;
  std::string y_name;
  formula::WeightKind weight_kind = formula::WeightKind::none;
  std::size_t frame_rows = 0;
  Vector means;             ///< weighted mean of each of `columns` as given
  Vector spread;            ///< weighted norm of each about its mean (about zero when there is no constant), as given
  Vector norms;             ///< what collinearity is judged against: the same, but never zero
  Matrix endogenous_given;  ///< n×p, before absorbing
  double absorbed_tol = 1e-9;  ///< what absorbing may leave of a column that the fixed effects explain, of its norm
  numerics::AbsorbReport report;
  std::vector<std::string> notes;

  Index n() const { return y.size(); }
  const Vector& weights() const { return context->weights; }
  bool has_fe() const { return !context->fe.empty(); }
};

/// Rows, columns, codes and weights for a formula. `frame` may carry derived columns. Cluster variables and coordinates
/// of the vcov must be complete: rows without are dropped and counted. Throws what formula::design throws.
Problem prepare(const Settings& settings, formula::Parts parts, const data::Frame& frame);

/// Removes the fixed effects from `columns`. Without fixed effects only means, norms and tss are filled in.
void absorb(Problem& problem);

/// The position of _cons in Problem::columns, when there is a constant.
Index constant_column(const Problem& problem);

/// Least squares of columns `response` on columns `regressors` (positions in Problem::columns), with collinear ones
/// judged against their norm before absorbing. Of collinear columns the later go; the constant stays, as in R, Stata
/// and fixest.
numerics::LeastSquares regress(const Problem& problem, Index response, const std::vector<Index>& regressors);

/// Names the columns that `regress` dropped: says which are absorbed by the fixed effects.
void note_collinear(const Problem& problem, const std::vector<Index>& dropped, results::Fit& fit);

/// A fit with everything that does not depend on the estimator: names of things, rows, sample, counts, notes,
/// provenance. Coefficients, scores, bread and residuals are the estimator's.
results::Fit start_fit(const Problem& problem, const Settings& settings, const Request& request);

/// Puts the vcov in force and adds the statistics of a linear fit of column `response`: r2, r2_adj, r2_within,
/// r2_within_adj, rmse = √(RSS/(N − K)) as reghdfe, rmse_n = √(RSS/N) as fixest, loglik (with analytic weights that of
/// Var u = σ²/w), aic and bic with K counting every fixed effect (not σ²), F of all slopes by the vcov in force. Needs
/// coef, rss, rank, scores, bread.
void finish_linear(results::Fit& fit, const Problem& problem, const Settings& settings, Index response = 0);

/// The vcov of other scores on the same sample by given rules: what does not change between them is found once.
class Covariance {
 public:
  /// `k`: parameters beside the fixed effects.
  Covariance(const Context& context, const inference::VcovSpec& spec, const inference::Ssc& rules, Index k);
  inference::Vcov operator()(const Matrix& scores, const Matrix& bread, const Vector& residuals, double rss) const;

 private:
  const Context& context_;
  inference::VcovSpec spec_;
  inference::Ssc rules_;
  inference::VcovData data_;
  std::vector<results::AbsorbedEffect> fe_;
  Index k_;
};

/// Parameters of the model with every fixed effect counted by the rules in force: K of the iid vcov.
double parameters(const results::Fit& fit, const inference::Ssc& rules);

}  // namespace estimators
