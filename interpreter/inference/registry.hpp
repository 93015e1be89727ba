// Every kind of covariance: the names it goes by and what text may say of it.
#pragma once

#include "inference/vcov.hpp"

#include <string>
#include <vector>

namespace inference {

struct VcovType {
  VcovKind kind;
  std::vector<std::string> names;    ///< the first is printed; compared without case
  std::vector<std::string> options;  ///< that `name option=value` text may set: lag, cutoff_km, …
};

const std::vector<VcovType>& vcov_types();
const VcovType& vcov_type(VcovKind kind);

}  // namespace inference
