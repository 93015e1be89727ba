// Commands on data.
#include "bindings/open.hpp"
#include "bindings/value.hpp"
#include "data/csv.hpp"

namespace bindings {
namespace {

int use(lua_State* L, Arguments& a) {
  session(L).use(data::read_csv(a.text("file")));
  return 0;
}

}  // namespace

void add_data_commands(Registry& registry) {
  registry.add({{.name = "use",
                 .topic = "data",
                 .summary = "Reads a file and makes it the data in use",
                 .args = {{.name = "file", .kind = core::Kind::text}},
                 .example = "use \"cities.csv\""},
                use});
}

}  // namespace bindings
