// The error of a file that cannot be read, the same for every reader.
#pragma once

#include "core/error.hpp"

#include <string>

namespace data {

/// `reason`: errno. A file that is not there is answered with the near name in its folder, or the folder looked in.
core::Error cannot_read(const std::string& path, int reason);

}  // namespace data
