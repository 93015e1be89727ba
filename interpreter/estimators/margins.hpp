// Predictive margins and marginal effects of a model with a linear index, y = F(x'b): F is the identity for linear
// models, the logistic or normal distribution for logit and probit.
//   predictive margin   m = mean of F(x_i(v)'b) over the sample, x_i(v) the regressors with some variables put to v
//   effect of a level   m(g = l) - m(g = base)
//   marginal effect     mean of dF(x_i'b)/dz: central differences with Richardson's step, (4 D(h/2) - D(h)) / 3
//   elasticities        eyex: mean of d ln F/d ln z; eydx: d ln F/dz, for levels ln F(l) - ln F(base); dyex: dF/d ln z
// The gradient G of each by b is the same mean of f(x_i'b) x_i, and its variance G'VG (the delta method, exact for
// linear models). Source: Searle, Speed & Milliken (1980), The American Statistician 34: 216-221; Stata's [R] margins.
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
  /// column → value, as text; "(mean)", "(median)", "(p25)", "(min)", "(max)", "(zero)": of the rows in use.
  std::map<std::string, std::string> values;
  bool at_means = false;                    ///< other columns at their means, factors at their shares
  std::map<std::string, std::string> over;  ///< rows of the sample where the column has this level
  formula::Tree where;                      ///< a further condition on them; may be null
};

enum class MarginScale { dydx, eyex, eydx, dyex };

/// What is asked: a prediction; with `slope` the derivative by that number; with `factor` the effect of its level `to`
/// against `base`.
struct MarginAsk {
  std::string slope = {};
  std::string factor = {}, to = {}, base = {};
  MarginScale scale = MarginScale::dydx;
  bool index = false;  ///< of x'b, although the estimate has a link
};

struct Margin {
  double value = 0;
  numerics::Vector gradient;  ///< by the coefficients
  /// A combination of levels that the sample lacks has no margin.
  bool estimable() const { return gradient.allFinite(); }
};

/// Has the estimate a link, so that its prediction is a probability?
bool predicts_probability(const results::Fit& fit);

/// Throws core::Error: no row left, a value that is no level or number, absorbed effects where levels are asked,
/// elasticities where a prediction is zero.
Margin margin(const results::Fit& fit, const MarginPoint& point, const MarginAsk& ask = {});
/// A margin with its standard error.
inference::Estimate margin_estimate(const results::Fit& fit, const Margin& margin, double level);
/// H0: all are zero, by the covariance in force.
inference::Test margins_test(const results::Fit& fit, const std::vector<Margin>& margins);
/// The margins as an estimate of their own, whose coefficients they are: what test, lincom and tables ask.
results::Fit posted_margins(const results::Fit& fit, const std::vector<std::string>& names,
                            const std::vector<Margin>& margins, const std::string& title);

}  // namespace estimators
