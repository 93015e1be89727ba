#include "data/cannot_read.hpp"

#include "core/near.hpp"

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <system_error>
#include <vector>

namespace data {

core::Error cannot_read(const std::string& path, int reason) {
  if (reason != ENOENT) return core::Error("cannot read '" + path + "': " + std::generic_category().message(reason));
  const std::filesystem::path where = std::filesystem::path(path).parent_path();
  std::vector<std::string> names;
  std::error_code ignored;
  for (const auto& entry : std::filesystem::directory_iterator(where.empty() ? "." : where, ignored))
    names.push_back(entry.path().filename().string());
  std::sort(names.begin(), names.end());
  core::Error error("no file '" + path + "'");
  const std::string near = core::nearest(std::filesystem::path(path).filename().string(), names);
  if (!near.empty())
    error.hint("did you mean '" + (where / near).string() + "'?");
  else if (ignored)
    error.hint("there is no folder '" + where.string() + "'");
  else
    error.hint("looked in " + std::filesystem::absolute(where.empty() ? "." : where, ignored).string());
  return error;
}

}  // namespace data
