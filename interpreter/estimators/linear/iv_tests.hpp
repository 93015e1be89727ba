// Tests of instruments: strength, underidentification, exogeneity of the regressors, overidentification.
// All work on y, endogenous columns and excluded instruments with fixed effects and exogenous regressors partialled out
// (Frisch–Waugh–Lovell leaves every statistic here as it is).
#pragma once

#include "estimators/pipeline.hpp"

#include <string>
#include <vector>

namespace estimators {

/// The partialled-out system, rows times √w, so that cross-products are weighted.
struct Instrumented {
  const Problem& problem;
  const Settings& settings;
  Vector y;         ///< n
  Matrix X;         ///< n×p endogenous
  Matrix Z;         ///< n×L excluded instruments, linearly independent
  Index exogenous;  ///< columns partialled out beside the fixed effects
  std::vector<std::string> endogenous_names;
};

/// Covariance of Σ_i scores_i by the vcov in force, without small-sample factor; for iid from `variance` · Z'Z.
/// `scores`: n×m of Z∘e (rows times √w each).
Matrix moment_covariance(const Instrumented& iv, const Matrix& scores);

/// The small-sample factor that the vcov in force puts on a regression on the instruments, and its t degrees of
/// freedom.
struct FirstStageRules {
  double factor = 1;  ///< multiplies the covariance
  double df = 0;      ///< degrees of freedom of F tests
};
FirstStageRules first_stage_rules(const Instrumented& iv);

/// Kleibergen–Paap rk LM (underidentification) as a test; kleibergen_paap_F, cragg_donald_F and, with one endogenous
/// regressor, effective_F as statistics.
/// Sources: Kleibergen & Paap (2006); Cragg & Donald (1993); Montiel Olea & Pflueger (2013). Variant: rk statistics as
/// Baum, Schaffer & Stillman (2007) compute them, residuals from the first stage for the Wald form.
void add_identification_tests(const Instrumented& iv, results::Fit& fit);

/// Sargan (vcov iid) or Hansen's J at two-step efficient GMM (any other vcov), when there are more instruments than
/// endogenous regressors. `u`: structural residuals, times √w. Sources: Sargan (1958); Hansen (1982).
void add_overidentification_test(const Instrumented& iv, const Vector& u, results::Fit& fit);

/// Confidence set of the coefficient of the only endogenous regressor by inverting the Anderson–Rubin test with the
/// vcov in force: right whatever the strength of the instruments. Solved as a quadratic when it is one (iid, or one
/// instrument), else on a grid over the whole line with bisection at each crossing. Adds a test (coefficient = 0), a
/// note with the set, and ar_low, ar_high when it is one interval. Source: Anderson & Rubin (1949).
void add_anderson_rubin(const Instrumented& iv, double coefficient, double se, results::Fit& fit);

}  // namespace estimators
