#include "inference/registry.hpp"

namespace inference {

const std::vector<VcovType>& vcov_types() {
  static const std::vector<VcovType> types = {
      {VcovKind::iid, {"iid", "standard", "unadjusted", "ols"}, {}},
      {VcovKind::hc1, {"hetero", "robust", "hc1", "white", "r"}, {}},
      {VcovKind::hc0, {"HC0"}, {}},
      {VcovKind::hc2, {"HC2"}, {}},
      {VcovKind::hc3, {"HC3"}, {}},
      {VcovKind::hc4, {"HC4"}, {}},
      {VcovKind::cluster, {"cluster", "twoway", "threeway", "cl"}, {}},
      {VcovKind::newey_west, {"newey_west", "nw", "newey", "hac"}, {"lag"}},
      {VcovKind::driscoll_kraay, {"driscoll_kraay", "dk", "scc"}, {"lag"}},
      {VcovKind::conley, {"conley"}, {"cutoff_km", "kernel", "metric", "time_lag", "lat", "lon"}},
      {VcovKind::cr2, {"cr2", "crv2"}, {}},
      {VcovKind::cr3, {"cr3", "crv3"}, {}},
  };
  return types;
}

const VcovType& vcov_type(VcovKind kind) {
  for (const VcovType& type : vcov_types())
    if (type.kind == kind) return type;
  return vcov_types().front();
}

bool uses_leverage(VcovKind kind) {
  return kind == VcovKind::hc2 || kind == VcovKind::hc3 || kind == VcovKind::hc4 || kind == VcovKind::cr2 ||
         kind == VcovKind::cr3;
}

bool is_clustered(VcovKind kind) { return kind == VcovKind::cluster || kind == VcovKind::cr2 || kind == VcovKind::cr3; }

}  // namespace inference
