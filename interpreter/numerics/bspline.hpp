// B-splines: piecewise polynomials of a degree that join smoothly at knots.
#pragma once

#include "numerics/types.hpp"

#include <vector>

namespace numerics {

struct BSpline {
  int degree = 3;             ///< at least 1
  std::vector<double> knots;  ///< interior, ascending, between low and high
  double low = 0, high = 1;   ///< low < high

  Index size() const { return degree + 1 + static_cast<Index>(knots.size()); }
};

/// The basis functions at each x in [low, high]: n×size, non-negative, every row adds up to 1.
Matrix values(const BSpline& spline, const Vector& x);
/// Their first derivatives: every row adds up to 0.
Matrix slopes(const BSpline& spline, const Vector& x);

}  // namespace numerics
