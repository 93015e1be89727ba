// A fit in formulas with its own numbers.
#pragma once

#include "results/fit.hpp"

#include <string>

namespace results {

/// The model, the estimator, the variance with its small-sample factors in force (N, K, G as they are), what each R²
/// means, and what was left out of the sample. Plain text, one formula a line.
std::string explain(const Fit& fit);

}  // namespace results
