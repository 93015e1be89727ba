// Difference-in-differences with a continuous treatment: how the effect depends on the dose a unit gets,
//   ATT(d) = E[Y_t(d) − Y_t(0) | D = d],   ACRT(d) = ∂ATT(d)/∂d,
// from changes of units of dose d less those of untreated units, as a B-spline of d; over periods after treatment and
// cohorts, and their means over treated units. Levels need parallel trends of untreated outcomes at every dose; slopes
// need strong parallel trends: that units of different doses would have gained the same from the same dose.
// Source: Callaway, Goodman-Bacon & Sant'Anna (2024), NBER Working Paper 32117.
// Peers:  contdid (R).
#include "estimators/did/dose.hpp"

#include "core/error.hpp"
#include "core/numbers.hpp"
#include "core/text.hpp"
#include "estimators/did/did.hpp"
#include "estimators/did/dose_curves.hpp"
#include "estimators/did/event_time.hpp"
#include "estimators/did/pretrends.hpp"
#include "estimators/did/units.hpp"
#include "estimators/linear/linear.hpp"
#include "formula/evaluate.hpp"
#include "numerics/dense.hpp"
#include "numerics/random.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>

namespace estimators {
namespace {

using core::nan;

struct Doses {
  Staggered s;
  Vector of_rows;                     ///< as in the column
  Vector of_units;                    ///< 0: untreated
  std::vector<std::int64_t> cohorts;  ///< never_treated where the dose is 0
  std::vector<std::string> notes;
};

/// Without cohort=: treated from the first row with a dose on.
void cohorts_from_doses(Staggered& s, const Vector& doses, const std::string& name) {
  s.cohort = name;
  s.cohorts.assign(static_cast<std::size_t>(s.unit_count), never_treated);
  for (std::size_t i = 0; i < s.units.size(); ++i) {
    if (!(doses[static_cast<Index>(i)] > 0)) continue;
    std::int64_t& own = s.cohorts[static_cast<std::size_t>(s.units[i])];
    own = std::min(own, s.times[static_cast<std::size_t>(s.periods[i])]);
  }
}

Doses read_doses(const Request& request, Settings& settings, const formula::Parts& parts) {
  if (!request.options.has("dose"))
    throw core::Error("dose= is missing: how much treatment a unit gets, 0 for none")
        .hint("dose_did(y ~ 1, dose=amount, cohort=first_year)")
        .word("dose_did");
  const auto tree = request.options.get<formula::Tree>("dose");
  const std::string name = formula::print(tree);
  settings.design.complete.push_back(tree);
  Doses out;
  const bool dated = request.options.has("cohort");
  out.s = dated ? read_staggered(request, settings, parts) : read_units(request, settings, parts);
  Staggered& s = out.s;
  const std::vector<double> all = formula::evaluate_numbers(tree, request.frame);
  out.of_rows.resize(s.n());
  for (Index i = 0; i < s.n(); ++i) {
    out.of_rows[i] = all[s.problem.context->rows[static_cast<std::size_t>(i)]];
    if (out.of_rows[i] < 0 || !std::isfinite(out.of_rows[i]))
      throw core::Error("dose '" + name + "' is " + core::shortest(out.of_rows[i]) + " in a row: it cannot be below 0")
          .hint("dcdh(y ~ 1, treatment) takes treatments of any sign")
          .word(name);
  }
  if (!dated) cohorts_from_doses(s, out.of_rows, name);
  out.of_units = Vector::Zero(s.unit_count);
  out.cohorts = s.cohorts;
  std::vector<std::uint8_t> later(s.cohorts.size(), 0);
  for (std::size_t i = 0; i < s.units.size(); ++i) {
    const auto u = static_cast<std::size_t>(s.units[i]);
    const double d = out.of_rows[static_cast<Index>(i)];
    if (s.cohorts[u] == never_treated) {
      later[u] |= static_cast<std::uint8_t>(d > 0);
      continue;
    }
    if (s.times[static_cast<std::size_t>(s.periods[i])] < s.cohorts[u]) continue;
    double& own = out.of_units[static_cast<Index>(u)];
    if (std::isnan(own) || own == d) continue;
    if (own != 0)
      throw core::Error("dose '" + name + "' changes within " + s.unit + " " +
                        request.frame.at(s.unit)->text(s.problem.context->rows[i]) +
                        " after its treatment: " + core::shortest(own) + " and " + core::shortest(d))
          .hint("dose_did takes one dose for each unit; dcdh(y ~ 1, treatment) takes treatments that change")
          .word(name);
    own = d;
  }
  std::int64_t none = 0;
  for (std::size_t u = 0; u < out.cohorts.size(); ++u) {
    if (out.cohorts[u] == never_treated || out.of_units[static_cast<Index>(u)] > 0) continue;
    out.cohorts[u] = never_treated;
    ++none;
  }
  if (none > 0) out.notes.push_back(core::counted(none, "unit") + " with a cohort and dose 0: untreated");
  const auto beyond = std::count(later.begin(), later.end(), 1);
  if (beyond > 0)
    out.notes.push_back(core::counted(beyond, "unit") + " with a dose and no cohort within the periods: untreated");
  s.cohorts = out.cohorts;
  if (s.cohort_sizes().empty())
    throw core::Error("no unit of the sample is treated: '" + name + "' is 0 in every row after treatment").word(name);
  if (!dated && s.cohort_sizes().front().first <= s.times.front() && s.cohort_sizes().size() == 1)
    throw core::Error("every treated " + s.unit + " has a dose from the first " + s.time +
                      " on: there is no period before treatment")
        .hint("where the column holds a unit's dose in all its rows, say when it starts: cohort=first_year")
        .word(name);
  return out;
}

DosePanel panel_of(const Staggered& s, const Vector& doses) {
  DosePanel p;
  const auto wide = [&](Index column) {
    Matrix out = Matrix::Constant(s.unit_count, s.period_count(), nan);
    for (std::size_t i = 0; i < s.units.size(); ++i)
      out(s.units[i], s.periods[i]) = s.problem.columns(static_cast<Index>(i), column);
    return out;
  };
  p.y = wide(0);
  const Index covariates = s.problem.exogenous - (s.problem.constant ? 1 : 0);
  for (Index j = 0; j < covariates; ++j) p.x.push_back(wide(1 + j));
  p.dose = doses;
  p.weights = Vector::Ones(s.unit_count);
  const Vector& w = s.problem.weights();
  if (w.size() > 0) {
    Vector sum = Vector::Zero(s.unit_count), count = Vector::Zero(s.unit_count);
    for (std::size_t i = 0; i < s.units.size(); ++i) {
      sum[s.units[i]] += w[static_cast<Index>(i)];
      count[s.units[i]] += 1;
    }
    p.weights = sum.cwiseQuotient(count);
    p.weights /= p.weights.mean();
  }
  return p;
}

/// Quantile of type 7, as R's.
double quantile(const std::vector<double>& sorted, double share) {
  const double at = share * static_cast<double>(sorted.size() - 1);
  const auto low = static_cast<std::size_t>(at);
  const std::size_t high = std::min(low + 1, sorted.size() - 1);
  return sorted[low] + (at - static_cast<double>(low)) * (sorted[high] - sorted[low]);
}

std::vector<double> treated_doses(const Doses& d, const std::vector<DoseCell>& cells) {
  std::vector<std::uint8_t> used(d.cohorts.size(), 0);
  for (const DoseCell& cell : cells)
    for (const std::int32_t u : cell.treated) used[static_cast<std::size_t>(u)] = 1;
  std::vector<double> out;
  for (std::size_t u = 0; u < used.size(); ++u)
    if (used[u] != 0) out.push_back(d.of_units[static_cast<Index>(u)]);
  std::sort(out.begin(), out.end());
  return out;
}

struct Choices {
  bool not_yet = false, pooled = false;
  std::int64_t anticipation = 0;
};

/// Every cohort and period that has treated and control units, but the base period of each cohort.
std::vector<DoseCell> cells_of(const Staggered& s, const DosePanel& p, const Choices& c) {
  std::vector<DoseCell> out;
  std::map<std::int64_t, std::vector<std::int32_t>> members;
  for (std::int32_t u = 0; u < s.unit_count; ++u) members[s.cohorts[static_cast<std::size_t>(u)]].push_back(u);
  for (const auto& [g, units] : members) {
    if (g == never_treated) continue;
    std::int32_t base = -1;
    while (base + 1 < s.period_count() && s.times[static_cast<std::size_t>(base + 1)] < g - c.anticipation) ++base;
    if (base < 0) continue;
    for (std::int32_t t = 0; t < s.period_count(); ++t) {
      if (t == base) continue;
      DoseCell cell{.cohort = g,
                    .event = s.times[static_cast<std::size_t>(t)] - g,
                    .cohort_name = s.name_of(g),
                    .base = base,
                    .period = t,
                    .treated = {},
                    .controls = {}};
      const auto seen = [&](std::int32_t u) { return !std::isnan(p.y(u, t)) && !std::isnan(p.y(u, base)); };
      std::copy_if(units.begin(), units.end(), std::back_inserter(cell.treated), seen);
      const std::int64_t last = s.times[static_cast<std::size_t>(std::max(t, base))] + c.anticipation;
      for (const auto& [other, others] : members) {
        if (other != never_treated && (!c.not_yet || other == g || other <= last)) continue;
        std::copy_if(others.begin(), others.end(), std::back_inserter(cell.controls), seen);
      }
      if (!cell.treated.empty() && !cell.controls.empty()) out.push_back(std::move(cell));
    }
  }
  return out;
}

std::vector<DoseCell> cells_at(const std::vector<DoseCell>& cells, std::int64_t low, std::int64_t high) {
  std::vector<DoseCell> out;
  std::copy_if(cells.begin(), cells.end(), std::back_inserter(out),
               [&](const DoseCell& cell) { return cell.event >= low && cell.event <= high; });
  return out;
}

numerics::BSpline spline_of(const Request& request, const std::vector<double>& doses) {
  if (doses.front() == doses.back())
    throw core::Error("every treated unit has dose " + core::shortest(doses.front()) +
                      ": effects cannot differ by dose")
        .hint("att_gt(y ~ 1, cohort=…) estimates the effect of a treatment that is the same for all")
        .word("dose");
  numerics::BSpline spline;
  spline.degree = static_cast<int>(request.options.get<std::int64_t>("degree", 3));
  spline.low = doses.front();
  spline.high = doses.back();
  const auto knots = request.options.get<std::int64_t>("knots", 0);
  for (std::int64_t k = 1; k <= knots; ++k)
    spline.knots.push_back(quantile(doses, static_cast<double>(k) / static_cast<double>(knots + 1)));
  for (std::size_t k = 0; k < spline.knots.size(); ++k)
    if (spline.knots[k] <= (k == 0 ? spline.low : spline.knots[k - 1]) || spline.knots[k] >= spline.high)
      throw core::Error("quantiles of the doses fall together, and knots=" + std::to_string(knots) +
                        " takes different ones")
          .hint("take fewer knots")
          .word("knots");
  return spline;
}

/// The doses at which the table shows the curves.
std::vector<double> shown_doses(const Request& request, const DoseSample& sample) {
  std::vector<double> out = request.options.get<std::vector<double>>("at");
  if (out.empty())
    for (const double share : {0.1, 0.25, 0.5, 0.75, 0.9}) out.push_back(quantile(sample.treated_doses, share));
  std::sort(out.begin(), out.end());
  out.erase(std::unique(out.begin(), out.end()), out.end());
  for (const double d : out)
    if (!(d >= sample.spline.low && d <= sample.spline.high))
      throw core::Error("dose " + core::shortest(d) + " is outside of those observed, " +
                        core::shortest(sample.spline.low) + " to " + core::shortest(sample.spline.high))
          .word("at");
  return out;
}

std::vector<std::string> dose_names(const std::vector<double>& doses) {
  for (const int digits : {4, 6, 9}) {
    std::vector<std::string> out;
    for (const double d : doses) out.push_back(core::significant(d, digits));
    if (std::adjacent_find(out.begin(), out.end()) == out.end()) return out;
  }
  std::vector<std::string> out;
  for (const double d : doses) out.push_back(core::shortest(d));
  return out;
}

std::shared_ptr<DoseSample> sample_of(const Staggered& s, const Settings& settings, const Request& request,
                                      const DosePanel& p, const Choices& c) {
  auto sample = std::make_shared<DoseSample>();
  set_sample(*sample, s, settings, request);
  sample->weights = p.weights;
  sample->anticipation = c.anticipation;
  sample->universal = true;
  sample->spline = p.spline;
  return sample;
}

/// What a regression on the dose received gives, which is no average of these effects.
void note_two_way(const Request& request, const Doses& d, results::Fit& out) {
  const std::string name = "dose received";
  std::vector<double> received(request.frame.rows(), 0);
  for (std::size_t i = 0; i < d.s.units.size(); ++i) {
    const auto u = static_cast<std::size_t>(d.s.units[i]);
    if (d.s.times[static_cast<std::size_t>(d.s.periods[i])] >= d.cohorts[u])
      received[d.s.problem.context->rows[i]] = d.of_units[static_cast<Index>(u)];
  }
  Request two;
  two.frame = request.frame.with(name, data::Column::reals(std::move(received)));
  two.formula = formula::node(formula::Op::tilde, {request.formula->children.front(), formula::name(name)});
  for (const char* option : {"where", "cluster"})
    if (request.options.has(option)) two.options.set(option, request.options.get<formula::Tree>(option));
  if (request.options.has("weights")) two.options.set("weights", request.options.get<formula::Weights>("weights"));
  two.options.set("fe", formula::node(formula::Op::plus, {formula::name(d.s.unit), formula::name(d.s.time)}));
  try {
    const results::Fit fit = feols.fit(two);
    if (fit.coef.size() == 0) return;
    out.set_stat("twfe", fit.coef[0]);
    out.notes.push_back("two-way fixed effects on the dose give " + core::significant(fit.coef[0], 4) +
                        " a unit: they weigh slopes by (E[D | D >= d] - E[D]) P(D >= d)/Var D, most near the mean dose "
                        "and not by how frequent doses are, and count the first step up from 0 as a slope");
  } catch (const core::Error&) {  // only a comparison
  }
}

void put_curves(const DoseSample& sample, const DoseCurve& curve, const std::vector<double>& doses,
                std::vector<EffectTerm>& terms) {
  const std::vector<std::string> names = dose_names(doses);
  const Vector at = Eigen::Map<const Vector>(doses.data(), static_cast<Index>(doses.size()));
  for (const bool slope : {false, true}) {
    const Matrix b = slope ? numerics::slopes(sample.spline, at) : numerics::values(sample.spline, at);
    for (std::size_t j = 0; j < doses.size(); ++j) {
      const Vector row = b.row(static_cast<Index>(j)).transpose();
      terms.push_back(
          {(slope ? "ACRT::" : "ATT::") + names[j], nan, row.dot(curve.beta), numerics::product(curve.influence, row)});
    }
  }
}

std::string curve_note(const DoseSample& sample, const Choices& c) {
  const std::vector<double>& doses = sample.treated_doses;
  std::string text = core::counted(static_cast<long long>(doses.size()), "treated unit") + ", doses from " +
                     core::significant(doses.front(), 4) + " to " + core::significant(doses.back(), 4) + ", median " +
                     core::significant(quantile(doses, 0.5), 4) + "; curve: spline of degree " +
                     std::to_string(sample.spline.degree);
  if (!sample.spline.knots.empty())
    text += " with " + core::counted(static_cast<long long>(sample.spline.knots.size()), "knot");
  return text + (c.pooled ? ", one for all cohorts" : "");
}

results::Fit fit_dose(const Request& request) {
  Settings settings = read_settings(request, "dose_did");
  formula::Parts parts = read_formula(request, settings);
  if (!parts.fe.empty())
    throw core::Error("dose_did takes no fixed effects: it compares changes of units").word("formula");
  default_staggered_vcov(request, settings);
  settings.ssc = inference::ssc_preset("none");
  const Doses d = read_doses(request, settings, parts);
  const Staggered& s = d.s;
  const Choices c{.not_yet = request.options.get<std::string>("control", "never") == "notyet",
                  .pooled = request.options.get<std::string>("cohorts", "separate") == "pooled",
                  .anticipation = request.options.get<std::int64_t>("anticipation", 0)};
  if (!c.not_yet && std::count(s.cohorts.begin(), s.cohorts.end(), never_treated) == 0)
    throw core::Error("no unit has dose 0, and control=\"never\" compares with those")
        .hint("control=\"notyet\" compares with units not yet treated")
        .word("control");
  DosePanel panel = panel_of(s, d.of_units);
  const std::vector<DoseCell> cells = cells_of(s, panel, c);
  const std::vector<DoseCell> after = cells_at(cells, 0, std::numeric_limits<std::int64_t>::max());
  if (after.empty())
    throw core::Error("no effect can be estimated: no cohort is treated after the first period while others are not")
        .hint("cohorts by first treated " + s.time + ": " + s.cohort_table());
  const std::vector<double> doses = treated_doses(d, after);
  panel.spline = spline_of(request, doses);
  const DoseCurve curve = dose_curve(panel, after, c.pooled);
  auto sample = sample_of(s, settings, request, panel, c);
  sample->treated_doses = doses;
  sample->beta = curve.beta;
  sample->beta_influence = curve.influence;

  const std::string agg = request.options.get<std::string>("agg", "dose");
  if (agg != "dose" && request.options.has("at"))
    throw core::Error("at= names doses of the curves, and agg=\"" + agg + "\" is by event time").word("at");
  std::vector<EffectTerm> terms;
  if (agg != "slope") terms.push_back({"ATT", nan, curve.att, curve.att_influence});
  if (agg != "level") terms.push_back({"ACRT", nan, curve.acrt, curve.acrt_influence});
  if (agg == "dose") put_curves(*sample, curve, shown_doses(request, *sample), terms);
  std::map<std::int64_t, int> events;
  for (const DoseCell& cell : cells) ++events[cell.event];
  if (agg != "dose")
    for (const auto& [event, count] : events) {
      const DoseCurve one = dose_curve(panel, cells_at(cells, event, event), c.pooled);
      terms.push_back({event_name(event), static_cast<double>(event), agg == "level" ? one.att : one.acrt,
                       agg == "level" ? one.att_influence : one.acrt_influence});
    }

  results::Fit out = start_fit(s.problem, settings, request);
  out.title = "Continuous-dose difference-in-differences (Callaway, Goodman-Bacon & Sant'Anna)";
  Matrix influence = put_terms(terms, 1, out);
  if (agg == "dose") out.event_times.clear();
  std::vector<Index> banded;
  for (std::size_t j = 0; j < terms.size(); ++j)
    if (terms[j].name != "ATT" && terms[j].name != "ACRT") banded.push_back(static_cast<Index>(j));
  out.event_reference = static_cast<double>(-1 - c.anticipation);
  out.weights.resize(0);
  out.set_stat("units", s.unit_count);
  out.set_stat("treated_units", static_cast<double>(doses.size()));
  out.notes.push_back("cohorts by first treated " + s.time + ": " + s.cohort_table());
  out.notes.push_back(curve_note(*sample, c));
  const std::int64_t always =
      std::count_if(s.cohorts.begin(), s.cohorts.end(), [&](std::int64_t g) { return g <= s.times.front(); });
  if (always > 0) out.notes.push_back(core::counted(always, "unit") + " treated in the first period left out");
  out.notes.insert(out.notes.end(), d.notes.begin(), d.notes.end());
  if (agg != "level")
    out.notes.emplace_back(
        "ACRT compares units of different doses: an effect of dose only under strong parallel trends");
  note_two_way(request, d, out);
  set_influence(out, sample, std::move(influence), banded);
  if (agg != "dose") add_pretrend_test(out, out.event_reference, true);
  return out;
}

core::Record dose_record() {
  core::Record r;
  r.name = "dose_did";
  r.topic = "did";
  r.summary =
      "Difference-in-differences with a continuous treatment: effects by dose and their slope (Callaway, "
      "Goodman-Bacon and Sant'Anna)";
  r.args = {{.name = "formula", .kind = core::Kind::formula, .doc = "y ~ covariates, or y ~ 1"}};
  r.options = {{.name = "dose",
                .kind = core::Kind::expression,
                .doc = "how much treatment a unit gets, the same in all its rows from treatment on; 0: none",
                .default_text = ""}};
  for (core::OptionSpec& option : staggered_options(false)) {
    if (option.name == "cohort") option.default_text = "the first period with a dose";
    r.options.push_back(std::move(option));
  }
  const std::vector<core::OptionSpec> own = {
      {.name = "agg",
       .kind = core::Kind::text,
       .doc = "curves over the dose, or by event time the average effect (level) or the average slope (slope)",
       .default_text = "dose",
       .one_of = {"dose", "level", "slope"}},
      {.name = "degree", .kind = core::Kind::integer, .doc = "of the spline", .default_text = "3", .min = 1, .max = 10},
      {.name = "knots",
       .kind = core::Kind::integer,
       .doc = "interior knots of the spline, at quantiles of the doses",
       .default_text = "0",
       .min = 0,
       .max = 50},
      {.name = "cohorts",
       .kind = core::Kind::text,
       .doc = "a curve for each cohort, averaged by their sizes (separate), or one of all treated units (pooled)",
       .default_text = "separate",
       .one_of = {"separate", "pooled"}},
      {.name = "at",
       .kind = core::Kind::numbers,
       .doc = "doses of the curves that are shown",
       .default_text = "percentiles 10, 25, 50, 75 and 90 of treated units"},
      {.name = "control",
       .kind = core::Kind::text,
       .doc = "units to compare with: those of dose 0, or also those not yet treated",
       .default_text = "never",
       .one_of = {"never", "notyet"}},
      {.name = "anticipation",
       .kind = core::Kind::integer,
       .doc = "periods before treatment in which it may already have effects",
       .default_text = "0",
       .min = 0},
      multiplier_reps("0"),
      multiplier_seed(),
  };
  r.options.insert(r.options.end(), own.begin(), own.end());
  for (core::OptionSpec& option : influence_options()) r.options.push_back(std::move(option));
  r.source = "Callaway, Goodman-Bacon & Sant'Anna (2024), NBER Working Paper 32117";
  r.example = "dose_did(ser ~ 1, dose=funds, cohort=cohort)";
  return r;
}

}  // namespace

DoseBand dose_band(const results::Fit& fit, std::vector<double> doses, int reps, std::uint64_t seed, double level) {
  const auto* sample = dynamic_cast<const DoseSample*>(fit.sample.get());
  if (sample == nullptr)
    throw core::Error("a result of dose_did has curves over the dose, and '" + fit.command + "' has none")
        .hint("m = dose_did(y ~ 1, dose=amount, cohort=first_year); dose_curve(m)");
  for (const double d : doses)
    if (!(d >= sample->spline.low && d <= sample->spline.high))
      throw core::Error("dose " + core::shortest(d) + " is outside of those observed, " +
                        core::shortest(sample->spline.low) + " to " + core::shortest(sample->spline.high))
          .word("at");
  const Vector at = Eigen::Map<const Vector>(doses.data(), static_cast<Index>(doses.size()));
  DoseBand out;
  out.doses = std::move(doses);
  auto plain = std::make_shared<DoseSample>(*sample);
  plain->reps = 0;
  plain->vcov = fit.vcov.spec;
  const auto curve = [&](const Matrix& b, std::vector<double>& value, std::vector<double>& se) {
    results::Fit one;
    one.coef = numerics::product(b, sample->beta);
    one.names.resize(static_cast<std::size_t>(one.coef.size()));
    Matrix influence = numerics::product(sample->beta_influence, Matrix(b.transpose()));
    const double critical =
        multiplier_bootstrap(influence, multiplier_groups(*plain, plain->vcov), reps, seed, level).critical;
    set_influence(one, plain, std::move(influence));
    for (Index j = 0; j < one.coef.size(); ++j) {
      value.push_back(one.coef[j]);
      se.push_back(one.se(j));
    }
    return critical;
  };
  out.level_critical = curve(numerics::values(sample->spline, at), out.level, out.level_se);
  out.slope_critical = curve(numerics::slopes(sample->spline, at), out.slope, out.slope_se);
  return out;
}

const Estimator dose_did{.record = dose_record(), .fit = fit_dose};

}  // namespace estimators
