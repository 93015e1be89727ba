// summarize and correlate.
#include "bindings/open.hpp"
#include "bindings/reported.hpp"
#include "bindings/table_options.hpp"
#include "core/text.hpp"
#include "data/display_format.hpp"
#include "formula/evaluate.hpp"
#include "formula/groups.hpp"
#include "measures/correlate.hpp"
#include "measures/describe.hpp"

#include <algorithm>
#include <cmath>

namespace bindings {
namespace {

using core::Kind;
using Fields = std::vector<std::pair<std::string, double>>;

std::string percentile_name(double percent) { return "p" + core::shortest(percent); }

Fields fields_of(const measures::Description& d, const measures::DescribeOptions& options) {
  Fields fields = {{"N", d.n}, {"mean", d.mean}, {"sd", d.sd}, {"min", d.min}, {"max", d.max}, {"sum", d.sum}};
  if (!options.detail) return fields;
  fields.emplace_back("variance", d.variance);
  fields.emplace_back("skewness", d.skewness);
  fields.emplace_back("kurtosis", d.kurtosis);
  for (std::size_t i = 0; i < options.percents.size(); ++i)
    fields.emplace_back(percentile_name(options.percents[i]), d.percentiles[i]);
  return fields;
}

report::Row description_row(const std::string& name, const measures::Description& d,
                            const measures::DescribeOptions& options, const std::string& format) {
  const auto shown = [&](double value, int digits) {
    return data::formatted_number(format, value).value_or(statistic_text(value, digits));
  };
  constexpr int usual_digits = 6;
  std::vector<std::string> cells = {name, core::grouped(static_cast<long long>(d.n))};
  for (const double value : {d.mean, d.sd, d.min, d.max}) cells.push_back(shown(value, usual_digits));
  if (options.detail) {
    cells.push_back(statistic_text(d.skewness, 4));
    cells.push_back(statistic_text(d.kurtosis, 4));
    for (const double value : d.percentiles) cells.push_back(shown(value, 5));
  }
  return text_row(cells);
}

measures::DescribeOptions describe_options(const Arguments& a, const formula::Weights& weights) {
  measures::DescribeOptions options;
  options.detail = a.boolean("detail");
  const std::string rule = a.text("percentiles", "stata");
  options.quantile_type = rule == "r6"   ? measures::QuantileType::type6
                          : rule == "r7" ? measures::QuantileType::type7
                                         : measures::QuantileType::type2;
  if (weights.kind == formula::WeightKind::probability)
    throw core::Error("summarize takes aw() or fw(), not pw()").word("pw");
  options.weighting = weights.kind == formula::WeightKind::frequency  ? measures::Weighting::frequency
                      : weights.kind == formula::WeightKind::analytic ? measures::Weighting::analytic
                                                                      : measures::Weighting::none;
  return options;
}

/// What summarize describes: columns or expressions of them; every numeric column when none is named.
std::vector<formula::Tree> variables(const Arguments& a, const data::Frame& frame) {
  std::vector<formula::Tree> trees = a.trees("columns");
  if (!trees.empty()) return trees;
  for (const std::string& name : frame.names())
    if (frame.at(name)->is_numeric() && frame.at(name)->type() != data::Type::date)
      trees.push_back(formula::name(name));
  if (trees.empty()) throw core::Error("there are no numeric columns");
  return trees;
}

std::vector<std::string> numeric_columns(const Arguments& a, const data::Frame& frame) {
  std::vector<std::string> names = a.column_names("columns");
  if (!names.empty()) return names;
  for (const std::string& name : frame.names())
    if (frame.at(name)->is_numeric() && frame.at(name)->type() != data::Type::date) names.push_back(name);
  if (names.empty()) throw core::Error("there are no numeric columns");
  return names;
}

/// The column's format where it writes numbers: a standard deviation is no date.
std::string number_format(const data::Column& column) {
  const auto format = data::parse_display_format(column.format());
  return format && format->kind != data::DisplayFormat::Kind::date ? column.format() : std::string();
}

int summarize(lua_State* L, Arguments& a) {
  const data::Frame frame = a.frame();
  const formula::Weights weights = a.weights();
  const measures::DescribeOptions options = describe_options(a, weights);
  const std::vector<double> w =
      weights.expression ? formula::evaluate_numbers(weights.expression, frame) : std::vector<double>{};
  const std::vector<formula::Tree> trees = variables(a, frame);
  std::vector<std::string> names;
  report::Table table;
  std::vector<std::string> heads = {"Variable", "N", "Mean", "Std. dev.", "Min", "Max"};
  if (options.detail) {
    heads.insert(heads.end(), {"Skewness", "Kurtosis"});
    for (const double percent : options.percents) heads.push_back(percentile_name(percent));
  }
  table.header.push_back(header_row(heads));
  std::optional<data::Grouping> groups;
  std::vector<std::string> levels;
  if (a.has("by")) {
    std::vector<data::ColumnPtr> by;
    for (const std::string& name : a.column_names("by")) by.push_back(frame.at(name));
    groups = formula::sorted_groups(by, nullptr);
    for (const std::uint32_t row : groups->first) {
      std::string level;
      for (const data::ColumnPtr& column : by) level += (level.empty() ? "" : ", ") + core::cell(column->text(row));
      levels.push_back(level);
    }
  }
  lua_newtable(L);
  for (const formula::Tree& tree : trees) {
    const bool is_column = tree->op == formula::Op::name;
    const std::string name = is_column ? tree->text : formula::print(tree);
    const std::string shown = is_column ? shown_name(frame, name) : name;
    const std::vector<double> x = is_column ? numbers_of(frame, name) : formula::evaluate_numbers(tree, frame);
    const std::string format = a.boolean("format") && is_column ? number_format(*frame.at(name)) : "";
    names.push_back(name);
    if (!groups) {
      const measures::Description d = measures::describe(x, w, options);
      table.body.push_back(description_row(shown, d, options, format));
      push_fields(L, fields_of(d, options), "statistic");
    } else {
      const std::vector<measures::Description> by_level = measures::describe_by(x, *groups, w, options);
      lua_newtable(L);
      for (std::size_t g = 0; g < by_level.size(); ++g) {
        report::Row row = description_row((g ? "  " : shown + ": ") + levels[g], by_level[g], options, format);
        row.rule_above = g == 0 && !table.body.empty();
        table.body.push_back(std::move(row));
        push_fields(L, fields_of(by_level[g], options), "statistic");
        lua_setfield(L, -2, levels[g].c_str());
      }
      seal_named(L, levels, "group");
    }
    lua_setfield(L, -2, name.c_str());
  }
  if (options.detail)
    table.notes.push_back(std::string("Percentiles: ") +
                          (a.text("percentiles", "stata") == "stata" ? "type 2 of Hyndman & Fan (Stata's)"
                           : a.text("percentiles") == "r6"           ? "type 6 of Hyndman & Fan"
                                                                     : "type 7 of Hyndman & Fan (R's)"));
  if (a.has("title")) table.title = a.text("title");
  save_if_asked(a, table);
  seal_reported(L, std::move(table), names, "variable");
  return 1;
}

/// p of one of `pairs` tests that are looked at together.
double adjusted(double p, double pairs, const std::string& rule) {
  if (rule == "bonferroni") return std::min(1.0, p * pairs);
  if (rule == "sidak") return -std::expm1(pairs * std::log1p(-p));
  return p;
}

std::vector<double> correlation_weights(const Arguments& a, const data::Frame& frame,
                                        measures::CorrelationMethod method) {
  const formula::Weights weights = a.weights();
  if (!weights.expression) return {};
  if (weights.kind != formula::WeightKind::analytic) throw core::Error("correlate takes aw()").word("weights");
  if (method == measures::CorrelationMethod::spearman)
    throw core::Error("rank correlations take no weights").word("weights");
  return formula::evaluate_numbers(weights.expression, frame);
}

int correlate(lua_State* L, Arguments& a) {
  const data::Frame frame = a.frame();
  const std::vector<std::string> names = numeric_columns(a, frame);
  std::vector<std::vector<double>> columns;
  for (const std::string& name : names) columns.push_back(numbers_of(frame, name));
  const auto method = a.text("method", "pearson") == "spearman" ? measures::CorrelationMethod::spearman
                                                                : measures::CorrelationMethod::pearson;
  const measures::Correlations c =
      measures::correlate(columns, method, a.boolean("pairwise"), correlation_weights(a, frame, method));
  const bool with_p = a.boolean("p"), with_n = a.boolean("obs");
  const double star = a.has("star") ? a.number("star") : 0;
  const std::string rule = a.text("adjust", "none");
  const double pairs = static_cast<double>(names.size() * (names.size() - 1)) / 2;
  report::Table table;
  std::vector<std::string> heads = {""};
  heads.insert(heads.end(), names.begin(), names.end());
  table.header.push_back(header_row(heads));
  lua_newtable(L);
  for (std::size_t i = 0; i < names.size(); ++i) {
    const auto row = static_cast<Eigen::Index>(i);
    std::vector<std::string> cells = {names[i]}, ps = {""}, ns = {""};
    Fields fields, p_fields;
    for (std::size_t j = 0; j < names.size(); ++j) {
      const auto column = static_cast<Eigen::Index>(j);
      fields.emplace_back(names[j], c.r(row, column));
      const double p = adjusted(c.p(row, column), pairs, rule);
      p_fields.emplace_back(names[j], p);
      cells.push_back(j <= i ? core::fixed(c.r(row, column), 4) + (j < i && star > 0 && p <= star ? "*" : "") : "");
      ps.push_back(j < i ? "(" + p_value_text(p) + ")" : "");
      ns.push_back(j <= i ? core::grouped(static_cast<long long>(c.n(row, column))) : "");
    }
    table.body.push_back(text_row(cells));
    if (with_p && i > 0) table.body.push_back(text_row(ps));
    if (with_n) table.body.push_back(text_row(ns));
    push_fields(L, fields, "variable");
    lua_setfield(L, -2, names[i].c_str());
    push_fields(L, p_fields, "variable");
    lua_setfield(L, -2, ("p_" + names[i]).c_str());
  }
  const double n = names.empty() ? 0 : c.n.maxCoeff();
  table.notes.push_back(
      std::string(method == measures::CorrelationMethod::spearman ? "Spearman" : "Pearson") + " correlations, " +
      (a.boolean("pairwise") ? "pairwise complete rows (at most " : "complete rows (") + core::shortest(n) + ")" +
      (with_p ? "; two-sided p-values in parentheses" : "") + (with_n ? "; rows below" : "") +
      (star > 0 ? "; * p <= " + core::shortest(star) : "") + (rule == "none" ? "" : "; p-values adjusted by " + rule));
  save_if_asked(a, table);
  seal_reported(L, std::move(table), names, "variable");
  return 1;
}

}  // namespace

void add_statistics_commands(Registry& registry) {
  const core::ArgSpec columns{.name = "columns",
                              .kind = Kind::columns,
                              .doc = "numeric columns; all when none is named",
                              .optional = true,
                              .repeated = true};
  core::ArgSpec described = columns;
  described.doc = "numeric columns or expressions of them; all numeric columns when none is named";
  const std::vector<core::OptionSpec> files = file_options();
  registry.add(of_expressions(
      {{.name = "summarize",
        .topic = "statistics",
        .summary = "N, mean, standard deviation, extremes; percentiles and shape on request",
        .args = {described},
        .options = {{.name = "by", .kind = Kind::columns, .doc = "groups", .default_text = {}},
                    {.name = "detail",
                     .kind = Kind::boolean,
                     .doc = "also skewness, kurtosis and percentiles",
                     .default_text = "false"},
                    {.name = "format",
                     .kind = Kind::boolean,
                     .doc = "numbers by the display formats of the columns",
                     .default_text = "false"},
                    {.name = "percentiles",
                     .kind = Kind::text,
                     .doc = "the rule: type 2, 6 or 7 of Hyndman & Fan (1996)",
                     .default_text = "stata",
                     .one_of = {"stata", "r6", "r7"}},
                    {.name = "weights", .kind = Kind::weights, .doc = "aw(x) or fw(x)", .default_text = {}},
                    {.name = "title", .kind = Kind::text, .doc = "above the table", .default_text = {}},
                    files[0],
                    files[1],
                    files[2]},
        .source = "Hyndman & Fan (1996), The American Statistician 50(4)",
        .example = "summarize(ser, rat, by=province, detail=true)"},
       summarize}));
  registry.add(
      {{.name = "correlate",
        .topic = "statistics",
        .summary = "Correlations of several columns",
        .args = {columns},
        .options = {{.name = "method",
                     .kind = Kind::text,
                     .doc = "Pearson's r, or Spearman's rank correlation",
                     .default_text = "pearson",
                     .one_of = {"pearson", "spearman"}},
                    {.name = "pairwise",
                     .kind = Kind::boolean,
                     .doc = "each on the rows where its two columns are known",
                     .default_text = "false"},
                    {.name = "p", .kind = Kind::boolean, .doc = "print p-values", .default_text = "false"},
                    {.name = "obs", .kind = Kind::boolean, .doc = "print the rows of each", .default_text = "false"},
                    {.name = "star",
                     .kind = Kind::number,
                     .doc = "mark correlations with p at most this",
                     .default_text = "none",
                     .min = 0,
                     .max = 1},
                    {.name = "adjust",
                     .kind = Kind::text,
                     .doc = "p-values of as many tests as there are pairs",
                     .default_text = "none",
                     .one_of = {"none", "bonferroni", "sidak"}},
                    {.name = "weights", .kind = Kind::weights, .doc = "aw(x)", .default_text = {}},
                    files[0],
                    files[1],
                    files[2]},
        .example = "correlate(ser, lngdp, retail, p=true)"},
       correlate});
  add_two_sample_commands(registry);
  add_tabulate_command(registry);
  add_interpolate_command(registry);
}

}  // namespace bindings
