// ln |I − ρW| and its derivatives in ρ, by the method that the size of W allows.
#pragma once

#include "spatial/spectrum.hpp"

#include <memory>
#include <string>

namespace spatial {

class LogDet {
 public:
  /// method: auto, eigen, cholesky, chebyshev.
  ///   eigen: Σ ln(1 − ρω_i), all eigenvalues; auto up to most_eigen units.
  ///   cholesky: exact, from a sparse LU of I − ρW where that needs no pivoting, else from a Cholesky factor of
  ///     D − ρDW where W can be symmetrised, of (I − ρW)'(I − ρW) where not; between ρ's by Chebyshev interpolation,
  ///     whose error is below 1e-11 n; auto up to most_cholesky units.
  ///   chebyshev: Σ c_k(ρ) tr T_k(W), the first traces exact, the others means over random vectors of ±1 (fixed seed).
  ///     Sources: Pace & LeSage (2004); Barry & Pace (1999).
  /// Throws core::Error for an unknown method (near names) and for eigen with too many units.
  explicit LogDet(const Weights& W, const std::string& method = "auto", int probes = 24);
  ~LogDet();
  LogDet(LogDet&&) noexcept;

  static constexpr std::size_t most_eigen = 500, most_cholesky = 100000;

  /// −∞ where I − ρW is singular or ρ is beyond the interval.
  double value(double rho) const;
  double trace(double rho) const;         ///< tr G, G = W(I − ρW)⁻¹: minus the first derivative
  double trace_square(double rho) const;  ///< tr G²: minus the second derivative
  Interval interval() const;
  double units() const;
  std::string method() const;      ///< as printed: "eigenvalues", "sparse LU", "Chebyshev, 24 random vectors"
  double error(double rho) const;  ///< standard error of value(); 0 for the exact methods
  bool exact() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace spatial
