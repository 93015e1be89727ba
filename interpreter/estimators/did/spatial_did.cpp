// Difference-in-differences with spill-overs: treatment of neighbours reaches a unit, too.
//   y_it = a_i + g_t + β D_it + ψ E_it + x_it'c + u_it,   E_it = Σ_j w_ij D_jt (share), or 1{Σ_j w_ij D_jt > 0} (any)
// by_treatment: ψ apart for treated (D·E) and untreated rows ((1 − D)·E). Without E, rows near treated ones are bad
// controls and β is biased by their spill-over. Sources: Delgado & Florax (2015), Economics Letters 137, 123–126; Butts
// (2021), arXiv:2105.03737. Peer: fixest::feols on the same columns.
#include "core/error.hpp"
#include "core/text.hpp"
#include "estimators/did/did.hpp"
#include "estimators/linear/linear.hpp"
#include "formula/evaluate.hpp"
#include "results/fit.hpp"
#include "spatial/align.hpp"

#include <algorithm>
#include <cmath>

namespace estimators {
namespace {

struct Exposure {
  spatial::WeightsPtr W;
  formula::Tree treatment;
  bool any = false, by_treatment = false;
};

const char* const plain_name = "exposure";
const char* const treated_name = "exposure_treated";
const char* const untreated_name = "exposure_untreated";

std::vector<double> treatment_of(const Exposure& e, const data::Frame& frame) {
  std::vector<double> d = formula::evaluate_numbers(e.treatment, frame);
  for (const double v : d)
    if (!std::isnan(v) && v != 0 && v != 1)
      throw core::Error("the treatment '" + formula::print(e.treatment) + "' is not 0/1: it has " + core::shortest(v))
          .hint("put the treatment first, spatial_did(y ~ did + x, W), or name it with treatment=");
  return d;
}

data::Frame with_exposure(const Exposure& e, const data::Frame& frame) {
  for (const char* name : {plain_name, treated_name, untreated_name})
    if (frame.has(name))
      throw core::Error(std::string("spatial_did makes a column '") + name + "', and the data have one").word(name);
  const std::vector<double> d = treatment_of(e, frame);
  std::vector<double> near = spatial::lag_rows(*e.W, frame, d);
  if (e.any)
    for (double& v : near) v = std::isnan(v) ? v : v > 0;
  if (!e.by_treatment) return frame.with(plain_name, data::Column::reals(std::move(near)));
  std::vector<double> treated = near, untreated = near;
  for (std::size_t r = 0; r < d.size(); ++r) {
    treated[r] *= d[r];
    untreated[r] *= 1 - d[r];
  }
  return frame.with(treated_name, data::Column::reals(std::move(treated)))
      .with(untreated_name, data::Column::reals(std::move(untreated)));
}

/// What the sample says of who is exposed; and whether anybody is neither treated nor near.
void describe(const Exposure& e, results::Fit& fit) {
  const Context& context = context_of(fit, "spatial_did");
  const std::vector<double> d = treatment_of(e, context.frame), near = spatial::lag_rows(*e.W, context.frame, d);
  long long treated = 0, exposed = 0, clean = 0;
  double near_treated = 0, near_exposed = 0;
  for (const std::uint32_t r : context.rows) {
    treated += d[r] == 1;
    exposed += d[r] == 0 && near[r] > 0;
    clean += d[r] == 0 && !(near[r] > 0);
    near_treated += d[r] == 1 ? near[r] : 0;
    near_exposed += d[r] == 0 ? near[r] : 0;
  }
  if (treated == 0) throw core::Error("no row is treated");
  const double mean_treated = near_treated / static_cast<double>(treated);
  fit.set_stat("treated_rows", static_cast<double>(treated));
  fit.set_stat("exposed_rows", static_cast<double>(exposed));
  fit.set_stat("clean_rows", static_cast<double>(clean));
  fit.set_stat("exposure_of_treated", mean_treated);
  fit.set_stat("exposure_of_exposed", exposed > 0 ? near_exposed / static_cast<double>(exposed) : std::nan(""));
  fit.notes.push_back("exposure: " + std::string(e.any ? "1 when a neighbour is treated" : "W times treatment") +
                      ", W: " + e.W->source + ", standardised: " + std::string(spatial::name_of(e.W->standard)));
  fit.notes.push_back(core::grouped(treated) + " cells treated (mean exposure " + core::significant(mean_treated, 3) +
                      "), " + core::grouped(exposed) + " untreated with treated neighbours, " + core::grouped(clean) +
                      " untreated without");
  if (clean == 0)
    fit.notes.emplace_back(
        "warning: every untreated cell has treated neighbours: the effects rest on the form of the exposure alone");
}

results::Fit fit_spatial_did(const Request& request) {
  Settings settings = read_settings(request, "spatial_did");
  formula::Parts parts = read_formula(request, settings);
  if (!settings.vcov_given) settings.vcov = cluster_by_unit("spatial_did", request.frame, parts);
  Exposure e;
  if (!request.args.empty())
    if (const auto* W = std::get_if<spatial::WeightsPtr>(&request.args[0])) e.W = *W;
  if (!e.W)
    throw core::Error("spatial_did needs weights after its formula")
        .hint("spatial_did(y ~ did, W, fe=\"city + year\")");
  e.any = request.options.get<std::string>("exposure", "share") == "any";
  e.by_treatment = request.options.get<bool>("by_treatment");
  e.treatment = request.options.get<formula::Tree>("treatment");
  if (!e.treatment) {
    if (parts.exogenous.empty() || parts.exogenous[0].factors.size() != 1)
      throw core::Error("the first term is the treatment, a 0/1 column").hint("spatial_did(y ~ did + x, W)");
    e.treatment = parts.exogenous[0].factors[0];
  }
  settings.derive = [e](const data::Frame& frame) { return with_exposure(e, frame); };
  std::vector<formula::Term> terms;
  std::vector<std::string> names = {plain_name};
  if (e.by_treatment) names = {treated_name, untreated_name};
  for (const std::string& name : names) terms.push_back({.factors = {formula::name(name)}, .label = name});
  const auto after = parts.exogenous.begin() + (parts.exogenous.empty() ? 0 : 1);
  parts.exogenous.insert(after, terms.begin(), terms.end());
  results::Fit out = fit_linear(request, settings, std::move(parts), request.frame);
  out.title = "Difference-in-differences with spill-overs, " + out.title;
  describe(e, out);
  std::vector<std::string> there;
  for (const std::string& name : names)
    if (std::find(out.names.begin(), out.names.end(), name) != out.names.end()) there.push_back(name);
  if (there.empty())
    throw core::Error("the exposure to treated neighbours does not vary beyond the fixed effects and the treatment")
        .hint("other weights, or exposure=\"any\"");
  inference::Test none = results::test(out, there);
  none.name = "no spill-over";
  out.tests.push_back(none);
  return out;
}

core::Record spatial_did_record() {
  core::Record r;
  r.name = "spatial_did";
  r.topic = "did";
  r.summary = "Difference-in-differences with exposure to treated neighbours";
  r.args = {{.name = "formula", .kind = core::Kind::formula, .doc = "y ~ treatment + controls; the treatment is 0/1"},
            {.name = "W", .kind = core::Kind::spatial, .doc = "who is a neighbour of whom"}};
  r.options = common_options();
  for (core::OptionSpec& option : r.options)
    if (option.name == "vcov") option.default_text = "clustered by the panel unit, else by the first fixed effect";
  r.options.push_back({.name = "exposure",
                       .kind = core::Kind::text,
                       .doc =
                           "W times the treatment (with rows that sum to one: the share of treated neighbours), or 1 "
                           "when any neighbour is treated",
                       .default_text = "share",
                       .one_of = {"share", "any"}});
  r.options.push_back({.name = "by_treatment",
                       .kind = core::Kind::boolean,
                       .doc = "spill-overs on treated and on untreated rows apart",
                       .default_text = "false"});
  r.options.push_back({.name = "treatment",
                       .kind = core::Kind::expression,
                       .doc = "the 0/1 treatment",
                       .default_text = "the first term"});
  r.source = "Delgado & Florax (2015), Economics Letters 137; Butts (2021)";
  r.example = "spatial_did(ser ~ did + lngdp, W, fe=\"city + year\")";
  return r;
}

}  // namespace

const Estimator spatial_did{.record = spatial_did_record(), .fit = fit_spatial_did};

}  // namespace estimators
