#include "bindings/analysis.hpp"
#include "bindings/drawn.hpp"

#include "bindings/measures.hpp"
#include "bindings/methods.hpp"
#include "bindings/named.hpp"
#include "bindings/open.hpp"
#include "core/near.hpp"
#include "core/text.hpp"
#include "numerics/random.hpp"

#include <array>
#include <cmath>

namespace bindings {
namespace {

using core::Kind;

std::vector<std::string> kinds_of(const Analysis& analysis) {
  std::vector<std::string> out;
  for (const Analysis::Plot& plot : analysis.plots) out.push_back(plot.kind);
  return out;
}

int plot(lua_State* L, Arguments& a, const AnalysisRef& analysis) {
  const report::PlotText text = plot_text(a);
  if (analysis->plots.empty()) throw core::Error(analysis->what + " has nothing to plot");
  const std::string kind = a.text("kind", analysis->plots.front().kind);
  for (const Analysis::Plot& one : analysis->plots) {
    if (one.kind != kind) continue;
    return push_figure(L, a, one.draw(text));
  }
  throw core::Error("no plot of " + analysis->what + " is called '" + kind + "'")
      .hint(core::did_you_mean(kind, kinds_of(*analysis), "kinds"))
      .word(kind);
}

int save(lua_State* L, Arguments& a, const AnalysisRef& analysis) {
  report::save(analysis->table, a.text("file"));
  push_value<AnalysisRef>(L, analysis);
  return is_statement_call(L) ? 0 : 1;
}

const std::vector<Method<AnalysisRef>>& methods() {
  static const std::vector<Method<AnalysisRef>> all = {
      {{.name = "plot",
        .topic = "results",
        .summary = "A figure of the analysis",
        .args = {{.name = "kind", .kind = Kind::text, .doc = "which figure; the first by default", .optional = true}},
        .options = plot_options()},
       plot},
      {{.name = "save",
        .topic = "results",
        .summary = "Saves the table",
        .args = {{.name = "file", .kind = Kind::text, .doc = ".txt .tex .html .md .csv .xlsx .docx .rtf"}}},
       save}};
  return all;
}

std::vector<std::string> field_names(const Analysis& a) {
  std::vector<std::string> out = {"table", "plot", "save"};
  for (const auto& entry : a.numbers) out.push_back(entry.first);
  for (const auto& entry : a.texts) out.push_back(entry.first);
  for (const auto& entry : a.groups) out.push_back(entry.first);
  for (const auto& entry : a.lists) out.push_back(entry.first);
  for (const auto& entry : a.frames) out.push_back(entry.first);
  for (const auto& entry : a.results) out.push_back(entry.first);
  return out;
}

template <class Entries>
const typename Entries::value_type* find(const Entries& entries, const std::string& name) {
  for (const auto& entry : entries)
    if (entry.first == name) return &entry;
  return nullptr;
}

bool push_field(lua_State* L, const Analysis& a, const std::string& name) {
  if (name == "table") {
    push_value<TableRef>(L, std::make_shared<const report::Table>(a.table));
  } else if (const auto* number = find(a.numbers, name)) {
    lua_pushnumber(L, number->second);
  } else if (const auto* text = find(a.texts, name)) {
    push_text(L, text->second);
  } else if (const auto* group = find(a.groups, name)) {
    std::vector<std::string> names;
    std::vector<double> values;
    for (const auto& [key, value] : group->second) {
      names.push_back(key);
      values.push_back(value);
    }
    push_numbers(L, names, values, "entry");
  } else if (const auto* list = find(a.lists, name)) {
    push_number_list(L, list->second);
  } else if (const auto* frame = find(a.frames, name)) {
    push_frame(L, frame->second);
  } else if (const auto* result = find(a.results, name)) {
    push_value<FitRef>(L, result->second);
  } else {
    return false;
  }
  return true;
}

int index(lua_State* L) {
  const AnalysisRef analysis = *test_value<AnalysisRef>(L, 1);
  const std::string name = printed_at(L, 2);
  if (push_method(L, methods(), name) || push_field(L, *analysis, name)) return 1;
  throw no_field(analysis->what, name, field_names(*analysis));
}

std::string rendered(const Analysis& analysis, const report::TextStyle& style) {
  std::string text = report::render_text(analysis.table, style);
  while (!text.empty() && text.back() == '\n') text.pop_back();
  return text;
}

int show_analysis(lua_State* L) {
  push_text(L, rendered(**test_value<AnalysisRef>(L, 1), text_style(L)));
  return 1;
}

int tostring(lua_State* L) {
  push_text(L, rendered(**test_value<AnalysisRef>(L, 1), {}));
  return 1;
}

/// The result that tables of regressions take.
int as_result(lua_State* L) {
  const AnalysisRef analysis = *test_value<AnalysisRef>(L, 1);
  if (const auto* result = find(analysis->results, "result")) {
    push_value<FitRef>(L, result->second);
    return 1;
  }
  throw core::Error(analysis->what + " has no coefficients for a table of regressions")
      .hint("save its own table: x:save(\"table.tex\")");
}

}  // namespace

int push_analysis(lua_State* L, const Arguments& a, Analysis analysis) {
  if (a.has("file")) report::save(analysis.table, a.text("file"));
  push_value<AnalysisRef>(L, std::make_shared<const Analysis>(std::move(analysis)));
  return 1;
}

std::string estimate_text(double value) {
  if (!std::isfinite(value)) return std::isnan(value) ? "." : value > 0 ? "inf" : "-inf";
  const double size = std::abs(value);
  return core::fixed(value, size >= 1000 ? 1 : size >= 100 ? 2 : size >= 10 ? 3 : 4);
}

std::string p_text(double p) { return std::isnan(p) ? "." : core::fixed(p, 4); }

std::uint64_t seed_of(const Arguments& a) {
  return a.has("seed") ? static_cast<std::uint64_t>(a.integer("seed")) : numerics::fresh_seed();
}

core::OptionSpec seed_option() {
  return {.name = "seed",
          .kind = Kind::integer,
          .doc = "of the random draws; the result names it",
          .default_text = "a fresh one",
          .min = 0};
}

core::OptionSpec reps_option(const std::string& fallback) {
  return {.name = "reps", .kind = Kind::integer, .doc = "number of draws", .default_text = fallback, .min = 1};
}

core::OptionSpec confidence_option() {
  return {.name = "level",
          .kind = Kind::number,
          .doc = "confidence level",
          .default_text = "0.95",
          .min = 0.5,
          .max = 0.9999};
}

void open_analyses(lua_State* L) {
  constexpr std::array<luaL_Reg, 5> functions{{{"__index", guarded<index>},
                                               {"__result", guarded<as_result>},
                                               {"__show", guarded<show_analysis>},
                                               {"__tostring", guarded<tostring>},
                                               {nullptr, nullptr}}};
  new_type<AnalysisRef>(L, functions.data());
  register_methods(L, methods());
  lua_pop(L, 1);
}

}  // namespace bindings
