// Results of estimators as values.
#pragma once

#include "bindings/methods.hpp"

#include <string>
#include <vector>

namespace bindings {

/// In the order of help.
const std::vector<Method<FitRef>>& result_methods();

/// Pushes m.NAME; false, with nothing pushed, when a result has no such field.
bool push_result_field(lua_State* L, const FitRef& fit, const std::string& name);
std::vector<std::string> result_field_names(const results::Fit& fit);

}  // namespace bindings
