// Results of estimators as values.
#pragma once

#include "bindings/commands.hpp"
#include "bindings/value.hpp"

#include <string>
#include <vector>

namespace bindings {

/// A method of a result: its record (name without the colon, arguments, options) and its function.
struct ResultMethod {
  Command command;
  int (*run)(lua_State*, Arguments&, const FitRef&);
};
/// In the order of help.
const std::vector<ResultMethod>& result_methods();

/// Pushes m.NAME; false, with nothing pushed, when a result has no such field.
bool push_result_field(lua_State* L, const FitRef& fit, const std::string& name);
std::vector<std::string> result_field_names(const results::Fit& fit);

}  // namespace bindings
