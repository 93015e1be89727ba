// Interaction-weighted event study: a dummy for each cohort and event time, so that no cohort's effects enter
// another's,
//   y_it = a_i + g_t + Σ_{c, e ≠ ref} β_ce 1{G_i = c} 1{t − c = e} + x'b + u,
// and averages over cohorts, β_e = Σ_c β_ce · (share of cohort c among rows at event time e).
// Source: Sun & Abraham (2021), J. Econometrics 225(2), 175–199.
// Peers:  fixest::sunab, eventstudyinteract (Stata).
#include "core/error.hpp"
#include "core/text.hpp"
#include "estimators/did/cohort_period.hpp"
#include "estimators/did/did.hpp"
#include "estimators/did/pretrends.hpp"
#include "estimators/linear/linear.hpp"
#include "formula/evaluate.hpp"

#include <algorithm>
#include <cmath>

namespace estimators {
namespace {

std::vector<std::int64_t> omitted_periods(const Options& options) {
  std::vector<std::int64_t> out;
  for (const double ref : options.get<std::vector<double>>("ref", {-1})) {
    if (ref != std::floor(ref) || ref >= 0)
      throw core::Error("ref takes whole event times before treatment, not " + core::shortest(ref)).word("ref");
    out.push_back(static_cast<std::int64_t>(ref));
  }
  if (out.empty()) throw core::Error("ref takes at least one event time: ref=-1").word("ref");
  return out;
}

/// Rows in use: not those of units treated from the first period on, and without never-treated units not those from the
/// last cohort's treatment on.
struct Kept {
  std::vector<std::uint8_t> rows;  ///< of the sample
  std::int64_t reference_cohort = never_treated;
  std::vector<std::string> notes;
};

Kept keep(const Staggered& s) {
  Kept kept{std::vector<std::uint8_t>(s.units.size(), 1), never_treated, {}};
  if (std::count(s.cohorts.begin(), s.cohorts.end(), never_treated) == 0) {
    kept.reference_cohort = s.cohort_sizes().back().first;
    kept.notes.push_back("no never-treated units: cohort " + s.name_of(kept.reference_cohort) +
                         " is the reference, and periods from its treatment on are left out");
  }
  std::int64_t always = 0;
  for (std::size_t i = 0; i < s.units.size(); ++i) {
    const std::int64_t g = s.cohorts[static_cast<std::size_t>(s.units[i])];
    const std::int64_t t = s.times[static_cast<std::size_t>(s.periods[i])];
    if (g <= s.times.front()) {
      kept.rows[i] = 0;
      ++always;
    }
    if (kept.reference_cohort != never_treated && t >= kept.reference_cohort) kept.rows[i] = 0;
  }
  if (always > 0)
    kept.notes.push_back(core::counted(always, "row") + " of units treated from the first period on left out");
  return kept;
}

CohortDesign design_of(const Staggered& s, const Kept& kept, const std::vector<std::int64_t>& references,
                       const formula::Tree& cohort, const data::Frame& frame) {
  CohortDesign design{.cohort = cohort, .time = s.time, .cells = {}, .covariates = {}, .means = {}};
  const std::vector<double> cohorts = formula::evaluate_numbers(cohort, frame);
  const Vector& w = s.problem.weights();
  for (std::size_t i = 0; i < s.units.size(); ++i) {
    const std::int64_t g = s.cohorts[static_cast<std::size_t>(s.units[i])];
    if (!kept.rows[i] || g == never_treated || g == kept.reference_cohort) continue;
    const std::int64_t event = s.times[static_cast<std::size_t>(s.periods[i])] - g;
    if (std::find(references.begin(), references.end(), event) != references.end()) continue;
    CellSums& sums = design.cells[{cohorts[s.problem.context->rows[i]], event}];
    sums.weight += w.size() == 0 ? 1 : w[static_cast<Index>(i)];
    sums.cohort_name = s.name_of(g);
    sums.period_name = s.period_names[static_cast<std::size_t>(s.periods[i])];
  }
  if (design.cells.empty())
    throw core::Error("no cohort has an effect to estimate")
        .hint("cohorts by first treated " + s.time + ": " + s.cohort_table());
  return design;
}

results::Fit fit_sunab(const Request& request) {
  Settings settings = read_settings(request, "sunab");
  formula::Parts parts = read_formula(request, settings);
  const std::string own = take_unit_and_time(request, settings, parts);
  default_staggered_vcov(request, settings);
  const Staggered s = read_staggered(request, settings, parts);
  const std::vector<std::int64_t> references = omitted_periods(request.options);
  const Kept kept = keep(s);
  const CohortDesign design =
      design_of(s, kept, references, request.options.get<formula::Tree>("cohort"), request.frame);

  std::vector<formula::Term> terms;
  for (const auto& [cell, sums] : design.cells) {
    const std::string name = cell_name(cell, sums);
    terms.push_back({.factors = {formula::name(name)}, .label = name});
  }
  terms.insert(terms.end(), parts.exogenous.begin(), parts.exogenous.end());
  parts.exogenous = std::move(terms);
  settings.derive = [design](const data::Frame& frame) { return with_cells(design, frame); };
  data::Frame frame = request.frame;
  if (std::count(kept.rows.begin(), kept.rows.end(), 0) > 0) {
    std::vector<std::uint8_t> flags(frame.rows(), 0);
    for (std::size_t i = 0; i < kept.rows.size(); ++i) flags[s.problem.context->rows[i]] = kept.rows[i];
    const std::string flag = "comparable rows";
    frame = frame.with(flag, data::Column::booleans(std::move(flags)));
    settings.design.further = formula::name(flag);
    settings.design.further_reason = "treated from the first period on, or without a comparison";
  }
  results::Fit raw = fit_linear(request, settings, std::move(parts), frame);
  raw.title = "Sun & Abraham, " + raw.title;
  raw.notes.insert(raw.notes.end(), kept.notes.begin(), kept.notes.end());
  if (!own.empty()) raw.notes.push_back("fixed effects: " + own);
  raw.notes.push_back("cohorts by first treated " + s.time + ": " + s.cohort_table());
  const CellAverage by = cell_average(request.options.get<std::string>("agg", "period"));
  results::Fit out = average_cells(std::move(raw), design, by, true);
  out.event_reference = static_cast<double>(references.front());
  for (std::size_t i = 1; i < references.size(); ++i)
    out.further_references.push_back(static_cast<double>(references[i]));
  if (by != CellAverage::none) out.notes.emplace_back("averages by shares of the sample, taken as given");
  if (by == CellAverage::period) add_pretrend_test(out, out.event_reference, references.size() == 1);
  return out;
}

core::Record sunab_record() {
  core::Record r;
  r.name = "sunab";
  r.topic = "did";
  r.summary = "Event study free of contamination between cohorts (Sun and Abraham)";
  r.args = {{.name = "formula", .kind = core::Kind::formula, .doc = "y ~ controls, or y ~ 1"}};
  r.options = staggered_options(false);
  r.options.push_back({.name = "ref",
                       .kind = core::Kind::numbers,
                       .doc = "event time the others are compared with, or several: {-1, -9}",
                       .default_text = "-1"});
  r.options.push_back(agg_option());
  for (core::OptionSpec& option : unit_time_options()) r.options.push_back(std::move(option));
  r.source = "Sun & Abraham (2021), J. Econometrics 225(2)";
  r.example = "sunab(ser ~ lngdp, cohort=cohort, ref=-1)";
  return r;
}

}  // namespace

const Estimator sunab{.record = sunab_record(), .fit = fit_sunab};

}  // namespace estimators
