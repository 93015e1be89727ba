// dose_curve: the curves of dose_did.
#pragma once

#include "bindings/commands.hpp"

namespace bindings {

void add_dose_command(Registry& registry);

}  // namespace bindings
