#include "estimators/did/dcdh.hpp"
#include "estimators/did/did.hpp"
#include "estimators/did/dose.hpp"
#include "estimators/glm/logit.hpp"
#include "estimators/linear/linear.hpp"
#include "estimators/spatial/gmm.hpp"
#include "estimators/spatial/mess.hpp"
#include "estimators/spatial/ml.hpp"
#include "estimators/variance_components/random_effects.hpp"

namespace estimators {

const std::vector<const Estimator*>& registry() {
  static const std::vector<const Estimator*> all = {
      &reg,   &ols,   &feols,      &did,     &event_study, &logit,  &probit,   &att_gt, &aggte,       &drdid,
      &sunab, &etwfe, &imputation, &gardner, &stacked,     &dcdh,   &dose_did, &sar,    &sem,         &sac,
      &sdm,   &sdem,  &slx,        &gns,     &stsls,       &gs2sls, &gmerror,  &mess,   &spatial_did, &random_effects};
  return all;
}

}  // namespace estimators
