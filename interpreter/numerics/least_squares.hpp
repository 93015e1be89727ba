// Weighted least squares on a dense design, right to the last digits that double-precision data hold.
#pragma once

#include "numerics/types.hpp"

#include <vector>

namespace numerics {

struct LeastSquaresOptions {
  /// Column j is dropped when what earlier kept columns leave of it, ‖x_j − Σ c_i x_i‖, is at most collinear_tol ×
  /// (‖x_j‖ + Σ |c_i| ‖x_i‖): that much can come from rounding the columns themselves. 1e-13 also catches collinear
  /// columns that went through a text file of 15 digits, and keeps Filip's x^10 (3e-10 by this measure).
  double collinear_tol = 1e-13;
  /// k norms of the columns before fixed effects were absorbed; empty when none were. A column is also dropped when
  /// what is left of it is at most reference_tol × its reference norm.
  Vector reference_norms = {};
  /// Absorbing leaves noise of this relative size. Closed forms: 1e-11 is ample; after an iteration that stopped at a
  /// scaled residual r, give about 100 r.
  double reference_tol = 1e-9;
  bool refine = true;  ///< iterate on double-double residuals when the condition calls for it
};

struct LeastSquares {
  Vector coef;                 ///< kept columns only, in the order of `kept`
  std::vector<Index> kept;     ///< columns of X in use, ascending
  std::vector<Index> dropped;  ///< collinear with earlier ones, ascending
  Vector residuals;            ///< n, y − X b (unweighted scale)
  Matrix bread;                ///< (X'WX)⁻¹ over kept columns
  double rss = 0;              ///< Σ w r²
};

/// X: n×k, y: n, weights: n positive or empty; all finite. Earlier columns win over later ones. Throws core::Error when
/// n is 0.
///
/// Method: the Gram matrix X'WX and X'Wy are summed in double-double (32 digits) and factored by Cholesky in
/// double-double, column by column in the user's order, so that a column's pivot is the squared norm of its part not
/// explained by earlier ones. Squaring the condition number κ costs no accuracy while κ² 1e-32 is below the rounding of
/// doubles; beyond, the solution is refined on double-double residuals (Björck 1967; Golub & Van Loan, 5.3.8). This
/// reaches what QR with refinement reaches for the coefficients, more for (X'WX)⁻¹, and passes over the rows twice.
LeastSquares least_squares(const Matrix& X, const Vector& y, const Vector& weights = {},
                           const LeastSquaresOptions& options = {});

/// Leverage h_i = w_i x_i'(X'WX)⁻¹x_i of each row, for kept columns X.
Vector leverage(const Matrix& X, const Matrix& bread, const Vector& weights = {});

}  // namespace numerics
