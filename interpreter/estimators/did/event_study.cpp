// Event study: effects by time since treatment, relative to one period before it:
//   y_it = a_i + g_t + Σ_{e ≠ ref} β_e 1{t − cohort_i = e} + x_it'c + u_it.
// Binned ends: event times at and beyond an end of the window share its coefficient.
// Source: Schmidheiny & Siegloch (2023), J. Applied Econometrics 38(5), 695–713; pre-trend test: Roth (2022).
// Peers:  fixest::feols with i().
#include "core/error.hpp"
#include "core/text.hpp"
#include "estimators/did/did.hpp"
#include "estimators/did/event_time.hpp"
#include "estimators/did/pretrends.hpp"
#include "estimators/linear/linear.hpp"
#include "formula/evaluate.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

namespace estimators {
namespace {

struct Design {
  formula::Tree cohort;
  std::string time;
  std::vector<std::int64_t> references{-1};
  EventWindow window;
  bool low_binned = false, high_binned = false;  ///< rows beyond the end share its coefficient
  std::set<std::int64_t> events;                 ///< with a coefficient
};

EventWindow window_of(const Options& options) {
  EventWindow window;
  window.bin = options.get<bool>("bin", true);
  if (!options.has("window")) return window;
  const auto ends = options.get<std::vector<double>>("window");
  if (ends.size() != 2 || !(ends[0] < 0) || !(ends[1] >= 0)) {
    throw core::Error("window takes two event times, the first before treatment: window={-4, 5}").word("window");
  }
  for (const double end : ends)
    if (!std::isfinite(end) || end != std::floor(end))
      throw core::Error("window takes whole event times, not " + core::shortest(end)).word("window");
  window.low = static_cast<std::int64_t>(ends[0]);
  window.high = static_cast<std::int64_t>(ends[1]);
  return window;
}

std::optional<std::int64_t> binned(std::optional<std::int64_t> event, const EventWindow& window) {
  if (!event || !window.bin) return event;
  return std::clamp(*event, window.low, window.high);
}

bool inside(std::int64_t event, const EventWindow& window) { return event >= window.low && event <= window.high; }

/// "event::<=-5" where event times beyond the window are in it.
std::string name_of(const Design& design, std::int64_t event) {
  if (design.low_binned && event == design.window.low) return "event::<=" + std::to_string(event);
  if (design.high_binned && event == design.window.high) return "event::>=" + std::to_string(event);
  return event_name(event);
}

std::vector<std::int64_t> references_of(const Options& options) {
  std::vector<std::int64_t> references;
  for (const double ref : options.get<std::vector<double>>("ref", {-1})) {
    if (ref != std::floor(ref)) {
      throw core::Error("ref takes whole event times, not " + core::shortest(ref)).word("ref");
    }
    references.push_back(static_cast<std::int64_t>(ref));
  }
  if (references.empty()) throw core::Error("ref takes at least one event time: ref=-1").word("ref");
  return references;
}

/// Without fixed effects given, those of the declared panel: unit and time. Returns what was taken, "" for nothing.
std::string take_panel_effects(const data::Frame& frame, Settings& settings, formula::Parts& parts) {
  const data::Panel* panel = frame.panel();
  if (!parts.fe.empty() || panel == nullptr || panel->unit.empty()) return "";
  parts.fe = {formula::name(panel->unit), formula::name(panel->time)};
  settings.fe = formula::node(formula::Op::plus, parts.fe);
  return panel->unit + " + " + panel->time;
}

std::string time_column(const Request& request, const formula::Parts& parts) {
  if (request.options.has("time")) return formula::print(request.options.get<formula::Tree>("time"));
  if (request.frame.panel() != nullptr) return request.frame.panel()->time;
  if (parts.fe.size() > 1 && parts.fe[1]->op == formula::Op::name) return parts.fe[1]->text;
  throw core::Error("event_study needs to know the time")
      .hint("declare it first: panel(unit, time); or name it: time=year");
}

/// Adds the event dummies to a frame, and `event::inside` when rows beyond the window are left out.
data::Frame with_dummies(const Design& design, data::Frame frame) {
  const auto events = event_times(frame, design.cohort, design.time);
  std::map<std::int64_t, std::vector<std::uint8_t>> dummies;
  for (const std::int64_t event : design.events) dummies[event].assign(events.size(), 0);
  for (std::size_t i = 0; i < events.size(); ++i) {
    const auto event = binned(events[i], design.window);
    const auto at = event ? dummies.find(*event) : dummies.end();
    if (at != dummies.end()) at->second[i] = 1;
  }
  for (auto& [event, values] : dummies) {
    frame = frame.with(name_of(design, event), data::Column::booleans(std::move(values)));
  }
  return frame;
}

struct Found {
  std::set<std::int64_t> events;      ///< after binning, inside the window
  std::size_t beyond = 0;             ///< rows beyond a window without bins
  bool below = false, above = false;  ///< rows beyond a window with bins
  bool never_treated = false;
};

/// The cohort that stands for "never treated" though it is a number, 10000 say; "" when there is none.
std::string stands_for_never(const data::Frame& frame, const Design& design,
                             const std::vector<std::optional<std::int64_t>>& events) {
  const data::ColumnPtr time = frame.at(design.time);
  const std::vector<double> cohorts = formula::evaluate_numbers(design.cohort, frame);
  for (std::size_t i = 0; i < events.size(); ++i)
    if (!events[i] && !std::isnan(cohorts[i]) && cohorts[i] != 0 && !time->missing(i))
      return core::shortest(cohorts[i]);
  return "";
}

/// What is there among the rows of `where`.
Found look(const std::vector<std::optional<std::int64_t>>& events, const EventWindow& window, const data::Frame& frame,
           const formula::Tree& where) {
  std::vector<std::uint32_t> rows;
  if (where != nullptr) rows = formula::rows_where(where, frame);
  const std::size_t count = where != nullptr ? rows.size() : events.size();
  Found found;
  for (std::size_t k = 0; k < count; ++k) {
    const auto raw = events[where != nullptr ? rows[k] : k];
    const auto event = binned(raw, window);
    found.below |= window.bin && raw && *raw < window.low;
    found.above |= window.bin && raw && *raw > window.high;
    if (!event)
      found.never_treated = true;
    else if (inside(*event, window))
      found.events.insert(*event);
    else
      ++found.beyond;
  }
  return found;
}

void require_references(const Design& design, const Found& found) {
  for (const std::int64_t reference : design.references) {
    if (found.events.count(reference) != 0) continue;
    throw core::Error("no row has the reference event time " + std::to_string(reference))
        .hint("event times here: " +
              (found.events.empty()
                   ? std::string("none, every unit is never treated")
                   : std::to_string(*found.events.begin()) + " to " + std::to_string(*found.events.rbegin())) +
              "; without panel(unit, time) the unit stands first among the fixed effects")
        .word("ref");
  }
}

std::string listed(const std::vector<std::int64_t>& events) {
  std::vector<std::string> texts;
  for (const std::int64_t event : events) texts.push_back(std::to_string(event));
  return core::join(texts, ", ");
}

/// Event dummies that were dropped as collinear.
std::vector<std::string> lost_events(const results::Fit& fit, const Design& design) {
  std::vector<std::string> lost;
  for (const std::int64_t event : design.events) {
    const std::string name = name_of(design, event);
    if (std::find(fit.collinear.begin(), fit.collinear.end(), name) != fit.collinear.end()) lost.push_back(name);
  }
  return lost;
}

/// The pre-trend test, or why there is none.
void test_pretrends(results::Fit& fit, const Design& design, const Found& found) {
  const std::vector<std::string> lost = lost_events(fit, design);
  if (!found.never_treated) {
    fit.notes.emplace_back(
        "no never-treated units: with unit and time effects a linear trend in event time is not identified");
  }
  if (!lost.empty()) {
    fit.notes.push_back("no pre-trend test: " + core::join(lost, ", ") + (lost.size() == 1 ? " was" : " were") +
                        " dropped, so that the effects are relative to " + listed(design.references) +
                        " and what was dropped; choose a second reference: ref={" + listed(design.references) + ", …}");
    return;
  }
  add_pretrend_test(fit, fit.event_reference, design.references.size() == 1);
}

results::Fit fit_event_study(const Request& request) {
  Settings settings = read_settings(request, "event_study");
  formula::Parts parts = read_formula(request, settings);
  const std::string panel_effects = take_panel_effects(request.frame, settings, parts);
  if (!parts.endogenous.empty()) throw core::Error("event_study takes no instruments").word("formula");
  if (!settings.vcov_given) settings.vcov = cluster_by_unit("event_study", request.frame, parts);

  Design design;
  design.cohort = request.options.get<formula::Tree>("cohort");
  if (design.cohort == nullptr) {
    throw core::Error(
        "event_study needs cohort=: the first treated period of each unit, 0 or missing when never treated")
        .hint("event_study(y ~ x, cohort=first_year, fe=\"unit + time\")");
  }
  design.time = time_column(request, parts);
  design.references = references_of(request.options);
  design.window = window_of(request.options);
  const auto events = event_times(request.frame, design.cohort, design.time);
  const std::string never = stands_for_never(request.frame, design, events);
  const Found found = look(events, design.window, request.frame, settings.design.where);
  require_references(design, found);
  design.low_binned = found.below;
  design.high_binned = found.above;
  design.events = found.events;
  for (const std::int64_t reference : design.references) design.events.erase(reference);

  std::vector<formula::Term> terms;
  for (const std::int64_t event : design.events) {
    const std::string name = name_of(design, event);
    terms.push_back({.factors = {formula::name(name)}, .label = name});
  }
  terms.insert(terms.end(), parts.exogenous.begin(), parts.exogenous.end());
  parts.exogenous = std::move(terms);
  const bool leave_out = !design.window.bin && found.beyond > 0;
  const std::string flag = "event window";
  settings.derive = [design, leave_out, flag](const data::Frame& frame) {
    data::Frame derived = with_dummies(design, frame);
    if (!leave_out) return derived;
    const auto times = event_times(frame, design.cohort, design.time);
    std::vector<std::uint8_t> kept(times.size());
    for (std::size_t i = 0; i < times.size(); ++i) kept[i] = !times[i] || inside(*times[i], design.window);
    return derived.with(flag, data::Column::booleans(std::move(kept)));
  };
  if (leave_out) {
    settings.design.further = formula::name(flag);
    settings.design.further_reason =
        "beyond the window " + std::to_string(design.window.low) + " to " + std::to_string(design.window.high);
  }

  const bool parts_without_effects = parts.fe.empty();
  results::Fit out = fit_linear(request, settings, std::move(parts), request.frame);
  out.title = "Event study, " + out.title;
  out.event_reference = static_cast<double>(design.references.front());
  for (std::size_t i = 1; i < design.references.size(); ++i)
    out.further_references.push_back(static_cast<double>(design.references[i]));
  out.event_times.assign(out.names.size(), std::numeric_limits<double>::quiet_NaN());
  for (std::size_t j = 0; j < out.names.size(); ++j) {
    for (const std::int64_t event : design.events) {
      if (out.names[j] == name_of(design, event)) out.event_times[j] = static_cast<double>(event);
    }
  }
  const bool bins = design.window.bin && request.options.has("window");
  out.notes.push_back(
      "event time = " + design.time + " − " + formula::print(design.cohort) +
      (design.references.size() == 1 ? "; reference " : "; references ") + listed(design.references) +
      (bins ? "; ends binned at " + std::to_string(design.window.low) + " and " + std::to_string(design.window.high)
            : ""));
  if (!never.empty())
    out.notes.push_back(formula::print(design.cohort) + " " + never +
                        " lies far beyond the last period: never treated");
  if (!panel_effects.empty()) out.notes.push_back("fixed effects of the panel: " + panel_effects);
  if (parts_without_effects) {
    out.notes.emplace_back("warning: no fixed effects and no panel: pooled regression; give fe=unit + time");
  }
  test_pretrends(out, design, found);
  return out;
}

core::Record event_study_record() {
  core::Record r;
  r.name = "event_study";
  r.topic = "did";
  r.summary = "Effects by time since treatment, with a joint pre-trend test and its power";
  r.args = {{.name = "formula", .kind = core::Kind::formula, .doc = "y ~ controls, or y ~ 1"}};
  r.options = {
      {.name = "cohort",
       .kind = core::Kind::expression,
       .doc = "first treated period of each unit; 0 or missing: never treated",
       .default_text = ""},
      {.name = "ref",
       .kind = core::Kind::numbers,
       .doc = "event time the others are compared with, or several: {-1, -9}",
       .default_text = "-1"},
      {.name = "window",
       .kind = core::Kind::numbers,
       .doc = "first and last event time with a coefficient: {-4, 5}",
       .default_text = "all event times"},
      {.name = "bin",
       .kind = core::Kind::boolean,
       .doc = "event times beyond the window share the coefficient of its end; false leaves those rows out",
       .default_text = "true"},
      {.name = "time",
       .kind = core::Kind::column,
       .doc = "the time column",
       .default_text = "the panel's, else the second fixed effect"},
  };
  for (core::OptionSpec& option : common_options()) {
    if (option.name == "vcov") option.default_text = "clustered by the panel unit, else by the first fixed effect";
    if (option.name == "fe") option.default_text = "unit + time of the panel";
    r.options.push_back(std::move(option));
  }
  for (core::OptionSpec& option : linear_options()) {
    if (option.name == "cons") r.options.push_back(std::move(option));
  }
  r.source = "Schmidheiny & Siegloch (2023); Roth (2022)";
  r.example = "event_study(ser ~ lngdp, cohort=cohort, fe=city+year, ref=-1, window={-4,5})";
  return r;
}

}  // namespace

const Estimator event_study{.record = event_study_record(), .fit = fit_event_study};

}  // namespace estimators
