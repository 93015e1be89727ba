// Panel models whose unit effects are random.
#pragma once

#include "estimators/estimator.hpp"

namespace estimators {

extern const Estimator random_effects;

}  // namespace estimators
