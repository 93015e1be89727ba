// Margins of a model that is linear in its coefficients.
//   predictive margin   m = mean of x_i(v)'b over the sample, x_i(v) the regressors with some variables put to values v
//   effect of a level   m(g = l) - m(g = base)
//   marginal effect     mean of dx_i'b/dz: central differences with Richardson's step, (4 D(h/2) - D(h)) / 3
// Each is w'b with weights w on the coefficients, so that its variance is w'Vw (the delta method, exact here).
// Source: Searle, Speed & Milliken (1980), The American Statistician 34: 216-221; Stata's [R] margins.
#pragma once

#include "results/fit.hpp"

#include "formula/tree.hpp"

#include <map>
#include <string>
#include <vector>

namespace estimators {

/// A variable of the right side: a factor (i.g, text) or a number.
struct MarginVariable {
  std::string name;
  bool factor = false;
};
/// In the order in which they stand in the formula; lags are left out.
std::vector<MarginVariable> margin_variables(const results::Fit& fit);

struct FactorLevels {
  std::vector<std::string> names;  ///< over the sample, sorted
  std::size_t base = 0;            ///< the reference given, else the first
};
FactorLevels factor_levels(const results::Fit& fit, const std::string& column);

/// Where the model is evaluated: the rows, and what is put into them.
struct MarginPoint {
  std::map<std::string, std::string> values;  ///< column → value, as text
  bool at_means = false;                      ///< other columns at their means, factors at their shares
  std::map<std::string, std::string> over;    ///< rows of the sample where the column has this level
  formula::Tree where;                        ///< a further condition on them; may be null
};

/// The weights w (k). NaN where a margin is not estimable: a combination of levels that the sample lacks. Throws
/// core::Error: no row left, a value that is no level or number, absorbed effects without a constant.
numerics::Vector margin_weights(const results::Fit& fit, const MarginPoint& point);
/// The weights of the derivative by a column.
numerics::Vector slope_weights(const results::Fit& fit, const std::string& column, const MarginPoint& point);
/// The weights of the effect of the level that point.values gives `factor`, against `base`.
numerics::Vector effect_weights(const results::Fit& fit, const std::string& factor, const std::string& base,
                                const MarginPoint& point);
/// w'b with its standard error.
inference::Estimate margin_estimate(const results::Fit& fit, const numerics::Vector& weights, double level);

}  // namespace estimators
