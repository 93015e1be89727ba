// Native estimators as commands: checked arguments → estimators::Request → result.
#include "bindings/open.hpp"
#include "bindings/value.hpp"
#include "core/interrupt.hpp"
#include "estimators/estimator.hpp"
#include "formula/stepwise.hpp"
#include "report/etable.hpp"

#include <array>

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

/// The metatable of the list that several regressions give.
constexpr const char* list_key = "moontide.results";

/// A list of results shows them side by side.
int show_results(lua_State* L) {
  std::vector<FitRef> fits;
  const lua_Integer n = luaL_len(L, 1);
  for (lua_Integer i = 1; i <= n; ++i) {
    lua_geti(L, 1, i);
    if (const FitRef* fit = test_value<FitRef>(L, -1)) fits.push_back(*fit);
    lua_pop(L, 1);
  }
  const InterpreterOptions& options = session(L).options;
  std::string text = report::render_text(report::etable(fits, {}),
                                         {.width = options.width, .color = options.color, .fold = options.fold});
  while (!text.empty() && text.back() == '\n') text.pop_back();
  push_text(L, text);
  return 1;
}

/// The metatable of such lists, made at the first call.
void set_list_metatable(lua_State* L) {
  if (luaL_newmetatable(L, list_key)) {
    constexpr std::array<luaL_Reg, 3> functions{
        {{"__show", guarded<show_results>}, {"__tostring", guarded<show_results>}, {nullptr, nullptr}}};
    luaL_setfuncs(L, functions.data(), 0);
  }
  lua_setmetatable(L, -2);
}

/// One result, or a list of them when the formula has several outcomes or steps.
int push_fits(lua_State* L, estimators::Request request, const estimators::Estimator& estimator) {
  const auto fitted = [&] {
    results::Fit fit = estimator.fit(request);
    if (!session(L).written_for.empty()) fit.provenance["written for"] = session(L).written_for;
    return std::make_shared<const results::Fit>(std::move(fit));
  };
  if (!request.formula) {
    push_value<FitRef>(L, fitted());
    return 1;
  }
  const std::vector<formula::Tree> formulas = formula::each_formula(request.formula);
  const std::vector<formula::Tree> effects = formula::each_terms(request.options.get<formula::Tree>("fe"));
  const bool several = formulas.size() * effects.size() > 1;
  if (several) lua_newtable(L);
  lua_Integer made = 0;
  for (const formula::Tree& one : formulas) {
    for (const formula::Tree& fe : effects) {
      core::poll();
      request.formula = one;
      if (request.options.has("fe")) request.options.set("fe", fe);
      push_value<FitRef>(L, fitted());
      if (several) lua_rawseti(L, -2, ++made);
    }
  }
  if (several) set_list_metatable(L);
  return 1;
}

}  // namespace

estimators::Request request_of(lua_State* L, const Arguments& a, const core::Record& record) {
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
  return request;
}

void add_estimators(Registry& registry) {
  for (const estimators::Estimator* estimator : estimators::registry())
    registry.add({.record = estimator->record, .run = [estimator](lua_State* L, Arguments& a) {
                    return push_fits(L, request_of(L, a, estimator->record), *estimator);
                  }});
}

}  // namespace bindings
