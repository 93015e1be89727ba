// Files beside the script: here "data/x.csv", folder "output".
#include "bindings/environment.hpp"
#include "bindings/open.hpp"
#include "bindings/value.hpp"

#include <filesystem>
#include <system_error>

namespace bindings {
namespace {

int here(lua_State* L, Arguments& a) {
  push_text(L, session(L).script_folder + a.text("path"));
  return 1;
}

int folder(lua_State* L, Arguments& a) {
  const std::string path = a.text("path");
  std::error_code failed;
  std::filesystem::create_directories(path, failed);
  if (failed) throw core::Error("cannot make the folder '" + path + "': " + failed.message());
  push_text(L, path);
  return 1;
}

}  // namespace

void add_path_commands(Registry& registry) {
  const std::vector<core::ArgSpec> path = {{.name = "path", .kind = core::Kind::text}};
  registry.add({{.name = "here",
                 .topic = "files",
                 .summary = "A path beside the script that runs",
                 .args = path,
                 .example = "use(here \"data/cities.csv\")"},
                here});
  registry.add({{.name = "folder",
                 .topic = "files",
                 .summary = "Makes a folder if there is none, and gives its path",
                 .args = path,
                 .example = "out = folder(here \"output\")"},
                folder});
}

}  // namespace bindings
