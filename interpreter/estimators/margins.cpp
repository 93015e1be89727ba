#include "estimators/margins.hpp"

#include "core/error.hpp"
#include "core/near.hpp"
#include "core/text.hpp"
#include "estimators/glm/binary.hpp"
#include "estimators/predict.hpp"
#include "estimators/sample.hpp"
#include "formula/evaluate.hpp"
#include "measures/describe.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <numeric>
#include <optional>
#include <utility>

namespace estimators {
namespace {

using data::Column;
using data::ColumnPtr;
using data::Type;
using formula::Op;
using formula::Tree;
using numerics::Index;
using numerics::Vector;
using EvaluatedRows = std::vector<std::uint32_t>;

bool is_text(const Column& column) {
  return column.type() == Type::text || (column.type() == Type::category && column.level_values().empty());
}

// ---- which variables there are

struct Variables {
  std::vector<MarginVariable> list;
  std::map<std::string, Tree> reference;  ///< of factors: the first one given
  bool lags = false;

  void add(const std::string& name, bool factor) {
    for (MarginVariable& known : list)
      if (known.name == name) {
        known.factor = known.factor || factor;
        return;
      }
    list.push_back({name, factor});
  }
};

void collect(const Tree& tree, const data::Frame& frame, bool factor, Variables& out) {
  if (tree->op == Op::name) {
    const ColumnPtr column = frame.find(tree->text);
    if (column) out.add(tree->text, factor || is_text(*column));
    return;
  }
  if (tree->op == Op::prefix && formula::is_lag_word(tree->text)) {
    out.lags = true;
    return;
  }
  const bool coded = tree->op == Op::prefix && tree->text == "i";
  const bool call = tree->op == Op::call && tree->text == "i";
  for (std::size_t child = 0; child < tree->children.size(); ++child)
    collect(tree->children[child], frame, coded || (call && child == 0), out);
  if (!call || tree->children.empty() || tree->children[0]->op != Op::name) return;
  for (const auto& [key, given] : tree->keywords)
    if (key == "ref")
      out.reference.emplace(tree->children[0]->text, given->op == Op::list ? given->children.at(0) : given);
}

Variables variables_of(const Context& context) {
  Variables out;
  for (const Tree& tree : context.parts.endogenous) collect(tree, context.frame, false, out);
  for (const formula::Term& term : context.parts.exogenous)
    for (const Tree& factor : term.factors) collect(factor, context.frame, false, out);
  return out;
}

// ---- rows and their weights

struct Setting {
  data::Frame frame;
  EvaluatedRows rows;           ///< of the frame
  std::vector<double> weights;  ///< of these rows, summing to 1
  bool weighted = false;        ///< do they differ?
};

bool is_level(const Column& column, std::size_t row, const std::string& level) {
  if (column.missing(row)) return false;
  if (column.text(row) == level) return true;
  if (is_text(column)) return false;
  char* end = nullptr;
  const double value = std::strtod(level.c_str(), &end);
  return end && *end == '\0' && !level.empty() && column.number(row) == value;
}

Setting sample(const Context& context, const MarginPoint& point) {
  Setting out{context.frame, {}, {}, context.weights.size() > 0};
  std::vector<bool> inside(context.frame.rows(), point.where == nullptr);
  if (point.where)
    for (const std::uint32_t row : formula::rows_where(point.where, context.frame)) inside[row] = true;
  for (const auto& [name, level] : point.over) {
    const ColumnPtr column = context.frame.at(name);
    for (std::size_t row = 0; row < inside.size(); ++row) inside[row] = inside[row] && is_level(*column, row, level);
  }
  double total = 0;
  for (std::size_t i = 0; i < context.rows.size(); ++i) {
    if (!inside[context.rows[i]]) continue;
    out.rows.push_back(context.rows[i]);
    out.weights.push_back(context.weights.size() > 0 ? context.weights[static_cast<Index>(i)] : 1);
    total += out.weights.back();
  }
  if (out.rows.empty()) throw core::Error("no row of the sample is left to take the margin over");
  for (double& weight : out.weights) weight /= total;
  return out;
}

/// The weighted mean over the setting's rows.
double mean_of(const Setting& setting, const std::vector<double>& values) {
  double sum = 0;
  for (std::size_t i = 0; i < setting.rows.size(); ++i) sum += setting.weights[i] * values[setting.rows[i]];
  return sum;
}

// ---- values put into columns

double number_in(const std::string& text, const std::string& name) {
  char* end = nullptr;
  const double value = std::strtod(text.c_str(), &end);
  if (text.empty() || *end != '\0') throw core::Error("at: '" + name + "' is a number, not '" + text + "'").word(text);
  return value;
}

/// A column of n rows that all hold this value, of the type the column has, so that levels are known again.
ColumnPtr constant(const Column& column, const std::string& name, const std::string& text, std::size_t n) {
  if (column.type() == Type::text || column.type() == Type::category) {
    std::int32_t code = data::missing_code;
    for (std::size_t level = 0; level < column.dictionary()->size(); ++level)
      if ((*column.dictionary())[level] == text) code = static_cast<std::int32_t>(level);
    for (std::size_t level = 0; code < 0 && level < column.level_values().size(); ++level)
      if (core::shortest(column.level_values()[level]) == text) code = static_cast<std::int32_t>(level);
    if (code < 0)
      throw core::Error("'" + text + "' is not a level of '" + name + "'")
          .hint(core::did_you_mean(text, *column.dictionary(), "levels"))
          .word(text);
    std::vector<std::int32_t> codes(n, code);
    if (column.type() == Type::text) return Column::texts(std::move(codes), column.dictionary());
    return Column::categories(std::move(codes), column.dictionary(),
                              {column.level_values().begin(), column.level_values().end()});
  }
  if (column.type() == Type::boolean) {
    const bool yes = text == "true" || text == "1";
    if (yes || text == "false" || text == "0")
      return Column::booleans(std::vector<std::uint8_t>(n, static_cast<std::uint8_t>(yes ? 1 : 0)));
  }
  if (column.type() == Type::date)
    for (std::size_t row = 0; row < column.size(); ++row)
      if (is_level(column, row, text)) return column.take(EvaluatedRows(n, static_cast<std::uint32_t>(row)));
  return Column::reals(std::vector<double>(n, number_in(text, name)));
}

void put(Setting& setting, const MarginPoint& point, const Variables& variables) {
  for (const auto& [name, text] : point.values) {
    const bool known = std::any_of(variables.list.begin(), variables.list.end(),
                                   [&, &wanted = name](const MarginVariable& v) { return v.name == wanted; });
    if (!known) {
      std::vector<std::string> names;
      for (const MarginVariable& variable : variables.list) names.push_back(variable.name);
      throw core::Error("'" + name + "' is no variable of the estimate")
          .hint(core::did_you_mean(name, names, "variables"))
          .word(name);
    }
    setting.frame = setting.frame.with(name, constant(*setting.frame.at(name), name, text, setting.frame.rows()));
  }
}

/// A factor's levels over the sample with their shares.
struct Shares {
  std::string name;
  EvaluatedRows first;  ///< a row of each level
  std::vector<double> share;
};
Shares shares_of(const Setting& setting, const std::string& name) {
  const ColumnPtr column = setting.frame.at(name);
  const data::Grouping groups = data::group(*column, setting.rows);
  Shares out{name, groups.first, std::vector<double>(groups.first.size(), 0)};
  for (std::size_t i = 0; i < setting.rows.size(); ++i)
    if (groups.codes[i] >= 0) out.share[static_cast<std::size_t>(groups.codes[i])] += setting.weights[i];
  return out;
}

/// One row for each combination of levels of the factors, weighted by the product of their shares, numbers at their
/// means: interactions become products of means.
Setting means_of(const Setting& sample, const MarginPoint& point, const Variables& variables) {
  if (variables.lags)
    throw core::Error("atmeans is not supported with lags in the formula").hint("make the lag a column: gen(lx = L.x)");
  Setting out{data::Frame(sample.frame.name()), {}, {}, true};
  std::vector<Shares> factors;
  std::size_t n = 1;
  constexpr std::size_t most_rows = 200'000;
  for (const MarginVariable& variable : variables.list) {
    if (!variable.factor || point.values.contains(variable.name)) continue;
    factors.push_back(shares_of(sample, variable.name));
    n *= factors.back().first.size();
    if (n > most_rows)
      throw core::Error("atmeans: the factors have over 200,000 combinations").hint("fix some of them with at()");
  }
  out.weights.assign(n, 1);
  std::size_t stride = 1;
  for (const Shares& factor : factors) {
    EvaluatedRows rows(n);
    for (std::size_t i = 0; i < n; ++i) {
      const std::size_t level = i / stride % factor.first.size();
      rows[i] = factor.first[level];
      out.weights[i] *= factor.share[level];
    }
    stride *= factor.first.size();
    out.frame = out.frame.with(factor.name, sample.frame.at(factor.name)->take(rows));
  }
  for (const MarginVariable& variable : variables.list) {
    if (out.frame.has(variable.name)) continue;
    const ColumnPtr column = sample.frame.at(variable.name);
    out.frame =
        out.frame.with(variable.name, point.values.contains(variable.name)
                                          ? column->take(EvaluatedRows(n, sample.rows.front()))
                                          : Column::reals(std::vector<double>(n, mean_of(sample, column->numbers()))));
  }
  out.rows.resize(n);
  std::iota(out.rows.begin(), out.rows.end(), 0U);
  return out;
}

/// The value of "(mean)" and the like over the setting's rows.
double statistic(const Setting& setting, const std::string& name, const std::string& word) {
  if (word == "zero") return 0;
  const std::vector<double> all = setting.frame.at(name)->numbers();
  std::vector<std::pair<double, double>> rows;
  for (std::size_t i = 0; i < setting.rows.size(); ++i) rows.emplace_back(all[setting.rows[i]], setting.weights[i]);
  std::sort(rows.begin(), rows.end());
  if (word == "mean") return mean_of(setting, all);
  if (word == "min") return rows.front().first;
  if (word == "max") return rows.back().first;
  double percent = word == "median" ? 50 : -1;
  if (word.size() > 1 && word[0] == 'p' && word.find_first_not_of("0123456789", 1) == std::string::npos)
    percent = std::strtod(word.c_str() + 1, nullptr);
  if (percent <= 0 || percent >= 100)
    throw core::Error("at: no statistic '" + word + "'")
        .hint("statistics: mean, median, p1 … p99, min, max, zero, asobserved")
        .word(word);
  std::vector<double> values, weights;
  for (const auto& [value, weight] : rows) {
    values.push_back(value);
    weights.push_back(weight);
  }
  constexpr double hundred = 100;
  if (setting.weighted) return measures::weighted_quantile(values, weights, percent / hundred, 1);
  return measures::quantile(values, percent / hundred);
}

/// The point with numbers in place of "(mean)" and the like.
MarginPoint with_statistics(const Setting& setting, const MarginPoint& point, const Variables& variables) {
  MarginPoint out = point;
  for (auto& [name, text] : out.values) {
    if (text.size() < 2 || text.front() != '(' || text.back() != ')') continue;
    for (const MarginVariable& variable : variables.list)
      if (variable.name == name && variable.factor)
        throw core::Error("at: '" + name + "' is a factor and has no " + text.substr(1, text.size() - 2))
            .hint("atmeans puts factors at the shares of their levels")
            .word(name);
    text = core::shortest(statistic(setting, name, text.substr(1, text.size() - 2)));
  }
  return out;
}

Setting setting_of(const Context& context, const MarginPoint& given) {
  const Variables variables = variables_of(context);
  Setting out = sample(context, given);
  const MarginPoint point = with_statistics(out, given, variables);
  if (point.at_means) out = means_of(out, point, variables);
  put(out, point, variables);
  return out;
}

// ---- means of the response

/// What is averaged of an index x'b, and its derivative by the index.
struct Response {
  std::optional<Link> link;
  bool logs = false;  ///< ln|F|

  std::pair<double, double> at(double index) const {
    double value = index, slope = 1;
    if (link) {
      value = link_probability(index, *link);
      slope = link_density(index, *link);
    }
    if (!logs) return {value, slope};
    if (value == 0) throw core::Error("an elasticity is not known where the prediction is zero");
    return {std::log(std::abs(value)), slope / value};
  }
};

std::optional<Link> link_of(const results::Fit& fit) {
  const auto found = fit.provenance.find("link");
  if (found == fit.provenance.end()) return {};
  if (found->second == "logit") return Link::logit;
  if (found->second == "probit") return Link::probit;
  throw core::Error("margins after '" + fit.command + "' are not supported: its link is " + found->second);
}

/// Adds weight · response and its gradient, row by row.
struct Sum {
  const results::Fit& fit;
  const Response& response;
  Margin out;
  Vector x;

  Sum(const results::Fit& f, const Response& r)
      : fit(f), response(r), out{0, Vector::Zero(f.coef.size())}, x(f.coef.size()) {}

  /// The response at one row of regressors.
  void add(const RegressorColumns& columns, Index row, double weight) {
    for (Index j = 0; j < x.size(); ++j) {
      const Index column = columns.position[static_cast<std::size_t>(j)];
      x[j] = column < 0 ? 1 : columns.values(row, column);
    }
    const auto [value, slope] = response.at(x.dot(fit.coef));
    out.value += weight * value;
    out.gradient += (weight * slope) * x;
  }
};

Margin mean_response(const results::Fit& fit, const Setting& setting, const Response& response) {
  const RegressorColumns columns = regressor_columns(fit, setting.frame);
  Sum sum(fit, response);
  for (std::size_t i = 0; i < setting.rows.size(); ++i)
    if (setting.weights[i] != 0) sum.add(columns, static_cast<Index>(setting.rows[i]), setting.weights[i]);
  return sum.out;
}

/// mean of (response above - response below) / step, times the column itself for derivatives by its logarithm.
Margin central_difference(const results::Fit& fit, const Setting& setting, const std::string& column, double relative,
                          const Response& response, bool by_log) {
  const std::vector<double> x = setting.frame.at(column)->numbers();
  double scale = 0;
  for (const double value : x)
    if (std::isfinite(value)) scale = std::max(scale, std::abs(value));
  if (scale == 0) scale = 1;
  std::vector<double> up(x.size());
  std::vector<double> down(x.size());
  std::vector<double> step(x.size());
  for (std::size_t i = 0; i < x.size(); ++i) {
    const double h = relative * (x[i] == 0 ? scale : std::abs(x[i]));
    up[i] = x[i] + h;
    down[i] = x[i] - h;
    step[i] = up[i] - down[i];
  }
  const RegressorColumns above = regressor_columns(fit, setting.frame.with(column, Column::reals(std::move(up))));
  const RegressorColumns below = regressor_columns(fit, setting.frame.with(column, Column::reals(std::move(down))));
  Sum sum(fit, response);
  for (std::size_t i = 0; i < setting.rows.size(); ++i) {
    const std::uint32_t row = setting.rows[i];
    const double weight = setting.weights[i] / step[row] * (by_log ? x[row] : 1);
    if (setting.weights[i] == 0) continue;
    sum.add(above, static_cast<Index>(row), weight);
    sum.add(below, static_cast<Index>(row), -weight);
  }
  return sum.out;
}

Margin slope_margin(const results::Fit& fit, const MarginPoint& point, const MarginAsk& ask, const Response& response) {
  const Setting setting = setting_of(context_of(fit, "margins"), point);
  const bool by_log = ask.scale == MarginScale::eyex || ask.scale == MarginScale::dyex;
  constexpr double step = 1e-4;
  const Margin wide = central_difference(fit, setting, ask.slope, step, response, by_log);
  const Margin narrow = central_difference(fit, setting, ask.slope, step / 2, response, by_log);
  return {(4 * narrow.value - wide.value) / 3, (4 * narrow.gradient - wide.gradient) / 3};
}

Margin level_margin(const results::Fit& fit, MarginPoint point, const MarginAsk& ask, const Response& response) {
  const Context& context = context_of(fit, "margins");
  point.values[ask.factor] = ask.to;
  const Margin above = mean_response(fit, setting_of(context, point), response);
  point.values[ask.factor] = ask.base;
  const Margin below = mean_response(fit, setting_of(context, point), response);
  return {above.value - below.value, above.gradient - below.gradient};
}

/// Absorbed effects are no coefficients: what depends on the level of the prediction needs a constant that holds their
/// mean, and with a link nothing is known without them.
void require_levels(const results::Fit& fit, const MarginAsk& ask, const Response& response) {
  if (fit.fe.empty()) return;
  if (response.link)
    throw core::Error("margins: the probabilities are not known without the absorbed effects")
        .hint("make them dummies of the formula (i.g), or take the index: predict(xb)");
  const bool prediction = ask.slope.empty() && ask.factor.empty();
  if ((prediction || response.logs) && fit.constant < 0)
    throw core::Error("margins: levels are not known without the absorbed effects")
        .hint("margins, dydx(x) gives effects; reghdfe reports a constant that margins can use");
}

}  // namespace

std::vector<MarginVariable> margin_variables(const results::Fit& fit) {
  return variables_of(context_of(fit, "margins")).list;
}

FactorLevels factor_levels(const results::Fit& fit, const std::string& column) {
  const Context& context = context_of(fit, "margins");
  const ColumnPtr values = context.frame.at(column);
  const data::Grouping groups = data::sorted(data::group(*values, context.rows), *values);
  const Variables variables = variables_of(context);
  const auto reference = variables.reference.find(column);
  FactorLevels out;
  for (const std::uint32_t row : groups.first) {
    if (reference != variables.reference.end()) {
      const Tree& given = reference->second;
      if (is_level(*values, row, given->op == Op::number ? core::shortest(given->number) : given->text))
        out.base = out.names.size();
    }
    out.names.push_back(values->text(row));
  }
  return out;
}

bool predicts_probability(const results::Fit& fit) { return link_of(fit).has_value(); }

Margin margin(const results::Fit& fit, const MarginPoint& point, const MarginAsk& ask) {
  Response response;
  if (!ask.index) response.link = link_of(fit);
  response.logs = ask.scale == MarginScale::eyex || ask.scale == MarginScale::eydx;
  require_levels(fit, ask, response);
  if (!ask.slope.empty()) return slope_margin(fit, point, ask, response);
  if (!ask.factor.empty()) return level_margin(fit, point, ask, response);
  return mean_response(fit, setting_of(context_of(fit, "margins"), point), response);
}

inference::Estimate margin_estimate(const results::Fit& fit, const Margin& margin, double level) {
  const double variance = margin.gradient.dot(fit.vcov.matrix * margin.gradient);
  return inference::estimate(margin.value, std::sqrt(std::max(variance, 0.0)),
                             results::degrees_of_freedom(fit, margin.gradient), level);
}

results::Fit posted_margins(const results::Fit& fit, const std::vector<std::string>& names,
                            const std::vector<Margin>& margins, const std::string& title) {
  const auto k = static_cast<Index>(margins.size());
  numerics::Matrix gradients(k, fit.coef.size());
  results::Fit out;
  out.command = "margins";
  out.title = title;
  out.depvar = fit.depvar;
  out.formula = fit.formula;
  out.names = names;
  out.coef.resize(k);
  for (Index i = 0; i < k; ++i) {
    out.coef[i] = margins[static_cast<std::size_t>(i)].value;
    gradients.row(i) = margins[static_cast<std::size_t>(i)].gradient.transpose();
  }
  out.nobs = fit.nobs;
  out.level = fit.level;
  out.rank = k;
  out.vcov = fit.vcov;
  out.vcov.matrix = gradients * fit.vcov.matrix * gradients.transpose();
  out.vcov.df.resize(0);
  if (fit.vcov.df.size() > 0) {
    out.vcov.df.resize(k);
    for (Index i = 0; i < k; ++i)
      out.vcov.df[i] = results::degrees_of_freedom(fit, margins[static_cast<std::size_t>(i)].gradient);
  }
  out.ssc = fit.ssc;
  out.notes = {"standard errors by the delta method, from those of " + fit.command};
  out.frame_name = fit.frame_name;
  out.frame_rows = fit.frame_rows;
  out.rows = fit.rows;
  return out;
}

inference::Test margins_test(const results::Fit& fit, const std::vector<Margin>& margins) {
  const results::Fit posted = posted_margins(fit, {}, margins, "");
  const auto k = static_cast<Index>(margins.size());
  return inference::wald(numerics::Matrix::Identity(k, k), Vector::Zero(k), posted.coef, posted.vcov.matrix,
                         fit.vcov.df_t);
}

}  // namespace estimators
