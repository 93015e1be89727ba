// Group-time average treatment effects: for each cohort g (first treated in g) and period t
//   ATT(g, t) = E[Y_t(g) − Y_t(∞) | G = g],
// each a two-by-two comparison of cohort g with units not treated, between t and a base period before treatment
// (two_by_two.hpp). Inference by influence functions over units.
// Source: Callaway & Sant'Anna (2021), J. Econometrics 225(2), 200–230.
// Peers:  did (R), csdid (Stata).
#include "core/error.hpp"
#include "core/text.hpp"
#include "estimators/did/att_gt_cells.hpp"
#include "estimators/did/did.hpp"
#include "estimators/did/group_time.hpp"
#include "estimators/did/multiplier.hpp"
#include "numerics/random.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>

namespace estimators {
namespace {

using namespace att;

Choices read_choices(const Request& request) {
  const Options& o = request.options;
  Choices c;
  const std::string method = o.get<std::string>("method", "dr");
  c.method = method == "ipw" ? DidMethod::ipw : did_method(method);
  c.not_yet = core::starts_with(o.get<std::string>("control", "never"), "notyet");
  c.universal = o.get<std::string>("base", "varying") == "universal";
  c.anticipation = o.get<std::int64_t>("anticipation", 0);
  const std::string unbalanced =
      o.get<std::string>("unbalanced", o.get<std::string>("like") == "csdid" ? "pairs" : "drop");
  c.unbalanced = unbalanced == "pairs" ? Choices::Unbalanced::pairs
                 : unbalanced == "rc"  ? Choices::Unbalanced::sections
                                       : Choices::Unbalanced::drop;
  return c;
}

/// The rows of units that have every period.
formula::Tree balanced_flag(const Staggered& s, Settings& settings, data::Frame& frame) {
  std::vector<std::int32_t> seen(s.first.size(), 0);
  for (const std::int32_t u : s.units) ++seen[static_cast<std::size_t>(u)];
  std::vector<std::uint8_t> kept(frame.rows(), 0);
  for (std::size_t i = 0; i < s.units.size(); ++i)
    kept[s.problem.context->rows[i]] = seen[static_cast<std::size_t>(s.units[i])] == s.period_count();
  const std::string flag = "in every period";
  frame = frame.with(flag, data::Column::booleans(std::move(kept)));
  settings.design.further_reason = "units without every period: unbalanced=\"drop\"";
  return formula::name(flag);
}

/// Weights of units: the mean of those of their rows, mean 1. Empty without weights.
Vector unit_weights(const Staggered& s) {
  const Vector& w = s.problem.weights();
  if (w.size() == 0) return {};
  Vector sum = Vector::Zero(s.unit_count), count = Vector::Zero(s.unit_count);
  for (std::size_t i = 0; i < s.units.size(); ++i) {
    sum[s.units[i]] += w[static_cast<Index>(i)];
    count[s.units[i]] += 1;
  }
  const Vector mean = sum.cwiseQuotient(count);
  return mean / mean.mean();
}

void require_controls(Staggered& s, Choices& c, bool fall_back, std::vector<std::string>& notes) {
  const bool some = std::count(s.cohorts.begin(), s.cohorts.end(), never_treated) > 0;
  if (some || c.not_yet) return;
  if (fall_back) {
    c.not_yet = true;
    notes.emplace_back("no never-treated units: units not yet treated are the controls, as csdid does");
    return;
  }
  throw core::Error("no unit is never treated, and control=\"never\" compares with those")
      .hint("control=\"notyet\" compares with units not yet treated")
      .word("control");
}

void add_pretest(results::Fit& fit, const GroupTime& sample) {
  std::vector<Index> before;
  for (std::size_t j = 0; j < sample.effects.size(); ++j)
    if (sample.effects[j].cohort > sample.effects[j].time &&
        fit.vcov.matrix(static_cast<Index>(j), static_cast<Index>(j)) > 0)
      before.push_back(static_cast<Index>(j));
  if (before.empty()) {
    fit.notes.emplace_back("no pre-trend test: no effect before treatment is estimated");
    return;
  }
  Matrix R = Matrix::Zero(static_cast<Index>(before.size()), fit.coef.size());
  for (std::size_t row = 0; row < before.size(); ++row) R(static_cast<Index>(row), before[row]) = 1;
  inference::Test test =
      inference::wald(R, Vector::Zero(R.rows()), fit.coef, fit.vcov.matrix, std::numeric_limits<double>::infinity());
  test.name = "pre-trends: no effect before treatment";
  if (test.df1 < static_cast<double>(before.size()))
    fit.notes.push_back("the pre-trend test counts " + core::shortest(test.df1) + " of " +
                        std::to_string(before.size()) +
                        " effects: their covariance is singular (small cohorts), and the test unreliable");
  fit.tests.push_back(std::move(test));
  fit.set_stat("pretrend_p", fit.tests.back().p);
}

/// Says which cells gave nothing, and why: a note for each reason.
void note_failures(const std::vector<std::pair<std::string, std::string>>& failures, results::Fit& fit) {
  std::map<std::string, std::vector<std::string>> by_reason;
  for (const auto& [cell, reason] : failures) by_reason[reason].push_back(cell);
  for (auto& [reason, cells] : by_reason) {
    const std::size_t count = cells.size();
    constexpr std::size_t most = 6;
    if (cells.size() > most) cells.resize(most);
    fit.notes.push_back("left out, " + reason + ": " + core::join(cells, ", ") +
                        (count > most ? " and " + std::to_string(count - most) + " more" : ""));
  }
}

std::string effect_name(const std::string& cohort, const std::string& time) { return "g" + cohort + "::" + time; }

std::string method_words(const Choices& c) {
  switch (c.method) {
    case DidMethod::dr:
      return "doubly robust";
    case DidMethod::improved:
      return "doubly robust (improved)";
    case DidMethod::ipw:
      return "inverse probability weighting";
    case DidMethod::horvitz_thompson:
      return "inverse probability weighting (Horvitz-Thompson)";
    case DidMethod::reg:
      return "outcome regression";
  }
  return "";
}

std::shared_ptr<GroupTime> sample_of(const Staggered& s, const Settings& settings, const Request& request,
                                     const Choices& c, const Vector& weights) {
  auto sample = std::make_shared<GroupTime>();
  const bool as_did = request.options.get<std::string>("like") == "did";
  set_sample(*sample, s, settings, request, as_did ? 1000 : 0);
  if (weights.size() > 0) sample->weights = weights;
  sample->anticipation = c.anticipation;
  sample->universal = c.universal;
  sample->as_did = as_did;
  return sample;
}

/// Units treated in the first period (or before) have no period without treatment: they are left out.
void leave_out_always_treated(const Staggered& s, Settings& settings, data::Frame& frame, const std::string& flag) {
  std::vector<std::uint8_t> kept(frame.rows(), 0);
  bool some = false;
  for (std::size_t i = 0; i < s.units.size(); ++i) {
    const bool always = s.cohorts[static_cast<std::size_t>(s.units[i])] <= s.times.front();
    kept[s.problem.context->rows[i]] = !always;
    some |= always;
  }
  if (!some) return;
  frame = frame.with(flag, data::Column::booleans(std::move(kept)));
  settings.design.further = formula::name(flag);
  settings.design.further_reason = "units already treated in the first period";
}

Staggered read_data(const Request& request, Settings& settings, const formula::Parts& parts, Choices& c,
                    std::vector<std::string>& notes) {
  Request changed = request;
  Staggered s = read_staggered(request, settings, parts);
  leave_out_always_treated(s, settings, changed.frame, "treated after the first period");
  if (settings.design.further != nullptr) s = read_staggered(changed, settings, parts);
  if (s.panel && !s.balanced && c.unbalanced == Choices::Unbalanced::drop) {
    const formula::Tree flag = balanced_flag(s, settings, changed.frame);
    std::vector<std::string> before = s.problem.notes;
    settings.design.further = flag;
    s = read_staggered(changed, settings, parts);
    for (const std::string& note : before)
      if (std::find(s.problem.notes.begin(), s.problem.notes.end(), note) == s.problem.notes.end())
        notes.push_back(note);
  } else if (s.panel && !s.balanced) {
    notes.push_back(c.unbalanced == Choices::Unbalanced::pairs
                        ? "the panel is unbalanced: each effect uses the units seen in both of its periods"
                        : "the panel is unbalanced: estimated as repeated cross-sections, clustered by unit");
  }
  return s;
}

results::Fit fit_att_gt(const Request& request) {
  Request common = request;
  common.options.set("like", std::string("none"));  // att_gt's presets are its own
  Settings settings = read_settings(common, "att_gt");
  formula::Parts parts = read_formula(request, settings);
  if (!parts.fe.empty()) throw core::Error("att_gt takes no fixed effects: it compares changes of units").word("fe");
  parts.constant = true;
  settings.ssc = inference::ssc_preset("none");
  default_staggered_vcov(request, settings);
  Choices c = read_choices(request);
  std::vector<std::string> notes;
  Staggered s = read_data(request, settings, parts, c, notes);
  require_controls(s, c, request.options.get<std::string>("like") == "csdid", notes);

  Members members;
  const bool by_rows = !s.panel || c.unbalanced == Choices::Unbalanced::sections;
  if (by_rows) {
    for (std::size_t i = 0; i < s.units.size(); ++i)
      members[s.cohorts[static_cast<std::size_t>(s.units[i])]].push_back(static_cast<std::int32_t>(i));
  } else {
    for (std::int32_t u = 0; u < s.unit_count; ++u) members[s.cohorts[static_cast<std::size_t>(u)]].push_back(u);
  }
  std::vector<std::int64_t> cohorts = cohorts_to_estimate(s, c);
  std::int32_t periods = s.period_count();
  if (members.count(never_treated) == 0) {  // the last cohort is a control until it is treated, and then nobody is
    const std::int64_t last = s.cohort_sizes().back().first;
    while (periods > 0 && s.times[static_cast<std::size_t>(periods) - 1] >= last - c.anticipation) --periods;
    cohorts.erase(std::remove(cohorts.begin(), cohorts.end(), last), cohorts.end());
    notes.push_back("no never-treated units: cohort " + s.name_of(last) +
                    " is a control only, and periods from its treatment on are not used");
  }
  const std::vector<Cell> cells = cells_to_estimate(s, c, members, cohorts, periods);
  if (cells.empty())
    throw core::Error("no effect can be estimated: no cohort is treated after the first period while others are not")
        .hint("cohorts by first treated " + s.time + ": " + s.cohort_table());
  const Vector weights = unit_weights(s);
  Matrix influence = Matrix::Zero(s.unit_count, static_cast<Index>(cells.size()));
  const std::vector<Outcome> outcomes = estimate_cells(s, c, members, weights, cells, influence);

  results::Fit out = start_fit(s.problem, settings, request);
  out.title = "Group-time effects (Callaway & Sant'Anna), " + method_words(c);
  out.rows = s.problem.context->rows;
  auto sample = sample_of(s, settings, request, c, weights);
  std::vector<double> estimates;
  std::vector<Index> kept;
  std::vector<std::pair<std::string, std::string>> failures;
  Index trimmed = 0;
  for (std::size_t j = 0; j < cells.size(); ++j) {
    if (cells[j].reference) continue;
    const std::int64_t time = s.times[static_cast<std::size_t>(cells[j].t)];
    const std::string name = effect_name(s.name_of(cells[j].g), s.name_of(time));
    if (!outcomes[j].failure.empty()) {
      failures.emplace_back(name, outcomes[j].failure);
      continue;
    }
    trimmed = std::max(trimmed, outcomes[j].trimmed);
    out.names.push_back(name);
    estimates.push_back(outcomes[j].att);
    sample->effects.push_back({cells[j].g, time});
    kept.push_back(static_cast<Index>(j));
  }
  if (kept.empty())
    throw core::Error("no effect can be estimated: " + failures.front().second)
        .hint("cohorts by first treated " + s.time + ": " + s.cohort_table());
  for (std::size_t j = 0; j < kept.size(); ++j)
    if (static_cast<Index>(j) != kept[j]) influence.col(static_cast<Index>(j)) = influence.col(kept[j]);
  influence.conservativeResize(Eigen::NoChange, static_cast<Index>(kept.size()));
  out.coef = Eigen::Map<const Vector>(estimates.data(), static_cast<Index>(estimates.size()));
  out.weights.resize(0);
  out.set_stat("units", static_cast<double>(s.unit_count));
  out.set_stat("cohorts", static_cast<double>(cohorts.size()));
  out.notes.insert(out.notes.end(), notes.begin(), notes.end());
  out.notes.push_back("cohorts by first treated " + s.time + ": " + s.cohort_table());
  out.notes.push_back(std::string("controls: ") + (c.not_yet ? "not yet treated" : "never treated") +
                      (c.universal ? "; base period: the last before treatment"
                                   : "; base period before treatment: the period before each") +
                      (c.anticipation > 0 ? "; anticipation of " + core::counted(c.anticipation, "period") : ""));
  note_failures(failures, out);
  if (trimmed > 0)
    out.notes.push_back("up to " + core::counted(trimmed, "control") +
                        " of an effect left out: propensity score of 0.995 or more");
  out.provenance["conventions"] = request.options.get<std::string>("like", "did, analytic");
  set_influence(out, sample, std::move(influence));
  add_pretest(out, *sample);
  return out;
}

core::Record att_gt_record() {
  core::Record r;
  r.name = "att_gt";
  r.topic = "did";
  r.summary = "Group-time average treatment effects (Callaway and Sant'Anna)";
  r.args = {{.name = "formula", .kind = core::Kind::formula, .doc = "y ~ covariates, or y ~ 1"}};
  r.options = staggered_options(true);
  const std::vector<core::OptionSpec> own = {
      {.name = "method",
       .kind = core::Kind::text,
       .doc = "doubly robust, weighting (weights sum to one), outcome regression, or improved doubly robust",
       .default_text = "dr",
       .one_of = {"dr", "ipw", "reg", "imp"}},
      {.name = "control",
       .kind = core::Kind::text,
       .doc = "units to compare with: never treated, or also those not yet treated",
       .default_text = "never",
       .one_of = {"never", "notyet", "nevertreated", "notyettreated"}},
      {.name = "anticipation",
       .kind = core::Kind::integer,
       .doc = "periods before treatment in which it may already have effects",
       .default_text = "0",
       .min = 0},
      {.name = "base",
       .kind = core::Kind::text,
       .doc = "base period of effects before treatment: the period before each (varying), or always the last before "
              "treatment (universal)",
       .default_text = "varying",
       .one_of = {"varying", "universal"}},
      {.name = "unbalanced",
       .kind = core::Kind::text,
       .doc = "units without every period: leave them out, use those with both periods of an effect, or treat rows as "
              "repeated cross-sections",
       .default_text = "drop; pairs with like=\"csdid\"",
       .one_of = {"drop", "pairs", "rc"}},
      multiplier_reps("0; 1000 with like=\"did\""),
      multiplier_seed(),
      {.name = "like",
       .kind = core::Kind::text,
       .doc =
           "defaults of a peer: did (1000 multiplier draws), csdid (analytic, pairs of an unbalanced panel, controls "
           "not yet treated when none is never treated)",
       .default_text = "",
       .one_of = {"did", "csdid"}},
  };
  r.options.insert(r.options.end(), own.begin(), own.end());
  for (core::OptionSpec& option : influence_options()) r.options.push_back(std::move(option));
  r.source = "Callaway & Sant'Anna (2021), J. Econometrics 225(2)";
  r.example = "att_gt(lemp ~ lpop, cohort=first_treat, method=\"dr\", control=\"never\")";
  return r;
}

}  // namespace

const Estimator att_gt{.record = att_gt_record(), .fit = fit_att_gt};

}  // namespace estimators
