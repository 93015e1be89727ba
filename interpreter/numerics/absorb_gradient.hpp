// Preconditioned conjugate gradient on the reduced system, several columns side by side.
#pragma once

#include "numerics/absorb_method.hpp"
#include "numerics/absorb_preconditioner.hpp"

namespace numerics::absorption {

struct GradientResult {
  std::array<int, max_width> iterations{};
  std::array<bool, max_width> converged{};
  bool all_converged(int width) const {
    for (int c = 0; c < width; ++c)
      if (!converged[std::size_t(c)]) return false;
    return true;
  }
};

/// Improves u (size × width) until max_j |r_j| / √A_jj meets the demand; r enters as s − S u and leaves as the residual
/// that the recurrence holds. A column that has converged is left alone. Polls for interruption. Source: Golub & Van
/// Loan (2013), algorithm 11.5.1. S may be singular: the system is consistent.
GradientResult conjugate_gradient(const Reduced& reduced, const Preconditioner& preconditioner, Interleaved& r,
                                  Interleaved& u, int width, const Demand& demand, Workspace& work);

}  // namespace numerics::absorption
