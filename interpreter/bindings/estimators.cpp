// Native estimators as commands: checked arguments → estimators::Request → result.
#include "bindings/open.hpp"
#include "bindings/value.hpp"
#include "estimators/estimator.hpp"

namespace bindings {
namespace {

/// A repeated argument gives one value per item.
void add_values(const Arguments& a, const core::ArgSpec& arg, std::vector<estimators::Value>& out) {
  if (!a.has(arg.name)) return;
  if (!arg.repeated) {
    out.push_back(a.value(arg.name, arg.kind));
  } else if (arg.kind == core::Kind::result) {
    for (FitRef& fit : a.results(arg.name)) out.emplace_back(std::move(fit));
  } else {
    for (formula::Tree& tree : a.trees(arg.name)) out.emplace_back(std::move(tree));
  }
}

int run_estimator(lua_State* L, Arguments& a, const estimators::Estimator& estimator) {
  const core::Record& record = estimator.record;
  estimators::Request request;
  bool first = true;
  for (const core::ArgSpec& arg : record.args) {
    if (first && arg.kind == core::Kind::formula) {
      request.formula = a.tree(arg.name);
    } else {
      add_values(a, arg, request.args);
    }
    first = false;
  }
  for (const core::OptionSpec& option : record.options)
    if (option.name != "data" && a.has(option.name))
      request.options.set(option.name, a.value(option.name, option.kind));
  const bool needs_frame = request.formula != nullptr || a.has("data");
  if (needs_frame) request.frame = a.box()->frame;
  request.call = call_text(L, record.name);
  push_value<FitRef>(L, std::make_shared<const results::Fit>(estimator.fit(request)));
  return 1;
}

}  // namespace

void add_estimators(Registry& registry) {
  for (const estimators::Estimator* estimator : estimators::registry())
    registry.add({.record = estimator->record,
                  .run = [estimator](lua_State* L, Arguments& a) { return run_estimator(L, a, *estimator); }});
}

}  // namespace bindings
