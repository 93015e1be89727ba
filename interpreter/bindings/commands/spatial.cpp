// moran, geary, getis_ord, join_counts, correlogram, breaks: association over the whole map.
#include "bindings/spatial.hpp"

#include "bindings/open.hpp"
#include "core/text.hpp"
#include "estimators/spatial/lm_tests.hpp"
#include "formula/evaluate.hpp"
#include "numerics/random.hpp"
#include "report/density.hpp"
#include "report/figure.hpp"
#include "spatial/breaks.hpp"

#include <algorithm>
#include <cmath>

namespace bindings {

using core::Kind;
using core::OptionSpec;
using spatial::Association;
using spatial::Vector;

namespace {

/// Everything but the periods.
SpatialInput start_input(const Arguments& a) {
  return {.rows = measure_rows(a),
          .W = weights_of(a),
          .text = formula::print(a.tree("x")),
          .second = {},
          .periods = {},
          .notes = {}};
}

/// Puts x, and y unless it is empty, one value a row, into the order of the units, period by period.
void fill_periods(SpatialInput& in, const std::vector<double>& x, const std::vector<double>& y) {
  const bool second = !y.empty();
  const spatial::Periods at = spatial::align(*in.W, in.rows.frame);
  std::vector<std::vector<std::int64_t>> row_of(at.periods(), std::vector<std::int64_t>(at.units, -1));
  for (std::size_t r = 0; r < x.size(); ++r) row_of[at.period[r]][at.unit[r]] = static_cast<std::int64_t>(r);
  std::vector<std::string> skipped;
  for (std::size_t t = 0; t < at.periods(); ++t) {
    SpatialPeriod p{.name = at.names[t], .x = Vector(static_cast<spatial::Index>(at.units)), .y = {}, .rows = {}};
    p.y = p.x;
    std::size_t there = 0;
    std::string missing;
    for (std::size_t i = 0; i < at.units; ++i) {
      const std::int64_t r = row_of[t][i];
      const bool has = r >= 0 && !std::isnan(x[static_cast<std::size_t>(r)]) &&
                       (!second || !std::isnan(y[static_cast<std::size_t>(r)]));
      there += has;
      if (!has && missing.empty()) missing = in.W->ids[i];
      if (!has) continue;
      p.x[static_cast<spatial::Index>(i)] = x[static_cast<std::size_t>(r)];
      if (second) p.y[static_cast<spatial::Index>(i)] = y[static_cast<std::size_t>(r)];
      p.rows.push_back(static_cast<std::uint32_t>(r));
    }
    if (there == 0 && at.periods() > 1) {
      skipped.push_back(p.name);
      continue;
    }
    if (there < at.units)
      throw core::Error("W has " + std::to_string(at.units) + " units and " + in.text + " " + std::to_string(there) +
                        " values" + (p.name.empty() ? "" : " in " + p.name) + " (none for '" + missing + "')")
          .hint("fill it in, or keep the units that have one: W:subset(data=df, where=\"not missing(x)\")");
    in.periods.push_back(std::move(p));
  }
  if (in.periods.empty()) throw core::Error(in.text + " is missing in every row");
  if (!skipped.empty()) in.notes.push_back("No values in " + core::join(skipped, ", ") + ": left out");
  in.notes.push_back("Weights: " + in.W->source + ", standardised: " + std::string(spatial::name_of(in.W->standard)));
}

}  // namespace

SpatialInput spatial_input(const Arguments& a, bool second) {
  SpatialInput in = start_input(a);
  const std::vector<double> x = formula::evaluate_numbers(a.tree("x"), in.rows.frame);
  std::vector<double> y;
  if (second) {
    y = formula::evaluate_numbers(a.tree("y"), in.rows.frame);
    in.second = formula::print(a.tree("y"));
  }
  fill_periods(in, x, y);
  return in;
}

spatial::Options association_options(const Arguments& a) {
  spatial::Options o;
  if (a.text("variance", "randomisation") == "normality") o.variance = spatial::Variance::normality;
  const std::string alternative = a.text("alternative", "two-sided");
  o.alternative = alternative == "greater" ? spatial::Alternative::greater
                  : alternative == "less"  ? spatial::Alternative::less
                                           : spatial::Alternative::two_sided;
  const std::string islands = a.text("islands", "adjust");
  o.islands = islands == "keep"   ? spatial::Islands::keep
              : islands == "drop" ? spatial::Islands::drop
                                  : spatial::Islands::adjust;
  o.permutations = static_cast<int>(a.integer("permutations", 0));
  o.seed = a.has("seed") ? static_cast<std::uint64_t>(a.integer("seed")) : numerics::fresh_seed();
  return o;
}

std::vector<OptionSpec> permutation_options(const std::string& fallback) {
  return {{.name = "permutations",
           .kind = Kind::integer,
           .doc = "random arrangements of the values",
           .default_text = fallback,
           .min = 0,
           .max = 1e7},
          {.name = "seed",
           .kind = Kind::integer,
           .doc = "of the arrangements",
           .default_text = "fresh, and printed",
           .min = 0}};
}

OptionSpec alternative_option() {
  return {.name = "alternative",
          .kind = Kind::text,
          .doc = "what p is the probability of",
          .default_text = "two-sided",
          .one_of = {"two-sided", "greater", "less"}};
}

namespace {

Statistics statistics_of(const Association& a, const std::string& symbol, int permutations) {
  Statistics s = {{"statistic", symbol, a.statistic}, {"expected", "E(" + symbol + ")", a.expected}};
  if (!std::isnan(a.variance)) {
    s.push_back({"sd", "sd(" + symbol + ")", std::sqrt(a.variance)});
    s.push_back({"variance", "Variance", a.variance});
    s.push_back({"z", "z", a.z});
    s.push_back({"p", "p", a.p});
  }
  if (permutations > 0) {
    s.push_back({"p_permutation", "p (perm.)", a.p_permutation});
    s.push_back({"draws_mean", "Mean of draws", a.draws_mean});
    s.push_back({"draws_sd", "sd of draws", a.draws_sd});
  }
  s.push_back({"n", "N", static_cast<double>(a.n)});
  return s;
}

std::string alternative_text(spatial::Alternative alternative) {
  return alternative == spatial::Alternative::two_sided ? "two-sided"
         : alternative == spatial::Alternative::greater ? "one-sided (greater)"
                                                        : "one-sided (less)";
}

/// What became of units without neighbours; nothing when there are none. G and its like go with "drop" by default.
void note_islands(SpatialInput& in, spatial::Islands islands, bool adjust_drops = false) {
  constexpr std::size_t most_named = 5;
  const std::vector<std::uint32_t> alone = spatial::islands(*in.W);
  if (alone.empty()) return;
  std::vector<std::string> names;
  for (const std::uint32_t i : alone)
    if (names.size() < most_named) names.push_back(in.W->ids[i]);
  std::string note = core::counted(static_cast<long long>(alone.size()), "unit") + " without neighbours (" +
                     core::join(names, ", ") + (alone.size() > most_named ? ", …" : "") + "): ";
  if (islands == spatial::Islands::keep)
    note += "counted as the others (islands=\"keep\")";
  else if (islands == spatial::Islands::drop || adjust_drops)
    note += "left out (islands=\"" + std::string(islands == spatial::Islands::drop ? "drop" : "adjust") + "\")";
  else
    note += "not counted in N, their values in the mean (islands=\"adjust\", as spdep; \"keep\" and \"drop\" differ)";
  in.notes.push_back(note);
}

/// The report: one row a period; where there is one period its numbers are fields themselves.
void push_associations(lua_State* L, const Arguments& a, SpatialInput& in, const std::string& title,
                       const std::string& symbol, const spatial::Options& o, const std::vector<Association>& all,
                       const std::string& first) {
  report::Table table;
  table.title = title;
  std::vector<std::string> names;
  std::vector<Statistics> rows;
  for (std::size_t t = 0; t < all.size(); ++t) {
    Statistics s = statistics_of(all[t], symbol, o.permutations);
    std::erase_if(s, [](const Statistic& one) { return one.field == "variance"; });
    names.push_back(in.periods[t].name.empty() ? in.text : in.periods[t].name);
    rows.push_back(std::move(s));
  }
  std::string how = "p is " + alternative_text(o.alternative);
  if (!std::isnan(all[0].variance))
    how +=
        std::string("; variance under ") + (o.variance == spatial::Variance::normality ? "normality" : "randomisation");
  in.notes.push_back(how);
  if (o.permutations > 0)
    in.notes.push_back(std::to_string(o.permutations) + " permutations, p = (1 + #{as far out})/(R + 1), seed " +
                       std::to_string(o.seed));
  table.notes = in.notes;
  std::vector<std::pair<std::string, double>> fields;
  if (all.size() == 1)
    for (const Statistic& s : statistics_of(all[0], symbol, o.permutations)) fields.emplace_back(s.field, s.value);
  fields.emplace_back("seed", static_cast<double>(o.seed));
  push_by_rows(L, a, std::move(table), first, names, rows, fields);
}

std::string first_head(const SpatialInput& in) {
  return in.panel() && in.rows.frame.panel() ? in.rows.frame.panel()->time : "variable";
}

template <class Make>
int associations(lua_State* L, Arguments& a, const std::string& title, const std::string& symbol, const Make& make,
                 bool adjust_drops = false) {
  SpatialInput in = spatial_input(a);
  const spatial::Options o = association_options(a);
  note_islands(in, o.islands, adjust_drops);
  std::vector<Association> all;
  for (const SpatialPeriod& p : in.periods) all.push_back(make(*in.W, p.x, o));
  push_associations(L, a, in, title + " of " + in.text, symbol, o, all, first_head(in));
  return 1;
}

/// Wz against z with the regression line, whose slope is I when rows sum to one.
report::Figure moran_scatter(const SpatialInput& in, const SpatialPeriod& p, double I) {
  const double n = static_cast<double>(p.x.size());
  const Vector z = (p.x.array() - p.x.mean()) / std::sqrt((p.x.array() - p.x.mean()).square().sum() / n);
  const Vector lagged = spatial::lag(*in.W, z);
  report::Figure f;
  f.title = "Moran scatterplot" + (p.name.empty() ? "" : ", " + p.name) + ": I = " + core::fixed(I, 4);
  f.x_label = in.text + " (standardised)";
  f.y_label = "spatial lag";
  f.legend = false;
  f.guides = {{.at = 0}, {.at = 0, .vertical = false}};
  report::Series points{.mark = report::Mark::points, .color = 0};
  points.x.assign(z.data(), z.data() + z.size());
  points.y.assign(lagged.data(), lagged.data() + lagged.size());
  const double slope = z.dot(lagged) / z.squaredNorm(), middle = lagged.mean();
  report::Series line{.mark = report::Mark::line, .color = 1};
  for (const double x : {z.minCoeff(), z.maxCoeff()}) {
    line.x.push_back(x);
    line.y.push_back(middle + slope * x);
  }
  report::Series names{.mark = report::Mark::words, .rgb = "#333333", .centred = true};
  if (z.size() <= 60)
    for (spatial::Index i = 0; i < z.size(); ++i) {
      const double up = (lagged.maxCoeff() - lagged.minCoeff()) * 0.035;
      names.x.push_back(z[i]);
      names.y.push_back(lagged[i] + up);
      names.texts.push_back(in.W->ids[static_cast<std::size_t>(i)]);
    }
  f.series = {std::move(points), std::move(line)};
  if (!names.x.empty()) f.series.push_back(std::move(names));
  return f;
}

int moran(lua_State* L, Arguments& a) {
  if (a.has("y")) {
    SpatialInput in = spatial_input(a, true);
    spatial::Options o = association_options(a);
    if (!a.has("permutations")) o.permutations = 999;
    note_islands(in, o.islands);
    std::vector<Association> all;
    for (const SpatialPeriod& p : in.periods) all.push_back(spatial::bivariate_moran(*in.W, p.x, p.y, o));
    push_associations(L, a, in, "Bivariate Moran's I of " + in.text + " and the lag of " + in.second, "I", o, all,
                      first_head(in));
    return 1;
  }
  return associations(L, a, "Moran's I", "I",
                      [](const auto& W, const Vector& x, const auto& o) { return spatial::moran(W, x, o); });
}

/// moran(m, W): of the residuals of a result, whose moments are not those of a variable.
int residual_moran(lua_State* L, Arguments& a) {
  const FitRef fit = a.result("result");
  SpatialInput in{.rows = {}, .W = weights_of(a), .text = "residuals", .second = {}, .periods = {{}}, .notes = {}};
  spatial::Options o = association_options(a);
  o.variance = spatial::Variance::normality;
  in.notes = {"Residuals of " + fit->formula + "; moments given the regressors",
              "Weights: " + in.W->source + ", standardised: " + std::string(spatial::name_of(in.W->standard))};
  push_associations(L, a, in, "Moran's I of residuals of " + fit->depvar, "I", o,
                    {estimators::residual_moran(*fit, in.W, o.alternative)}, "variable");
  return 1;
}

int geary(lua_State* L, Arguments& a) {
  return associations(L, a, "Geary's C", "C",
                      [](const auto& W, const Vector& x, const auto& o) { return spatial::geary(W, x, o); });
}

int getis_ord(lua_State* L, Arguments& a) {
  return associations(
      L, a, "Getis-Ord G", "G",
      [](const auto& W, const Vector& x, const auto& o) { return spatial::getis_ord(W, x, o); }, true);
}

int scatter(lua_State* L, Arguments& a) {
  SpatialInput in = spatial_input(a);
  if (in.periods.size() != 1)
    throw core::Error("a scatterplot shows one period, and these are " + std::to_string(in.periods.size()))
        .hint("where=\"year == 2020\"");
  const Association one = spatial::moran(*in.W, in.periods[0].x);
  auto figure = std::make_shared<const report::Figure>(moran_scatter(in, in.periods[0], one.statistic));
  if (a.has("file")) {
    report::save(*figure, a.text("file"));
    if (is_statement_call(L)) return 0;
  }
  push_value<FigureRef>(L, std::move(figure));
  return 1;
}

/// One block of rows a period: pairs of kinds, orders of neighbours.
struct Block {
  std::vector<std::string> names;
  std::vector<Statistics> rows;
};

/// The report of one block a period. One period: row → field → number; several: period → row → field → number.
void push_blocks(lua_State* L, const Arguments& a, const SpatialInput& in, report::Table table,
                 const std::string& first, const std::vector<Block>& blocks) {
  if (blocks.size() == 1) return push_by_rows(L, a, std::move(table), first, blocks[0].names, blocks[0].rows);
  const std::string time = first_head(in);
  std::vector<std::string> heads = {time, first};
  for (const Statistic& s : blocks[0].rows.at(0)) heads.push_back(s.head);
  table.header.push_back(header_row(heads));
  std::vector<std::string> periods, period_of_row, name_of_row;
  std::vector<Statistics> rows;
  lua_newtable(L);
  for (std::size_t t = 0; t < blocks.size(); ++t) {
    const Block& block = blocks[t];
    periods.push_back(in.periods[t].name);
    lua_newtable(L);
    for (std::size_t i = 0; i < block.names.size(); ++i) {
      std::vector<std::string> cells = {i == 0 ? periods.back() : "", block.names[i]};
      std::vector<std::pair<std::string, double>> fields;
      for (const Statistic& s : block.rows[i]) {
        cells.push_back(statistic_text(s.value));
        fields.emplace_back(s.field, s.value);
      }
      table.body.push_back(text_row(cells));
      table.body.back().rule_above = i == 0 && t > 0;
      push_fields(L, fields, "field");
      lua_setfield(L, -2, block.names[i].c_str());
      period_of_row.push_back(periods.back());
      name_of_row.push_back(block.names[i]);
      rows.push_back(block.rows[i]);
    }
    seal_named(L, block.names, first);
    lua_setfield(L, -2, periods.back().c_str());
  }
  data::Frame frame = data::Frame().with(time, data::Column::texts(period_of_row));
  frame = frame.with(first, data::Column::texts(name_of_row));
  for (std::size_t j = 0; j < rows[0].size(); ++j) {
    std::vector<double> values;
    for (const Statistics& row : rows) values.push_back(row[j].value);
    frame = frame.with(rows[0][j].field, data::Column::reals(values));
  }
  push_frame(L, frame);
  lua_setfield(L, -2, "frame");
  if (a.has("file")) report::save(table, a.text("file"));
  seal_reported(L, std::move(table), periods, time);
}

int join_counts(lua_State* L, Arguments& a) {
  SpatialInput in = start_input(a);
  const data::ColumnPtr column = formula::evaluate(a.tree("x"), in.rows.frame);
  const data::Grouping groups = data::sorted(data::group(*column), *column);
  std::vector<double> codes;
  for (const std::int32_t code : groups.codes) codes.push_back(code < 0 ? std::nan("") : code);
  fill_periods(in, codes, {});
  if (groups.levels() < 2) throw core::Error("join counts need at least two values");
  if (groups.levels() > 20)
    throw core::Error("join counts are for a few groups, not " + std::to_string(groups.levels()))
        .hint("make classes first, such as \"x > 35\"");
  std::vector<std::string> names;
  for (const std::uint32_t first : groups.first) names.push_back(column->text(first));
  const spatial::Options o = association_options(a);
  note_islands(in, o.islands);
  std::vector<Block> blocks;
  for (const SpatialPeriod& p : in.periods) {
    std::vector<std::int32_t> color;
    for (const double code : p.x) color.push_back(static_cast<std::int32_t>(code));
    Block& block = blocks.emplace_back();
    for (const spatial::JoinCount& j : spatial::join_counts(*in.W, color, names, o)) {
      block.names.push_back(j.first + ":" + j.second);
      Statistics s = statistics_of(j.count, "J", 0);
      std::erase_if(s, [](const Statistic& one) { return one.field == "n"; });
      block.rows.push_back(std::move(s));
    }
  }
  report::Table table;
  table.title = "Join counts of " + in.text;
  table.notes = in.notes;
  table.notes.push_back("Sampling without replacement, p is " + alternative_text(o.alternative));
  push_blocks(L, a, in, std::move(table), "pair", blocks);
  return 1;
}

/// I of each order with its interval; one line a period.
report::Figure correlogram_figure(const SpatialInput& in, const std::string& title,
                                  const std::vector<std::vector<Association>>& all) {
  constexpr double half_width = 1.959964;
  report::Figure f;
  f.title = title;
  f.x_label = "order of neighbours";
  f.y_label = "Moran's I";
  f.legend = all.size() > 1;
  f.guides = {{.at = 0, .vertical = false}};
  std::size_t orders = 0;
  for (std::size_t t = 0; t < all.size(); ++t) {
    report::Series line{.mark = report::Mark::errorbars, .color = static_cast<int>(t)};
    if (all.size() > 1) line.label = in.periods[t].name;
    for (std::size_t k = 0; k < all[t].size(); ++k) {
      // Periods side by side, so that their intervals do not cover each other.
      const double shift =
          all.size() > 1 ? 0.5 * (static_cast<double>(t) + 0.5) / static_cast<double>(all.size()) - 0.25 : 0;
      line.x.push_back(static_cast<double>(k + 1) + shift);
      line.y.push_back(all[t][k].statistic);
      line.low.push_back(all[t][k].statistic - half_width * std::sqrt(all[t][k].variance));
      line.high.push_back(all[t][k].statistic + half_width * std::sqrt(all[t][k].variance));
    }
    orders = std::max(orders, all[t].size());
    f.series.push_back(std::move(line));
  }
  for (std::size_t k = 1; k <= orders; ++k) f.x_ticks.emplace_back(static_cast<double>(k), std::to_string(k));
  return f;
}

int correlogram(lua_State* L, Arguments& a) {
  SpatialInput in = spatial_input(a);
  const spatial::Options o = association_options(a);
  note_islands(in, o.islands);
  const auto orders = static_cast<int>(a.integer("orders", 5));
  std::vector<std::vector<Association>> all;
  std::vector<Block> blocks;
  for (const SpatialPeriod& p : in.periods) {
    all.push_back(spatial::correlogram(*in.W, p.x, orders, o));
    Block& block = blocks.emplace_back();
    for (const Association& one : all.back()) {
      block.names.push_back(std::to_string(block.names.size() + 1));
      Statistics s = statistics_of(one, "I", o.permutations);
      std::erase_if(s, [](const Statistic& statistic) { return statistic.field == "variance"; });
      block.rows.push_back(std::move(s));
    }
  }
  report::Table table;
  table.title = "Spatial correlogram of " + in.text;
  in.notes.push_back("Order k: units k links away, rows standardised; p is " + alternative_text(o.alternative));
  if (all[0].size() < static_cast<std::size_t>(orders))
    in.notes.push_back("No units are more than " + std::to_string(all[0].size()) + " links apart");
  table.notes = in.notes;
  if (a.has("plot")) report::save(correlogram_figure(in, table.title, all), a.text("plot"));
  push_blocks(L, a, in, std::move(table), "order", blocks);
  return 1;
}

int breaks(lua_State* L, Arguments& a) {
  const MeasureRows rows = measure_rows(a);
  const std::vector<double> x = formula::evaluate_numbers(a.tree("x"), rows.frame);
  const std::string method = a.text("method", "jenks");
  NewColumns columns(a, rows);
  if (a.has("name")) columns.claim(a.text("name"));
  const spatial::Breaks b = spatial::breaks(x, method, static_cast<int>(a.integer("k", 4)));
  if (a.has("name")) {
    const std::vector<int> group = spatial::classes(x, b.at);
    std::vector<double> number;
    for (const int g : group) number.push_back(g < 0 ? std::nan("") : g + 1);
    columns.add(a.text("name"), number, "class of " + formula::print(a.tree("x")));
    columns.store();
  }
  report::Table table;
  table.title = "Classes of " + formula::print(a.tree("x")) + ": " + method;
  table.notes = {"Classes hold (from, to], the first its lower end too; goodness of variance fit " +
                 core::fixed(b.fit, 4)};
  std::vector<std::string> names;
  std::vector<Statistics> out;
  for (std::size_t c = 0; c + 1 < b.at.size(); ++c) {
    names.push_back(std::to_string(c + 1));
    out.push_back({{"from", "From", b.at[c]}, {"to", "To", b.at[c + 1]}, {"n", "N", static_cast<double>(b.counts[c])}});
  }
  push_by_rows(L, a, std::move(table), "class", names, out, {{"fit", b.fit}});
  return 1;
}

}  // namespace

void add_spatial_commands(Registry& registry) {
  const core::ArgSpec x{.name = "x", .kind = Kind::expression, .doc = "one value a unit (and period)"};
  const core::ArgSpec W{.name = "W", .kind = Kind::spatial, .doc = "the weights"};
  const OptionSpec variance{.name = "variance",
                            .kind = Kind::text,
                            .doc = "values shuffled over the map, or drawn from a normal",
                            .default_text = "randomisation",
                            .one_of = {"randomisation", "normality"}};
  const OptionSpec islands{.name = "islands",
                           .kind = Kind::text,
                           .doc = "units without neighbours: not counted in n (as spdep), counted, or left out",
                           .default_text = "adjust",
                           .one_of = {"adjust", "keep", "drop"}};
  const auto record = [&](const std::string& name, const std::string& summary, std::vector<OptionSpec> options,
                          const std::string& source, const std::string& example) {
    core::Record r{.name = name, .topic = "spatial", .summary = summary, .args = {x, W}};
    r.options = std::move(options);
    r.options.push_back(alternative_option());
    r.options.push_back(islands);
    for (OptionSpec& o : permutation_options("0")) r.options.push_back(std::move(o));
    r.options.push_back(file_option());
    r.source = source;
    r.example = example;
    return r;
  };
  core::Record m = record("moran", "Moran's I, of every period of a panel", {variance},
                          "Moran (1950); Cliff & Ord (1981), ch. 2", "moran(lnexports, W, permutations=999, seed=1)");
  m.args.push_back(
      {.name = "y", .kind = Kind::expression, .doc = "bivariate: the variable whose lag is taken", .optional = true});
  registry.add({m, moran});
  core::Record e{.name = "residual_moran",
                 .topic = "spatial",
                 .summary = "Moran's I of the residuals of a regression; moran(m, W) is the same",
                 .args = {{.name = "result", .kind = Kind::result, .doc = "of ols or feols, a cross-section"}, W}};
  e.options = {alternative_option(), file_option()};
  e.source = "Cliff & Ord (1981), ch. 8";
  e.example = "residual_moran(ols(y ~ x), W)";
  registry.add({e, residual_moran});
  registry.add({record("geary", "Geary's C, of every period of a panel", {variance},
                       "Geary (1954); Cliff & Ord (1981), ch. 2", "geary(lnexports, W)"),
                geary});
  registry.add({record("getis_ord", "Getis and Ord's G of high and low values, of every period", {},
                       "Getis & Ord (1992), Geographical Analysis 24", "getis_ord(exports, W:binary())"),
                getis_ord});
  core::Record j{
      .name = "join_counts",
      .topic = "spatial",
      .summary = "How often units of the same and of different kinds are neighbours, in every period of a panel",
      .args = {
          {.name = "x", .kind = Kind::expression, .doc = "the kind of each unit: a column or a condition as a string"},
          W}};
  j.options = {alternative_option(), islands, file_option()};
  j.source = "Cliff & Ord (1981), ch. 2";
  j.example = "join_counts(region, W:binary())";
  registry.add({j, join_counts});
  core::Record c =
      record("correlogram", "Moran's I of neighbours of each order, in every period of a panel",
             {{.name = "orders",
               .kind = Kind::integer,
               .doc = "largest number of links",
               .default_text = "5",
               .min = 1,
               .max = 1000},
              {.name = "plot", .kind = Kind::text, .doc = "where to save the figure", .default_text = "not saved"},
              variance},
             "Cliff & Ord (1981), ch. 5", "correlogram(lnexports, W, orders=4)");
  registry.add({c, correlogram});
  core::Record s{.name = "moran_scatter",
                 .topic = "spatial",
                 .summary = "Moran scatterplot: the spatial lag against the variable",
                 .args = {x, W}};
  s.options = {{.name = "file", .kind = Kind::text, .doc = "where to save it", .default_text = "not saved"}};
  s.source = "Anselin (1996)";
  s.example = "moran_scatter(lnexports, W, where=\"year == 2020\")";
  registry.add({s, scatter});
  core::Record b{.name = "breaks",
                 .topic = "spatial",
                 .summary = "Classes of a variable: natural breaks, quantiles and others",
                 .args = {{.name = "x", .kind = Kind::expression, .doc = "a variable"}}};
  b.options = {{.name = "method",
                .kind = Kind::text,
                .doc = "how",
                .default_text = "jenks",
                .one_of = {"jenks", "fisher", "quantile", "equal", "headtail", "sd"}},
               {.name = "k",
                .kind = Kind::integer,
                .doc = "classes (headtail and sd find their number)",
                .default_text = "4",
                .min = 2,
                .max = 1000},
               name_option("also make a column with the number of the class", "no column"),
               replace_option(),
               file_option()};
  b.source = "Fisher (1958); Jenks (1977); Jiang (2013)";
  b.example = "breaks(exports, method=\"jenks\", k=4)";
  registry.add({b, breaks});
}

}  // namespace bindings
