// m.coef.did, m.se, m.nobs, m.r2, m.notes, …: fields of results, and the results themselves as values.
#include "bindings/result.hpp"

#include "bindings/named.hpp"
#include "bindings/open.hpp"
#include "bindings/text_list.hpp"
#include "core/near.hpp"
#include "report/regression.hpp"

#include <algorithm>
#include <array>
#include <functional>
#include <map>

namespace bindings {
namespace {

using results::Fit;
using results::Index;

std::vector<double> to_vector(const results::Vector& values) { return {values.data(), values.data() + values.size()}; }

template <double inference::Estimate::*Member>
void push_estimates(lua_State* L, const Fit& fit) {
  std::vector<double> values;
  for (const results::CoefficientRow& row : results::coefficient_table(fit)) values.push_back(row.estimate.*Member);
  push_numbers(L, fit.names, values, "coefficient");
}

void push_vcov(lua_State* L, const Fit& fit) {
  lua_createtable(L, 0, static_cast<int>(fit.names.size()));
  for (std::size_t i = 0; i < fit.names.size(); ++i) {
    push_numbers(L, fit.names, to_vector(fit.vcov.matrix.row(static_cast<Index>(i)).transpose()), "coefficient");
    lua_setfield(L, -2, fit.names[i].c_str());
  }
  seal_named(L, fit.names, "coefficient");
}

void push_tests(lua_State* L, const Fit& fit) {
  lua_createtable(L, 0, static_cast<int>(fit.tests.size()));
  std::vector<std::string> names;
  for (const inference::Test& test : fit.tests) {
    push_test(L, test);
    lua_setfield(L, -2, test.name.c_str());
    names.push_back(test.name);
  }
  seal_named(L, std::move(names), "test");
}

void push_first_stages(lua_State* L, const Fit& fit) {
  lua_createtable(L, static_cast<int>(fit.first_stages.size()), 0);
  lua_Integer i = 0;
  for (const FitRef& stage : fit.first_stages) {
    push_value<FitRef>(L, stage);
    lua_pushvalue(L, -1);
    lua_setfield(L, -3, stage->depvar.c_str());  // by the endogenous regressor, and by position
    lua_rawseti(L, -2, ++i);
  }
}

void push_provenance(lua_State* L, const Fit& fit) {
  lua_createtable(L, 0, static_cast<int>(fit.provenance.size()));
  std::vector<std::string> names;
  for (const auto& [name, value] : fit.provenance) {
    push_text(L, value);
    lua_setfield(L, -2, name.c_str());
    names.push_back(name);
  }
  seal_named(L, std::move(names), "entry");
}

/// Counts are Lua integers where they are whole.
void push_count(lua_State* L, double count) {
  const auto whole = static_cast<lua_Integer>(count);
  if (static_cast<double>(whole) == count) {
    lua_pushinteger(L, whole);
  } else {
    lua_pushnumber(L, count);
  }
}

/// Degrees of freedom of t of each coefficient.
void push_degrees(lua_State* L, const Fit& fit) {
  std::vector<double> df;
  for (results::Index j = 0; j < fit.coef.size(); ++j) df.push_back(fit.vcov.df_of(j));
  push_numbers(L, fit.names, df, "coefficient");
}

using Push = void (*)(lua_State*, const Fit&);

const std::vector<std::pair<std::string, Push>>& fields() {
  static const std::vector<std::pair<std::string, Push>> all = {
      {"coef", [](lua_State* L, const Fit& m) { push_numbers(L, m.names, to_vector(m.coef), "coefficient"); }},
      {"se", push_estimates<&inference::Estimate::se>},
      {"t", push_estimates<&inference::Estimate::t>},
      {"p", push_estimates<&inference::Estimate::p>},
      {"vcov", push_vcov},
      {"vcov_label", [](lua_State* L, const Fit& m) { push_text(L, m.vcov.label); }},
      {"df", [](lua_State* L, const Fit& m) { push_count(L, m.vcov.df_t); }},
      {"df_coef", push_degrees},
      {"nobs", [](lua_State* L, const Fit& m) { push_count(L, m.nobs); }},
      {"rank", [](lua_State* L, const Fit& m) { lua_pushinteger(L, m.rank); }},
      {"rss", [](lua_State* L, const Fit& m) { lua_pushnumber(L, m.rss); }},
      {"names",
       [](lua_State* L, const Fit& m) {
         push_strings(L, m.names);
         make_shown_list(L);
       }},
      {"notes",
       [](lua_State* L, const Fit& m) {
         std::vector<std::string> notes = m.notes;
         notes.insert(notes.end(), m.vcov.notes.begin(), m.vcov.notes.end());
         push_strings(L, notes);
         make_shown_list(L);
       }},
      {"collinear", [](lua_State* L, const Fit& m) { push_strings(L, m.collinear); }},
      {"tests", push_tests},
      {"first_stages", push_first_stages},
      {"command", [](lua_State* L, const Fit& m) { push_text(L, m.command); }},
      {"title", [](lua_State* L, const Fit& m) { push_text(L, m.title); }},
      {"depvar", [](lua_State* L, const Fit& m) { push_text(L, m.depvar); }},
      {"formula", [](lua_State* L, const Fit& m) { push_text(L, m.formula); }},
      {"call", [](lua_State* L, const Fit& m) { push_text(L, m.call); }},
      {"provenance", push_provenance},
  };
  return all;
}

/// `within_r2` is language.md's name for the statistic r2_within.
std::string stat_name(const std::string& name) {
  if (name == "within_r2") return "r2_within";
  if (name == "adj_r2") return "r2_adj";
  return name;
}

const FitRef& self(lua_State* L) {
  const FitRef* fit = test_value<FitRef>(L, 1);
  if (!fit) throw core::Error("a method of a result is called with a colon: m:summary()");
  return *fit;
}

/// Commands about a result are its methods, too.
bool takes_result(const core::Record& record) {
  return !record.args.empty() && record.args.front().kind == core::Kind::result && !record.args.front().repeated;
}

int index(lua_State* L) {
  const FitRef fit = self(L);
  const std::string name = printed_at(L, 2);
  if (push_method(L, result_methods(), name)) return 1;
  if (push_result_field(L, fit, name)) return 1;
  if (const Command* command = session(L).commands.find(name); command && takes_result(command->record)) {
    push_command(L, *command);  // m:aggte("dynamic") is aggte(m, "dynamic")
    return 1;
  }
  throw no_field("this result of " + fit->command, name, result_field_names(*fit));
}

int show_result(lua_State* L) {
  push_text(L, report::summary(*self(L), text_style(L)));
  return 1;
}

int tostring(lua_State* L) {
  push_text(L, report::summary(*self(L)));
  return 1;
}

int no_assignment(lua_State* L) {
  const std::string name = printed_at(L, 2);
  throw core::Error("'" + name + "' of a result cannot be changed")
      .word(name)
      .hint("results are read only; gen() and replace() change the data");
}

}  // namespace

std::vector<std::string> result_field_names(const Fit& fit) {
  std::vector<std::string> names;
  for (const auto& [name, push] : fields()) names.push_back(name);
  for (const auto& [name, value] : fit.stats)
    if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
  for (const Method<FitRef>& method : result_methods()) names.push_back(method.record.name);
  return names;
}

bool push_result_field(lua_State* L, const FitRef& fit, const std::string& name) {
  for (const auto& [field, push] : fields()) {
    if (field != name) continue;
    push(L, *fit);
    return true;
  }
  const std::string stat = stat_name(name);
  const auto found =
      std::find_if(fit->stats.begin(), fit->stats.end(), [&](const auto& entry) { return entry.first == stat; });
  if (found == fit->stats.end()) return false;
  const std::string_view counts[] = {"df_residual", "parameters", "F_df1", "F_df2", "placebo_draws"};
  if (std::find(std::begin(counts), std::end(counts), stat) != std::end(counts)) {
    push_count(L, found->second);
  } else {
    lua_pushnumber(L, found->second);
  }
  return true;
}

void open_results(lua_State* L) {
  open_named(L);
  constexpr std::array<luaL_Reg, 5> functions{{{"__index", guarded<index>},
                                               {"__newindex", guarded<no_assignment>},
                                               {"__show", guarded<show_result>},
                                               {"__tostring", guarded<tostring>},
                                               {nullptr, nullptr}}};
  new_type<FitRef>(L, functions.data());
  register_methods(L, result_methods());
  lua_pop(L, 1);
}

}  // namespace bindings
