// The array types of the numerical rooms: Eigen's, column-major doubles.
#pragma once

#include <Eigen/Core>

#include <cstdint>
#include <vector>

namespace numerics {

using Vector = Eigen::VectorXd;
using Matrix = Eigen::MatrixXd;
using Index = Eigen::Index;
using Codes = std::vector<std::int32_t>;  ///< one group code (0 … groups − 1) per row

}  // namespace numerics
