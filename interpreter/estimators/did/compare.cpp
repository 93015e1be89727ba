#include "estimators/did/compare.hpp"

#include "core/error.hpp"
#include "core/interrupt.hpp"
#include "core/text.hpp"
#include "estimators/did/cohort_period.hpp"
#include "estimators/did/dcdh.hpp"
#include "estimators/did/did.hpp"
#include "estimators/did/event_time.hpp"
#include "estimators/linear/linear.hpp"
#include "inference/tests.hpp"

#include <algorithm>
#include <cmath>

namespace estimators {
namespace {

using Entry = ComparedDid::Entry;

/// The request with other options; those in `keep` stay.
Request with_options(const Request& request, const std::vector<std::string>& keep) {
  Request out = request;
  out.options = {};
  const auto copy = [&](const char* name, const auto& value) {
    if (request.options.has(name) && std::find(keep.begin(), keep.end(), name) != keep.end())
      out.options.set(name, value);
  };
  for (const char* name : {"cohort", "unit", "time", "where", "cluster"})
    copy(name, request.options.get<formula::Tree>(name));
  copy("vcov", request.options.get<inference::VcovSpec>("vcov"));
  copy("weights", request.options.get<formula::Weights>("weights"));
  copy("level", request.options.get<double>("level"));
  copy("window", request.options.get<std::vector<double>>("window"));
  return out;
}

const std::vector<std::string>& shared() {
  static const std::vector<std::string> names = {"cohort",  "unit", "time",    "where",
                                                 "cluster", "vcov", "weights", "level"};
  return names;
}

void fill(Entry& entry, double level) {
  const Index at = entry.fit->position(entry.coefficient);
  const inference::Estimate e =
      inference::estimate(entry.fit->coef[at], entry.fit->se(at), entry.fit->vcov.df_of(at), level);
  entry.att = e.value;
  entry.se = e.se;
  entry.low = e.low;
  entry.high = e.high;
  entry.p = e.p;
}

/// Runs an estimator into an entry; its error becomes the entry's.
template <class Run>
void attempt(Entry& entry, double level, const Run& run) {
  try {
    run(entry);
    if (entry.fit != nullptr) fill(entry, level);
  } catch (const core::Error& error) {
    entry.fit = nullptr;
    entry.failure = error.message();
  }
}

FitPtr keep(results::Fit fit) { return std::make_shared<const results::Fit>(std::move(fit)); }

/// y ~ x + treated | unit + time, treated from the cohort's period on.
Request two_way(const Request& request, const std::string& time) {
  Request out = with_options(request, {"where", "cluster", "vcov", "weights", "level"});
  const auto events = event_times(request.frame, request.options.get<formula::Tree>("cohort"), time);
  std::vector<std::uint8_t> treated(events.size());
  for (std::size_t i = 0; i < events.size(); ++i) treated[i] = events[i] && *events[i] >= 0;
  out.frame = request.frame.with("treated", data::Column::booleans(std::move(treated)));
  const formula::Tree& given = request.formula;
  out.formula = formula::node(
      formula::Op::tilde,
      {given->children.front(), formula::node(formula::Op::plus, {formula::name("treated"), given->children.back()})});
  return out;
}

/// The last sentences: what the estimators compare with, and where covariates part them.
void read_comparisons(bool never, bool covariates, ComparedDid& out) {
  out.reading.push_back(std::string("Callaway & Sant'Anna compare with the last period before treatment (") +
                        (never ? "never-treated" : "not yet treated") +
                        " units), dCDH too (units not yet treated); imputation, two-stage and extended two-way average "
                        "all periods before it: more precise, and wrong sooner when trends differ before treatment.");
  if (covariates)
    out.reading.emplace_back(
        "Covariates enter in different ways: Callaway & Sant'Anna take their values before treatment, extended two-way "
        "gives every cohort slopes of its own (where a covariate has a trend, a trend of its own), dCDH takes changes, "
        "and the others one slope.");
}

std::string percent(double share) { return core::fixed(100 * share, 1) + " %"; }

void read_weights(const Request& request, ComparedDid& out) {
  try {
    const TwfeWeights weights = twfe_weights(with_options(request, {"cohort", "unit", "time", "where", "weights"}));
    const double rows = static_cast<double>(weights.positive + weights.negative);
    if (weights.negative > 0) {
      out.reading.push_back("Two-way fixed effects give a negative weight to " +
                            percent(static_cast<double>(weights.negative) / rows) + " of the treated rows (sum " +
                            core::significant(weights.negative_sum, 3) + "): their effects count against themselves.");
    } else {
      out.reading.emplace_back(
          "No treated row has a negative weight in two-way fixed effects; the weights still differ "
          "from the shares of rows that the other estimators take.");
    }
    out.reading.push_back("Effects with a standard deviation of " + core::significant(weights.sigma, 3) +
                          " between rows would suffice for two-way fixed effects to show what they show while the "
                          "average effect is 0.");
  } catch (const core::Error&) {  // its entry says why two-way fixed effects failed
  }
  try {
    Request plain = with_options(request, {"cohort", "unit", "time", "where"});
    plain.formula = formula::node(formula::Op::tilde, {request.formula->children.front(), formula::number(1)});
    double later = 0, bias = 0;
    for (const Comparison& c : bacon(plain).comparisons) {
      if (c.type != "later and earlier treated" && c.type != "later and always treated") continue;
      later += c.weight;
      bias += c.weight * c.estimate;
    }
    if (later > 0)
      out.reading.push_back("Comparisons with units treated already make up " + percent(later) +
                            " of the two-way estimate, and average " + core::significant(bias / later, 3) + ".");
  } catch (const core::Error&) {
    out.reading.emplace_back("The panel is unbalanced or covariates change it: no Goodman-Bacon decomposition.");
  }
}

void read_spread(ComparedDid& out) {
  const Entry& first = out.entries.front();
  double low = std::numeric_limits<double>::infinity(), high = -low, se = 0;
  int count = 0;
  for (std::size_t i = 1; i < out.entries.size(); ++i) {
    if (out.entries[i].fit == nullptr) continue;
    low = std::min(low, out.entries[i].att);
    high = std::max(high, out.entries[i].att);
    se = std::max(se, out.entries[i].se);
    ++count;
  }
  if (count == 0) return;
  std::string text = "The estimators that keep cohorts apart lie between " + core::significant(low, 4) + " and " +
                     core::significant(high, 4);
  if (first.fit == nullptr) {
    out.reading.push_back(text + ".");
    return;
  }
  const double middle = (low + high) / 2, gap = std::abs(first.att - middle);
  text += "; two-way fixed effects give " + core::significant(first.att, 4) + ", " +
          (first.att < low    ? "below"
           : first.att > high ? "above"
                              : "among") +
          " them";
  if (gap > se)
    text +=
        ". The gap is larger than a standard error: effects differ between cohorts or grow with time, and the "
        "two-way estimate should not be read as an average effect.";
  else
    text += ". The gap is within a standard error.";
  out.reading.push_back(text);
}

}  // namespace

ComparedDid compare_did(const Request& given) {
  ComparedDid out;
  Request request = given;
  if (request.formula != nullptr && request.formula->op == formula::Op::name)
    request.formula = formula::node(formula::Op::tilde, {request.formula, formula::number(1)});
  if (request.formula == nullptr || request.formula->op != formula::Op::tilde || request.formula->children.size() != 2)
    throw core::Error("compare_did takes an outcome: y, or y ~ controls");
  const Request base = with_options(request, shared());
  const double level = request.options.get<double>("level", 0.95);
  Settings settings = read_settings(base, "compare_did");
  default_staggered_vcov(base, settings);
  const Staggered s = read_staggered(base, settings, read_formula(base, settings));
  const bool never = std::count(s.cohorts.begin(), s.cohorts.end(), never_treated) > 0;
  out.depvar = s.problem.y_name;
  const formula::Tree effects = formula::node(formula::Op::plus, {formula::name(s.unit), formula::name(s.time)});
  core::Progress progress("estimators", 7);
  const auto add = [&](const std::string& name, const std::string& coefficient, const auto& run) {
    Entry entry;
    entry.name = name;
    entry.coefficient = coefficient;
    attempt(entry, level, run);
    out.entries.push_back(std::move(entry));
    progress.step();
  };
  add("two-way fixed effects", "treated", [&](Entry& entry) {
    Request two = two_way(base, s.time);
    two.options.set("fe", effects);
    if (!two.options.has("vcov") && !two.options.has("cluster")) two.options.set("vcov", settings.vcov);
    entry.fit = keep(feols.fit(two));
    Request events = with_options(base, shared());
    events.options.set("fe", effects);
    events.options.set("time", formula::name(s.time));
    if (!two.options.has("cluster")) events.options.set("vcov", settings.vcov);
    entry.events = keep(event_study.fit(events));
  });
  add("Callaway & Sant'Anna", "ATT", [&](Entry& entry) {
    Request one = base;
    one.options.set("control", std::string(never ? "never" : "notyet"));
    one.options.set("base", std::string("universal"));
    const FitPtr effects_by_cohort = keep(att_gt.fit(one));
    const auto average = [&](const std::string& type) {
      Request aggregate;
      aggregate.args = {Value(effects_by_cohort), Value(type)};
      return keep(aggte.fit(aggregate));
    };
    entry.fit = average("simple");
    entry.events = average("dynamic");
  });
  add("Sun & Abraham", "ATT", [&](Entry& entry) {
    Request one = base;
    one.options.set("agg", std::string("att"));
    entry.fit = keep(sunab.fit(one));
    entry.events = keep(sunab.fit(base));
  });
  add("imputation", "ATT", [&](Entry& entry) {
    entry.fit = keep(imputation.fit(base));
    entry.events = entry.fit;
  });
  add("two-stage (Gardner)", "ATT", [&](Entry& entry) {
    Request one = base;
    one.options.set("effects", std::string("static"));
    entry.fit = keep(gardner.fit(one));
  });
  add("extended two-way (Wooldridge)", "ATT", [&](Entry& entry) {
    Request one = base;
    one.options.set("agg", std::string("att"));
    entry.fit = keep(etwfe.fit(one));
  });
  add("switchers (dCDH)", "ATT", [&](Entry& entry) {
    Request one = with_options(base, {"unit", "time", "where", "cluster", "vcov", "weights", "level"});
    one.frame = two_way(base, s.time).frame;
    one.args = {Value(formula::name("treated"))};
    one.options.set("effects", static_cast<std::int64_t>(s.period_count()));
    entry.fit = keep(dcdh.fit(one));
    entry.events = entry.fit;
  });
  if (request.options.has("window")) {
    Entry entry;
    entry.name = "stacked";
    try {
      Request one = base;
      one.options.set("window", request.options.get<std::vector<double>>("window"));
      entry.events = keep(stacked.fit(one));
    } catch (const core::Error& error) {
      entry.failure = error.message();
    }
    out.entries.push_back(std::move(entry));
  }
  read_spread(out);
  read_weights(base, out);
  const formula::Tree& right = request.formula->children.back();
  read_comparisons(never, !formula::names_in(right).empty(), out);
  return out;
}

}  // namespace estimators
