#pragma once

#include "estimators/estimator.hpp"

namespace estimators {

// By instruments and moments; the head of gmm.cpp says what each is.
extern const Estimator stsls, gs2sls, gmerror;

}  // namespace estimators
