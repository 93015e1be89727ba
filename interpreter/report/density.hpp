// Kernel density of a sample of draws.
#pragma once

#include <vector>

namespace report {

struct Density {
  double bandwidth = 0;
  std::vector<double> x, y;  ///< `points` values over the draws' range, three bandwidths beyond either end
};

enum class Kernel { gaussian, epanechnikov };
struct DensityOptions {
  double bandwidth = 0;  ///< the kernel's standard deviation; 0: the rule of thumb
  Kernel kernel = Kernel::gaussian;
  int points = 256;
};

/// Gaussian kernel with Silverman's rule of thumb h = 0.9 min(sd, IQR/1.34) n^(−1/5) (R's bw.nrd0; 1986, eq. 3.31).
/// When the quartiles coincide the standard deviation stands alone. Draws that are not finite are left out. Throws
/// core::Error with fewer than two different draws. Epanechnikov's kernel is scaled to the same standard deviation, as
/// R's density() does: K(u) = 3/(4√5) (1 − u²/5) on |u| < √5.
Density kernel_density(const std::vector<double>& draws, const DensityOptions& options = {});

}  // namespace report
