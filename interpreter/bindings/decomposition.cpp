// bacon(y ~ 1, cohort=g), twfe_weights(y ~ 1, cohort=g): tables of weights, with figures.
#include "estimators/did/decomposition.hpp"
#include "bindings/drawn.hpp"
#include "bindings/open.hpp"
#include "bindings/reported.hpp"
#include "core/text.hpp"
#include "report/figure.hpp"

#include <algorithm>
#include <cmath>
#include <map>

namespace bindings {
namespace {

using core::Kind;

core::Record record(const std::string& name, const std::string& summary, const std::string& formula,
                    const std::string& source, bool effects) {
  core::Record r;
  r.name = name;
  r.topic = "did";
  r.summary = summary;
  r.args = {{.name = "formula", .kind = Kind::formula, .doc = formula}};
  r.options = estimators::staggered_options(false);
  if (!effects)
    r.options.push_back({.name = "treatment",
                         .kind = Kind::expression,
                         .doc = "instead of cohort=: 1 in treated rows, 0 in others",
                         .default_text = ""});
  for (core::OptionSpec& option : estimators::common_options()) {
    const bool taken = option.name == "where" || option.name == "data" || (effects && option.name == "weights");
    if (effects && option.name == "fe") option.default_text = "unit + time";
    if (taken || (effects && option.name == "fe")) r.options.push_back(std::move(option));
  }
  r.options.push_back({.name = "file", .kind = Kind::text, .doc = "save the table here, too", .default_text = ""});
  r.source = source;
  r.example = name + "(ser ~ 1, cohort=cohort)";
  return r;
}

/// Pushes {{key = …}, …} rows as a field.
template <class Rows, class Fill>
void set_rows(lua_State* L, const char* field, const Rows& rows, const Fill& fill) {
  lua_createtable(L, static_cast<int>(rows.size()), 0);
  lua_Integer at = 0;
  for (const auto& row : rows) {
    lua_newtable(L);
    fill(row);
    lua_rawseti(L, -2, ++at);
  }
  lua_setfield(L, -2, field);
}

void set_text(lua_State* L, const char* field, const std::string& text) {
  push_text(L, text);
  lua_setfield(L, -2, field);
}
void set_number(lua_State* L, const char* field, double value) {
  lua_pushnumber(L, value);
  lua_setfield(L, -2, field);
}

report::Figure bacon_figure(const estimators::BaconDecomposition& d) {
  report::Figure figure;
  figure.x_label = "Weight";
  figure.y_label = "Two-by-two estimate";
  figure.note = "line: two-way fixed effects, " + core::significant(d.twfe, 4);
  figure.guides = {{.at = 0, .vertical = false}, {.at = d.twfe, .vertical = false, .dashed = false, .color = 1}};
  int color = 0;
  std::map<std::string, std::size_t> series;
  for (const estimators::Comparison& c : d.comparisons) {
    if (series.emplace(c.type, figure.series.size()).second)
      figure.series.push_back({.mark = report::Mark::points, .label = c.type, .color = color++, .size = 1.3});
    report::Series& own = figure.series[series[c.type]];
    own.x.push_back(c.weight);
    own.y.push_back(c.estimate);
  }
  return figure;
}

int bacon(lua_State* L, Arguments& a) {
  const estimators::BaconDecomposition d = estimators::bacon(request_of(L, a, a.command().record));
  report::Table table;
  table.title = "Goodman-Bacon decomposition of two-way fixed effects on " + d.depvar;
  table.header = {header_row({"Comparison", "Treated", "Control", "Weight", "Estimate"})};
  table.align = {report::Align::left, report::Align::right, report::Align::right, report::Align::decimal,
                 report::Align::decimal};
  struct Type {
    double weight = 0, estimate = 0;
  };
  std::map<std::string, Type> types;
  for (const estimators::Comparison& c : d.comparisons) {
    table.body.push_back(
        text_row({c.type, c.treated, c.control, core::fixed(c.weight, 4), core::significant(c.estimate, 5)}));
    types[c.type].weight += c.weight;
    types[c.type].estimate += c.weight * c.estimate;
  }
  bool first = true;
  for (const auto& [type, sum] : types) {
    table.body.push_back(
        text_row({type, "all", "", core::fixed(sum.weight, 4), core::significant(sum.estimate / sum.weight, 5)}));
    table.body.back().rule_above = first;
    first = false;
  }
  table.body.push_back(text_row({"two-way fixed effects", "", "", "1", core::significant(d.twfe, 5)}));
  table.body.back().rule_above = true;
  table.notes = d.notes;
  if (types.count("later and earlier treated") > 0)
    table.notes.push_back(
        "later and earlier treated: units that are treated already serve as controls; when their effects "
        "still grow, these comparisons are biased against the effect");
  if (a.has("file")) report::save(table, a.text("file"));
  lua_newtable(L);
  set_number(L, "twfe", d.twfe);
  set_rows(L, "comparisons", d.comparisons, [L](const estimators::Comparison& c) {
    set_text(L, "treated", c.treated);
    set_text(L, "control", c.control);
    set_text(L, "type", c.type);
    set_number(L, "estimate", c.estimate);
    set_number(L, "weight", c.weight);
  });
  lua_newtable(L);
  std::vector<std::string> names;
  for (const auto& [type, sum] : types) {
    push_fields(L, {{"weight", sum.weight}, {"estimate", sum.estimate / sum.weight}}, "field");
    lua_setfield(L, -2, type.c_str());
    names.push_back(type);
  }
  seal_named(L, names, "type");
  lua_setfield(L, -2, "types");
  set_figure_fields(L, bacon_figure(d));
  seal_reported(L, std::move(table), {"twfe", "comparisons", "types", "figure", "plot", "table", "save"}, "field");
  return 1;
}

report::Figure weights_figure(const estimators::TwfeWeights& d) {
  report::Figure figure;
  figure.x_label = "Period";
  figure.y_label = "Weight of a cohort's effect in the period";
  figure.note = "two-way fixed effects " + core::significant(d.beta, 4) + "; negative weights sum to " +
                core::significant(d.negative_sum, 3);
  figure.guides = {{.at = 0, .vertical = false, .dashed = false}};
  std::map<std::string, double> place;
  std::vector<std::string> periods;
  for (const auto& cell : d.cells) periods.push_back(cell.period);
  std::sort(periods.begin(), periods.end());
  periods.erase(std::unique(periods.begin(), periods.end()), periods.end());
  for (std::size_t i = 0; i < periods.size(); ++i) {
    place[periods[i]] = static_cast<double>(i);
    figure.x_ticks.emplace_back(static_cast<double>(i), periods[i]);
  }
  std::map<std::string, std::size_t> series;
  int color = 0;
  for (const auto& cell : d.cells) {
    if (series.emplace(cell.cohort, figure.series.size()).second)
      figure.series.push_back({.mark = report::Mark::line, .label = "cohort " + cell.cohort, .color = color++ % 8});
    report::Series& own = figure.series[series[cell.cohort]];
    own.x.push_back(place[cell.period]);
    own.y.push_back(cell.weight);
  }
  const std::size_t lines = figure.series.size();
  for (std::size_t i = 0; i < lines; ++i) {
    report::Series points = figure.series[i];
    points.mark = report::Mark::points;
    points.label = "";
    figure.series.push_back(points);
  }
  return figure;
}

int twfe_weights(lua_State* L, Arguments& a) {
  const estimators::TwfeWeights d = estimators::twfe_weights(request_of(L, a, a.command().record));
  report::Table table;
  table.title = "Weights of effects in two-way fixed effects on " + d.depvar;
  table.header = {header_row({"Cohort", "Period", "Rows", "Weight"})};
  table.align = {report::Align::left, report::Align::right, report::Align::right, report::Align::decimal};
  for (const auto& cell : d.cells)
    table.body.push_back(text_row({cell.cohort, cell.period, core::grouped(cell.rows), core::fixed(cell.weight, 4)}));
  table.notes = d.notes;
  table.notes.push_back("two-way fixed effects: " + core::significant(d.beta, 5) + "; " + core::grouped(d.positive) +
                        " treated rows with a positive weight, " + core::grouped(d.negative) +
                        " with a negative one (sum " + core::significant(d.negative_sum, 4) + ")");
  table.notes.push_back("effects with a standard deviation of " + core::significant(d.sigma, 4) +
                        " between rows suffice for an average effect of 0" +
                        (std::isfinite(d.sigma_sign) ? ", of " + core::significant(d.sigma_sign, 4) +
                                                           " for effects that all have the other sign"
                                                     : ""));
  if (a.has("file")) report::save(table, a.text("file"));
  lua_newtable(L);
  set_number(L, "beta", d.beta);
  set_number(L, "positive", static_cast<double>(d.positive));
  set_number(L, "negative", static_cast<double>(d.negative));
  set_number(L, "negative_sum", d.negative_sum);
  set_number(L, "sigma", d.sigma);
  set_number(L, "sigma_sign", d.sigma_sign);
  set_rows(L, "cells", d.cells, [L](const estimators::TwfeWeights::Cell& cell) {
    set_text(L, "cohort", cell.cohort);
    set_text(L, "period", cell.period);
    set_number(L, "rows", static_cast<double>(cell.rows));
    set_number(L, "weight", cell.weight);
  });
  set_figure_fields(L, weights_figure(d));
  seal_reported(L, std::move(table),
                {"beta", "positive", "negative", "negative_sum", "sigma", "sigma_sign", "cells", "figure", "plot",
                 "table", "save"},
                "field");
  return 1;
}

}  // namespace

void add_decomposition_commands(Registry& registry) {
  registry.add(
      {.record = record("bacon", "Goodman-Bacon decomposition of a two-way fixed-effects estimate",
                        "y ~ controls, or y ~ 1", "Goodman-Bacon (2021), J. Econometrics 225(2), 254–277", false),
       .run = bacon});
  registry.add({.record = record("twfe_weights", "Weights of effects in a two-way fixed-effects estimate",
                                 "y ~ controls, or y ~ 1",
                                 "de Chaisemartin & D'Haultfœuille (2020), American Economic Review 110(9)", true),
                .run = twfe_weights});
}

}  // namespace bindings
