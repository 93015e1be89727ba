// Curves through a scatter: polynomials by least squares, and locally weighted regression.
#pragma once

#include <vector>

namespace measures {

struct Curve {
  std::vector<double> x, y;
  std::vector<double> se;  ///< of the fitted value; empty where none is given
  double df = 0;           ///< residual degrees of freedom of `se`
};

/// y = b0 + b1 x + … + bd x^d by ordinary least squares, at `points` evenly spaced values over the range of x, with
/// standard errors s √(v'(X'X)⁻¹v) of the mean. x, y: n, pairs with a missing value are left out. Throws core::Error
/// with fewer than degree + 1 different values of x.
Curve polynomial(const std::vector<double>& x, const std::vector<double>& y, int degree, int points = 101);

/// Locally weighted linear regression with tricube weights on the nearest max(2, ⌊span n⌋) points, without robustness
/// iterations, at every different x (at 401 evenly spaced values when there are more).
/// Source: Cleveland (1979), Journal of the American Statistical Association 74(368), 829-836. Variant: that of his
/// lowess program: points within 0.001 of the window's half width h have weight 1, those beyond 0.999 h none.
Curve lowess(const std::vector<double>& x, const std::vector<double>& y, double span = 0.8);

}  // namespace measures
