// honest_did: sensitivity of event studies to differences in trends.
#pragma once

#include "bindings/commands.hpp"

namespace bindings {

void add_honest_command(Registry& registry);

}  // namespace bindings
