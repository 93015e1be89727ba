// Files by their endings, and text written as whole files.
#include "report/files.hpp"

#include "core/error.hpp"
#include "core/near.hpp"
#include "core/new_file.hpp"
#include "core/text.hpp"
#include "report/table.hpp"

#include <algorithm>
#include <filesystem>

namespace report {

namespace fs = std::filesystem;

void write_file(const std::string& path, const std::string& content) { core::write_file(path, content); }

std::string checked_ending(const std::string& path, const std::vector<std::string>& known, const std::string& what) {
  std::string ending = core::lower(fs::path(path).extension().string());
  if (std::find(known.begin(), known.end(), ending) != known.end()) return ending;
  const std::string said =
      ending.empty() ? "'" + path + "' has no ending that says the format" : "unknown ending '" + ending + "'";
  throw core::Error("cannot save " + what + ": " + said).hint(core::did_you_mean(ending, known, "endings"));
}

}  // namespace report
