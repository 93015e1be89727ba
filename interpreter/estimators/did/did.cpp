// Two-way fixed-effects difference-in-differences:
//   y_it = a_i + g_t + β D_it + x_it'c + u_it, by least squares with a and g absorbed, clustered by unit.
// Source: Wooldridge (2010), section 10.5; for staggered adoption Goodman-Bacon (2021), J. Econometrics 225, 254–277.
// Peers:  fixest::feols.
#include "estimators/did/did.hpp"

#include "core/error.hpp"
#include "core/text.hpp"
#include "estimators/did/treatment.hpp"
#include "estimators/linear/linear.hpp"

namespace estimators {
namespace {

void describe_adoption(const Treatment& treatment, const Context& context, results::Fit& fit) {
  fit.provenance["treatment"] = treatment.name;
  fit.set_stat("treated_cells", treatment.values.sum());
  if (context.frame.panel() == nullptr && context.parts.fe.size() < 2) return;  // no periods: nothing to tabulate
  const Cells cells = cells_of(context, "did");
  const Adoption adoption = adoption_of(cells, treatment.values);
  require_right_way_round(context, treatment.values, adoption);
  fit.set_stat("treated_units", adoption.treated_units);
  fit.set_stat("cohorts", static_cast<double>(adoption.cohorts.size()));
  fit.notes.push_back("treatment " + treatment.name + ": " + core::grouped(adoption.treated_units) + " of " +
                      core::grouped(cells.unit_count) + " units (" + cells.unit + "), " +
                      core::grouped(adoption.treated_rows) + " of " + core::grouped(treatment.values.size()) +
                      " cells treated");
  fit.notes.push_back("cohorts by first treated " + cells.time + ": " + cohort_table(cells, adoption));
  if (!has_time_effects(context, cells))
    fit.notes.push_back(
        "warning: nothing stands for time: what changes over time in all units counts as an effect of " +
        treatment.name + "; absorb it, fe=\"" + cells.unit + " + " + cells.time + "\"");
  if (adoption.always_treated > 0) {
    fit.notes.push_back(core::counted(adoption.always_treated, "unit") +
                        " treated in every period: no period before treatment to compare with");
  }
  if (adoption.reverting > 0) {
    fit.notes.push_back("treatment ends again in " + core::counted(adoption.reverting, "unit"));
  }
  if (adoption.cohorts.size() > 1) {
    fit.notes.push_back(
        "warning: adoption is staggered (" + core::counted(static_cast<long long>(adoption.cohorts.size()), "cohort") +
        "). Two-way fixed effects also compare late with already treated units, which biases the estimate when effects "
        "differ between cohorts or grow with time (Goodman-Bacon 2021). bacon shows the comparisons; compare_did runs "
        "the estimators made for it: att_gt (Callaway & Sant'Anna), sunab (Sun & Abraham), imputation (Borusyak, "
        "Jaravel & Spiess) and others");
  }
}

results::Fit fit_did(const Request& request) {
  Settings settings = read_settings(request, "did");
  formula::Parts parts = read_formula(request, settings);
  if (!settings.vcov_given) settings.vcov = cluster_by_unit("did", request.frame, parts);
  results::Fit out = fit_linear(request, settings, std::move(parts), request.frame);
  out.title = "Difference-in-differences, " + out.title;
  const Context& context = context_of(out, "did");
  const TreatmentSearch search = find_treatment(out, context, request.options.get<std::string>("treatment"));
  if (search.found) {
    describe_adoption(*search.found, context, out);
    if (!search.others.empty())
      out.notes.push_back("also 0/1: " + core::join(search.others, ", ") + "; treatment= says which is meant");
  } else if (!search.others.empty()) {
    out.notes.push_back("several 0/1 terms, and none turns on over time: " + core::join(search.others, ", ") +
                        "; treatment= says which is the treatment");
  } else {
    out.notes.emplace_back(out.collinear.empty() ? "no 0/1 treatment among the terms: no cohort table"
                                                 : "warning: no 0/1 treatment is left among the terms (dropped: " +
                                                       core::join(out.collinear, ", ") +
                                                       "): there is no effect to read here. A treatment must turn on "
                                                       "over time in some units and not in all");
  }
  return out;
}

core::Record did_record() {
  core::Record r;
  r.name = "did";
  r.topic = "did";
  r.summary = "Difference-in-differences by two-way fixed effects";
  r.args = {
      {.name = "formula",
       .kind = core::Kind::formula,
       .doc =
           "y ~ treatment + controls, or y ~ treat*post; the treatment is the 0/1 term that turns on over time in some "
           "units"}};
  r.options = common_options();
  for (core::OptionSpec& option : r.options) {
    if (option.name == "vcov") option.default_text = "clustered by the panel unit, else by the first fixed effect";
  }
  r.options.push_back({.name = "treatment",
                       .kind = core::Kind::text,
                       .doc = "the term that is the treatment, as its coefficient is called",
                       .default_text = "the 0/1 term that turns on over time"});
  for (core::OptionSpec& option : linear_options()) r.options.push_back(std::move(option));
  r.source = "Wooldridge (2010), section 10.5; Goodman-Bacon (2021)";
  r.example = "did(ser ~ did + lngdp, fe=\"city + year\")";
  return r;
}

}  // namespace

inference::VcovSpec cluster_by_unit(const std::string& command, const data::Frame& frame, const formula::Parts& parts) {
  inference::VcovSpec spec;
  spec.kind = inference::VcovKind::cluster;
  if (frame.panel() != nullptr) {
    spec.cluster = {frame.panel()->unit};
    return spec;
  }
  if (parts.fe.empty()) {
    throw core::Error(command + " clusters by the panel unit, and none is known")
        .hint("declare it first: panel(unit, time); or absorb it: fe=\"unit + time\"; or give vcov=");
  }
  require_unit_first(frame, parts.fe);
  const formula::Tree& first = parts.fe.front();
  const bool slopes = first->op == formula::Op::slopes || first->op == formula::Op::slopes_only;
  spec.cluster = {formula::print(slopes ? first->children.front() : first)};
  return spec;
}

const Estimator did{.record = did_record(), .fit = fit_did};

}  // namespace estimators
