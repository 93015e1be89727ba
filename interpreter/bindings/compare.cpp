// compare_did(y ~ 1, cohort=g): one table, one overlaid figure, and a reading in plain words.
#include "estimators/did/compare.hpp"
#include "bindings/drawn.hpp"
#include "bindings/open.hpp"
#include "bindings/reported.hpp"
#include "bindings/result.hpp"
#include "core/text.hpp"
#include "report/figure.hpp"

#include <cmath>

namespace bindings {
namespace {

using core::Kind;
using estimators::ComparedDid;

/// "two-way fixed effects" is "TWFE" in a legend.
std::string short_name(const std::string& name) { return name == "two-way fixed effects" ? "TWFE" : name; }

report::Figure figure_of(const ComparedDid& compared) {
  report::Figure figure;
  figure.x_label = "Periods since treatment";
  figure.y_label = "Effect on " + compared.depvar;
  figure.guides = {{.at = 0, .vertical = false, .dashed = false}, {.at = -0.5}};
  int color = 0, count = 0;
  for (const ComparedDid::Entry& entry : compared.entries) count += entry.events != nullptr;
  for (const ComparedDid::Entry& entry : compared.entries) {
    if (entry.events == nullptr) continue;
    report::Series series{
        .mark = report::Mark::errorbars, .label = short_name(entry.name), .color = color, .size = 0.9};
    const double shift = 0.14 * (color - (count - 1) / 2.0);
    const auto rows = results::coefficient_table(*entry.events);
    for (std::size_t j = 0; j < rows.size() && j < entry.events->event_times.size(); ++j) {
      if (std::isnan(entry.events->event_times[j])) continue;
      series.x.push_back(entry.events->event_times[j] + shift);
      series.y.push_back(rows[j].estimate.value);
      series.low.push_back(rows[j].estimate.low);
      series.high.push_back(rows[j].estimate.high);
    }
    figure.series.push_back(std::move(series));
    ++color;
  }
  figure.note = "95% confidence intervals";
  figure.width_in = 9;
  figure.height_in = 4.6;
  return figure;
}

report::Table table_of(const ComparedDid& compared) {
  report::Table table;
  table.title = "Average effect of treatment on " + compared.depvar;
  table.header = {header_row({"Estimator", "ATT", "Std. error", "p", "Low", "High"})};
  table.align.assign(6, report::Align::decimal);
  table.align.front() = report::Align::left;
  for (const ComparedDid::Entry& entry : compared.entries) {
    if (entry.fit == nullptr) {
      if (!entry.failure.empty()) table.notes.push_back(entry.name + ": " + entry.failure);
      continue;
    }
    table.body.push_back(
        text_row({entry.name, core::significant(entry.att, 4), core::significant(entry.se, 4), p_value_text(entry.p),
                  core::significant(entry.low, 4), core::significant(entry.high, 4)}));
  }
  table.notes.insert(table.notes.end(), compared.reading.begin(), compared.reading.end());
  return table;
}

int compare(lua_State* L, Arguments& a) {
  const ComparedDid compared = estimators::compare_did(request_of(L, a, a.command().record));
  report::Table table = table_of(compared);
  if (a.has("file")) report::save(table, a.text("file"));
  const report::Figure figure = figure_of(compared);
  if (a.has("figure")) report::save(figure, a.text("figure"));
  lua_newtable(L);
  std::vector<std::string> names;
  lua_newtable(L);
  for (const ComparedDid::Entry& entry : compared.entries) {
    if (entry.fit == nullptr) continue;
    push_fields(L, {{"att", entry.att}, {"se", entry.se}, {"p", entry.p}, {"low", entry.low}, {"high", entry.high}},
                "field");
    lua_setfield(L, -2, entry.name.c_str());
    names.push_back(entry.name);
  }
  seal_named(L, names, "estimator");
  lua_setfield(L, -2, "estimates");
  for (const bool events : {false, true}) {
    std::vector<std::string> found;
    lua_newtable(L);
    for (const ComparedDid::Entry& entry : compared.entries) {
      const auto& fit = events ? entry.events : entry.fit;
      if (fit == nullptr) continue;
      push_value<FitRef>(L, fit);
      lua_setfield(L, -2, entry.name.c_str());
      found.push_back(entry.name);
    }
    seal_named(L, found, "estimator");
    lua_setfield(L, -2, events ? "events" : "fits");
  }
  lua_createtable(L, static_cast<int>(compared.reading.size()), 0);
  lua_Integer at = 0;
  for (const std::string& line : compared.reading) {
    push_text(L, line);
    lua_rawseti(L, -2, ++at);
  }
  lua_setfield(L, -2, "reading");
  set_figure_fields(L, figure);
  seal_reported(L, std::move(table), {"estimates", "fits", "events", "reading", "figure", "plot", "table", "save"},
                "field");
  return 1;
}

core::Record record() {
  core::Record r;
  r.name = "compare_did";
  r.topic = "did";
  r.summary = "The estimators for staggered adoption side by side, with a reading of why they differ";
  r.args = {{.name = "formula", .kind = Kind::formula, .doc = "y, or y ~ controls"}};
  r.options = estimators::staggered_options(false);
  r.options.push_back({.name = "window",
                       .kind = Kind::numbers,
                       .doc = "first and last event time of the stacks of stacked: {-3, 2}",
                       .default_text = "stacked is left out"});
  for (core::OptionSpec& option : estimators::influence_options()) r.options.push_back(std::move(option));
  r.options.push_back({.name = "file", .kind = Kind::text, .doc = "save the table here, too", .default_text = ""});
  r.options.push_back({.name = "figure", .kind = Kind::text, .doc = "save the figure here, too", .default_text = ""});
  r.example = "compare_did(ser ~ 1, cohort=cohort)";
  return r;
}

}  // namespace

void add_compare_command(Registry& registry) { registry.add({.record = record(), .run = compare}); }

}  // namespace bindings
