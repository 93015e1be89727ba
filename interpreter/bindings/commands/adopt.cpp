// adopt: a table of who adopted a policy when → cohort, event time, treated. panelview: who is treated when.
#include "bindings/commands/value_verbs.hpp"
#include "bindings/verbs.hpp"
#include "core/text.hpp"
#include "data/adoption.hpp"
#include "data/date.hpp"
#include "data/date_text.hpp"
#include "report/panel_plots.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>

namespace bindings {
namespace {

using core::Kind;
using data::Adoption;
using data::no_period;

/// A period in steps of the panel as people read it.
std::string period_text(const data::Panel& panel, std::int64_t steps) {
  if (panel.time_unit == data::TimeUnit::number) return std::to_string(panel.first + steps * panel.step);
  const std::string day = data::iso_date(data::period_start(panel, steps));
  constexpr std::size_t month_length = 7;
  return panel.time_unit == data::TimeUnit::month ? day.substr(0, month_length) : day;
}

std::int64_t last_period(const data::Panel& panel) {
  return panel.times.empty() ? 0 : *std::max_element(panel.times.begin(), panel.times.end());
}

data::DatingRule adoption_rule(const std::string& word) {
  if (word == "half_year") return data::DatingRule::half_period;
  if (word == "first_full_year") return data::DatingRule::full_period;
  return data::DatingRule::same_period;
}

struct Cutoff {
  int month = 0, day = 0;
};
/// "07-01"
Cutoff cutoff_of(const Arguments& a) {
  if (!a.has("cutoff")) return {};
  if (a.text("rule", "effective") != "half_year")
    throw core::Error("cutoff= goes with rule=\"half_year\"").word("cutoff");
  const auto day = data::parse_iso_date("2001-" + a.text("cutoff"));
  if (!day) throw core::Error("cutoff= is a month and a day, such as \"07-01\"").word("cutoff");
  const data::CivilDate date = data::civil_from_days(*day);
  return {date.month, date.day};
}

/// The column of dates: the one named; else the one called as the rule; else the only candidate.
std::string date_column(const Arguments& a, const data::Frame& table, const std::string& unit) {
  if (a.has("date")) return a.text("date");
  const std::string rule = a.text("rule", "effective");
  const std::string wanted = rule == "announced" ? "announced" : "effective";
  if (table.has(wanted)) return wanted;
  if (table.width() == 2) return table.names()[table.names()[0] == unit ? 1 : 0];
  for (const char* name : {"date", "year"})
    if (table.has(name)) return name;
  throw core::Error("which column of the table holds the date?").word("rollout").hint("date=\"name\"");
}

/// Days of the table's dates; whole numbers are years, which have no day inside.
class Dates {
 public:
  Dates(const data::Frame& table, const std::string& name, const data::Panel& panel, data::DatingRule rule,
        Cutoff cutoff)
      : column_(table.at(name)), name_(name), panel_(panel), rule_(rule), cutoff_(cutoff) {}

  std::int64_t period(std::size_t row) const {
    if (column_->missing(row)) return no_period;
    if (column_->type() == data::Type::date) return of_day(column_->integers()[row]);
    if (column_->is_numeric()) return of_year(column_->number(row), row);
    const std::string text = column_->text(row);
    if (const auto day = whole_.read(text)) return of_day(*day);
    for (const data::DateFormat* part : {&month_, &year_}) {
      const auto day = part->read(text);
      if (!day) continue;
      if (rule_ != data::DatingRule::same_period) no_day(row);
      return of_day(*day);
    }
    throw core::Error("'" + text + "' (row " + std::to_string(row + 1) + " of the table) is no date")
        .word(name_)
        .hint("dates are year, month, day: 2015-03-01, 2015年3月1日; or years");
  }

 private:
  std::int64_t of_day(std::int64_t day) const {
    return data::adoption_period(panel_, day, rule_, cutoff_.month, cutoff_.day);
  }
  std::int64_t of_year(double year, std::size_t row) const {
    constexpr double most = 9999;
    if (year != std::floor(year) || year < 0 || year > most)
      throw core::Error("'" + column_->text(row) + "' (row " + std::to_string(row + 1) + " of the table) is no year")
          .word(name_);
    if (rule_ != data::DatingRule::same_period) no_day(row);
    return data::period_of(panel_,
                           data::days_from_civil({.year = static_cast<std::int64_t>(year), .month = 1, .day = 1}));
  }
  [[noreturn]] void no_day(std::size_t row) const {
    throw core::Error("'" + column_->text(row) + "' (row " + std::to_string(row + 1) +
                      " of the table) has no day, and the rule asks when in the period it was")
        .word(name_)
        .hint("rule=\"effective\" takes the year as it is");
  }

  data::ColumnPtr column_;
  std::string name_;
  const data::Panel& panel_;
  data::DatingRule rule_;
  Cutoff cutoff_;
  data::DateFormat whole_{"ymd"}, month_{"ym"}, year_{"y"};
};

std::string rule_words(const std::string& rule) {
  if (rule == "announced") return "the period of the announcement";
  if (rule == "half_year") return "the period itself before the cut-off, else the next";
  if (rule == "first_full_year") return "the first full period";
  return "the period of the effective date";
}

report::Table audit_table(const Adoption& adoption, const data::Panel& panel, std::size_t entries,
                          const std::string& rule) {
  report::Table table;
  std::map<std::int64_t, long long> cohorts;
  long long never = 0;
  for (const std::int64_t period : adoption.unit_period)
    if (period == no_period)
      ++never;
    else
      ++cohorts[period];
  table.title = "Adoption by cohort";
  table.header = {header_row({"cohort", "units", ""})};
  for (const auto& [period, units] : cohorts)
    table.body.push_back(text_row({period_text(panel, period), std::to_string(units), ""}));
  table.body.push_back(text_row({"never", std::to_string(never), ""}));
  bool first = true;
  for (const Adoption::Finding& finding : adoption.findings) {
    table.body.push_back(text_row({finding.kind, finding.unit, finding.detail}));
    table.body.back().rule_above = first;
    first = false;
  }
  table.align = {report::Align::left, report::Align::left, report::Align::left};
  table.notes = {share_of(adoption.used, adoption.unit_period.size(), "unit") + " adopt; " +
                 core::counted(static_cast<long long>(entries), "row") + " in the table; dated to " + rule_words(rule)};
  return table;
}

report::TreatmentPattern pattern_of(const data::Frame& frame, const data::Panel& panel,
                                    const std::vector<double>& treated,
                                    const std::vector<std::int64_t>& first_treated) {
  const std::int64_t periods = last_period(panel) + 1;
  constexpr std::int64_t most_periods = 2000;
  if (periods > most_periods)
    throw core::Error("the panel has " + core::grouped(periods) + " periods, too many to draw");
  const data::ColumnPtr unit = frame.at(panel.unit);
  const std::size_t units = panel.start.size() - 1;
  std::vector<std::size_t> order(units);
  std::iota(order.begin(), order.end(), std::size_t{0});
  const auto rank = [&](std::size_t u) {
    return first_treated[u] == no_period ? std::numeric_limits<std::int64_t>::max() : first_treated[u];
  };
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return rank(a) < rank(b); });
  report::TreatmentPattern out;
  for (std::int64_t period = 0; period < periods; ++period) out.periods.push_back(period_text(panel, period));
  out.cells.assign(units * static_cast<std::size_t>(periods), report::CellState::absent);
  for (std::size_t row = 0; row < units; ++row) {
    const std::size_t u = order[row];
    out.units.push_back(unit->text(panel.units.first[u]));
    for (std::size_t k = panel.start[u]; k < panel.start[u + 1]; ++k) {
      const std::uint32_t at = panel.order[k];
      out.cells[row * static_cast<std::size_t>(periods) + static_cast<std::size_t>(panel.times[at])] =
          std::isnan(treated[at]) ? report::CellState::missing
          : treated[at] != 0      ? report::CellState::treated
                                  : report::CellState::untreated;
    }
  }
  return out;
}

void set_figure(lua_State* L, const char* name, report::Figure figure) {
  push_value(L, std::make_shared<const report::Figure>(std::move(figure)));
  lua_setfield(L, -2, name);
}

report::Figure calendar_of(const Adoption& adoption, const data::Panel& panel) {
  const std::int64_t last = last_period(panel);
  std::vector<std::string> periods;
  std::vector<double> counts;
  for (std::int64_t period = 0; period <= last; ++period) {
    periods.push_back(period_text(panel, period));
    counts.push_back(static_cast<double>(std::count(adoption.unit_period.begin(), adoption.unit_period.end(), period)));
  }
  report::PlotText text;
  text.title = "Adoption calendar";
  const auto beyond = std::count_if(adoption.unit_period.begin(), adoption.unit_period.end(),
                                    [last](std::int64_t p) { return p != no_period && (p < 0 || p > last); });
  if (beyond > 0) text.note = core::counted(beyond, "unit") + " adopted outside the panel's periods";
  return report::calendar_plot(periods, counts, text);
}

int adopt(lua_State* L, Arguments& a) {
  const FrameRef box = a.box();
  data::Frame frame = box->frame;
  const data::Panel& panel = declared_panel(frame, "adopt", true);
  a.push("rollout");
  const data::Frame table = (*test_value<FrameRef>(L, -1))->frame;
  lua_pop(L, 1);
  const std::string unit = a.text("unit", panel.unit);
  const data::ColumnPtr units = table.at(unit);
  const std::string rule = a.text("rule", "effective");
  if (panel.time_unit == data::TimeUnit::number &&
      (panel.first < 0 || panel.first + last_period(panel) * panel.step > 9999))
    throw core::Error("the panel's time '" + panel.time + "' is no year").word("adopt");
  const Dates dates(table, date_column(a, table, unit), panel, adoption_rule(rule), cutoff_of(a));
  const data::ColumnPtr written = table.at(date_column(a, table, unit));
  std::vector<data::Entry> entries;
  for (std::size_t row = 0; row < table.rows(); ++row) {
    if (units->missing(row))
      throw core::Error("'" + unit + "' is missing in row " + std::to_string(row + 1) + " of the table").word(unit);
    entries.push_back({units->text(row), dates.period(row), written->text(row)});
  }
  const data::ColumnPtr own_units = frame.at(panel.unit);
  std::vector<std::string> names;
  for (const std::uint32_t row : panel.units.first) names.push_back(own_units->text(row));
  const Adoption adoption = data::assign_adoption(entries, names, 0, last_period(panel));

  const std::size_t n = frame.rows();
  std::vector<std::int64_t> cohort(n, data::missing_integer);
  std::vector<std::int64_t> event_time(n, data::missing_integer);
  std::vector<std::int64_t> treated(n, 0);
  std::vector<double> state(n, 0);
  const bool years = panel.time_unit == data::TimeUnit::number;
  for (std::size_t i = 0; i < n; ++i) {
    const std::int64_t period = adoption.unit_period[static_cast<std::size_t>(panel.units.codes[i])];
    if (period == no_period) continue;
    cohort[i] = years ? panel.first + period * panel.step : data::period_start(panel, period);
    event_time[i] = panel.times[i] - period;
    treated[i] = event_time[i] >= 0 ? 1 : 0;
    state[i] = static_cast<double>(treated[i]);
  }
  const report::Table audit = audit_table(adoption, panel, entries.size(), rule);
  report::PlotText words;
  words.title = "Treatment by unit and period";
  const report::TreatmentPattern pattern = pattern_of(frame, panel, state, adoption.unit_period);
  const report::Figure calendar = calendar_of(adoption, panel);

  lua_newtable(L);
  set_figure(L, "calendar", calendar);
  set_figure(L, "pattern", report::treatment_plot(pattern, words));
  lua_newtable(L);
  lua_Integer i = 0;
  for (const Adoption::Finding& finding : adoption.findings) {
    lua_createtable(L, 0, 3);
    push_text(L, finding.kind);
    lua_setfield(L, -2, "kind");
    push_text(L, finding.unit);
    lua_setfield(L, -2, "unit");
    push_text(L, finding.detail);
    lua_setfield(L, -2, "detail");
    lua_seti(L, -2, ++i);
  }
  lua_setfield(L, -2, "findings");
  lua_pushinteger(L, static_cast<lua_Integer>(adoption.used));
  lua_setfield(L, -2, "units");

  const bool replace = a.boolean("replace");
  const auto put = [&](const char* option, std::vector<std::int64_t> values, bool date) {
    const std::string name = a.text(option, option);
    if (frame.has(name) && !replace)
      throw core::Error("there is already a column '" + name + "'")
          .word(name)
          .hint("replace=true writes over it, " + std::string(option) + "=\"name\" calls it otherwise");
    frame = frame.with(name, date ? data::Column::dates(std::move(values)) : data::Column::integers(std::move(values)));
  };
  put("cohort", std::move(cohort), !years);
  put("event_time", std::move(event_time), false);
  put("treated", std::move(treated), false);
  box->frame = frame;
  if (!adoption.findings.empty())
    say_note(core::counted(static_cast<long long>(adoption.findings.size()), "finding") + " in the audit table");
  seal_reported(L, audit, {"units", "findings", "calendar", "pattern"}, "field");
  return 1;
}

int panelview(lua_State* L, Arguments& a) {
  const data::Frame frame = a.frame();
  const data::Panel& panel = declared_panel(frame, "panelview", true);
  const std::string name = a.column_names("treatment").at(0);
  std::vector<double> treated = numbers_of(frame, name);
  if (a.has("outcome")) {
    const data::ColumnPtr outcome = frame.at(a.column_names("outcome").at(0));
    for (std::size_t i = 0; i < treated.size(); ++i)
      if (outcome->missing(i)) treated[i] = std::nan("");
  }
  std::vector<std::int64_t> first(panel.start.size() - 1, no_period);
  for (std::size_t u = 0; u < first.size(); ++u)
    for (std::size_t k = panel.start[u]; k < panel.start[u + 1] && first[u] == no_period; ++k)
      if (treated[panel.order[k]] != 0 && !std::isnan(treated[panel.order[k]])) first[u] = panel.times[panel.order[k]];
  report::PlotText text;
  text.title = a.text("title", "Treatment by unit and period");
  push_value(L, std::make_shared<const report::Figure>(
                    report::treatment_plot(pattern_of(frame, panel, treated, first), text)));
  return 1;
}

}  // namespace

void add_adopt_commands(Registry& registry) {
  registry.add(for_whole_columns(
      {{.name = "adopt",
        .topic = "did",
        .summary = "Makes cohort, event time and treated of a table of adoption dates, with an audit",
        .args = {{.name = "rollout", .kind = Kind::frame, .doc = "a frame of units and dates"}},
        .options =
            {{.name = "rule",
              .kind = Kind::text,
              .doc = "which period a date stands for",
              .default_text = "effective",
              .one_of = {"announced", "effective", "half_year", "first_full_year"}},
             {.name = "cutoff",
              .kind = Kind::text,
              .doc = "month and day that begin the second half (half_year)",
              .default_text = "07-01"},
             {.name = "unit",
              .kind = Kind::text,
              .doc = "the table's column of units",
              .default_text = "the panel's name"},
             {.name = "date",
              .kind = Kind::text,
              .doc = "the table's column of dates",
              .default_text = "announced or effective, as the rule; else the only one"},
             {.name = "cohort", .kind = Kind::text, .doc = "name of the new column", .default_text = "cohort"},
             {.name = "event_time", .kind = Kind::text, .doc = "name of the new column", .default_text = "event_time"},
             {.name = "treated", .kind = Kind::text, .doc = "name of the new column", .default_text = "treated"},
             {.name = "replace",
              .kind = Kind::boolean,
              .doc = "write over columns of these names",
              .default_text = "false"},
             {.name = "data", .kind = Kind::frame, .doc = "the frame to work on", .default_text = "the data in use"}},
        .example = "adopt(rollout, rule=\"half_year\")"},
       adopt}));
  registry.add({{.name = "panelview",
                 .topic = "did",
                 .summary = "Draws which units are treated in which periods",
                 .args = {{.name = "treatment", .kind = Kind::column, .doc = "0 or 1 by unit and period"}},
                 .options = {{.name = "outcome",
                              .kind = Kind::column,
                              .doc = "cells where it is missing are marked",
                              .default_text = {}},
                             {.name = "title", .kind = Kind::text, .doc = "title", .default_text = {}}},
                 .source = "Mou, Liu & Xu (2023), panelView, Journal of Statistical Software 107(7)",
                 .example = "panelview(did):save(\"pattern.svg\")"},
                panelview});
}

}  // namespace bindings
