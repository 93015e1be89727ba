// The two numbers that are none.
#pragma once

#include <limits>

namespace core {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();
constexpr double infinity = std::numeric_limits<double>::infinity();

}  // namespace core
