// Effects of treatments that rise and fall: de Chaisemartin and D'Haultfœuille's dynamic estimator.
#pragma once

#include "estimators/estimator.hpp"

namespace estimators {

extern const Estimator dcdh;

}  // namespace estimators
