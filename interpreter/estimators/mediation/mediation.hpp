// Mediation by three equations on one sample:
//   total:    y = c x + W g + u        a:  m = a x + W g + u        direct:  y = c' x + b m + W g + u
//   indirect = a b = c − c'.  Sobel se² = a² s_b² + b² s_a²;  Aroian adds s_a² s_b², Goodman subtracts it.
//   Bootstrap of rows or whole clusters: percentile, bias-corrected (BC) and accelerated (BCa) intervals.
// Sources: Baron & Kenny (1986); Sobel (1982); Aroian (1947); Efron (1987) for BCa; MacKinnon et al. (2002);
//          Imai, Keele & Tingley (2010) for what identifies it.
// Peer: sgmediation2, three feols.
#pragma once

#include "estimators/estimator.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace estimators {

struct MediationOptions {
  formula::Tree mediator;
  std::string x;    ///< the coefficient; "": the first of the formula
  int reps = 1000;  ///< 0: no bootstrap
  double level = 0.95;
  std::uint64_t seed = 0;
  formula::Tree cluster;  ///< resampled as a whole; null: the vcov's clusters, else rows
};

struct Interval {
  double low = 0, high = 0;
};
struct Mediation {
  FitPtr total, first, direct;
  std::string x, mediator, resampled;
  double a = 0, se_a = 0, b = 0, se_b = 0, total_effect = 0, direct_effect = 0, indirect = 0;
  double se_sobel = 0, z_sobel = 0, z_aroian = 0, z_goodman = 0;  ///< Goodman NaN when its variance is negative
  double se_bootstrap = 0, acceleration = 0, bias = 0;
  Interval percentile, bc, bca;
  std::vector<double> draws;
  std::vector<std::string> notes;
};

/// request: the total equation with the options every regression takes. Throws core::Error: no mediator, x absorbed or
/// collinear, instruments.
Mediation mediate(const Request& request, const MediationOptions& options);

}  // namespace estimators
