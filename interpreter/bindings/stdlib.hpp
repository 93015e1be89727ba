// The files of stdlib/ as compiled into the program by scripts/dev/embed.cpp: Lua as byte code, pages as text.
#pragma once

#include <string_view>
#include <vector>

namespace bindings {

struct StdlibFile {
  std::string_view name;  ///< "commands/etable.lua", "docs/did.md"
  std::string_view text;
};
const std::vector<StdlibFile>& stdlib_files();

}  // namespace bindings
