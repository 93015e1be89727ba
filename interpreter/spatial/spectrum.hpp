// Eigenvalues of spatial weights: what bounds a spatial coefficient.
#pragma once

#include "spatial/weights.hpp"

#include <complex>
#include <string>

namespace spatial {

/// Largest number of units whose eigenvalues are all computed.
inline constexpr std::size_t most_dense = 1000;

using ComplexVector = std::vector<std::complex<double>>;
/// All eigenvalues: real and ascending when W can be symmetrised. O(n³).
ComplexVector eigenvalues(const Weights& W);

struct Spectrum {
  double low = 0, high = 0;  ///< smallest and largest real part
  bool exact = true;         ///< false: Lanczos, or bounds from row sums
  bool real = true;
};
/// The range of the eigenvalues: all of them up to most_dense units; beyond by Lanczos where W can be symmetrised, else
/// bounds −r … r by the largest row sum r of magnitudes (Gershgorin).
Spectrum spectrum_range(const Weights& W);

/// I − ρW is nonsingular for ρ between 1/ω_min and 1/ω_max.
struct Interval {
  double low = -1, high = 1;
};
/// From real parts; an end without an eigenvalue of that sign is ±1e6.
Interval admissible(const Spectrum& spectrum);

}  // namespace spatial
