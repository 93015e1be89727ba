// The reduced system S in memory, and its factor when it is dense.
#pragma once

#include "numerics/absorb_reduced.hpp"

namespace numerics::absorption {

/// S = A − C'B⁻¹C, lower triangle filled (size × size).
Matrix dense_schur(const Reduced& reduced);

/// Replaces the lower triangle of a positive semidefinite S by its Cholesky factor L, column by column without
/// pivoting. A column whose pivot is at most `null_pivot` times `gram` depends on earlier ones: its row and column of L
/// become those of the unit matrix. Returns which columns stand (the rank is their number).
std::vector<bool> semidefinite_cholesky(Matrix& S, const Vector& gram, double null_pivot);

}  // namespace numerics::absorption
