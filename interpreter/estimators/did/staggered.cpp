#include "estimators/did/staggered.hpp"

#include "core/error.hpp"
#include "core/text.hpp"
#include "estimators/did/event_time.hpp"
#include "estimators/did/units.hpp"
#include "formula/evaluate.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>

namespace estimators {
namespace {

std::string named_option(const Request& request, const std::string& name) {
  return request.options.has(name) ? formula::print(request.options.get<formula::Tree>(name)) : "";
}

bool wants_panel(const Request& request) { return request.options.get<bool>("panel", true); }

std::string unit_column(const Request& request) {
  if (!wants_panel(request)) return "";
  const std::string given = named_option(request, "unit");
  if (!given.empty()) return given;
  const data::Panel* panel = request.frame.panel();
  if (panel != nullptr && !panel->unit.empty()) return panel->unit;
  core::Error error("no units are known");
  error.hint("declare them first: panel(unit, time); or name them: unit=city, time=year");
  if (request.options.has("panel")) error.hint("repeated cross-sections: panel=false, time=year");
  throw error;
}

std::string time_of(const Request& request) {
  const std::string given = named_option(request, "time");
  if (!given.empty()) return given;
  if (request.frame.panel() != nullptr) return request.frame.panel()->time;
  throw core::Error("no periods are known").hint("declare them first: panel(unit, time); or name them: time=year");
}

/// The panel index over the frame; in repeated cross-sections every row is a unit.
data::Panel panel_index(const data::Frame& frame, const std::string& unit, const std::string& time) {
  const data::Panel* declared = frame.panel();
  if (declared != nullptr && declared->unit == unit && declared->time == time && !unit.empty()) return *declared;
  if (!unit.empty()) return data::make_panel(*frame.at(unit), *frame.at(time), unit, time);
  std::vector<std::int64_t> each(frame.rows());
  std::iota(each.begin(), each.end(), std::int64_t{0});
  return data::make_panel(*data::Column::integers(std::move(each)), *frame.at(time), "row", time);
}

/// First treated times in the panel's steps since its first period, rounded up to a period; never_treated for 0,
/// missing and after the last.
std::vector<std::int64_t> cohort_steps(const data::Frame& frame, const formula::Tree& tree, const data::Panel& panel,
                                       const std::string& time, std::int64_t last) {
  const std::string name = formula::print(tree);
  const std::vector<double> values = formula::evaluate_numbers(tree, frame);
  const bool dates = frame.at(time)->type() == data::Type::date;
  std::vector<std::int64_t> out(values.size(), never_treated);
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (std::isnan(values[i]) || values[i] == 0) continue;
    if (!dates && values[i] != std::floor(values[i]))
      throw core::Error("cohort '" + name + "' must hold whole numbers, not " + core::shortest(values[i]))
          .hint("it is the first treated period of a unit, in the units of '" + time + "'; 0 or missing: never treated")
          .word(name);
    const double at = dates ? static_cast<double>(calendar_units(values[i], panel.time_unit) - panel.first)
                            : values[i] - static_cast<double>(panel.first);
    const auto step = static_cast<std::int64_t>(std::ceil(at / static_cast<double>(panel.step)));
    if (step <= last) out[i] = step;
  }
  return out;
}

void rank_times(Staggered& s, const data::Panel& panel, const data::Column& time) {
  const std::vector<std::uint32_t>& rows = s.problem.context->rows;
  std::map<std::int64_t, std::uint32_t> seen;
  for (const std::uint32_t row : rows) seen.emplace(panel.times[row], row);
  std::map<std::int64_t, std::int32_t> rank;
  for (const auto& [at, row] : seen) {
    rank[at] = static_cast<std::int32_t>(s.times.size());
    s.times.push_back(at);
    s.period_names.push_back(time.text(row));
  }
  s.periods.resize(rows.size());
  for (std::size_t i = 0; i < rows.size(); ++i) s.periods[i] = rank[panel.times[rows[i]]];
  if (s.times.size() < 2)
    throw core::Error("the rows in use have one period, " + s.period_names.front() + ": there is no before and after")
        .word(s.time);
}

void take_units(Staggered& s, const data::Panel& panel) {
  const std::vector<std::uint32_t>& rows = s.problem.context->rows;
  std::vector<std::int32_t> code(panel.units.first.size(), -1);
  s.units.resize(rows.size());
  for (std::size_t i = 0; i < rows.size(); ++i) {
    std::int32_t& own = code[static_cast<std::size_t>(panel.units.codes[rows[i]])];
    if (own < 0) {
      own = s.unit_count++;
      s.first.push_back(static_cast<std::uint32_t>(i));
    }
    s.units[i] = own;
  }
  s.balanced = !s.panel || rows.size() == s.first.size() * s.times.size();
}

void take_cohorts(Staggered& s, const std::vector<std::int64_t>& steps, const data::Frame& frame) {
  const std::vector<std::uint32_t>& rows = s.problem.context->rows;
  s.cohorts.resize(s.first.size());
  for (std::size_t u = 0; u < s.first.size(); ++u) s.cohorts[u] = steps[rows[s.first[u]]];
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const auto u = static_cast<std::size_t>(s.units[i]);
    if (steps[rows[i]] == s.cohorts[u]) continue;
    const auto text = [&](std::int64_t at) { return at == never_treated ? std::string("never") : s.name_of(at); };
    throw core::Error("cohort '" + s.cohort + "' changes within " + s.unit + " " + frame.at(s.unit)->text(rows[i]) +
                      ": " + text(s.cohorts[u]) + " and " + text(steps[rows[i]]))
        .hint("cohort is the first treated period of a unit, the same in all its rows; 0 or missing: never treated")
        .word(s.cohort);
  }
}

}  // namespace

std::string Staggered::name_of(std::int64_t time_at) const {
  const auto at = std::lower_bound(times.begin(), times.end(), time_at);
  if (at != times.end() && *at == time_at) return period_names[static_cast<std::size_t>(at - times.begin())];
  return core::shortest(origin + step * static_cast<double>(time_at));
}

std::vector<std::pair<std::int64_t, std::int64_t>> Staggered::cohort_sizes() const {
  std::map<std::int64_t, std::int64_t> sizes;
  for (const std::int64_t g : cohorts)
    if (g != never_treated) ++sizes[g];
  return {sizes.begin(), sizes.end()};
}

std::string Staggered::cohort_table() const {
  std::vector<std::string> entries;
  for (const auto& [g, count] : cohort_sizes()) entries.push_back(name_of(g) + ": " + core::grouped(count));
  constexpr std::size_t most = 15;
  const std::size_t left = entries.size() > most ? entries.size() - most : 0;
  entries.resize(entries.size() - left);
  std::string text = core::join(entries, ", ");
  if (left > 0) text += ", and " + core::counted(static_cast<long long>(left), "later cohort");
  return text + "; never treated: " +
         core::grouped(static_cast<long long>(std::count(cohorts.begin(), cohorts.end(), never_treated)));
}

std::vector<core::OptionSpec> staggered_options(bool sections) {
  std::vector<core::OptionSpec> options = {
      {.name = "cohort",
       .kind = core::Kind::expression,
       .doc = "first treated period of each unit, the same in all its rows; 0 or missing: never treated",
       .default_text = ""},
      {.name = "unit", .kind = core::Kind::column, .doc = "the units", .default_text = "the panel's"},
      {.name = "time", .kind = core::Kind::column, .doc = "the periods", .default_text = "the panel's"},
  };
  if (sections)
    options.push_back({.name = "panel",
                       .kind = core::Kind::boolean,
                       .doc = "false: repeated cross-sections, every row its own unit",
                       .default_text = "true"});
  return options;
}

std::vector<core::OptionSpec> unit_time_options(const std::vector<std::string>& without) {
  std::vector<core::OptionSpec> options = common_options();
  std::erase_if(options, [&](const core::OptionSpec& option) {
    return std::find(without.begin(), without.end(), option.name) != without.end();
  });
  for (core::OptionSpec& option : options) {
    if (option.name == "vcov") option.default_text = "clustered by unit";
    if (option.name == "fe") option.default_text = "unit + time";
  }
  return options;
}

std::vector<core::OptionSpec> influence_options() {
  return unit_time_options({"fe", "keep_singletons", "ssc", "like"});
}

void default_staggered_vcov(const Request& request, Settings& settings) {
  if (settings.vcov_given) return;
  settings.vcov = {};
  const std::string unit = unit_column(request);
  settings.vcov.kind = unit.empty() ? inference::VcovKind::hc0 : inference::VcovKind::cluster;
  if (!unit.empty()) settings.vcov.cluster = {unit};
}

namespace {

struct Read {
  Staggered s;
  data::Panel panel;
};

Read read_panel(const Request& request, Settings& settings, formula::Parts parts) {
  if (!parts.endogenous.empty()) throw core::Error(settings.command + " takes no instruments").word("formula");
  Read out;
  Staggered& s = out.s;
  s.unit = unit_column(request);
  s.time = time_of(request);
  s.panel = !s.unit.empty();
  const data::ColumnPtr time = request.frame.at(s.time);
  if (!time->is_numeric()) throw core::Error("time '" + s.time + "' is text").word(s.time);
  s.problem = prepare(settings, std::move(parts), request.frame);
  out.panel = panel_index(request.frame, s.unit, s.time);
  s.origin = static_cast<double>(out.panel.first);
  s.step = static_cast<double>(out.panel.step);
  rank_times(s, out.panel, *time);
  take_units(s, out.panel);
  return out;
}

}  // namespace

Staggered read_units(const Request& request, Settings& settings, formula::Parts parts) {
  return read_panel(request, settings, std::move(parts)).s;
}

Staggered read_staggered(const Request& request, Settings& settings, formula::Parts parts) {
  if (!request.options.has("cohort"))
    throw core::Error("cohort= is missing: the first treated period of each unit, 0 or missing when never treated")
        .hint(settings.command + "(y ~ 1, cohort=first_year)")
        .word(settings.command);
  const auto cohort = request.options.get<formula::Tree>("cohort");
  auto [s, panel] = read_panel(request, settings, std::move(parts));
  s.cohort = formula::print(cohort);
  take_cohorts(s, cohort_steps(request.frame, cohort, panel, s.time, s.times.back()), request.frame);
  if (s.cohort_sizes().empty())
    throw core::Error("no unit of the sample is treated: '" + s.cohort + "' is 0, missing or after " +
                      s.period_names.back() + " in every row")
        .word(s.cohort);
  return s;
}

}  // namespace estimators
