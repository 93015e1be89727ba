// Extended two-way fixed effects: a dummy for each treated cohort and period, and its products with covariates less
// their means in the cohort,
//   y_it = a_i + g_t + Σ_{c, t ≥ c} 1{G_i = c} 1{t} (β_ct + (x_it − x̄_c)'δ_ct) + Σ_t 1{t} x_it'κ_t + Σ_c 1{G_i = c}
//   x_it'ξ_c + u,
// averaged over treated rows. Without covariates the averages are those of imputation.
// Source: Wooldridge (2021), "Two-way fixed effects, the two-way Mundlak regression, and difference-in-differences
// estimators", SSRN 3906345; (2025), Empirical Economics.
// Peers:  etwfe (R), jwdid (Stata).
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

/// Names of the covariates: plain numeric columns.
std::vector<std::string> covariates_of(const formula::Parts& parts, const data::Frame& frame) {
  std::vector<std::string> out;
  for (const formula::Term& term : parts.exogenous) {
    const bool plain = term.factors.size() == 1 && term.factors.front()->op == formula::Op::name &&
                       frame.has(term.factors.front()->text) && frame.at(term.factors.front()->text)->is_numeric();
    if (!plain)
      throw core::Error("etwfe takes covariates that are numeric columns, not '" + term.label + "'")
          .hint("make a column first: gen(…)")
          .word(term.label);
    out.push_back(term.label);
  }
  return out;
}

struct Cohorts {
  CohortDesign design;
  bool varies = false;  ///< some covariate changes within units
};

Cohorts cohorts_of(const Staggered& s, const formula::Tree& cohort, const data::Frame& frame,
                   const std::vector<std::string>& covariates, bool leads) {
  Cohorts out;
  CohortDesign& design = out.design;
  design.cohort = cohort;
  design.time = s.time;
  design.covariates = covariates;
  const std::vector<double> numbers = formula::evaluate_numbers(cohort, frame);
  const Vector& w = s.problem.weights();
  const auto weight = [&](std::size_t i) { return w.size() == 0 ? 1 : w[static_cast<Index>(i)]; };
  const auto x = [&](std::size_t i, std::size_t j) {
    return s.problem.columns(static_cast<Index>(i), 1 + static_cast<Index>(j));
  };
  std::map<double, double> totals;
  for (std::size_t i = 0; i < s.units.size(); ++i) {
    const auto u = static_cast<std::size_t>(s.units[i]);
    for (std::size_t j = 0; j < covariates.size(); ++j) out.varies |= x(i, j) != x(s.first[u], j);
    if (s.cohorts[u] == never_treated) continue;
    const double g = numbers[s.problem.context->rows[i]];
    std::vector<double>& mean = design.means[g];
    mean.resize(covariates.size(), 0);
    totals[g] += weight(i);
    for (std::size_t j = 0; j < covariates.size(); ++j) mean[j] += weight(i) * x(i, j);
  }
  for (auto& [g, mean] : design.means)
    for (double& m : mean) m /= totals[g];
  const bool never = std::count(s.cohorts.begin(), s.cohorts.end(), never_treated) > 0;
  if (leads && !never)
    throw core::Error("control=\"never\" needs never-treated units")
        .hint("control=\"notyet\" compares with units not yet treated")
        .word("control");
  const std::int64_t last = s.cohort_sizes().back().first;
  for (std::size_t i = 0; i < s.units.size(); ++i) {
    const std::int64_t g = s.cohorts[static_cast<std::size_t>(s.units[i])];
    const std::int64_t t = s.times[static_cast<std::size_t>(s.periods[i])];
    if (g == never_treated || (leads ? t == g - 1 : t < g)) continue;
    if (g <= s.times.front()) continue;
    if (!never && t >= last) continue;  // nobody is untreated: nothing to compare with
    CellSums& sums = design.cells[{numbers[s.problem.context->rows[i]], t - g}];
    sums.weight += weight(i);
    sums.cohort_name = s.name_of(g);
    sums.period_name = s.period_names[static_cast<std::size_t>(s.periods[i])];
    sums.interactions.resize(covariates.size(), 0);
    for (std::size_t j = 0; j < covariates.size(); ++j)
      sums.interactions[j] += weight(i) * (x(i, j) - design.means[numbers[s.problem.context->rows[i]]][j]);
  }
  if (design.cells.empty())
    throw core::Error("no effect after treatment can be estimated")
        .hint("cohorts by first treated " + s.time + ": " + s.cohort_table());
  return out;
}

results::Fit fit_etwfe(const Request& request) {
  Settings settings = read_settings(request, "etwfe");
  formula::Parts parts = read_formula(request, settings);
  const std::string own = take_unit_and_time(request, settings, parts);
  default_staggered_vcov(request, settings);
  const std::vector<std::string> covariates = covariates_of(parts, request.frame);
  const Staggered s = read_staggered(request, settings, parts);
  const auto cohort = request.options.get<formula::Tree>("cohort");
  const bool leads = request.options.get<std::string>("control", "notyet") == "never";
  const Cohorts cohorts = cohorts_of(s, cohort, request.frame, covariates, leads);
  const CohortDesign& design = cohorts.design;

  std::vector<formula::Term> terms;
  const auto add = [&](const std::string& name) { terms.push_back({.factors = {formula::name(name)}, .label = name}); };
  for (const auto& [cell, sums] : design.cells) add(cell_name(cell, sums));
  for (const auto& [cell, sums] : design.cells)
    for (const std::string& covariate : covariates) add(cell_name(cell, sums) + ":" + covariate + " (demeaned)");
  const formula::Tree time = formula::prefix("i", formula::name(s.time));
  for (const std::string& covariate : covariates) {
    terms.push_back({.factors = {time, formula::name(covariate)}, .label = "i." + s.time + ":" + covariate});
    if (cohorts.varies) {
      const formula::Tree by = formula::prefix("i", cohort);
      add(covariate);
      terms.push_back({.factors = {by, formula::name(covariate)}, .label = "i." + s.cohort + ":" + covariate});
    }
  }
  parts.exogenous = std::move(terms);
  settings.derive = [design](const data::Frame& frame) { return with_cells(design, frame); };
  data::Frame frame = request.frame;
  std::vector<std::string> notes;
  const bool never = std::count(s.cohorts.begin(), s.cohorts.end(), never_treated) > 0;
  const std::int64_t last = s.cohort_sizes().back().first;
  std::vector<std::uint8_t> flags(frame.rows(), 0);
  bool some = false;
  for (std::size_t i = 0; i < s.units.size(); ++i) {
    const std::int64_t g = s.cohorts[static_cast<std::size_t>(s.units[i])];
    const bool out = g <= s.times.front() || (!never && s.times[static_cast<std::size_t>(s.periods[i])] >= last);
    flags[s.problem.context->rows[i]] = !out;
    some |= out;
  }
  if (some) {
    const std::string flag = "comparable rows";
    frame = frame.with(flag, data::Column::booleans(std::move(flags)));
    settings.design.further = formula::name(flag);
    settings.design.further_reason = "treated from the first period on, or no unit left untreated";
  }
  results::Fit raw = fit_linear(request, settings, std::move(parts), frame);
  raw.title = "Extended two-way fixed effects (Wooldridge), " + raw.title;
  if (!own.empty()) raw.notes.push_back("fixed effects: " + own);
  if (!never) raw.notes.push_back("no never-treated units: cohort " + s.name_of(last) + " is a control only");
  raw.notes.push_back("cohorts by first treated " + s.time + ": " + s.cohort_table());
  if (cohorts.varies)
    raw.notes.emplace_back(
        "covariates change within units, and every cohort has slopes of its own on them, carried forward from before "
        "its treatment: where a covariate has a trend, they act as a trend of the cohort. Values from before treatment "
        "do not (help etwfe)");
  const CellAverage by = cell_average(request.options.get<std::string>("agg", "period"));
  results::Fit out = average_cells(std::move(raw), design, by, false);
  out.event_reference = leads ? -1 : std::nan("");
  if (by != CellAverage::none)
    out.notes.emplace_back("averages over treated rows, by their shares of the sample, taken as given");
  if (by == CellAverage::period) add_pretrend_test(out, out.event_reference, leads);
  return out;
}

core::Record etwfe_record() {
  core::Record r;
  r.name = "etwfe";
  r.topic = "did";
  r.summary = "Extended two-way fixed effects: a dummy for each treated cohort and period (Wooldridge)";
  r.args = {{.name = "formula", .kind = core::Kind::formula, .doc = "y ~ covariates, or y ~ 1"}};
  r.options = staggered_options(false);
  r.options.push_back({.name = "control",
                       .kind = core::Kind::text,
                       .doc = "units to compare with: those not yet treated too, or never treated alone (with dummies "
                              "before treatment, relative to the last period before)",
                       .default_text = "notyet",
                       .one_of = {"notyet", "never"}});
  r.options.push_back(agg_option());
  for (core::OptionSpec& option : unit_time_options()) r.options.push_back(std::move(option));
  r.source = "Wooldridge (2021, 2025)";
  r.example = "etwfe(ser ~ 1, cohort=cohort, agg=\"att\")";
  return r;
}

}  // namespace

const Estimator etwfe{.record = etwfe_record(), .fit = fit_etwfe};

}  // namespace estimators
