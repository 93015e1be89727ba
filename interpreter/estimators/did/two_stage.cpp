// Two-stage difference-in-differences: fixed effects and controls from untreated rows; what they leave of y, in all
// rows, on treatment (or event time). Influence functions of the second stage hold the first:
//   b = (X'ΩX)⁻¹X'Ω(y − Zγ̂),  ψ_i = (X'ΩX)⁻¹{x_i ω_i u_i − (X'ΩZ)(Z0'ΩZ0)⁻¹ z_i ω_i e_i 1[i untreated]}.
// Source: Gardner (2022), arXiv 2207.05943; Newey & McFadden (1994), section 6 (two-step estimators).
// Peers:  did2s (R, Stata).
#include "core/error.hpp"
#include "core/text.hpp"
#include "estimators/did/did.hpp"
#include "estimators/did/event_time.hpp"
#include "estimators/did/pretrends.hpp"
#include "estimators/did/untreated.hpp"
#include "numerics/dense.hpp"

#include <algorithm>
#include <cmath>
#include <map>

namespace estimators {
namespace {

struct Regressors {
  std::vector<std::string> names;
  std::vector<double> events;
  Matrix X;  ///< n×k
};

Regressors regressors_of(const FirstStage& stage, const Options& options) {
  const auto n = stage.s.n();
  Regressors out;
  if (options.get<std::string>("effects", "event") == "static") {
    out.names = {"ATT"};
    out.events = {std::nan("")};
    out.X = Matrix::Zero(n, 1);
    for (Index i = 0; i < n; ++i) out.X(i, 0) = stage.treated[static_cast<std::size_t>(i)];
    return out;
  }
  const auto leads = options.get<std::int64_t>("leads", 0);
  const auto max = options.get<std::int64_t>("max", std::numeric_limits<std::int64_t>::max());
  std::map<std::int64_t, Index> position;
  for (std::size_t i = 0; i < stage.event.size(); ++i)
    if (stage.event[i] != never_treated && stage.event[i] <= max && (stage.treated[i] || stage.event[i] >= -leads))
      position[stage.event[i]] = 0;
  Index at = 0;
  for (auto& [event, index] : position) {
    index = at++;
    out.names.push_back(event_name(event));
    out.events.push_back(static_cast<double>(event));
  }
  out.X = Matrix::Zero(n, at);
  for (std::size_t i = 0; i < stage.event.size(); ++i) {
    const auto found = position.find(stage.event[i]);
    if (stage.event[i] != never_treated && found != position.end()) out.X(static_cast<Index>(i), found->second) = 1;
  }
  return out;
}

results::Fit fit_two_stage(const Request& request) {
  Settings settings = read_settings(request, "gardner");
  const FirstStage stage = first_stage(request, settings);
  const Regressors regressors = regressors_of(stage, request.options);
  const Vector& w = stage.s.problem.weights();
  const Matrix& X = regressors.X;
  const Matrix bread = numerics::inverse_spd(numerics::crossprod(X, w, X), "event times");
  const Vector weighted = w.size() == 0 ? stage.rest : Vector(stage.rest.cwiseProduct(w));
  results::Fit out = start_fit(stage.s.problem, settings, request);
  out.title = "Two-stage difference-in-differences (Gardner)";
  out.names = regressors.names;
  out.event_times = regressors.events;
  out.event_reference = std::nan("");
  out.coef = bread * numerics::crossprod(X, weighted);
  const Vector u = stage.rest - numerics::product(X, out.coef);
  Matrix influence(stage.s.n(), X.cols());
  for (Index j = 0; j < X.cols(); ++j) {
    Vector a = numerics::product(X, Vector(bread.col(j)));
    if (w.size() > 0) a = a.cwiseProduct(w);
    const Vector first = stage.system->apply(stage.system->solve(stage.system->moments(a, true)));
    for (Index i = 0; i < a.size(); ++i) {
      const auto row = static_cast<std::size_t>(i);
      influence(i, j) = a[i] * u[i] - (stage.treated[row] ? 0 : row_weight(stage, row) * first[i] * stage.rest[i]);
    }
  }
  out.weights.resize(0);
  if (request.options.get<std::string>("effects", "event") == "static") out.event_times.clear();
  out.set_stat("units", static_cast<double>(stage.s.unit_count));
  out.notes.insert(out.notes.end(), stage.notes.begin(), stage.notes.end());
  set_row_influence(out, stage, settings, std::move(influence));
  if (!out.event_times.empty()) add_pretrend_test(out, 0, false);
  return out;
}

core::Record two_stage_record() {
  core::Record r;
  r.name = "gardner";
  r.topic = "did";
  r.summary = "Two-stage difference-in-differences (Gardner)";
  r.args = {{.name = "formula", .kind = core::Kind::formula, .doc = "y ~ controls, or y ~ 1"}};
  r.options = first_stage_options();
  r.options.push_back({.name = "effects",
                       .kind = core::Kind::text,
                       .doc = "one effect of treatment (static), or effects by event time",
                       .default_text = "event",
                       .one_of = {"event", "static"}});
  r.source = "Gardner (2022), arXiv 2207.05943";
  r.example = "gardner(ser ~ 1, cohort=cohort, effects=\"static\")";
  return r;
}

}  // namespace

const Estimator gardner{.record = two_stage_record(), .fit = fit_two_stage};

}  // namespace estimators
