// Averages of group-time effects: with P(g) the share of cohort g among units,
//   simple:    Σ_{t ≥ g} P(g) ATT(g, t) / Σ_{t ≥ g} P(g);
//   group:     θ(g) = mean over t ≥ g; overall Σ P(g) θ(g) / Σ P(g);
//   dynamic:   θ(e) = Σ_g P(g) ATT(g, g + e) / Σ_g P(g); overall the mean of θ(e), e ≥ 0;
//   calendar:  θ(t) = Σ_{g ≤ t} P(g) ATT(g, t) / Σ P(g); overall the mean of θ(t).
// Influence functions hold what estimating P(g) adds.
// Source: Callaway & Sant'Anna (2021), J. Econometrics 225(2), section 3 and Corollary 2.
// Peers:  did::aggte (R), csdid_estat (Stata).
#include "core/error.hpp"
#include "core/text.hpp"
#include "estimators/did/did.hpp"
#include "estimators/did/event_time.hpp"
#include "estimators/did/group_time.hpp"
#include "estimators/did/multiplier.hpp"
#include "estimators/did/pretrends.hpp"
#include "numerics/random.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

namespace estimators {
namespace {

struct Window {
  std::int64_t min = std::numeric_limits<std::int64_t>::min(), max = std::numeric_limits<std::int64_t>::max();
  std::int64_t balance = -1;  ///< < 0: none
};

class Aggregation {
 public:
  Aggregation(const results::Fit& fit, const GroupTime& sample) : fit_(fit), sample_(sample), n_(fit.scores.rows()) {
    for (const GroupTime::Effect& effect : sample.effects) share_[effect.cohort] = 0;
    for (std::size_t u = 0; u < sample.cohorts.size(); ++u) {
      const auto at = share_.find(sample.cohorts[u]);
      if (at != share_.end()) at->second += sample.weights[static_cast<Index>(u)] / static_cast<double>(n_);
    }
  }

  struct Average {
    double value = 0;
    Vector influence;
  };

  double share(std::int64_t cohort) const { return share_.at(cohort); }

  /// Σ P(g_j) θ_j / Σ P(g_j) with what estimating the shares adds: values θ and influences of cohorts g. `counted`:
  /// cohorts whose units move the shares; they are `cohorts` but in group_average_as_did().
  Average weighted(const std::vector<std::int64_t>& cohorts, const Vector& values, const Matrix& influences,
                   const std::vector<std::int64_t>& counted) const {
    double total = 0;
    for (const std::int64_t g : cohorts) total += share(g);
    Average out{0, Vector::Zero(n_)};
    std::map<std::int64_t, double> by_cohort;  // Σ over j of cohort g of (θ_j − average)/total: d average / d P(g)
    for (std::size_t j = 0; j < cohorts.size(); ++j) {
      const double w = share(cohorts[j]) / total;
      out.value += w * values[static_cast<Index>(j)];
      out.influence += w * influences.col(static_cast<Index>(j));
    }
    double constant = 0;  // the shares' means, subtracted in every row
    for (std::size_t j = 0; j < cohorts.size(); ++j) {
      const double slope = (values[static_cast<Index>(j)] - out.value) / total;
      by_cohort[counted[j]] += slope;
      constant += slope * share(cohorts[j]);
    }
    for (Index u = 0; u < n_; ++u) {
      const auto at = by_cohort.find(sample_.cohorts[static_cast<std::size_t>(u)]);
      out.influence[u] += (at == by_cohort.end() ? 0 : at->second * sample_.weights[u]) - constant;
    }
    return out;
  }

  /// The weighted average of given effects (positions in att_gt's coefficients).
  Average of(const std::vector<Index>& effects) const {
    std::vector<std::int64_t> cohorts;
    const Matrix influences = columns(effects);
    Vector values(static_cast<Index>(effects.size()));
    for (std::size_t j = 0; j < effects.size(); ++j) {
      cohorts.push_back(sample_.effects[static_cast<std::size_t>(effects[j])].cohort);
      values[static_cast<Index>(j)] = fit_.coef[effects[j]];
    }
    return weighted(cohorts, values, influences, cohorts);
  }

  /// The plain mean.
  Average mean(const std::vector<Index>& effects) const {
    const auto m = static_cast<double>(effects.size());
    Average out{0, Vector::Zero(n_)};
    for (const Index j : effects) {
      out.value += fit_.coef[j] / m;
      out.influence += fit_.scores.col(j) / m;
    }
    return out;
  }

 private:
  Matrix columns(const std::vector<Index>& effects) const {
    Matrix out(n_, static_cast<Index>(effects.size()));
    for (std::size_t j = 0; j < effects.size(); ++j) out.col(static_cast<Index>(j)) = fit_.scores.col(effects[j]);
    return out;
  }
  const results::Fit& fit_;
  const GroupTime& sample_;
  Index n_;
  std::map<std::int64_t, double> share_;
};

using Average = Aggregation::Average;

struct Row {
  std::string name;
  double event = std::nan("");
  Average average;
};

std::vector<Index> effects_where(const GroupTime& sample, const Window& window, bool after_only,
                                 const std::function<bool(const GroupTime::Effect&)>& suits) {
  std::vector<Index> out;
  for (std::size_t j = 0; j < sample.effects.size(); ++j) {
    const GroupTime::Effect& e = sample.effects[j];
    if (after_only && (e.time < e.cohort || e.time - e.cohort > window.max)) continue;
    if (suits(e)) out.push_back(static_cast<Index>(j));
  }
  return out;
}

Average plain_mean(const std::vector<Row>& rows, const std::function<bool(const Row&)>& suits) {
  Average out;
  double count = 0;
  for (const Row& row : rows) {
    if (!suits(row)) continue;
    out.value += row.average.value;
    if (out.influence.size() == 0) out.influence = Vector::Zero(row.average.influence.size());
    out.influence += row.average.influence;
    ++count;
  }
  if (count == 0) return out;
  out.value /= count;
  out.influence /= count;
  return out;
}

std::vector<Row> by_event(const Aggregation& a, const GroupTime& sample, const Window& window) {
  const std::int64_t last = sample.times.back();
  std::map<std::int64_t, std::vector<Index>> at;
  for (std::size_t j = 0; j < sample.effects.size(); ++j) {
    const auto& [cohort, time] = sample.effects[j];
    const std::int64_t e = time - cohort;
    if (e < window.min || e > window.max) continue;
    if (window.balance >= 0 &&
        (last - cohort < window.balance || e > window.balance || e < window.balance - last + sample.times.front()))
      continue;
    at[e].push_back(static_cast<Index>(j));
  }
  std::vector<Row> rows;
  for (const auto& [e, effects] : at) rows.push_back({event_name(e), static_cast<double>(e), a.of(effects)});
  return rows;
}

/// The R package did (2.1.2) takes the cohorts of the first effects, and not those that it averages, when it adds what
/// estimating the shares does to the average over cohorts.
std::vector<std::int64_t> counted_by_did(const GroupTime& sample, std::size_t count) {
  std::vector<std::int64_t> listed;
  for (const GroupTime::Effect& effect : sample.effects) {
    if (sample.universal && (listed.empty() || listed.back() != effect.cohort)) listed.push_back(effect.cohort);
    listed.push_back(effect.cohort);
  }
  listed.resize(count);
  return listed;
}

struct Aggregated {
  std::vector<Row> rows;
  Average overall;
  std::string words;
};

Aggregated aggregate(const std::string& type, const Aggregation& a, const GroupTime& sample, const Window& window) {
  Aggregated out;
  if (type == "simple") {
    out.words = "all effects after treatment, by cohort size";
    const auto all = effects_where(sample, window, true, [](const GroupTime::Effect&) { return true; });
    if (!all.empty()) out.overall = a.of(all);
  } else if (type == "dynamic") {
    out.words = "mean of the effects from event time 0 on";
    out.rows = by_event(a, sample, window);
    out.overall = plain_mean(out.rows, [](const Row& row) { return row.event >= 0; });
  } else if (type == "group") {
    out.words = "effects of cohorts, by their size";
    std::set<std::int64_t> cohorts;
    for (const GroupTime::Effect& e : sample.effects) cohorts.insert(e.cohort);
    std::vector<std::int64_t> found;
    for (const std::int64_t g : cohorts) {
      const auto own = effects_where(sample, window, true, [g](const GroupTime::Effect& e) { return e.cohort == g; });
      if (own.empty()) continue;
      found.push_back(g);
      out.rows.push_back({"cohort::" + sample.name_of(g), std::nan(""), a.mean(own)});
    }
    if (!found.empty()) {
      Vector values(static_cast<Index>(found.size()));
      Matrix influences(out.rows.front().average.influence.size(), values.size());
      for (std::size_t j = 0; j < found.size(); ++j) {
        values[static_cast<Index>(j)] = out.rows[j].average.value;
        influences.col(static_cast<Index>(j)) = out.rows[j].average.influence;
      }
      out.overall = a.weighted(found, values, influences, sample.as_did ? counted_by_did(sample, found.size()) : found);
    }
  } else {
    out.words = "mean over periods";
    for (const std::int64_t t : sample.times) {
      const auto now = effects_where(sample, window, true, [t](const GroupTime::Effect& e) { return e.time == t; });
      if (!now.empty()) out.rows.push_back({"time::" + sample.name_of(t), std::nan(""), a.of(now)});
    }
    out.overall = plain_mean(out.rows, [](const Row&) { return true; });
  }
  return out;
}

Window read_window(const Options& options) {
  Window window;
  if (options.has("min")) window.min = options.get<std::int64_t>("min");
  if (options.has("max")) window.max = options.get<std::int64_t>("max");
  window.balance = options.get<std::int64_t>("balance", -1);
  return window;
}

std::string type_of(const Request& request) {
  std::string type = "simple";
  if (request.args.size() > 1)
    if (const auto* text = std::get_if<std::string>(&request.args[1])) type = *text;
  return type == "event" ? "dynamic" : type;
}

results::Fit fit_aggte(const Request& request) {
  const FitPtr given = std::get<FitPtr>(request.args.at(0));
  const GroupTime* before = group_time_of(*given);
  if (before == nullptr || before->effects.empty())
    throw core::Error("aggte averages the group-time effects of att_gt, and '" + given->command + "' has none")
        .hint("m = att_gt(y ~ 1, cohort=first_year); aggte(m, \"dynamic\")");
  const std::string type = type_of(request);
  const Window window = read_window(request.options);
  if (type != "dynamic" && (request.options.has("min") || request.options.has("balance")))
    throw core::Error("min= and balance= choose event times: they belong to \"dynamic\"").word("type");
  const Aggregation aggregation(*given, *before);
  Aggregated made = aggregate(type, aggregation, *before, window);
  if (made.overall.influence.size() == 0 && made.rows.empty())
    throw core::Error("no effect after treatment is left to average").hint("look at the notes of the att_gt result");

  auto sample = std::make_shared<GroupTime>(*before);
  sample->effects.clear();
  if (request.options.has("reps")) sample->reps = static_cast<int>(request.options.get<std::int64_t>("reps"));
  if (request.options.has("seed"))
    sample->seed = static_cast<std::uint64_t>(request.options.get<std::int64_t>("seed"));
  else if (sample->reps > 0 && before->reps == 0)
    sample->seed = numerics::fresh_seed();
  if (given->vcov.spec.kind == inference::VcovKind::cluster || before->reps == 0) sample->vcov = given->vcov.spec;

  results::Fit out;
  out.command = "aggte";
  out.title = "Average effects by " +
              std::string(type == "dynamic"    ? "event time"
                          : type == "group"    ? "cohort"
                          : type == "calendar" ? "period"
                                               : "all cohorts and periods") +
              ", from att_gt";
  out.depvar = given->depvar;
  out.formula = given->formula;
  out.call = request.call;
  out.nobs = given->nobs;
  out.rows = given->rows;
  out.frame_rows = given->frame_rows;
  out.frame_name = given->frame_name;
  out.provenance = given->provenance;
  out.level = given->level;
  for (const char* name : {"units", "cohorts"}) out.set_stat(name, given->stat(name));
  const bool overall = made.overall.influence.size() > 0;
  const auto k = static_cast<Index>(made.rows.size() + (overall ? 1 : 0));
  Matrix influence(given->scores.rows(), k);
  out.coef.resize(k);
  std::vector<Index> banded;
  Index at = 0;
  const auto put = [&](const std::string& name, double event, const Average& average) {
    out.names.push_back(name);
    out.event_times.push_back(event);
    out.coef[at] = average.value;
    influence.col(at++) = average.influence;
  };
  if (overall) put("ATT", std::nan(""), made.overall);
  for (const Row& row : made.rows) {
    banded.push_back(at);
    put(row.name, row.event, row.average);
  }
  out.event_reference = before->universal ? static_cast<double>(-1 - before->anticipation) : std::nan("");
  if (type != "dynamic") out.event_times.clear();
  if (overall) out.notes.push_back("ATT: " + made.words);
  if (window.balance >= 0)
    out.notes.push_back("only cohorts seen for " + core::counted(window.balance, "period") +
                        " after treatment and more");
  set_influence(out, sample, std::move(influence), banded);
  if (type == "dynamic") add_pretrend_test(out, out.event_reference, before->universal);
  return out;
}

core::Record aggte_record() {
  core::Record r;
  r.name = "aggte";
  r.topic = "did";
  r.summary = "Averages of group-time effects: all, by cohort, by period, by time since treatment";
  r.args = {{.name = "m", .kind = core::Kind::result, .doc = "what att_gt returned"},
            {.name = "type",
             .kind = core::Kind::text,
             .doc = "simple, group, calendar or dynamic (event: the same)",
             .optional = true}};
  r.options = {
      {.name = "balance",
       .kind = core::Kind::integer,
       .doc = "dynamic: only cohorts seen for this many periods after treatment, and event times up to it",
       .default_text = "",
       .min = 0},
      {.name = "min", .kind = core::Kind::integer, .doc = "dynamic: first event time", .default_text = "all"},
      {.name = "max", .kind = core::Kind::integer, .doc = "last event time that enters", .default_text = "all"},
      multiplier_reps("as att_gt"),
      multiplier_seed("as att_gt"),
  };
  r.source = "Callaway & Sant'Anna (2021), section 3";
  r.example = "aggte(m, \"dynamic\", min=-4, max=5)";
  return r;
}

}  // namespace

const Estimator aggte{.record = aggte_record(), .fit = fit_aggte};

}  // namespace estimators
