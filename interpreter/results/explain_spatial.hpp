// What explain() writes of spatial models: their own equation, estimator and variance.
#pragma once

#include "results/fit.hpp"

#include <optional>
#include <string>
#include <vector>

namespace results {

struct SpatialFormulas {
  std::vector<std::string> equations;  ///< "y = rho W y + b1*x + b2 + u", "u = lambda M u + e"
  std::vector<std::string> estimator;
  std::string bread;                  ///< in the place of (X'X)^-1
  std::vector<std::string> variance;  ///< what the bread is; with `whole` all there is to say of V
  bool whole = false;
};

/// Nothing for other models.
std::optional<SpatialFormulas> spatial_formulas(const Fit& fit);

}  // namespace results
