// Sums that keep every digit a double can hold, in an order that does not depend on threads.
#pragma once

#include "numerics/double_double.hpp"
#include "numerics/types.hpp"

namespace numerics {

/// Σ x_i, correct to the last digit or two. Source: Ogita, Rump & Oishi (2005), Sum2.
double sum(const Eigen::Ref<const Vector>& x);
/// Σ x_i y_i in double-double, and its rounding.
double dot(const Eigen::Ref<const Vector>& x, const Eigen::Ref<const Vector>& y);
/// Σ w_i x_i y_i; `w` may be empty for 1.
double weighted_dot(const Vector& w, const Eigen::Ref<const Vector>& x, const Eigen::Ref<const Vector>& y);

}  // namespace numerics
