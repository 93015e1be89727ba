#pragma once

#include "estimators/estimator.hpp"

namespace estimators {

// Maximum likelihood; the head of ml.cpp says what each is.
extern const Estimator sar, sem, sac, sdm, sdem, slx, gns;

}  // namespace estimators
