#include "estimators/did/did.hpp"
#include "estimators/glm/logit.hpp"
#include "estimators/linear/linear.hpp"

namespace estimators {

const std::vector<const Estimator*>& registry() {
  static const std::vector<const Estimator*> all = {&reg, &ols, &feols, &did, &event_study, &logit, &probit};
  return all;
}

}  // namespace estimators
