// Coupling coordination of two or more systems.
#pragma once

#include <string>
#include <vector>

namespace measures {

enum class Coupling {
  geometric,  ///< C = (Π u)^(1/n) / (Σ u / n): geometric over arithmetic mean, in [0, 1]
  power,      ///< C = [Π u / (Σ u / n)^n]^k: k = 1/n is geometric, k = 2 the first form in use
  revised  ///< C = √{ [1 − Σ_{i<j} |u_i − u_j| / (n(n−1)/2)] · (Π_i u_i / max u)^(1/(n−1)) }, Π without the largest
};

struct CouplingOptions {
  Coupling form = Coupling::geometric;
  double exponent = 2;             ///< k of `power`
  std::vector<double> importance;  ///< α of T = Σ α_i u_i, summing to 1; empty: equal
};

struct Coordination {
  std::vector<double> coupling, development, coordination;  ///< C, T and D = √(C T), n each
};

/// systems: two or more columns of n values in (0, 1]. NaN where one is missing. Throws core::Error for values outside
/// [0, 1]. Sources: Liao (1999), Tropical Geography 19(2) (power); Wang, Kong, Ren, Zhang & Dong (2021), Journal of
/// Natural Resources 36(3) (revised).
Coordination coordination(const std::vector<std::vector<double>>& systems, const CouplingOptions& options);

/// The ten classes of D by tenths, from "extreme imbalance" to "superior coordination" (Liao 1999).
const std::vector<std::string>& coordination_classes();
/// Class of D in [0, 1]: 0 … 9, D = 1 in the last; −1 for NaN.
int coordination_class(double d);

}  // namespace measures
