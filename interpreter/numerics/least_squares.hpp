// Weighted least squares on a dense design: pivoted QR with iterative refinement, residuals in double-double.
#pragma once

#include "numerics/types.hpp"

#include <vector>

namespace numerics {

struct LeastSquaresOptions {
  double collinear_tol =
      1e-9;  ///< a column whose part not explained by earlier kept columns is below this share of its norm is dropped
  Vector reference_norms = {};  ///< k norms to judge that share by (before absorbing); empty: the columns' own
  bool refine = true;           ///< double-double refinement
};

struct LeastSquares {
  Vector coef;                 ///< kept columns only, in the order of `kept`
  std::vector<Index> kept;     ///< columns of X in use, ascending
  std::vector<Index> dropped;  ///< collinear with earlier ones
  Vector residuals;            ///< n, y − X b (unweighted scale)
  Matrix bread;                ///< (X'WX)⁻¹ over kept columns
  double rss = 0;              ///< Σ w r²
};

/// X: n×k, y: n, weights: n positive or empty. Earlier columns win over later ones. Throws core::Error when n is 0.
/// Source: Björck (1967) iterative refinement of the augmented system; Golub & Van Loan 5.3.8.
LeastSquares least_squares(const Matrix& X, const Vector& y, const Vector& weights = {},
                           const LeastSquaresOptions& options = {});

/// Leverage h_i = w_i x_i'(X'WX)⁻¹x_i of each row, for kept columns X.
Vector leverage(const Matrix& X, const Matrix& bread, const Vector& weights = {});

}  // namespace numerics
