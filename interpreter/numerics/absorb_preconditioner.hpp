// Approximate inverses of the reduced system S for conjugate gradient; an exact one makes it a direct solver.
#pragma once

#include "numerics/absorb_reduced.hpp"

#include <memory>
#include <string>

namespace numerics::absorption {

class Preconditioner {
 public:
  Preconditioner() = default;
  Preconditioner(const Preconditioner&) = delete;
  Preconditioner& operator=(const Preconditioner&) = delete;
  virtual ~Preconditioner() = default;
  /// z = M⁻¹ r, both size × width, interleaved. Each column's digits do not depend on the others.
  virtual void apply(const Interleaved& r, Interleaved& z, int width) const = 0;
};

/// The inverse of the diagonal of A.
std::unique_ptr<Preconditioner> diagonal_preconditioner(const Reduced& reduced);
/// Share of A's diagonal below which a pivot of S is rounding: that coefficient is redundant, and held at 0.
inline constexpr double null_pivot = 1e-12;
/// The inverse of S by dense Cholesky.
std::unique_ptr<Preconditioner> dense_cholesky(const Reduced& reduced);
/// The inverse of S by sparse Cholesky, ordered by approximate minimum degree; nothing if the factor would take more
/// than `most_flops`.
std::unique_ptr<Preconditioner> sparse_cholesky(const Reduced& reduced, double most_flops);

}  // namespace numerics::absorption
