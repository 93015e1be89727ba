// Files by their endings.
#pragma once

#include <string>
#include <vector>

namespace report {

/// The ending of `path` in lower case with its dot (".tex"), which must be one of `known`. Throws core::Error that
/// names the endings and the nearest one; `what` is "a table" or "a figure".
std::string checked_ending(const std::string& path, const std::vector<std::string>& known, const std::string& what);

}  // namespace report
