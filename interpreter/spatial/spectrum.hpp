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
  double low = 0, high = 0;                  ///< smallest and largest real part
  bool low_exact = true, high_exact = true;  ///< false: Lanczos (inside the spectrum), or bounds from row sums
  bool real = true;
};
/// The range of the eigenvalues: all of them up to most_dense units; beyond by Lanczos where W can be symmetrised, else
/// bounds −r … r by the largest row sum r of magnitudes (Gershgorin). Of a bipartite W (a rook grid) ω_min = −ω_max.
Spectrum spectrum_range(const Weights& W);

/// I − ρW is nonsingular for ρ between 1/ω_min and 1/ω_max.
struct Interval {
  double low = -1, high = 1;
  bool open_low = false, open_high = false;  ///< nothing bounds ρ there: the number only stands for "far away"
  bool about_low = false, about_high = false;
  bool holds(double rho) const { return (open_low || rho > low) && (open_high || rho < high); }
};
/// From real parts; an end without an eigenvalue of that sign is open, and a thousand times the other end.
Interval admissible(const Spectrum& spectrum);
/// "between -1.2 and 1", "below 1", "above about -2.5", "anywhere".
std::string in_words(const Interval& interval, int digits = 5);

}  // namespace spatial
