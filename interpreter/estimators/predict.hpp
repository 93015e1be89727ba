// Predictions, residuals and recovered fixed effects of a linear fit.
#pragma once

#include "data/frame.hpp"
#include "results/fit.hpp"

#include <string>
#include <vector>

namespace estimators {

enum class Prediction {
  xb,             ///< x'b (with _cons when the fit reports one)
  fitted,         ///< x'b plus the fixed effects
  fixed_effects,  ///< the sum of the fixed effects: fitted − xb
  residuals,      ///< y − fitted
};

/// One value per row of `frame`; without one, of the fit's own frame (rows outside the sample are predicted too when
/// their terms are known; their residuals are missing). Missing where a term is missing or a factor or fixed-effect
/// level was not in the sample. Throws core::Error for columns the frame lacks.
std::vector<double> predict(const results::Fit& fit, Prediction kind, const data::Frame* frame = nullptr);

/// Estimated effects of one absorbed dimension.
struct EffectValues {
  std::string name;                  ///< "city", "city[trend]"
  std::vector<std::string> columns;  ///< "" for the intercepts, then the slope variables
  std::vector<std::string> levels;
  numerics::Matrix values;  ///< levels × columns
};
/// The fixed effects of a linear fit. They are determined up to constants that move between dimensions: the first
/// dimension carries the level, the first level of each later one (of each connected part) is 0.
/// Throws core::Error when nothing is absorbed.
std::vector<EffectValues> fixed_effects(const results::Fit& fit);

/// The regressors of a fit over the rows of a frame: what x'b is made of.
struct RegressorColumns {
  numerics::Matrix values;                ///< rows × columns of the design
  std::vector<numerics::Index> position;  ///< of each coefficient: its column, or −1 for the constant
};
RegressorColumns regressor_columns(const results::Fit& fit, const data::Frame& frame);

/// sqrt(x'Vx) for every row of the fit's own frame, V the covariance in force. Throws core::Error when effects were
/// absorbed: their part of the variance is not known.
std::vector<double> prediction_errors(const results::Fit& fit);

/// The option word → what to predict: "xb", "fitted" ("xbd", "pr"), "fe" ("d"), "residuals". Throws with near names.
Prediction parse_prediction(const std::string& word);

}  // namespace estimators
