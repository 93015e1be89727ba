// Native estimators as commands: checked arguments → estimators::Request → result.
#include "bindings/open.hpp"
#include "bindings/value.hpp"
#include "core/interrupt.hpp"
#include "estimators/estimator.hpp"
#include "estimators/heterogeneity/split.hpp"
#include "formula/stepwise.hpp"
#include "report/etable.hpp"

#include <algorithm>
#include <array>
#include <memory>

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
/// Where the metatable of a list that split= made keeps what it was split from: in the list it would be an option of
/// etable(list).
constexpr const char* parts_field = "parts";

/// A list of results shows them side by side.
int show_results(lua_State* L) {
  std::vector<FitRef> fits;
  const lua_Integer n = luaL_len(L, 1);
  for (lua_Integer i = 1; i <= n; ++i) {
    lua_geti(L, 1, i);
    if (const FitRef* fit = test_value<FitRef>(L, -1)) fits.push_back(*fit);
    lua_pop(L, 1);
  }
  std::string text = report::render_text(report::etable(fits, {}), text_style(L));
  while (!text.empty() && text.back() == '\n') text.pop_back();
  push_text(L, text);
  return 1;
}

constexpr std::array<luaL_Reg, 3> list_functions{
    {{"__show", guarded<show_results>}, {"__tostring", guarded<show_results>}, {nullptr, nullptr}}};

/// The metatable of such lists, made at the first call.
void set_list_metatable(lua_State* L) {
  if (luaL_newmetatable(L, list_key)) luaL_setfuncs(L, list_functions.data(), 0);
  lua_setmetatable(L, -2);
}

FitRef named(lua_State* L, results::Fit fit) {
  if (!session(L).written_for.empty()) fit.provenance["written for"] = session(L).written_for;
  return std::make_shared<const results::Fit>(std::move(fit));
}

/// split= and fsplit=: one result for each part, after that of all rows for fsplit=. `parts`: what split_test takes.
std::vector<FitRef> fit_split(lua_State* L, const estimators::Request& request, const estimators::Estimator& estimator,
                              std::shared_ptr<const estimators::SplitFits>& parts) {
  std::vector<FitRef> out;
  const bool full = request.options.has("fsplit");
  const auto by = request.options.get<formula::Tree>(full ? "fsplit" : "split");
  parts = std::make_shared<const estimators::SplitFits>(estimators::fit_parts(request, by, estimator.fit));
  if (full) {
    results::Fit all = estimator.fit(request);
    all.split_by = parts->split.by;
    all.split_level = "all";
    out.push_back(named(L, std::move(all)));
  }
  for (const FitRef& fit : parts->fits) out.push_back(named(L, *fit));
  return out;
}

/// One result, or a list of them when the formula has several outcomes or steps, or the sample is split.
int push_fits(lua_State* L, estimators::Request request, const estimators::Estimator& estimator) {
  const bool split = request.options.has("split") || request.options.has("fsplit");
  if (request.options.has("split") && request.options.has("fsplit"))
    throw core::Error("both split= and fsplit= are given").hint("fsplit= is split= with all rows first").word("fsplit");
  if (!request.formula) {
    push_value<FitRef>(L, named(L, estimator.fit(request)));
    return 1;
  }
  const std::vector<formula::Tree> formulas = formula::each_formula(request.formula);
  const std::vector<formula::Tree> effects = formula::each_terms(request.options.get<formula::Tree>("fe"));
  const bool several = split || formulas.size() * effects.size() > 1;
  if (several) lua_newtable(L);
  lua_Integer made = 0;
  std::shared_ptr<const estimators::SplitFits> parts;
  for (const formula::Tree& one : formulas) {
    for (const formula::Tree& fe : effects) {
      core::poll();
      request.formula = one;
      if (request.options.has("fe")) request.options.set("fe", fe);
      const std::vector<FitRef> fits =
          split ? fit_split(L, request, estimator, parts) : std::vector<FitRef>{named(L, estimator.fit(request))};
      for (const FitRef& fit : fits) {
        push_value<FitRef>(L, fit);
        if (several) lua_rawseti(L, -2, ++made);
      }
    }
  }
  if (several) set_list_metatable(L);
  if (split && formulas.size() * effects.size() == 1) {
    lua_newtable(L);
    luaL_setfuncs(L, list_functions.data(), 0);
    push_value<SplitFitsRef>(L, parts);
    lua_setfield(L, -2, parts_field);
    lua_setmetatable(L, -2);
  }
  return 1;
}

/// The record with split= and fsplit=, for estimators that choose rows by where=.
core::Record with_split(core::Record record) {
  const bool chooses = std::any_of(record.options.begin(), record.options.end(),
                                   [](const core::OptionSpec& option) { return option.name == "where"; });
  if (!chooses) return record;
  record.options.push_back({.name = "split",
                            .kind = core::Kind::expression,
                            .doc = "a result for each of its values: a list, which split_test compares",
                            .default_text = "",
                            .aliases = {"by"}});
  record.options.push_back(
      {.name = "fsplit", .kind = core::Kind::expression, .doc = "the same, with all rows first", .default_text = ""});
  return record;
}

}  // namespace

void open_split(lua_State* L) {
  constexpr std::array<luaL_Reg, 1> functions{{{nullptr, nullptr}}};
  new_type<SplitFitsRef>(L, functions.data());
  lua_pop(L, 1);
}

const SplitFitsRef* split_fits_at(lua_State* L, int index) {
  if (!lua_istable(L, index) || !lua_getmetatable(L, index)) return nullptr;
  lua_getfield(L, -1, parts_field);
  return test_value<SplitFitsRef>(L, -1);  // stays on the stack, so that it lives
}

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
    registry.add({.record = with_split(estimator->record), .run = [estimator](lua_State* L, Arguments& a) {
                    return push_fits(L, request_of(L, a, a.command().record), *estimator);
                  }});
}

}  // namespace bindings
