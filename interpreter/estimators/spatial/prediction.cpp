#include "estimators/spatial/prediction.hpp"

#include "core/error.hpp"
#include "core/near.hpp"
#include "core/text.hpp"
#include "estimators/spatial/impacts.hpp"
#include "estimators/spatial/model.hpp"
#include "numerics/dense.hpp"

#include <algorithm>
#include <cmath>

namespace estimators {
namespace {

constexpr Index most_predicted = 3000;

double coefficient(const results::Fit& fit, const std::string& name) {
  const auto at = std::find(fit.names.begin(), fit.names.end(), name);
  if (at != fit.names.end()) return fit.coef[at - fit.names.begin()];
  return name == "lambda" && std::isfinite(fit.stat(name)) ? fit.stat(name) : 0;
}

/// Σ_j c^j W^j x/j!: e^{cW}x.
Vector exponential(const StackedWeights& W, double c, const Vector& x) {
  Vector term = x, sum = x;
  for (int j = 1; j < 300 && term.cwiseAbs().maxCoeff() > 1e-17 * sum.cwiseAbs().maxCoeff(); ++j) {
    term = c / j * W.lag(term);
    sum += term;
  }
  return sum;
}

/// Rows of the sample → stacked by period, and back.
Vector stacked(const SpatialContext& c, const Vector& x) {
  Vector out(x.size());
  for (std::size_t i = 0; i < c.row.size(); ++i) out[static_cast<Index>(i)] = x[c.row[i]];
  return out;
}
Vector unstacked(const SpatialContext& c, const Vector& x) {
  Vector out(x.size());
  for (std::size_t i = 0; i < c.row.size(); ++i) out[c.row[i]] = x[static_cast<Index>(i)];
  return out;
}

}  // namespace

bool predicts_spatially(const results::Fit& fit) {
  return dynamic_cast<const SpatialContext*>(fit.sample.get()) != nullptr;
}

Vector spatial_prediction(const results::Fit& fit, const std::string& what) {
  const SpatialContext& c = spatial_context(fit, "predict");
  const std::vector<std::string> known = {"fitted", "residuals", "xb", "trend", "signal", "TS", "TC"};
  if (std::find(known.begin(), known.end(), what) == known.end())
    throw core::Error("nothing called '" + what + "' to predict after a spatial model")
        .hint(core::did_you_mean(what, known, "kinds"))
        .word(what);
  if (what == "fitted") return fit.fitted;
  if (what == "residuals") return fit.residuals;
  if (what == "xb") return unstacked(c, c.xb);
  if (c.effects == Effects::random)
    throw core::Error(
        "after random effects there are xb, fitted and residuals: the effects themselves are not estimated")
        .word(what);
  if (what == "TS") return fit.fitted;
  const double rho = coefficient(fit, "rho"), lambda = coefficient(fit, "lambda"), alpha = coefficient(fit, "alpha");
  const Vector fitted = stacked(c, fit.fitted), y = fitted + stacked(c, fit.residuals);
  Vector signal = Vector::Zero(y.size());
  if (c.exponential) signal = y - exponential(c.W, alpha, y);
  if (rho != 0) signal += rho * c.W.lag(y);
  if (lambda != 0) signal += lambda * c.M.lag(c.u);
  if (what == "signal") return unstacked(c, signal);
  const Vector trend = fitted - signal;
  if (what == "trend") return unstacked(c, trend);
  return unstacked(c, c.exponential ? exponential(c.W, -alpha, trend) : inverse_times(c.W, rho, trend));
}

Spillovers spillovers(const results::Fit& fit, const std::string& regressor, const std::string& from) {
  const SpatialContext& c = spatial_context(fit, "spillovers");
  spatial::require_constant(c.W.whole(), "spillovers");
  const auto n = static_cast<Index>(c.W.whole().units());
  if (n > most_predicted)
    throw core::Error("spill-overs by unit need a dense matrix of all units: " + std::to_string(most_predicted) +
                      " at most, and W has " + std::to_string(n));
  const bool own = std::find(fit.names.begin(), fit.names.end(), regressor) != fit.names.end();
  const bool lagged = std::find(fit.names.begin(), fit.names.end(), "W*" + regressor) != fit.names.end();
  const auto parameter = [](const std::string& name) {
    return name == "rho" || name == "lambda" || name == "alpha" || name == "phi";
  };
  if (parameter(regressor)) throw core::Error("'" + regressor + "' is no regressor").word(regressor);
  if (!own && !lagged) {
    std::vector<std::string> regressors;
    for (std::size_t j = 0; j < fit.names.size(); ++j)
      if (!parameter(fit.names[j]) && static_cast<Index>(j) != fit.constant && !core::starts_with(fit.names[j], "W*"))
        regressors.push_back(fit.names[j]);
    throw core::Error("no regressor '" + regressor + "'")
        .hint(core::did_you_mean(regressor, regressors, "regressors"))
        .word(regressor);
  }
  const Matrix W = spatial::dense(c.W.whole()), I = Matrix::Identity(n, n);
  Matrix S = coefficient(fit, regressor) * I + coefficient(fit, "W*" + regressor) * W;
  if (c.exponential) {
    const double alpha = coefficient(fit, "alpha");
    Matrix term = S;
    for (int j = 1; j < 300 && term.cwiseAbs().maxCoeff() > 1e-18; ++j) {
      term = -alpha / j * numerics::product(W, term);
      S += term;
    }
  } else if (const double rho = coefficient(fit, "rho"); rho != 0) {
    require_admissible(rho, c, "spillovers");
    S = numerics::solve(I - rho * W, S, "I - rho W");
  }
  Spillovers out;
  out.units = c.W.whole().ids;
  out.direct = S.diagonal();
  out.received = Vector(S.rowwise().sum()) - out.direct;
  out.sent = Vector(S.colwise().sum().transpose()) - out.direct;
  if (!from.empty()) out.effect = S.col(static_cast<Index>(spatial::unit_of(c.W.whole(), from)));
  return out;
}

}  // namespace estimators
