// The commands logit and probit.
#pragma once

#include "estimators/estimator.hpp"
#include "estimators/glm/binary.hpp"

#include <string>
#include <vector>

namespace estimators {

extern const Estimator logit, probit;

/// Average marginal effects with standard errors by the delta method: of a continuous variable the mean over the sample
/// of F'(x'b) b_j, of a 0/1 variable the mean difference of probabilities at 1 and at 0 (Stata's margins, dydx on a
/// factor). Terms of one variable each; throws core::Error for interactions, powers and functions of the variable.
struct MarginalEffect {
  std::string name;
  double effect = 0, se = 0;
  bool discrete = false;
};
std::vector<MarginalEffect> marginal_effects(const results::Fit& fit, const std::vector<std::string>& variables);

}  // namespace estimators
