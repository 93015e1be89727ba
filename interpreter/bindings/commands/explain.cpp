// explain(m): the model, the estimator and the variance of a result in formulas with its own numbers.
#include "results/explain.hpp"
#include "bindings/open.hpp"
#include "bindings/value.hpp"
#include "core/error.hpp"

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
}

}  // namespace bindings
