// One cluster variable over the rows of a fit, for inference after it.
#pragma once

#include "estimators/sample.hpp"

#include <string>
#include <vector>

namespace estimators {

struct ClusterRows {
  std::string name;
  numerics::Codes codes;  ///< over the rows in use
  numerics::Index groups = 0;
  std::vector<std::string> labels;  ///< of each group
};

/// The variable given, else the one the fit's vcov is clustered by. Throws core::Error when there is none, or two.
ClusterRows cluster_rows(const results::Fit& fit, const Context& context, const formula::Tree& given,
                         const std::string& command);

/// The variables of a sum of terms (city + year), else those of the fit's vcov; each as above.
std::vector<ClusterRows> cluster_ways(const results::Fit& fit, const Context& context, const formula::Tree& given,
                                      const std::string& command);

/// Σ w x by cluster of one column, and by level of an effect and cluster (levels × G).
numerics::Vector cluster_sums(const numerics::Vector& x, const numerics::Vector& weights, const ClusterRows& clusters);

}  // namespace estimators
