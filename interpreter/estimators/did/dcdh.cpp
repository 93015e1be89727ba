// Dynamic difference-in-differences for treatments that rise and fall, on any scale (de Chaisemartin and
// D'Haultfœuille): effects DID_l of l periods into a unit's first change of treatment, against units with the same
// treatment before that have not changed; placebos before it; and the average total effect
//   Σ_l Σ_g w S_g DID_gl / Σ_l Σ_g w |D_g,F−1+l − D_g1|  (switch_terms.cpp).
// normalized: DID_l over the mean of Σ_k |D_g,F+k − D_g1|, k < l: an effect of one unit of treatment.
// Source: de Chaisemartin & D'Haultfœuille (2024), Review of Economics and Statistics.
// Peers:  DIDmultiplegtDYN (R), did_multiplegt_dyn (Stata).
#include "estimators/did/dcdh.hpp"
#include "core/error.hpp"
#include "core/interrupt.hpp"
#include "core/text.hpp"
#include "estimators/did/event_time.hpp"
#include "estimators/did/group_time.hpp"
#include "estimators/did/pretrends.hpp"
#include "estimators/did/switchers.hpp"
#include "estimators/did/units.hpp"
#include "formula/evaluate.hpp"
#include "numerics/dense.hpp"
#include "numerics/random.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace estimators {
namespace {

constexpr int most_by_default = 5;

Codes clusters_of(const Staggered& s, const Settings& settings) {
  const inference::VcovSpec& spec = settings.vcov;
  if (spec.kind != inference::VcovKind::cluster || spec.cluster.size() != 1 || spec.cluster.front() == s.unit)
    return {};
  const Codes of_rows = s.problem.context->vcov_data(spec).clusters.front();
  Codes out;
  for (const std::uint32_t row : s.first) out.push_back(of_rows[row]);
  return out;
}

Codes within_of(const Staggered& s, const Request& request) {
  if (!request.options.has("within")) return {};
  const auto tree = request.options.get<formula::Tree>("within");
  const std::vector<std::uint32_t>& rows = s.problem.context->rows;
  const data::Grouping grouping = formula::group_of(tree, s.problem.context->frame, rows);
  Codes out(static_cast<std::size_t>(s.unit_count), -2);
  for (std::size_t i = 0; i < s.units.size(); ++i) {
    std::int32_t& own = out[static_cast<std::size_t>(s.units[i])];
    if (own != -2 && own != grouping.codes[i])
      throw core::Error("'" + formula::print(tree) + "' changes within " + s.unit + " " +
                        request.frame.at(s.unit)->text(rows[i]))
          .hint("within= compares units of the same kind: it is the same in all rows of a unit")
          .word("within");
    own = grouping.codes[i];
  }
  return out;
}

/// Effects 1, 2, … as many as asked for; without `asked` as long as there are some, at most a few.
std::vector<SwitchEffect> effects_of(const SwitchPanel& panel, const SwitchPlan& plan, std::optional<int> asked,
                                     int most, bool placebo) {
  std::vector<SwitchEffect> out;
  for (int lead = 1; lead <= asked.value_or(most); ++lead) {
    core::poll();
    SwitchEffect effect = planned_effect(panel, plan, lead, placebo);
    if (effect.switchers == 0) break;
    out.push_back(std::move(effect));
  }
  return out;
}

SwitchChoices choices_of(const Request& request, int effects) {
  SwitchChoices choices;
  const std::string switchers = request.options.get<std::string>("switchers", "all");
  choices.direction = switchers == "in" ? 1 : switchers == "out" ? -1 : 0;
  choices.same = request.options.get<bool>("same_switchers");
  choices.only_never = request.options.get<bool>("only_never");
  choices.effects = effects;
  return choices;
}

std::string counts_note(const std::vector<SwitchEffect>& effects, const std::vector<SwitchEffect>& placebos) {
  std::vector<std::string> parts;
  for (std::size_t l = 0; l < effects.size(); ++l)
    parts.push_back(core::grouped(effects[l].switchers) + " at " + std::to_string(l));
  std::string text = "switchers by event time: " + core::join(parts, ", ");
  parts.clear();
  for (std::size_t l = 0; l < placebos.size(); ++l)
    parts.push_back(core::grouped(placebos[l].switchers) + " at " + std::to_string(-2 - static_cast<int>(l)));
  if (!parts.empty()) text += "; placebos: " + core::join(parts, ", ");
  return text;
}

std::shared_ptr<GroupTime> sample_of(const Staggered& s, const Settings& settings, const Request& request,
                                     const SwitchPanel& panel) {
  auto sample = std::make_shared<GroupTime>();
  set_sample(*sample, s, settings, request);
  sample->cohorts.clear();
  for (const std::int32_t F : panel.change)
    sample->cohorts.push_back(F < panel.periods() ? s.times[static_cast<std::size_t>(F)] : never_treated);
  return sample;
}

std::string total_note(const SwitchPlan& plan) {
  const std::string by_event = plan.normalized ? "effects by event time per unit of treatment so far" : "";
  if (plan.trends)
    return "units may have linear trends: effects on changes, summed over event times" +
           (by_event.empty() ? by_event : "; " + by_event);
  return "ATT: average total effect per unit of treatment, event times 0 to " + std::to_string(plan.effects - 1) +
         (by_event.empty() ? by_event : "; " + by_event);
}

/// bootstrap=: the covariance of the terms over samples of units or clusters, with those of samples that identify all.
void set_bootstrap(results::Fit& fit, const SwitchPanel& raw, const SwitchPlan& plan, const Request& request,
                   const Settings& settings) {
  const auto draws = static_cast<int>(request.options.get<std::int64_t>("bootstrap", 0));
  if (draws == 0) return;
  const std::uint64_t seed = request.options.has("seed")
                                 ? static_cast<std::uint64_t>(request.options.get<std::int64_t>("seed"))
                                 : numerics::fresh_seed();
  const inference::VcovSpec& spec = settings.vcov;
  if (spec.kind != inference::VcovKind::cluster || spec.cluster.size() != 1)
    throw core::Error("bootstrap= draws units, or the levels of one cluster variable")
        .hint("leave vcov= out, or vcov=cluster(province)")
        .word("bootstrap");
  Matrix values = switch_draws(raw, plan, plan.choices.clusters, draws, seed);
  Index kept = 0;
  for (Index b = 0; b < values.rows(); ++b)
    if (!values.row(b).array().isNaN().any()) values.row(kept++) = values.row(b);
  if (kept < 2)
    throw core::Error("hardly any bootstrap sample identifies every effect")
        .hint("fewer effects= and placebo=, those with many switchers")
        .word("bootstrap");
  const Vector mean = values.topRows(kept).colwise().mean().transpose();
  const Matrix centred = values.topRows(kept).rowwise() - mean.transpose();
  fit.vcov.matrix = numerics::crossprod(centred) / static_cast<double>(kept - 1);
  fit.vcov.label = "bootstrap, " + core::grouped(kept) + " samples of " + spec.cluster.front();
  fit.provenance["seed"] = std::to_string(seed);
  std::string note = "bootstrap seed " + std::to_string(seed);
  if (kept < draws)
    note += "; " + core::counted(draws - kept, "sample") + " left out that do not identify every effect";
  fit.notes.push_back(std::move(note));
}

results::Fit fit_dcdh(const Request& request) {
  Settings settings = read_settings(request, "dcdh");
  formula::Parts parts = read_formula(request, settings);
  if (!parts.fe.empty()) throw core::Error("dcdh takes no fixed effects: it compares changes of units").word("formula");
  if (request.args.empty()) throw core::Error("dcdh needs the treatment").hint("dcdh(y ~ 1, treatment)").word("dcdh");
  const auto treatment_tree = std::get<formula::Tree>(request.args.front());
  default_staggered_vcov(request, settings);
  settings.design.complete.push_back(treatment_tree);
  const Staggered s = read_units(request, settings, parts);
  const std::vector<double> all = formula::evaluate_numbers(treatment_tree, request.frame);
  Vector treatment(s.n());
  for (Index i = 0; i < s.n(); ++i) treatment[i] = all[s.problem.context->rows[static_cast<std::size_t>(i)]];
  SwitchPanel panel = switch_panel(s, treatment, within_of(s, request), request.options.get<bool>("both_ways"));

  std::optional<int> asked, asked_placebos;
  if (request.options.has("effects")) asked = static_cast<int>(request.options.get<std::int64_t>("effects"));
  if (request.options.has("placebo")) asked_placebos = static_cast<int>(request.options.get<std::int64_t>("placebo"));
  if (request.options.get<bool>("same_switchers") && !asked)
    throw core::Error("same_switchers= keeps units that have every effect, and effects= does not say how many")
        .hint("dcdh(…, effects=3, same_switchers=true)")
        .word("same_switchers");
  SwitchPlan plan{.choices = choices_of(request, asked.value_or(1)),
                  .normalized = request.options.get<bool>("normalized"),
                  .trends = request.options.get<bool>("unit_trends")};
  plan.choices.clusters = clusters_of(s, settings);
  if (plan.trends) take_changes(panel);
  const SwitchPanel raw = panel;
  take_out_controls(panel);
  const auto effects = effects_of(panel, plan, asked, most_by_default, false);
  if (effects.empty())
    throw core::Error("no effect is identified: no " + s.unit +
                      " changes treatment while another with the same first treatment has not changed yet")
        .hint(plan.trends ? "unit_trends= takes two periods before the change"
                          : "with many values of the first treatment, group them: gen(d = round(dose))");
  const auto placebos = effects_of(panel, plan, asked_placebos, static_cast<int>(effects.size()), true);
  plan.effects = static_cast<int>(effects.size());
  plan.placebos = static_cast<int>(placebos.size());
  const std::vector<EffectTerm> terms = switch_terms(panel, plan);

  results::Fit out = start_fit(s.problem, settings, request);
  out.title = "Dynamic effects of changes in treatment (de Chaisemartin & D'Haultfœuille)";
  Matrix influence = put_terms(terms, static_cast<double>(s.unit_count), out);
  std::vector<Index> banded;
  for (std::size_t j = 0; j < terms.size(); ++j)
    if (!std::isnan(terms[j].event)) banded.push_back(static_cast<Index>(j));
  out.event_reference = -1;
  out.weights.resize(0);
  out.set_stat("units", s.unit_count);
  out.set_stat("switchers", static_cast<double>(effects.front().switchers));
  out.notes.push_back(counts_note(effects, placebos));
  out.notes.insert(out.notes.end(), panel.notes.begin(), panel.notes.end());
  out.notes.push_back(total_note(plan));
  if (asked && plan.effects < *asked)
    out.notes.push_back("only " + core::counted(plan.effects, "effect") + " of " + std::to_string(*asked) +
                        " can be estimated");
  if (asked_placebos && plan.placebos < *asked_placebos)
    out.notes.push_back("only " + core::counted(plan.placebos, "placebo") + " of " + std::to_string(*asked_placebos) +
                        " can be estimated");
  set_influence(out, sample_of(s, settings, request, panel), std::move(influence), banded);
  set_bootstrap(out, raw, plan, request, settings);
  const bool varies =
      plan.placebos > 0 &&
      out.vcov.matrix.diagonal().segment(banded.front(), static_cast<Index>(plan.placebos)).maxCoeff() > 0;
  if (varies) add_pretrend_test(out, -1, !plan.normalized);
  if (plan.placebos > 0 && !varies) out.notes.emplace_back("no test of the placebos: they have no variance");
  return out;
}

core::Record dcdh_record() {
  core::Record r;
  r.name = "dcdh";
  r.topic = "did";
  r.summary =
      "Dynamic effects of treatments that switch on and off or have any scale (de Chaisemartin and D'Haultfœuille)";
  r.args = {{.name = "formula", .kind = core::Kind::formula, .doc = "y ~ controls, or y ~ 1"},
            {.name = "treatment", .kind = core::Kind::expression, .doc = "treatment of each row, on any scale"}};
  r.options = staggered_options(false);
  std::erase_if(r.options, [](const core::OptionSpec& option) { return option.name == "cohort"; });
  const std::vector<core::OptionSpec> own = {
      {.name = "effects",
       .kind = core::Kind::integer,
       .doc = "periods from the first change on",
       .default_text = "those identified, at most 5",
       .min = 1},
      {.name = "placebo",
       .kind = core::Kind::integer,
       .doc = "periods before it",
       .default_text = "those identified, at most as many as effects",
       .min = 0},
      {.name = "normalized",
       .kind = core::Kind::boolean,
       .doc = "effects per unit of treatment received so far",
       .default_text = "false"},
      {.name = "switchers",
       .kind = core::Kind::text,
       .doc = "units whose treatment rises first (in), falls first (out), or all",
       .default_text = "all",
       .one_of = {"all", "in", "out"}},
      {.name = "same_switchers",
       .kind = core::Kind::boolean,
       .doc = "only units that have every effect asked for",
       .default_text = "false"},
      {.name = "only_never",
       .kind = core::Kind::boolean,
       .doc = "controls: units whose treatment never changes",
       .default_text = "false"},
      {.name = "within",
       .kind = core::Kind::expression,
       .doc = "compare units with the same value of this, too: a trend for each",
       .default_text = ""},
      {.name = "both_ways",
       .kind = core::Kind::boolean,
       .doc = "keep rows after a unit has been above and below its first treatment",
       .default_text = "false"},
      {.name = "unit_trends",
       .kind = core::Kind::boolean,
       .doc = "a linear trend of each unit: effects on changes, summed",
       .default_text = "false"},
      {.name = "bootstrap",
       .kind = core::Kind::integer,
       .doc = "samples of units or clusters for the standard errors; 0: by influence functions",
       .default_text = "0",
       .min = 0},
      {.name = "seed", .kind = core::Kind::integer, .doc = "of the samples", .default_text = "a fresh one"},
  };
  r.options.insert(r.options.end(), own.begin(), own.end());
  for (core::OptionSpec& option : influence_options()) r.options.push_back(std::move(option));
  r.source = "de Chaisemartin & D'Haultfœuille (2024), Review of Economics and Statistics";
  r.example = "dcdh(ser ~ 1, did, effects=3, placebo=2)";
  return r;
}

}  // namespace

const Estimator dcdh{.record = dcdh_record(), .fit = fit_dcdh};

}  // namespace estimators
