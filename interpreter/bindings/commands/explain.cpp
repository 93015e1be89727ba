// fields(m): the names of what a value holds. explain(m): the model, the estimator and the variance of a result in
// formulas with its own numbers.
#include "results/explain.hpp"
#include "bindings/complete.hpp"
#include "bindings/named.hpp"
#include "bindings/open.hpp"
#include "bindings/value.hpp"
#include "core/error.hpp"

#include <algorithm>

namespace bindings {
namespace {

int explain(lua_State* L, Arguments& a) {
  const FitRef fit = a.result("m");
  if (fit->p_values.size() > 0) throw core::Error("a placebo run is explained by help placebo").word("m");
  std::string text = results::explain(*fit);
  while (!text.empty() && text.back() == '\n') text.pop_back();
  push_text(L, text);
  return 1;
}

int fields(lua_State* L, Arguments& a) {
  a.push("value");
  if (lua_type(L, -1) != LUA_TUSERDATA && !lua_istable(L, -1))
    throw core::Error("fields takes a result, a frame or a table, not " + described(L, -1)).word("fields");
  std::vector<std::string> names = field_names(L);
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());
  lua_newtable(L);
  lua_Integer i = 0;
  for (const std::string& name : names) {
    if (name.compare(0, 2, "__") == 0) continue;
    push_text(L, name);
    lua_rawseti(L, -2, ++i);
  }
  make_shown_list(L);
  return 1;
}

}  // namespace

void add_explain_command(Registry& registry) {
  registry.add(
      {.record = {.name = "explain",
                  .topic = "results",
                  .summary = "Writes the model, the estimator and the variance of a result with its own numbers",
                  .args = {{.name = "m", .kind = core::Kind::result, .doc = "what an estimator returned"}},
                  .example = "explain(did(ser ~ did, fe=\"city + year\"))"},
       .run = explain,
       .takes_data = false});
  registry.add({.record = {.name = "fields",
                           .topic = "results",
                           .summary = "The names of the fields and methods of a result, frame or table",
                           .args = {{.name = "value", .kind = core::Kind::any, .doc = "a result, a frame, a table"}},
                           .example = "fields(reg(ser ~ did))"},
                .run = fields,
                .takes_data = false});
}

}  // namespace bindings
