// Geographically weighted regression: at every place i least squares with weights that fall with distance,
//   b_i = C_i y,  C_i = (X'K_iX)⁻¹X'K_i,  K_i = diag k(d_ij/h_i)
//   gaussian k(u) = exp(−u²/2);  bisquare k(u) = (1 − u²)² for u < 1;  exponential exp(−u);  boxcar 1 for u < 1
// h fixed, or adaptive: the distance to the k-th nearest row, the place itself counted first (as GWmodel).
//   ŷ = Sy, row i of S x_i'C_i;  AICc = n ln σ² + n ln 2π + n(n + tr S)/(n − 2 − tr S), σ² = RSS/n
//   CV = Σ (y_i − ŷ_i without row i)²
//   Var b_i = C_iC_i' RSS/(n − 2 tr S + tr S'S)
// Source: Fotheringham, Brunsdon & Charlton (2002), Geographically Weighted Regression, ch. 2 and 4; Hurvich, Simonoff
// & Tsai (1998) for AICc. Peers:  spgwr::gwr, GWmodel (tests/reference/spatial/).
#pragma once

#include "numerics/types.hpp"
#include "spatial/builders.hpp"

#include <string>
#include <vector>

namespace estimators {

using numerics::Index;
using numerics::Matrix;
using numerics::Vector;

enum class GwrKernel { gaussian, bisquare, exponential, boxcar };
enum class GwrCriterion { aicc, cv };

struct GwrOptions {
  GwrKernel kernel = GwrKernel::bisquare;
  bool adaptive = true;
  double bandwidth = 0;  ///< distance, or rows when adaptive; 0: searched
  GwrCriterion criterion = GwrCriterion::aicc;
};

struct Gwr {
  double bandwidth = 0;
  bool searched = false, at_end = false;         ///< at_end: the best bandwidth is the widest or narrowest there is
  std::vector<std::pair<double, double>> tried;  ///< bandwidth and criterion
  Matrix coef, se;                               ///< n×k
  Vector fitted, residuals, local_r2;            ///< n
  double trace = 0, trace2 = 0;                  ///< tr S, tr S'S
  double rss = 0, sigma2 = 0, aicc = 0, aic = 0, cv = 0, r2 = 0, edf = 0;
};

/// y: n, X: n×k with its constant, points: n. Throws core::Error: too few rows near a place (it is named by number), a
/// bandwidth out of range, collinear regressors at every bandwidth.
Gwr gwr(const Vector& y, const Matrix& X, const spatial::Points& points, const GwrOptions& options);
/// Of the linear regression on the same rows: AICc with tr S = k.
double global_aicc(double rss, double n, double k);

}  // namespace estimators
