// Spatial weights as scripts hold them.
#pragma once

#include "bindings/value.hpp"
#include "report/table.hpp"
#include "spatial/weights.hpp"

namespace bindings {

using WeightsRef = spatial::WeightsPtr;
template <>
struct Bound<WeightsRef> {
  static constexpr const char* key = "moontide.spatial weights";
  static constexpr const char* name = "spatial weights";
};

/// Checked spatial weights of the argument or option `name`; null when not given.
WeightsRef weights_of(const Arguments& a, const std::string& name = "W");
/// Ids in an argument of kind any: texts and whole numbers, one by one or in lists.
std::vector<std::string> ids_of(lua_State* L, const Arguments& a, const std::string& name);
inline void push_weights(lua_State* L, spatial::Weights W) {
  push_value<WeightsRef>(L, std::make_shared<const spatial::Weights>(std::move(W)));
}
/// What weights say of themselves: units, links, standardisation, islands, components, eigenvalues.
report::Table weights_report(const spatial::Weights& W);

}  // namespace bindings
