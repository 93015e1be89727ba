// Imputation: fixed effects and controls from untreated rows give outcomes without treatment; effects are what treated
// rows have beyond them, averaged:
//   τ̂_it = y_it − ŷ_it(∞),   τ̂_w = Σ w_it τ̂_it = Σ v_it y_it,   v_it = w_it on treated rows, −ω_i z_i'λ on untreated,
//   Z0'ΩZ0 λ = Z1'w;   Var = Σ_units (Σ_t v_it ε̃_it)²,  ε̃ the residual on untreated rows, τ̂_it − τ̄_ge on treated ones,
//   τ̄_ge = Σ v²τ̂ / Σ v² over rows of cohort g at event time e: conservative.
// Source: Borusyak, Jaravel & Spiess (2024), Review of Economic Studies 91(6), 3253–3285.
// Peers:  didimputation (R), did_imputation (Stata).
#include "core/error.hpp"
#include "core/interrupt.hpp"
#include "core/parallel.hpp"
#include "core/text.hpp"
#include "estimators/did/did.hpp"
#include "estimators/did/event_time.hpp"
#include "estimators/did/pretrends.hpp"
#include "estimators/did/untreated.hpp"

#include <algorithm>
#include <cmath>
#include <exception>
#include <limits>
#include <map>

namespace estimators {
namespace {

/// A weighted mean of effects: rows and weights that sum to one.
struct Target {
  std::string name;
  double event = std::nan("");
  std::vector<std::uint32_t> rows;
};

std::vector<Target> targets_of(const FirstStage& stage, const Options& options) {
  const std::int64_t max = options.get<std::int64_t>("max", std::numeric_limits<std::int64_t>::max());
  Target all{.name = "ATT", .event = std::nan(""), .rows = {}};
  std::map<std::int64_t, Target> by_event;
  for (std::size_t i = 0; i < stage.treated.size(); ++i) {
    if (!stage.treated[i]) continue;
    all.rows.push_back(static_cast<std::uint32_t>(i));
    if (stage.event[i] > max) continue;
    Target& target = by_event[stage.event[i]];
    target.rows.push_back(static_cast<std::uint32_t>(i));
  }
  std::vector<Target> out{std::move(all)};
  for (auto& [event, target] : by_event) {
    target.name = event_name(event);
    target.event = static_cast<double>(event);
    out.push_back(std::move(target));
  }
  return out;
}

/// v over all rows for the mean of effects over the target's rows.
Vector row_weights(const FirstStage& stage, const Target& target) {
  Vector v = Vector::Zero(stage.s.n());
  double total = 0;
  for (const std::uint32_t i : target.rows) total += row_weight(stage, i);
  for (const std::uint32_t i : target.rows) v[i] = row_weight(stage, i) / total;
  const Vector right = stage.system->moments(v, true);
  const Vector lambda = stage.system->solve(right);
  // With two plain fixed effects first_stage() has left out what is not identified.
  const bool sure = stage.s.problem.context->fe.size() <= 2 && stage.system->dropped().empty();
  if (!sure && !stage.system->solves(lambda, right))
    throw core::Error("the fixed effects of some treated rows are not identified by untreated rows (" + target.name +
                      ")")
        .hint("use fewer fixed effects, or restrict the sample with where=");
  const Vector fitted = stage.system->apply(lambda);
  for (Index i = 0; i < v.size(); ++i)
    if (!stage.treated[static_cast<std::size_t>(i)]) v[i] = -row_weight(stage, static_cast<std::size_t>(i)) * fitted[i];
  return v;
}

/// Cells of treated rows by cohort and event time: a code for each row, −1 on untreated ones.
struct EffectCells {
  Codes of_row;
  std::int32_t count = 0;
};

EffectCells effect_cells(const FirstStage& stage) {
  EffectCells out{Codes(stage.treated.size(), -1), 0};
  std::map<std::pair<std::int64_t, std::int64_t>, std::int32_t> codes;
  for (std::size_t i = 0; i < stage.treated.size(); ++i) {
    if (!stage.treated[i]) continue;
    const std::pair key(stage.s.cohorts[static_cast<std::size_t>(stage.s.units[i])], stage.event[i]);
    out.of_row[i] = codes.emplace(key, static_cast<std::int32_t>(codes.size())).first->second;
  }
  out.count = static_cast<std::int32_t>(codes.size());
  return out;
}

/// v ε̃ by row. With leave_out the mean of a cell leaves out the row's own unit.
void influence_of(const FirstStage& stage, const EffectCells& cells, const Target& target, const Vector& v,
                  bool leave_out, Eigen::Ref<Vector> out) {
  std::vector<double> squares(static_cast<std::size_t>(cells.count), 0), effects = squares, rows = squares;
  for (const std::uint32_t i : target.rows) {
    const auto cell = static_cast<std::size_t>(cells.of_row[i]);
    squares[cell] += v[i] * v[i];
    effects[cell] += v[i] * v[i] * stage.rest[i];
    rows[cell] += 1;
  }
  for (Index i = 0; i < v.size(); ++i)
    if (!stage.treated[static_cast<std::size_t>(i)]) out[i] = v[i] * stage.rest[i];
  for (const std::uint32_t i : target.rows) {
    const auto cell = static_cast<std::size_t>(cells.of_row[i]);
    const double own = leave_out ? v[i] * v[i] : 0;
    if (leave_out && rows[cell] < 2)
      throw core::Error("leave_out needs cohorts of two units and more: a cohort has one at event time " +
                        std::to_string(stage.event[i]))
          .word("leave_out");
    out[i] = v[i] * (stage.rest[i] - (effects[cell] - own * stage.rest[i]) / (squares[cell] - own));
  }
}

/// Regression on untreated rows with a dummy for each of the last `leads` periods before treatment: coefficients and
/// their influence functions, by least squares.
struct Leads {
  std::vector<std::int64_t> events;
  Vector coef;
  Matrix influence;
};

Leads lead_regression(const FirstStage& stage, std::int64_t leads) {
  const Problem& problem = stage.s.problem;
  const Index n = stage.s.n(), k = problem.exogenous;
  std::map<std::int64_t, std::vector<std::uint32_t>> rows;
  for (std::size_t i = 0; i < stage.treated.size(); ++i)
    if (!stage.treated[i] && stage.event[i] != never_treated && stage.event[i] >= -leads)
      rows[stage.event[i]].push_back(static_cast<std::uint32_t>(i));
  Matrix X = Matrix::Zero(n, k + static_cast<Index>(rows.size()));
  X.leftCols(k) = problem.columns.middleCols(1, k);
  Leads out;
  Index at = k;
  for (const auto& [event, list] : rows) {
    out.events.push_back(event);
    for (const std::uint32_t i : list) X(i, at) = 1;
    ++at;
  }
  const EffectSystem system(problem.context->fe, std::move(X), problem.weights(), stage.system->use());
  for (const Index j : system.dropped())
    if (j >= k)
      throw core::Error("the effect of event time " + std::to_string(out.events[static_cast<std::size_t>(j - k)]) +
                        " is not identified beside the fixed effects of untreated rows")
          .hint("leads= must leave some earlier period before treatment, in some cohort")
          .word("leads");
  const Vector y = problem.y.array() - problem.y.mean();
  const Vector coef = system.regress(y), rest = y - system.apply(coef);
  const auto count = static_cast<Index>(out.events.size());
  out.coef = coef.tail(count);
  out.influence = Matrix::Zero(n, count);
  for (Index j = 0; j < count; ++j) {
    Vector unit = Vector::Zero(system.size());
    unit[system.size() - count + j] = 1;
    const Vector direction = system.apply(system.solve(unit));
    for (Index i = 0; i < n; ++i)
      if (system.use()[static_cast<std::size_t>(i)])
        out.influence(i, j) = row_weight(stage, static_cast<std::size_t>(i)) * direction[i] * rest[i];
  }
  return out;
}

/// The mean effect of each target; its influence function becomes a column, after a gap of `leads` columns behind the
/// first. Targets are independent of each other.
std::vector<double> estimate(const FirstStage& stage, const std::vector<Target>& targets, bool leave_out, Index leads,
                             Matrix& influence) {
  const EffectCells cells = effect_cells(stage);
  std::vector<double> effects(targets.size(), 0);
  std::vector<std::exception_ptr> failures(targets.size());
  core::for_blocks(targets.size(), 1, [&](std::size_t j, std::size_t) {
    try {
      const Vector v = row_weights(stage, targets[j]);
      for (const std::uint32_t i : targets[j].rows) effects[j] += v[i] * stage.rest[i];
      const Index column = static_cast<Index>(j) + (j > 0 ? leads : 0);
      influence_of(stage, cells, targets[j], v, leave_out, influence.col(column));
    } catch (...) {
      failures[j] = std::current_exception();
    }
  });
  for (const std::exception_ptr& failure : failures)
    if (failure) std::rethrow_exception(failure);
  core::poll();
  return effects;
}

results::Fit fit_imputation(const Request& request) {
  Settings settings = read_settings(request, "imputation");
  const FirstStage stage = first_stage(request, settings);
  const std::vector<Target> targets = targets_of(stage, request.options);
  const auto leads = request.options.get<std::int64_t>("leads", 0);
  const bool leave_out = request.options.get<bool>("leave_out");
  const Leads before = leads > 0 ? lead_regression(stage, leads) : Leads{};

  results::Fit out = start_fit(stage.s.problem, settings, request);
  out.title = "Imputation (Borusyak, Jaravel & Spiess)";
  const Index n = stage.s.n();
  const auto k = static_cast<Index>(targets.size() + before.events.size());
  Matrix influence = Matrix::Zero(n, k);
  out.coef.resize(k);
  Index at = 0;
  const auto put = [&](const std::string& name, double event, double value) {
    out.names.push_back(name);
    out.event_times.push_back(event);
    out.coef[at] = value;
  };
  const std::vector<double> effects =
      estimate(stage, targets, leave_out, static_cast<Index>(before.events.size()), influence);
  const auto put_target = [&](std::size_t j) {
    put(targets[j].name, targets[j].event, effects[j]);
    ++at;
  };
  put_target(0);
  for (std::size_t j = 0; j < before.events.size(); ++j) {
    influence.col(at) = before.influence.col(static_cast<Index>(j));
    put(event_name(before.events[j]), static_cast<double>(before.events[j]), before.coef[static_cast<Index>(j)]);
    ++at;
  }
  for (std::size_t j = 1; j < targets.size(); ++j) put_target(j);
  out.event_reference = std::nan("");
  out.weights.resize(0);
  out.set_stat("treated_cells", static_cast<double>(targets.front().rows.size()));
  out.set_stat("units", static_cast<double>(stage.s.unit_count));
  out.notes.insert(out.notes.end(), stage.notes.begin(), stage.notes.end());
  if (!before.events.empty())
    out.notes.push_back("effects before treatment come from untreated rows alone, relative to earlier periods");
  set_row_influence(out, stage, settings, std::move(influence));
  if (!before.events.empty()) add_pretrend_test(out, 0, false);
  return out;
}

core::Record imputation_record() {
  core::Record r;
  r.name = "imputation";
  r.topic = "did";
  r.summary = "Difference-in-differences by imputation of untreated outcomes (Borusyak, Jaravel and Spiess)";
  r.args = {{.name = "formula", .kind = core::Kind::formula, .doc = "y ~ controls, or y ~ 1"}};
  r.options = first_stage_options();
  r.options.push_back({.name = "leave_out",
                       .kind = core::Kind::boolean,
                       .doc = "the cohort's mean effect in the variance leaves out the unit itself (small cohorts)",
                       .default_text = "false"});
  r.source = "Borusyak, Jaravel & Spiess (2024), Review of Economic Studies 91(6)";
  r.example = "imputation(ser ~ 1, cohort=cohort, leads=3)";
  return r;
}

}  // namespace

const Estimator imputation{.record = imputation_record(), .fit = fit_imputation};

}  // namespace estimators
