// Global statistics of spatial association: Moran's I, Geary's C, Getis and Ord's G, join counts.
#pragma once

#include "spatial/weights.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace spatial {

enum class Variance { randomisation, normality };
enum class Alternative { two_sided, greater, less };
/// Units without neighbours. adjust: n counts the others, while means and the kurtosis are of all (spdep's adjust.n;
/// G takes only values of units with neighbours, its adjust.x). keep: units as any other, for which the moments are
/// exact. drop: left out of everything.
enum class Islands { adjust, keep, drop };

struct Association {
  double statistic = 0, expected = 0, variance = 0;
  double z = 0, p = 1;  ///< NaN without a variance
  std::size_t n = 0;    ///< units counted
  // with permutations
  std::vector<double> draws = {};
  double p_permutation = 1, draws_mean = 0, draws_sd = 0;
};

struct Options {
  Variance variance = Variance::randomisation;
  Alternative alternative = Alternative::two_sided;
  Islands islands = Islands::adjust;
  int permutations = 0;
  std::uint64_t seed = 1;
};

/// I = (n/S0) z'Wz / z'z. x: one value a unit, finite and not all the same (throws otherwise). Moments: Cliff & Ord
/// (1981), ch. 2.
Association moran(const Weights& W, const Vector& x, const Options& options = {});
/// C = (n − 1)/(2 S0) ΣΣ w_ij (x_i − x_j)² / z'z, one n in all of its variance (spdep 1.2 mixes the two counts when
/// there are islands). z has the sign of E(C) − C: positive when neighbours are alike.
Association geary(const Weights& W, const Vector& x, const Options& options = {});
/// G = ΣΣ w_ij x_i x_j / ΣΣ_{i≠j} x_i x_j of values not below zero (throws). Source: Getis & Ord (1992).
Association getis_ord(const Weights& W, const Vector& x, const Options& options = {});
/// I = zx'W zy / S0 with x and y standardised; by permutation of y alone, so options.permutations must be above 0.
Association bivariate_moran(const Weights& W, const Vector& x, const Vector& y, const Options& options);

struct JoinCount {
  std::string first, second;  ///< the two colours
  Association count;
};
/// ½ ΣΣ w_ij over pairs of these colours, under sampling without replacement. color: codes 0 … levels − 1.
std::vector<JoinCount> join_counts(const Weights& W, const std::vector<std::int32_t>& color,
                                   const std::vector<std::string>& names, const Options& options = {});

/// W without the units that have no neighbours, again and again until each has one. `kept`: the units that stay.
/// Throws core::Error when none does.
Weights without_islands(const Weights& W, std::vector<std::uint32_t>& kept);

/// Moran's I of each order of neighbours: order k are the units k links away and not nearer.
std::vector<Association> correlogram(const Weights& W, const Vector& x, int orders, const Options& options = {});

/// Moran's I of least-squares residuals e = y − Xb, with its moments. Source: Cliff & Ord (1981), ch. 8.
Association moran_residuals(const Weights& W, const Vector& e, const Matrix& X, Alternative alternative);

double p_value(double z, Alternative alternative);

}  // namespace spatial
