// Frames made from Lua values, the data in use, threads.
#include "bindings/frame_values.hpp"
#include "bindings/open.hpp"
#include "bindings/value.hpp"
#include "bindings/verbs.hpp"
#include "core/near.hpp"
#include "core/parallel.hpp"
#include "core/text.hpp"

#include <optional>

namespace bindings {
namespace {

using core::Kind;

/// The rows of a frame whose single values repeat: the length of its first list; 1 without any.
std::size_t first_list_length(lua_State* L, Arguments& a) {
  const auto length = [&](int index) -> std::optional<std::size_t> {
    if (!holds_values(L, index)) return {};
    if (const ColumnValue* value = test_value<ColumnValue>(L, index)) return value->column->size();
    return static_cast<std::size_t>(luaL_len(L, index));
  };
  std::optional<std::size_t> found;
  if (a.has("columns")) {
    a.push("columns");
    const int table = lua_gettop(L);
    for (const std::string& name : sorted_keys(L, table)) {
      lua_getfield(L, table, name.c_str());
      if (!found) found = length(lua_gettop(L));
      lua_pop(L, 1);
    }
    lua_pop(L, 1);
  }
  for (const std::string& name : a.keywords()) {
    a.push_keyword(name);
    if (!found) found = length(lua_gettop(L));
    lua_pop(L, 1);
  }
  return found.value_or(1);
}

int frame(lua_State* L, Arguments& a) {
  data::Frame made("frame");
  const std::size_t rows = first_list_length(L, a);
  const auto add = [&](const std::string& name, int index) {
    const data::ColumnPtr column = column_of_values(L, index, name, rows);
    if (made.width() && column->size() != made.rows())
      throw core::Error("column '" + name + "' has " + core::counted(static_cast<long long>(column->size()), "value") +
                        ", the columns before it " + std::to_string(made.rows()));
    made = made.with(name, column);
  };
  if (a.has("columns")) {
    a.push("columns");
    const int table = lua_gettop(L);
    for (const std::string& name : sorted_keys(L, table)) {
      lua_getfield(L, table, name.c_str());
      add(name, lua_gettop(L));
      lua_pop(L, 1);
    }
    lua_pop(L, 1);
  }
  for (const std::string& name : a.keywords()) {
    a.push_keyword(name);
    add(name, lua_gettop(L));
    lua_pop(L, 1);
  }
  if (made.width() == 0) throw core::Error("a frame needs columns").hint("frame{city={\"A\", \"B\"}, y={1.5, 2}}");
  push_frame(L, made);
  return 1;
}

int data_in_use_command(lua_State* L, Arguments&) {
  push_value(L, data_in_use(L));
  return 1;
}

int threads(lua_State* L, Arguments& a) {
  if (a.has("count")) {
    const long long count = a.integer("count");
    if (count < 1 || count > 1024)
      throw core::Error("the number of threads is between 1 and 1024, not " + std::to_string(count)).word("threads");
    core::set_threads(static_cast<int>(count));
  }
  lua_pushinteger(L, core::threads());
  return 1;
}

}  // namespace

void add_data_commands(Registry& registry) {
  add_file_commands(registry);
  registry.add({{.name = "frame",
                 .topic = "data",
                 .summary = "Makes a frame from lists",
                 .args = {{.name = "columns",
                           .kind = Kind::list,
                           .doc = "{name={values…}, …}; columns come in alphabetical order",
                           .optional = true}},
                 .example = "df = frame(city={\"A\", \"B\"}, y={1.5, 2})",
                 .open_keywords = true},
                frame,
                false});
  registry.add({{.name = "data", .topic = "data", .summary = "The data in use, as a frame", .example = "n = #data()"},
                data_in_use_command,
                false});
  registry.add({{.name = "threads",
                 .topic = "help",
                 .summary = "How many threads kernels use; results never depend on it",
                 .args = {{.name = "count", .kind = Kind::integer, .doc = "sets it", .optional = true}},
                 .example = "threads(2)"},
                threads,
                false});
  add_row_commands(registry);
  add_column_commands(registry);
  add_listing_commands(registry);
  add_format_command(registry);
  add_verbs(registry);
}

}  // namespace bindings
