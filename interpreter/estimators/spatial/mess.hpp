#pragma once

#include "estimators/estimator.hpp"

namespace estimators {
extern const Estimator mess;
}
