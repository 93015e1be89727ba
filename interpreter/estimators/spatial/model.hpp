// What every spatial model works on: outcome, regressors and their lags, rows stacked by period and unit of W.
#pragma once

#include "estimators/pipeline.hpp"
#include "estimators/spatial/stacked_weights.hpp"
#include "numerics/absorb.hpp"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace estimators {

enum class Effects { none, unit, time, both, random };
std::string_view name_of(Effects effects);

/// A context that remembers the weights and the model: for impacts and tests after the fit.
struct SpatialContext : Context {
  StackedWeights W, M;  ///< of the lag and of the error; the same unless error_W was given
  std::shared_ptr<const StackedLogDet> logdet;
  Effects effects = Effects::none;
  bool lee_yu = false;
  bool exponential = false;          ///< e^{αW} in the place of I − ρW
  std::vector<std::string> dummies;  ///< of time, beside random unit effects
  std::string own_lag, spatial_lag;  ///< names of L.y and W*L.y in a dynamic model; empty when they are not there
  Matrix X;                          ///< regressors as used, effects removed
  Vector y;
  Vector xb;               ///< Xb + WXg, stacked
  Vector u;                ///< with a spatial error: the errors before their filter, without effects; stacked
  std::vector<Index> row;  ///< stacked row → row of the fit
  std::vector<numerics::FixedEffect> removed;  ///< the panel's effects, codes over the rows of the fit
  /// Says of these which are nested in a cluster, too.
  inference::VcovData vcov_data(const inference::VcovSpec& spec) const override;
};
const SpatialContext& spatial_context(const results::Fit& fit, const std::string& what);

struct SpatialModel {
  Settings settings;
  Problem problem;
  std::shared_ptr<SpatialContext> context;
  std::vector<Index> row;           ///< stacked row → row of the sample
  std::vector<Index> unit, period;  ///< of each stacked row
  Index units = 0, periods = 0;
  bool balanced = true;
  Effects effects = Effects::none;
  Vector y;  ///< stacked, effects not removed
  Matrix X;  ///< regressors, then lagged ones
  std::vector<std::string> names;
  Index constant = -1, plain = 0;  ///< plain: regressors that are not lags
  std::vector<Index> lag_of;       ///< for each lagged column: the column it is the lag of
  std::vector<std::string> notes, period_names;
  bool demeaned_first = false;  ///< lags are taken of data without effects, and keep what effects that brings back

  Index n() const { return y.size(); }
  /// Removes the unit and time effects from the columns.
  Matrix without_effects(Matrix columns) const;
  /// W times data: what the likelihood asks is to remove the effects after the lag; demeaned_first leaves them.
  Matrix without_effects_again(Matrix columns) const {
    return demeaned_first ? columns : without_effects(std::move(columns));
  }
  /// Stacked rows → rows of the sample.
  Vector to_sample(const Vector& stacked) const;
  Matrix to_sample(const Matrix& stacked) const;
};

/// durbin: lag the regressors (all but the constant, or those of durbin=). Throws core::Error: no weights, W and sample
/// that differ, weights=, instruments, effects without a panel.
SpatialModel spatial_model(const Request& request, const std::string& command, bool durbin);
/// Puts dummies in the place of time effects when rows of W or of the error's weights sum to different numbers within a
/// period: removing means of periods would then not remove the effects from the filtered rows. With a note. Throws
/// core::Error for dynamic models, whose bias correction needs the means.
void time_effects_as_dummies(SpatialModel& model, bool dynamic);
/// Regressors that are neither lags nor dummies of time, then the dummies of time.
Matrix without_lags(const SpatialModel& model);
/// Options every spatial model takes.
std::vector<core::OptionSpec> spatial_options(bool durbin);
core::OptionSpec dynamic_option();
/// Drops columns that are collinear once the effects are gone, with a note.
void drop_collinear(SpatialModel& model, results::Fit& fit);
/// Parameters that fixed effects stand for.
double effect_parameters(const SpatialModel& model);
/// loglik, aic, bic, sigma2, rss, parameters, likelihood_rows (fewer than rows after a transformation),
/// r2_squared_correlation, units and periods.
void set_likelihood_statistics(results::Fit& fit, const SpatialModel& model, double loglik, double sigma2, double n,
                               double parameters);
/// r2_within, r2_between, r2_overall of a panel, once the context has Xb. rho: 0 when the model has no spatial lag.
void set_panel_statistics(results::Fit& fit, const SpatialModel& model, double rho);
std::string likelihood_note(const results::Fit& fit);
/// A fit with everything but estimates.
results::Fit start_spatial_fit(const SpatialModel& model, const Request& request, const std::string& title);

}  // namespace estimators
