#include "estimators/did/did.hpp"
#include "estimators/linear/linear.hpp"

namespace estimators {

const std::vector<const Estimator*>& registry() {
  static const std::vector<const Estimator*> all = {&reg,   &ols,   &feols, &did,        &event_study, &att_gt, &aggte,
                                                    &drdid, &sunab, &etwfe, &imputation, &gardner,     &stacked};
  return all;
}

}  // namespace estimators
