// growth: rates by period and their means by unit. deflate: values in prices of a base year.
#include "measures/growth.hpp"
#include "bindings/commands/value_verbs.hpp"
#include "bindings/convert.hpp"
#include "bindings/verbs.hpp"
#include "core/text.hpp"
#include "data/date.hpp"
#include "measures/deflate.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>

namespace bindings {
namespace {

using core::Kind;
using measures::GrowthSummary;

/// A time in the panel's steps as people read it.
std::string time_text(const data::Panel& panel, double steps) {
  if (std::isnan(steps)) return "";
  const std::int64_t value = panel.first + static_cast<std::int64_t>(steps) * panel.step;
  if (panel.time_unit == data::TimeUnit::number) return std::to_string(value);
  if (panel.time_unit == data::TimeUnit::day) return data::iso_date(value);
  const std::int64_t year = value / 12;
  return std::to_string(year) + "-" + (value - 12 * year < 9 ? "0" : "") + std::to_string(value - 12 * year + 1);
}

/// The sum over all units by period (missing where one of them is), as a panel of one unit.
struct Total {
  data::Panel panel;
  std::vector<double> values;
};
Total total_of(const data::Panel& panel, const std::vector<double>& x) {
  std::map<std::int64_t, std::pair<double, std::size_t>> sums;
  for (std::size_t i = 0; i < x.size(); ++i) {
    if (std::isnan(x[i])) continue;
    auto& [sum, count] = sums[panel.times[i]];
    sum += x[i];
    ++count;
  }
  Total out;
  out.panel.first = panel.first;
  out.panel.step = panel.step;
  out.panel.time_unit = panel.time_unit;
  const std::size_t units = panel.start.size() - 1;
  for (const auto& [time, sum] : sums) {
    out.panel.order.push_back(static_cast<std::uint32_t>(out.values.size()));
    out.panel.times.push_back(time);
    out.values.push_back(sum.second == units ? sum.first : std::nan(""));
  }
  out.panel.start = {0, static_cast<std::uint32_t>(out.values.size())};
  return out;
}

double chosen(const GrowthSummary& s, const std::string& mean) {
  return mean == "geo" ? s.geometric : mean == "cagr" ? s.compound : s.arithmetic;
}

double mean_over_units(const std::vector<GrowthSummary>& rows, const std::string& mean) {
  double sum = 0;
  double n = 0;
  for (const GrowthSummary& row : rows) {
    const double value = chosen(row, mean);
    if (std::isnan(value)) continue;
    sum += value;
    ++n;
  }
  return n > 0 ? sum / n : std::nan("");
}

/// Times in steps of the spans {2016, 2020, 2024}: 2016 to 2020, 2020 to 2024.
std::vector<std::pair<std::int64_t, std::int64_t>> spans_of(const Arguments& a, const data::Panel& panel) {
  if (!a.has("spans")) return {{0, std::numeric_limits<std::int64_t>::max() / 2}};
  if (panel.time_unit != data::TimeUnit::number)
    throw core::Error("spans= needs a panel whose time is a number")
        .word("spans")
        .hint("gen(y = year(date)) makes one");
  const std::vector<double> ends = a.numbers("spans");
  std::vector<std::int64_t> steps;
  for (const double end : ends) {
    const double step = (end - static_cast<double>(panel.first)) / static_cast<double>(panel.step);
    if (step != std::floor(step) || !std::isfinite(step) || std::abs(step) > 1e15)
      throw core::Error(core::shortest(end) + " is no period of the panel").word("spans");
    if (!steps.empty() && static_cast<std::int64_t>(step) <= steps.back())
      throw core::Error("the ends of the spans must increase").word("spans");
    steps.push_back(static_cast<std::int64_t>(step));
  }
  if (steps.size() < 2)
    throw core::Error("spans= takes two times or more").word("spans").hint("spans={2016, 2020, 2024}");
  std::vector<std::pair<std::int64_t, std::int64_t>> out;
  for (std::size_t k = 1; k < steps.size(); ++k) out.emplace_back(steps[k - 1], steps[k]);
  return out;
}

/// Pushes one unit's numbers.
void push_summary(lua_State* L, const data::Panel& panel, const GrowthSummary& s) {
  const auto time = [&](double steps) {
    return std::isnan(steps) ? steps : static_cast<double>(panel.first) + steps * static_cast<double>(panel.step);
  };
  push_fields(L,
              {{"first", s.first},
               {"last", s.last},
               {"from", time(s.first_time)},
               {"to", time(s.last_time)},
               {"rates", static_cast<double>(s.count)},
               {"arith", s.arithmetic},
               {"geo", s.geometric},
               {"cagr", s.compound}},
              "field");
}

int growth_table(lua_State* L, const Arguments& a, const data::Frame& frame, const std::string& name) {
  const data::Panel& panel = declared_panel(frame, "growth");
  const std::vector<double> x = numbers_of(frame, name);
  const data::ColumnPtr unit = panel.unit.empty() ? nullptr : frame.at(panel.unit);
  const bool spans_given = a.has("spans");
  const std::string kind = a.text("kind", "yoy");
  const std::string mean = a.text("mean", kind == "cagr" ? "cagr" : "arith");
  const auto spans = spans_of(a, panel);
  std::vector<std::vector<GrowthSummary>> by_span;
  for (const auto& [first, last] : spans) by_span.push_back(measures::growth_summaries(x, panel, first, last));
  if (a.boolean("total")) {
    const Total total = total_of(panel, x);
    for (std::size_t k = 0; k < spans.size(); ++k)
      by_span[k].push_back(
          measures::growth_summaries(total.values, total.panel, spans[k].first, spans[k].second).front());
  }
  const std::size_t units = panel.start.size() - 1;
  constexpr double percent = 100;
  const auto cell = [&](double rate) { return std::isnan(rate) ? std::string(".") : core::fixed(percent * rate, 2); };

  report::Table table;
  table.title = "Growth of " + shown_name(frame, name) + ", percent a period";
  std::vector<std::string> heads{panel.unit.empty() ? "series" : panel.unit};
  if (spans_given)
    for (const auto& [first, last] : spans)
      heads.push_back(time_text(panel, static_cast<double>(first)) + "-" + time_text(panel, static_cast<double>(last)));
  else
    for (const char* head : {"from", "to", "rates", "arithmetic", "geometric", "CAGR"}) heads.emplace_back(head);
  table.header = {header_row(heads)};
  std::vector<std::string> names;
  lua_newtable(L);
  for (std::size_t u = 0; u < by_span[0].size(); ++u) {
    const std::string label = u >= units ? "Total" : unit ? unit->text(panel.units.first[u]) : name;
    std::vector<std::string> cells{label};
    if (spans_given) {
      std::vector<std::pair<std::string, double>> fields;
      for (std::size_t k = 0; k < spans.size(); ++k) {
        cells.push_back(cell(chosen(by_span[k][u], mean)));
        fields.emplace_back(heads[k + 1], chosen(by_span[k][u], mean));
      }
      push_fields(L, fields, "span");
    } else {
      const GrowthSummary& s = by_span[0][u];
      for (std::string text : {time_text(panel, s.first_time), time_text(panel, s.last_time), std::to_string(s.count),
                               cell(s.arithmetic), cell(s.geometric), cell(s.compound)})
        cells.push_back(std::move(text));
      push_summary(L, panel, s);
    }
    lua_setfield(L, -2, label.c_str());
    names.push_back(label);
    table.body.push_back(text_row(cells));
    table.body.back().rule_above = u == units;
  }
  if (units > 1) {
    std::vector<std::string> cells{"Mean of units"};
    for (auto& rows : by_span) rows.resize(units);
    if (spans_given) {
      for (const auto& rows : by_span) cells.push_back(cell(mean_over_units(rows, mean)));
    } else {
      for (const char* blank : {"", "", ""}) cells.emplace_back(blank);
      for (const char* which : {"arith", "geo", "cagr"}) cells.push_back(cell(mean_over_units(by_span[0], which)));
    }
    table.body.push_back(text_row(cells));
    table.body.back().rule_above = !a.boolean("total");
  }
  const std::string said = mean == "geo"    ? "geometric mean of the rates of single periods"
                           : mean == "cagr" ? "compound rate between first and last value (CAGR)"
                                            : "arithmetic mean of the rates of single periods";
  table.notes = {spans_given
                     ? said
                     : "arithmetic, geometric: means of the rates of single periods; CAGR: compound rate between "
                       "first and last value"};
  seal_reported(L, std::move(table), std::move(names), "unit");
  return 1;
}

/// kind="cagr" as a column: each unit's compound rate in all of its rows.
std::vector<double> cagr_rows(const data::Panel& panel, const std::vector<double>& x) {
  const std::vector<GrowthSummary> rows =
      measures::growth_summaries(x, panel, 0, std::numeric_limits<std::int64_t>::max() / 2);
  std::vector<double> out(x.size());
  for (std::size_t i = 0; i < out.size(); ++i) out[i] = rows[static_cast<std::size_t>(panel.units.codes[i])].compound;
  return out;
}

int growth(lua_State* L, Arguments& a) {
  const std::string name = a.column_names("column").at(0);
  const std::string kind = a.text("kind", "yoy");
  if (!a.has("generate")) {
    for (const char* option : {"steps", "replace"})
      if (a.has(option))
        throw core::Error(std::string(option) + "= goes with generate=, which makes a column of rates").word(option);
    if (kind == "log")
      throw core::Error("the table of means is of relative rates")
          .word("kind")
          .hint("generate=\"name\" makes log rates");
    return growth_table(L, a, a.frame(), name);
  }
  for (const char* option : {"spans", "mean", "total", "where"})
    if (a.has(option))
      throw core::Error(std::string(option) + "= is for the table of means, without generate=").word(option);
  const FrameRef box = a.box();
  const data::Frame& frame = box->frame;
  const data::Panel& panel = declared_panel(frame, "growth");
  const std::string target = a.text("generate");
  if (frame.has(target) && !a.boolean("replace"))
    throw core::Error("there is already a column '" + target + "'").word(target).hint("replace=true writes over it");
  const std::vector<double> x = numbers_of(frame, name);
  measures::GrowthRates rates;
  if (kind == "cagr") {
    if (a.has("steps")) throw core::Error("steps= does not go with kind=\"cagr\"").word("steps");
    rates.rates = cagr_rows(panel, x);
  } else {
    rates = measures::growth_rates(x, panel, kind == "log" ? measures::GrowthKind::log : measures::GrowthKind::relative,
                                   a.integer("steps", 1));
  }
  std::size_t known = 0;
  for (const double rate : rates.rates) known += std::isnan(rate) ? 0 : 1;
  const std::size_t rows = rates.rates.size();
  box->frame = frame.with(target, data::Column::reals(std::move(rates.rates)));
  say_note(target + ": " + share_of(known, rows, "row") + " with a rate" +
           (rates.undefined > 0 ? "; " + core::counted(static_cast<long long>(rates.undefined), "rate") +
                                      " undefined (a value that is not positive)"
                                : ""));
  return 0;
}

// ---- deflate

/// base= as a number of the time column.
double base_of(lua_State* L, const Arguments& a, std::string& text) {
  a.push("base");
  const int type = lua_type(L, -1);
  double out = std::nan("");
  text = printed_at(L, -1);
  if (type == LUA_TNUMBER) out = lua_tonumber(L, -1);
  if (type == LUA_TSTRING)
    if (const auto day = data::parse_iso_date(text_at(L, -1))) out = static_cast<double>(*day);
  lua_pop(L, 1);
  if (std::isnan(out))
    throw core::Error("base= is a time: a number such as 2015, or a date such as \"2015-01-01\"").word("base");
  return out;
}

/// The index of each group of by= (one, without) by time, out of the rows of a frame.
using Indices = std::map<std::string, measures::PriceSeries>;
Indices read_indices(const data::Frame& frame, const std::string& index, const std::string& time,
                     const std::vector<std::string>& by) {
  const std::vector<double> prices = numbers_of(frame, index);
  const std::vector<double> times = numbers_of(frame, time);
  std::vector<data::ColumnPtr> columns{frame.at(time)};
  for (const std::string& name : by) columns.push_back(frame.at(name));
  const data::Grouping cells = data::group(columns);
  std::vector<double> of_cell(static_cast<std::size_t>(cells.levels()), std::nan(""));
  for (std::size_t i = 0; i < prices.size(); ++i) {
    if (cells.codes[i] < 0 || std::isnan(prices[i])) continue;
    double& now = of_cell[static_cast<std::size_t>(cells.codes[i])];
    if (!std::isnan(now) && now != prices[i])
      throw core::Error("'" + index + "' has two values in " + frame.at(time)->text(i) + ": " + core::shortest(now) +
                        " and " + core::shortest(prices[i]))
          .word(index)
          .hint(by.empty() ? "by= names the units that have an index of their own" : "");
    now = prices[i];
  }
  Indices out;
  for (std::size_t cell = 0; cell < of_cell.size(); ++cell) {
    if (std::isnan(of_cell[cell])) continue;
    std::string key;
    for (const std::string& name : by) key += frame.at(name)->text(cells.first[cell]) + ", ";
    out[key][times[cells.first[cell]]] = of_cell[cell];
  }
  return out;
}

/// The table's index column: the one named, else its only numeric column beside time and by.
std::string index_column(const Arguments& a, const data::Frame& table, const std::string& time,
                         const std::vector<std::string>& by) {
  if (a.has("column")) return a.text("column");
  std::vector<std::string> candidates;
  for (const std::string& name : table.names())
    if (name != time && std::find(by.begin(), by.end(), name) == by.end() && table.at(name)->is_numeric())
      candidates.push_back(name);
  if (candidates.size() != 1)
    throw core::Error("which column of the table is the index?").word("index").hint("column=\"name\"");
  return candidates[0];
}

int deflate(lua_State* L, Arguments& a) {
  const FrameRef box = a.box();
  data::Frame frame = box->frame;
  const std::vector<std::string> columns = a.column_names("columns");
  const std::vector<std::string> names = target_names(a, frame, columns, "_real");
  if (!a.has("time") && !frame.panel())
    throw core::Error("the time is not known").word("deflate").hint("declare panel(unit, time), or give time=");
  const std::string time = a.has("time") ? a.column_names("time").at(0) : frame.panel()->time;
  const std::vector<std::string> by = a.column_names("by");
  std::string base_text;
  const double base = base_of(L, a, base_text);

  a.push("index");
  Indices indices;
  std::string index_name;
  if (const FrameRef* table = test_value<FrameRef>(L, -1)) {
    index_name = index_column(a, (*table)->frame, time, by);
    indices = read_indices((*table)->frame, index_name, time, by);
  } else {
    if (a.has("column")) throw core::Error("column= names a column of a table of indices").word("column");
    if (lua_isnil(L, -1)) throw core::Error("the price index is not given").word("deflate").hint("index=cpi");
    push_converted(L, lua_gettop(L), {Kind::column, "option 'index'"});
    index_name = test_value<Expr>(L, -1)->tree->text;
    lua_pop(L, 1);
    indices = read_indices(frame, index_name, time, by);
  }
  lua_pop(L, 1);
  const bool chain = a.boolean("chained");
  for (auto& [key, series] : indices) {
    const std::string what = "'" + index_name + "'" + (key.empty() ? "" : " of " + key.substr(0, key.size() - 2));
    series = measures::factors(chain ? measures::chained(series) : series, base, base_text, what);
  }

  std::vector<data::ColumnPtr> key_columns{frame.at(time)};
  for (const std::string& name : by) key_columns.push_back(frame.at(name));
  const data::Grouping cells = data::group(key_columns);
  std::vector<double> factor(static_cast<std::size_t>(cells.levels()), std::nan(""));
  std::vector<std::string> without;
  for (std::size_t cell = 0; cell < factor.size(); ++cell) {
    const std::uint32_t row = cells.first[cell];
    std::string key;
    for (const std::string& name : by) key += frame.at(name)->text(row) + ", ";
    const auto series = indices.find(key);
    if (series != indices.end())
      if (const auto at = series->second.find(key_columns[0]->number(row)); at != series->second.end())
        factor[cell] = at->second;
    if (std::isnan(factor[cell])) without.push_back(key + key_columns[0]->text(row));
  }
  for (std::size_t k = 0; k < columns.size(); ++k) {
    std::vector<double> values = numbers_of(frame, columns[k]);
    for (std::size_t i = 0; i < values.size(); ++i)
      values[i] = cells.codes[i] < 0 ? std::nan("") : values[i] * factor[static_cast<std::size_t>(cells.codes[i])];
    const std::string& label = frame.at(columns[k])->label();
    frame = frame.with(names[k], data::Column::reals(std::move(values))
                                     ->labelled(label.empty() ? label : label + " (prices of " + base_text + ")"));
  }
  box->frame = frame;
  say_note(listed(names, 8) + ": prices of " + base_text + ", index '" + index_name + "'" +
           (chain ? " chained (previous period = 100)" : ""));
  if (!without.empty()) say_note("no index for " + listed(without, 8) + ": missing there");
  return 0;
}

}  // namespace

void add_growth_commands(Registry& registry) {
  registry.add(
      {{.name = "growth",
        .topic = "data",
        .summary = "Growth rates: a column of rates, or a table of their means by unit",
        .args = {{.name = "column", .kind = Kind::column, .doc = "levels"}},
        .options =
            {{.name = "kind",
              .kind = Kind::text,
              .doc = "relative change on the period before, difference of logs, compound rate of the unit",
              .default_text = "yoy",
              .one_of = {"yoy", "log", "cagr"}},
             {.name = "generate",
              .kind = Kind::text,
              .doc = "makes a column of rates of this name; without it, a table is returned",
              .default_text = {}},
             {.name = "steps",
              .kind = Kind::integer,
              .doc = "rates from so many periods before (with generate=)",
              .default_text = "1",
              .min = 1},
             {.name = "mean",
              .kind = Kind::text,
              .doc = "what the table shows by span",
              .default_text = "arith",
              .one_of = {"arith", "geo", "cagr"}},
             {.name = "spans",
              .kind = Kind::numbers,
              .doc = "a table by span of time: {2016, 2020, 2024}",
              .default_text = "one, the whole"},
             {.name = "total", .kind = Kind::boolean, .doc = "a row for the sum over units", .default_text = "false"},
             {.name = "replace",
              .kind = Kind::boolean,
              .doc = "write over a column (with generate=)",
              .default_text = "false"}},
        .example = "growth(exports, spans={2016, 2020, 2024}, mean=\"geo\")"},
       growth});
  std::vector<core::OptionSpec> options{
      {.name = "index",
       .kind = Kind::any,
       .doc = "a column of the data, or a frame with time and index",
       .default_text = {}},
      {.name = "base", .kind = Kind::any, .doc = "the time whose prices count: 2015", .default_text = {}},
      {.name = "chained",
       .kind = Kind::boolean,
       .doc = "the index has the previous period as 100 (as China's yearbooks print it)",
       .default_text = "false"},
      {.name = "column",
       .kind = Kind::text,
       .doc = "the index in a frame of indices",
       .default_text = "its only numeric column"},
      by_option("units with an index of their own"),
      {.name = "time", .kind = Kind::column, .doc = "time", .default_text = "the panel's"}};
  for (core::OptionSpec& option : target_options("_real")) options.push_back(std::move(option));
  registry.add(for_whole_columns(
      {{.name = "deflate",
        .topic = "data",
        .summary = "Values in prices of a base year",
        .args = {{.name = "columns", .kind = Kind::columns, .doc = "nominal values", .repeated = true}},
        .options = options,
        .example = "deflate(gdp, index=cpi, base=2015)"},
       deflate}));
}

}  // namespace bindings
