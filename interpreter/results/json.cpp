#include "core/text.hpp"
#include "results/fit.hpp"

#include <nlohmann/json.hpp>

#include <cmath>
#include <cstdint>
#include <string>
#include <vector>

namespace results {
namespace {

using Json = nlohmann::ordered_json;

/// NaN is null; infinities, which JSON lacks, are words.
Json number(double value) {
  if (std::isnan(value)) return nullptr;
  if (std::isinf(value)) return value > 0 ? "inf" : "-inf";
  return value;
}

/// A count: without a decimal point where it is whole.
Json whole_number(double value) {
  constexpr double exact = 9007199254740992;  // 2^53
  if (value == std::floor(value) && std::abs(value) <= exact) return static_cast<std::int64_t>(value);
  return number(value);
}

Json counts(const std::vector<double>& values) {
  Json out = Json::array();
  for (const double value : values) out.push_back(whole_number(value));
  return out;
}

/// Statistics that count something.
bool is_count(const std::string& name) {
  for (const char* known : {"parameters", "df_residual", "F_df1", "F_df2", "treated_cells", "treated_units", "cohorts"})
    if (name == known) return true;
  return false;
}

template <class Values>
Json numbers(const Values& values) {
  Json out = Json::array();
  for (const double value : values) out.push_back(number(value));
  return out;
}

Json matrix(const Matrix& m) {
  Json out = Json::array();
  for (Index i = 0; i < m.rows(); ++i) out.push_back(numbers(Vector(m.row(i))));
  return out;
}

const char* word(inference::Ssc::KFixef k) {
  using K = inference::Ssc::KFixef;
  return k == K::none ? "none" : k == K::full ? "full" : "nonnested";
}

const char* word(inference::Ssc::Repair repair) {
  using R = inference::Ssc::Repair;
  return repair == R::none ? "none" : repair == R::whole ? "whole" : "without_constant";
}

Json rules(const inference::Ssc& ssc) {
  return {{"like", ssc.like},
          {"k_adjust", ssc.k_adjust},
          {"k_fixef", word(ssc.k_fixef)},
          {"k_exact", ssc.k_exact},
          {"g_adjust", ssc.g_adjust},
          {"g_df", ssc.g_df == inference::Ssc::GDf::min ? "min" : "conventional"},
          {"t_df",
           ssc.t_fixed > 0 ? number(ssc.t_fixed) : Json(ssc.t_df == inference::Ssc::TDf::min ? "min" : "conventional")},
          {"repair", word(ssc.repair)},
          {"pool_periods", ssc.pool_periods}};
}

Json estimate(const inference::Estimate& e) {
  return {{"estimate", number(e.value)}, {"se", number(e.se)},    {"t", number(e.t)}, {"p", number(e.p)},
          {"low", number(e.low)},        {"high", number(e.high)}};
}

Json test_record(const inference::Test& t) {
  Json out = {{"name", t.name}, {"statistic", number(t.statistic)}, {"distribution", t.distribution}};
  if (t.distribution != "z" && t.distribution != "t") out["df1"] = whole_number(t.df1);
  if (t.distribution == "F" || t.distribution == "t") out["df2"] = whole_number(t.df2);
  out["p"] = number(t.p);
  return out;
}

}  // namespace

std::string json(const Fit& fit) {
  Json out;
  out["command"] = fit.command;
  out["title"] = fit.title;
  out["call"] = fit.call;
  out["formula"] = fit.formula;
  out["depvar"] = fit.depvar;
  out["nobs"] = whole_number(fit.nobs);
  out["rank"] = fit.rank;
  out["rss"] = number(fit.rss);
  const bool own_df = fit.vcov.df.size() > 0;
  Json coefficients = Json::object();
  for (const CoefficientRow& row : coefficient_table(fit)) {
    Json& one = coefficients[row.name] = estimate(row.estimate);
    if (own_df) one["df"] = number(fit.vcov.df[fit.position(row.name)]);
  }
  out["coefficients"] = std::move(coefficients);
  // The information of a likelihood that is no sandwich (spatial models) is a type of its own.
  const bool ml = core::starts_with(fit.vcov.label, "ML, ");
  out["vcov"] = {{"type", ml ? "ml" : inference::print(fit.vcov.spec)},
                 {"label", fit.vcov.label},
                 {"names", fit.names},
                 {"matrix", matrix(fit.vcov.matrix)},
                 {"df_t", whole_number(fit.vcov.df_t)},
                 {"K", whole_number(fit.vcov.K)},
                 {"groups", counts(fit.vcov.groups)},
                 {"ssc", rules(fit.vcov.spec.ssc.value_or(fit.ssc))}};
  Json effects = Json::array();
  for (const AbsorbedEffect& fe : fit.fe)
    effects.push_back(
        {{"name", fe.name}, {"parameters", whole_number(fe.levels)}, {"redundant", whole_number(fe.redundant)}});
  out["fixed_effects"] = std::move(effects);
  Json stats = Json::object();
  for (const auto& [name, value] : fit.stats) stats[name] = is_count(name) ? whole_number(value) : number(value);
  out["stats"] = std::move(stats);
  Json tests = Json::array();
  for (const inference::Test& t : fit.tests) tests.push_back(test_record(t));
  out["tests"] = std::move(tests);
  Json notes = fit.notes;
  for (const std::string& note : fit.vcov.notes) notes.push_back(note);
  out["notes"] = std::move(notes);
  out["collinear"] = fit.collinear;
  out["data"] = {{"frame", fit.frame_name}, {"rows", fit.frame_rows}, {"rows_in_use", fit.rows.size()}};
  Json stages = Json::array();
  for (const auto& stage : fit.first_stages) stages.push_back(Json::parse(json(*stage)));
  out["first_stages"] = std::move(stages);
  out["provenance"] = fit.provenance;
  return out.dump(2, ' ', false, Json::error_handler_t::replace);
}

}  // namespace results
