// Least squares with weights on the simplex: w_j ≥ 0, Σ w_j = 1. Exact, by an active set.
#pragma once

#include "numerics/types.hpp"

namespace numerics {

/// The w that minimises w'Hw − 2c'w over the simplex; H: J×J positive semi-definite (A'A plus any ridge), c = A'b.
/// Starts from the best vertex and adds, one at a time, the coordinate whose multiplier is most negative, with a
/// Lawson–Hanson step back to the boundary. Where the solution is not unique a ridge of 1e-11 of the mean diagonal
/// picks one. Source: Lawson & Hanson (1974), chapter 23; Nocedal & Wright (2006), section 16.5.
Vector simplex_minimum(const Matrix& H, const Vector& c);

/// The same for ‖A w − b‖² + ridge ‖w‖².
Vector simplex_least_squares(const Matrix& A, const Vector& b, double ridge = 0);

}  // namespace numerics
