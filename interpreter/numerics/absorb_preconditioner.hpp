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
/// The inverse of S by Cholesky: sparse for the first `inner` coefficients, dense for the rest (inner 0: all of it).
/// Nothing if the sparse factor would take more than `most_flops`.
std::unique_ptr<Preconditioner> cholesky(const Reduced& reduced, Index inner, double most_flops);
/// Approximate Cholesky factors of the other dimensions' graphs, block diagonal. Nothing if the eliminated dimension
/// has no intercepts: there is no graph then.
std::unique_ptr<Preconditioner> approximate_cholesky(const Reduced& reduced);

}  // namespace numerics::absorption
