// A command's record in words: for help where there is no page, and as JSON for tools.
#pragma once

#include "core/record.hpp"

#include <string>

struct lua_State;

namespace bindings {

/// Call shape, arguments, options, example and source, wrapped to `width` columns.
std::string record_text(const core::Record& record, int width);

/// Every command, method of a value, function of data expressions and help page: what --commands prints.
std::string catalogue_json(lua_State* L);

}  // namespace bindings
