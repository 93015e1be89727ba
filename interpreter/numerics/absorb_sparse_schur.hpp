// The reduced system S in memory when most of it is empty: a sparse part for the large dimensions, bordered by dense
// rows for the small ones.
#pragma once

#include "numerics/absorb_reduced.hpp"

namespace numerics::absorption {

/// S scaled to D S D with D = A_jj^−½ (0 where redundant), of which
///   [ F  B' ]   F: inner × inner, sparse, lower triangle by columns, the diagonal first in each;
///   [ B  E  ]   B: border × inner, E: border × border (lower triangle), dense.
struct SparseSchur {
  Index inner = 0, border = 0;
  std::vector<std::int64_t> starts;  ///< of the columns of F, and end
  std::vector<std::int32_t> rows;
  std::vector<double> values;
  Matrix B, E;
};

/// Rows and columns that a dense border may have (and at most a third of S).
inline constexpr Index most_border = 600;

/// Coefficients in the sparse part: all but the smallest dimensions that fit the border together.
Index inner_size(const Reduced& reduced);
/// Multiplications that assembling S takes.
double assembly_products(const Reduced& reduced);
/// Share of filled entries in the sparse part, from a few of its rows.
double sampled_density(const Reduced& reduced);
SparseSchur sparse_schur(const Reduced& reduced);

}  // namespace numerics::absorption
