// Stacked difference-in-differences: for each cohort its rows in a window around treatment and those of units untreated
// through the window; the stacks together, with fixed effects of unit and period in each:
//   y_ist = a_is + g_ts + Σ_{e ≠ −1} β_e 1{i treated in s} 1{e} + x'b + u.
// Source: Cengiz, Dube, Lindner & Zipperer (2019), Quarterly J. of Economics 134(3); weights: Wing, Freedman &
// Hollingsworth (2024), NBER 32054.
// Peers:  stackedev (Stata), fixest on a stacked frame.
#include "core/error.hpp"
#include "core/text.hpp"
#include "estimators/did/cohort_period.hpp"
#include "estimators/did/did.hpp"
#include "estimators/did/event_time.hpp"
#include "estimators/did/pretrends.hpp"
#include "estimators/linear/linear.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>

namespace estimators {
namespace {

constexpr const char* stack_name = "stack";

struct StackWindow {
  std::int64_t before = 0, after = 0;
};

StackWindow stack_window(const Options& options) {
  const auto ends = options.get<std::vector<double>>("window");
  if (ends.size() != 2 || !(ends[0] < 0) || !(ends[1] >= 0) || ends[0] != std::floor(ends[0]) ||
      ends[1] != std::floor(ends[1]))
    throw core::Error("window= takes two event times, the first before treatment: window={-3, 2}").word("window");
  return {-static_cast<std::int64_t>(ends[0]), static_cast<std::int64_t>(ends[1])};
}

struct Stacks {
  std::vector<std::uint32_t> rows;  ///< of the frame, repeated
  std::vector<double> stack;        ///< the cohort's number
  std::vector<std::int64_t> event;
  std::vector<std::uint8_t> treated;
  std::vector<double> weight;
  std::vector<std::string> used, short_of_periods, without_controls;
};

Stacks stack(const Staggered& s, const StackWindow& window, bool not_yet) {
  Stacks out;
  std::map<std::int64_t, std::pair<std::size_t, std::size_t>> ranges;
  std::map<std::int64_t, std::pair<double, double>> counts;  // rows of treated, of controls
  for (const auto& [g, units] : s.cohort_sizes()) {
    if (g - window.before < s.times.front() || g + window.after > s.times.back()) {
      out.short_of_periods.push_back(s.name_of(g));
      continue;
    }
    const std::size_t begin = out.rows.size();
    double treated = 0, controls = 0;
    for (std::size_t i = 0; i < s.units.size(); ++i) {
      const std::int64_t own = s.cohorts[static_cast<std::size_t>(s.units[i])];
      const std::int64_t event = s.times[static_cast<std::size_t>(s.periods[i])] - g;
      const bool clean = own == never_treated || (not_yet && own > g + window.after);
      if (event < -window.before || event > window.after || (own != g && !clean)) continue;
      out.rows.push_back(s.problem.context->rows[i]);
      out.stack.push_back(static_cast<double>(g));
      out.event.push_back(event);
      out.treated.push_back(own == g);
      (own == g ? treated : controls) += 1;
    }
    if (controls == 0) {
      out.without_controls.push_back(s.name_of(g));
      out.rows.resize(begin), out.stack.resize(begin), out.event.resize(begin), out.treated.resize(begin);
      continue;
    }
    ranges[g] = {begin, out.rows.size()};
    counts[g] = {treated, controls};
    out.used.push_back(s.name_of(g));
  }
  double all_treated = 0, all_controls = 0;
  for (const auto& [g, count] : counts) all_treated += count.first, all_controls += count.second;
  out.weight.assign(out.rows.size(), 1);
  for (const auto& [g, range] : ranges)
    for (std::size_t i = range.first; i < range.second; ++i)
      if (!out.treated[i]) out.weight[i] = (counts[g].first / all_treated) / (counts[g].second / all_controls);
  return out;
}

results::Fit fit_stacked(const Request& request) {
  Settings settings = read_settings(request, "stacked");
  formula::Parts parts = read_formula(request, settings);
  if (!parts.fe.empty())
    throw core::Error("stacked puts in its own fixed effects: unit and period in each stack").word("fe");
  default_staggered_vcov(request, settings);
  const StackWindow window = stack_window(request.options);
  const bool not_yet = request.options.get<std::string>("control", "notyet") != "never";
  Staggered s = read_staggered(request, settings, parts);
  const Stacks stacks = stack(s, window, not_yet);
  const std::string hint = "cohorts by first treated " + s.time + ": " + s.cohort_table();
  if (stacks.rows.empty())
    throw core::Error("no cohort has all of the window's periods and units untreated through it")
        .hint(hint)
        .word("window");

  data::Frame frame = request.frame.take(stacks.rows);
  frame = frame.with(stack_name, data::Column::reals(std::vector<double>(stacks.stack)));
  std::vector<formula::Term> terms;
  std::vector<std::int64_t> events;
  for (std::int64_t e = -window.before; e <= window.after; ++e) {
    if (e == -1) continue;
    std::vector<std::uint8_t> dummy(stacks.rows.size());
    for (std::size_t i = 0; i < dummy.size(); ++i) dummy[i] = stacks.treated[i] && stacks.event[i] == e;
    frame = frame.with(event_name(e), data::Column::booleans(std::move(dummy)));
    terms.push_back({.factors = {formula::name(event_name(e))}, .label = event_name(e)});
    events.push_back(e);
  }
  terms.insert(terms.end(), parts.exogenous.begin(), parts.exogenous.end());
  parts.exogenous = std::move(terms);
  const auto within = [](const std::string& name) {
    return formula::node(formula::Op::power, {formula::name(name), formula::name(stack_name)});
  };
  parts.fe = {within(s.unit), within(s.time)};
  settings.fe = formula::node(formula::Op::plus, parts.fe);
  const bool weighted = request.options.get<std::string>("weighting", "sample") == "sample";
  if (weighted) {
    if (settings.design.weights.expression != nullptr)
      throw core::Error("weighting=\"sample\" makes the weights of the stacks: weights= goes with weighting=\"none\"")
          .word("weights");
    frame = frame.with("stack weight", data::Column::reals(std::vector<double>(stacks.weight)));
    settings.design.weights = {formula::WeightKind::analytic, formula::name("stack weight")};
  }
  settings.design.where = nullptr;  // the rows are chosen
  results::Fit out = fit_linear(request, settings, std::move(parts), frame);
  out.title = "Stacked difference-in-differences, " + out.title;
  out.rows.clear();  // rows of the stacked frame, not of the user's
  out.event_reference = -1;
  out.event_times.assign(out.names.size(), std::nan(""));
  for (std::size_t j = 0; j < out.names.size(); ++j)
    for (const std::int64_t e : events)
      if (out.names[j] == event_name(e)) out.event_times[j] = static_cast<double>(e);
  out.notes.push_back("stacks of cohorts " + core::join(stacks.used, ", ") +
                      "; controls: " + (not_yet ? "untreated through the window" : "never treated") +
                      (weighted ? "; weighted so that each stack counts by its treated rows (Wing et al.)" : ""));
  if (!stacks.short_of_periods.empty())
    out.notes.push_back("cohorts without all of the window's periods left out: " +
                        core::join(stacks.short_of_periods, ", "));
  if (!stacks.without_controls.empty())
    out.notes.push_back("cohorts without controls left out: " + core::join(stacks.without_controls, ", "));
  add_pretrend_test(out, -1, true);
  return out;
}

core::Record stacked_record() {
  core::Record r;
  r.name = "stacked";
  r.topic = "did";
  r.summary = "Stacked difference-in-differences: each cohort with clean controls";
  r.args = {{.name = "formula", .kind = core::Kind::formula, .doc = "y ~ controls, or y ~ 1"}};
  r.options = staggered_options(false);
  r.options.push_back({.name = "window",
                       .kind = core::Kind::numbers,
                       .doc = "first and last event time of every stack: {-3, 2}",
                       .default_text = ""});
  r.options.push_back({.name = "control",
                       .kind = core::Kind::text,
                       .doc = "controls: units untreated through the window, or never treated",
                       .default_text = "notyet",
                       .one_of = {"notyet", "never"}});
  r.options.push_back({.name = "weighting",
                       .kind = core::Kind::text,
                       .doc = "sample: controls weighted so that stacks count by their treated rows; none: as they are",
                       .default_text = "sample",
                       .one_of = {"sample", "none"}});
  for (core::OptionSpec& option : unit_time_options({"fe", "keep_singletons"})) r.options.push_back(std::move(option));
  r.source = "Cengiz, Dube, Lindner & Zipperer (2019); Wing, Freedman & Hollingsworth (2024)";
  r.example = "stacked(ser ~ 1, cohort=cohort, window={-3, 1})";
  return r;
}

}  // namespace

const Estimator stacked{.record = stacked_record(), .fit = fit_stacked};

}  // namespace estimators
