// The array types of the numerical rooms: Eigen's, column-major doubles.
#pragma once

#include "core/parallel.hpp"

#include <Eigen/Core>

#include <cstdint>
#include <vector>

namespace numerics {

using Vector = Eigen::VectorXd;
using Matrix = Eigen::MatrixXd;
using Index = Eigen::Index;
using Codes = std::vector<std::int32_t>;  ///< one group code (0 … groups − 1) per row

/// body(from, count) over blocks of rows that cover [0, n), on core::threads(); as core::for_blocks. Each thread
/// touches its rows of a new array first, which for a million rows costs as much as filling them.
template <class Body>
void for_rows(Index n, const Body& body) {
  core::for_blocks(static_cast<std::size_t>(n), 1 << 16, [&](std::size_t begin, std::size_t end) {
    body(static_cast<Index>(begin), static_cast<Index>(end - begin));
  });
}

}  // namespace numerics
