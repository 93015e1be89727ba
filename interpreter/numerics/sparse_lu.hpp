// log |determinants| of sparse matrices that need no pivoting and share a pattern.
#pragma once

#include <cstddef>
#include <optional>
#include <vector>

namespace numerics {

/// By rows, columns ascending, every diagonal entry there; as many entries above the diagonal as below are not needed.
struct SparseRows {
  std::vector<std::size_t> starts;
  std::vector<int> columns;
  std::size_t size() const { return starts.size() - 1; }
};

/// LU by rows in a fixed order of elimination, without row exchanges: backward stable for matrices that are diagonally
/// dominant by rows or columns, and for M-matrices (Higham 2002, Accuracy and Stability of Numerical Algorithms,
/// section 9.5). Only U is kept, and of each call alone, so that calls can run side by side.
class SparseLU {
 public:
  /// Orders by the pattern of A + A'. Throws core::Error when memory does not suffice.
  explicit SparseLU(SparseRows rows);

  /// Nothing when a pivot is zero or not finite. values: as the columns of the pattern.
  std::optional<double> log_abs_det(const std::vector<double>& values) const;

 private:
  SparseRows rows_;
  std::vector<int> order_, place_;                  ///< k-th row eliminated; when a row is eliminated
  std::vector<std::size_t> upper_, lower_;          ///< starts of rows of U and of L
  std::vector<int> upper_columns_, lower_columns_;  ///< places, ascending; without the diagonal
};

}  // namespace numerics
