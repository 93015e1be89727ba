// Multiplier bootstrap of influence functions: standard errors, and critical values of simultaneous bands.
#pragma once

#include "core/record.hpp"
#include "numerics/types.hpp"

#include <cstdint>
#include <string>

namespace estimators {

struct Multiplier {
  numerics::Vector se;  ///< k
  double critical = 0;  ///< of max_j |b*_j|/se_j at `level`, never below the pointwise normal one
};

/// b*_j = Σ_i v_i psi_ij / n over draws of v = ±1 with equal chance, one v for each group of rows;
///   se_j = (q75 − q25 of b*_j)/(z75 − z25), critical = the `level` quantile of max_j |b*_j|/se_j.
/// psi: n×k; groups: n codes 0 … count − 1, or empty: each row its own. Columns of zeros get se 0 and do not count for
/// `critical`. The same numbers for any number of threads. Throws core::Interrupted.
/// Source: Callaway & Sant'Anna (2021), J. Econometrics 225(2), Algorithm 1. Variant: Rademacher multipliers, as the R
/// package did draws them; quantiles of type 1; clusters enter by their sums.
Multiplier multiplier_bootstrap(const numerics::Matrix& psi, const numerics::Codes& groups, int reps,
                                std::uint64_t seed, double level);

/// The options reps= and seed= of estimators that offer it.
core::OptionSpec multiplier_reps(const std::string& usual);
core::OptionSpec multiplier_seed(const std::string& usual = "a fresh one, printed");

}  // namespace estimators
