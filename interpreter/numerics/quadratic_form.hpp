// The distribution of a quadratic form in normal variables.
#pragma once

#include "numerics/types.hpp"

namespace numerics {

/// P(Σ λ_j z_j² < 0) for independent standard normal z_j. Relative accuracy about 1e-10, also far in the tails: the
/// inversion integral is taken along a line through the saddle point. Returns 0 or 1 when all λ have one sign, 0.5 when
/// all are zero. Source: Rice (1980), "Distribution of quadratic forms in normal random variables — evaluation by
/// numerical integration", SIAM J. Sci. Stat. Comput. 1(4), 438–448.
double quadratic_form_below_zero(const Vector& lambda);

}  // namespace numerics
