// The reduced system S in memory: a sparse part for the large dimensions, bordered by dense rows for the small ones.
#pragma once

#include "numerics/absorb_reduced.hpp"

namespace numerics::absorption {

/// D S D with D = A_jj^−½ (0 where redundant), of which
///   [ F  B' ]   F: inner × inner, sparse, lower triangle by columns, the diagonal first in each;
///   [ B  E  ]   B: border × inner, E: border × border (lower triangle), dense.
struct Schur {
  Index inner = 0, border = 0;
  Vector scale;                      ///< D
  std::vector<std::int32_t> starts;  ///< of the columns of F, and end
  std::vector<std::int32_t> rows;
  std::vector<double> values;
  Matrix B, E;
};

/// S with its first `inner` coefficients in the sparse part. Throws core::Error when F has more than 2³¹ − 1 entries.
Schur schur_complement(const Reduced& reduced, Index inner);

/// The coefficients before the last dimensions that together fit a dense border of at most `most` (and a third of S).
Index inner_size(const Reduced& reduced, Index most = 600);
/// Multiplications that assembling S takes.
double assembly_products(const Reduced& reduced);
/// Share of filled entries among the first `inner` coefficients of S, from a few of its rows.
double sampled_density(const Reduced& reduced, Index inner);

/// Replaces the lower triangle of a positive semidefinite matrix of unit (or zero) diagonal by its Cholesky factor L,
/// column by column without pivoting. A column whose pivot is at most `null_pivot` depends on earlier ones: its row and
/// column of L become those of the unit matrix. Returns which columns stand (the rank is their number).
std::vector<bool> semidefinite_cholesky(Matrix& S, double null_pivot);

}  // namespace numerics::absorption
