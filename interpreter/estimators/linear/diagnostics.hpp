// Specification tests after ordinary least squares.
#pragma once

#include "inference/tests.hpp"
#include "results/fit.hpp"

#include <string>
#include <utility>
#include <vector>

namespace estimators {

// All of them work on an unweighted least-squares fit without absorbed fixed effects or instruments, and throw
// core::Error for others, saying what to do.

/// Breusch & Pagan (1979): squared residuals on the regressors. `studentize`: Koenker's (1981) n·R², else half the
/// explained sum of squares of u²/σ².
inference::Test breusch_pagan(const results::Fit& fit, bool studentize);
/// White's test in Wooldridge's form: n·R² of squared residuals on the fitted values and their squares.
inference::Test white(const results::Fit& fit);
/// Ramsey's (1969) RESET: F test of powers 2 … `powers` of the fitted values.
inference::Test reset(const results::Fit& fit, int powers);
/// Durbin & Watson (1950) over rows in time order, with the exact p-value of H1: positive autocorrelation.
inference::Test durbin_watson(const results::Fit& fit);
/// Breusch (1978) and Godfrey (1978): serial correlation up to `order`; chi2 (n·R²) or, with `f_form`, F.
inference::Test breusch_godfrey(const results::Fit& fit, int order, bool f_form);
/// 1/(1 − R²_j) of each regressor on the others.
std::vector<std::pair<std::string, double>> variance_inflation(const results::Fit& fit);

struct Influence {
  numerics::Vector leverage;     ///< h_i
  numerics::Vector cooks;        ///< Cook's (1977) distance
  numerics::Vector studentized;  ///< externally studentized residuals
};
Influence influence(const results::Fit& fit);

}  // namespace estimators
