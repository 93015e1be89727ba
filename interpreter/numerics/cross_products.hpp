// Inner products of columns in double-double: the Gram matrix of a weighted design, exact to about 30 digits.
#pragma once

#include "numerics/double_double.hpp"
#include "numerics/types.hpp"

#include <vector>

namespace numerics {

/// A small dense matrix of double-doubles, by rows.
class DoubleDoubleMatrix {
 public:
  explicit DoubleDoubleMatrix(Index rows = 0, Index cols = 0)
      : cols_(cols), values_(static_cast<std::size_t>(rows * cols)) {}
  DoubleDouble& operator()(Index i, Index j) { return values_[static_cast<std::size_t>(i * cols_ + j)]; }
  const DoubleDouble& operator()(Index i, Index j) const { return values_[static_cast<std::size_t>(i * cols_ + j)]; }

 private:
  Index cols_;
  std::vector<DoubleDouble> values_;
};

using DoubleDoubleVector = std::vector<DoubleDouble>;

/// Columns of one length, each multiplied by an own power of two so that products neither overflow nor underflow.
struct ScaledColumns {
  std::vector<const double*> data;
  std::vector<double> scale;
  Index rows = 0;
};
/// The columns of X and then y, scaled to a largest magnitude in [1/2, 1) (columns of zeros keep scale 1).
ScaledColumns scaled_columns(const Matrix& X, const Vector& y);

/// Σ_i w_i a_i b_i for every pair of columns. `weights`: n or empty. Same digits for any number of threads.
DoubleDoubleMatrix cross_products(const ScaledColumns& columns, const Vector& weights);

/// What a trial solution leaves, over scaled columns of which the last is y.
struct Remainder {
  Vector residuals;             ///< n, in y's own units
  DoubleDoubleVector gradient;  ///< Σ w x_j r per column asked for, in scaled units; empty unless asked for
  double rss = 0;               ///< Σ w r², in y's own units
};
/// r = y − Σ_j x_j coef_j over the columns `use`, computed in double-double. coef: in scaled units.
Remainder remainder(const ScaledColumns& columns, const std::vector<Index>& use, const DoubleDoubleVector& coef,
                    const Vector& weights, bool with_gradient);

}  // namespace numerics
