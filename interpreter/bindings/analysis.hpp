// Analysis: what a command returns that is neither one regression nor one table: named numbers, lists, frames, results,
// a printed table, and figures drawn when asked for. One bound type serves them all:
//   a.NAME, a:plot(kind, file=), a:save(file), a.table; etable takes it when it holds a result called "result".
#pragma once

#include "bindings/commands.hpp"
#include "bindings/value.hpp"
#include "report/plots.hpp"

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace bindings {

using NamedNumbers = std::vector<std::pair<std::string, double>>;

struct Analysis {
  std::string what;  ///< "a boottest", for errors
  report::Table table;
  NamedNumbers numbers;                                            ///< a.p
  std::vector<std::pair<std::string, std::string>> texts;          ///< a.term
  std::vector<std::pair<std::string, NamedNumbers>> groups;        ///< a.weights["Utah"]
  std::vector<std::pair<std::string, std::vector<double>>> lists;  ///< a.draws[1]
  std::vector<std::pair<std::string, data::Frame>> frames;         ///< a.frame
  std::vector<std::pair<std::string, FitRef>> results;             ///< a.result
  struct Plot {
    std::string kind;
    std::function<report::Figure(const report::PlotText&)> draw;
  };
  std::vector<Plot> plots;  ///< the first is drawn when no kind is named

  void number(std::string name, double value) { numbers.emplace_back(std::move(name), value); }
  /// A row of the table: a label and numbers' texts.
  void row(const std::string& label, const std::string& value) { table.body.push_back({{{label}, {value}}}); }
  void note(std::string text) { table.notes.push_back(std::move(text)); }
};
using AnalysisRef = std::shared_ptr<const Analysis>;
template <>
struct Bound<AnalysisRef> {
  static constexpr const char* key = "moontide.analysis";
  static constexpr const char* name = "analysis";
};

/// Saves the table when the call has file=, and pushes the analysis.
int push_analysis(lua_State* L, const Arguments& a, Analysis analysis);

/// "0.0497", "-12.35": four significant decimals as tables of estimates print them.
std::string estimate_text(double value);
/// "0.0230", "< 0.001" is never written: p-values to four decimals.
std::string p_text(double p);
/// seed= of the call, or a fresh one.
std::uint64_t seed_of(const Arguments& a);
core::OptionSpec seed_option();
core::OptionSpec reps_option(const std::string& fallback);
core::OptionSpec confidence_option();

void open_analyses(lua_State* L);

void add_robust_inference_commands(Registry& registry);  // boottest, crv, cluster_report, ri, romano_wolf, qvalues
void add_sensitivity_commands(Registry& registry);       // oster, sensitivity
void add_matching_commands(Registry& registry);          // match
void add_weighting_commands(Registry& registry);         // ebalance, teffects
void add_synthetic_commands(Registry& registry);         // synth, sdid, panel_approach, mcpanel, gsynth
void add_mediation_commands(Registry& registry);         // mediate
void add_heterogeneity_commands(Registry& registry);     // heterogeneity, split_test, moderate, ame, spec_curve

}  // namespace bindings
