// _rc after capture: Stata's number for what went wrong.
#pragma once

#include <string_view>

namespace bindings {

/// Stata's return code for an error's text (its first line decides): 111 for a name that is not there, 198 for wrong
/// syntax, …; 1 for what Stata has no number of its own for.
int return_code(std::string_view message);

}  // namespace bindings
