// Tables of results as values.
#pragma once

#include "bindings/methods.hpp"

#include <vector>

namespace bindings {

/// In the order of help.
const std::vector<Method<TableRef>>& table_methods();

}  // namespace bindings
