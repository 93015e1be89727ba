// What a change of a regressor does here and elsewhere: S_r(W) = (I − ρW)⁻¹(b_r I + g_r W); in a dynamic model that is
// the short run, and ((1 − τ)I − (ρ + η)W)⁻¹(b_r I + g_r W) the long run.
#pragma once

#include "results/fit.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace estimators {

struct Impact {
  std::string name;
  double direct = 0, indirect = 0, total = 0;              ///< tr(S)/N; the rest; ι'Sι/N: at the estimates
  double se_direct = 0, se_indirect = 0, se_total = 0;     ///< delta method
  double sim_direct = 0, sim_indirect = 0, sim_total = 0;  ///< sd of draws; NaN without
};
struct Impacts {
  std::vector<Impact> rows;
  int reps = 0;
  std::uint64_t seed = 0;
  std::size_t redrawn = 0;  ///< draws of rho beyond the bounds, drawn again
  std::vector<std::string> notes;
};
/// Sources: LeSage & Pace (2009), ch. 2; Debarsy, Ertur & LeSage (2012) for the long run. reps: draws from N(estimates,
/// vcov in force). Throws core::Error for fits of other models, and for the long run of a process that has none.
Impacts impacts(const results::Fit& fit, int reps, std::uint64_t seed, bool long_run = false);

struct SpatialContext;
/// Throws core::Error, naming the interval, for a rho beyond it: an estimate by moments may lie there, where the traces
/// and the series mean nothing.
void require_admissible(double rho, const SpatialContext& context, const std::string& what);

}  // namespace estimators
