#include "estimators/margins.hpp"

#include "core/error.hpp"
#include "core/near.hpp"
#include "core/text.hpp"
#include "estimators/predict.hpp"
#include "estimators/sample.hpp"
#include "formula/evaluate.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <numeric>

namespace estimators {
namespace {

using data::Column;
using data::ColumnPtr;
using data::Type;
using formula::Op;
using formula::Tree;
using numerics::Index;
using numerics::Vector;
using Rows = std::vector<std::uint32_t>;

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
  Rows rows;                    ///< of the frame
  std::vector<double> weights;  ///< of these rows, summing to 1
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
  Setting out{context.frame, {}, {}};
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
      if (is_level(column, row, text)) return column.take(Rows(n, static_cast<std::uint32_t>(row)));
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
  Rows first;  ///< a row of each level
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
  Setting out{data::Frame(sample.frame.name()), {}, {}};
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
    Rows rows(n);
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
                                          ? column->take(Rows(n, sample.rows.front()))
                                          : Column::reals(std::vector<double>(n, mean_of(sample, column->numbers()))));
  }
  out.rows.resize(n);
  std::iota(out.rows.begin(), out.rows.end(), 0U);
  return out;
}

Setting setting_of(const Context& context, const MarginPoint& point) {
  const Variables variables = variables_of(context);
  Setting out = sample(context, point);
  if (point.at_means) out = means_of(out, point, variables);
  put(out, point, variables);
  return out;
}

// ---- means of the design

/// mean of (a - b) / step over the rows; b and step may be null.
Vector mean_difference(const results::Fit& fit, const Setting& setting, const data::Frame& at, const data::Frame* below,
                       const std::vector<double>* step) {
  const RegressorColumns x = regressor_columns(fit, at);
  RegressorColumns y;
  if (below) y = regressor_columns(fit, *below);
  Vector out = Vector::Zero(static_cast<Index>(x.position.size()));
  for (std::size_t j = 0; j < x.position.size(); ++j) {
    const Index column = x.position[j];
    if (column < 0) {
      out[static_cast<Index>(j)] = below ? 0 : 1;
      continue;
    }
    double sum = 0;
    for (std::size_t i = 0; i < setting.rows.size(); ++i) {
      if (setting.weights[i] == 0) continue;
      const auto row = static_cast<Index>(setting.rows[i]);
      double value = x.values(row, column);
      if (below) value = (value - y.values(row, column)) / (*step)[setting.rows[i]];
      sum += setting.weights[i] * value;
    }
    out[static_cast<Index>(j)] = sum;
  }
  return out;
}

Vector central_difference(const results::Fit& fit, const Setting& setting, const std::string& column, double relative) {
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
  const data::Frame above = setting.frame.with(column, Column::reals(std::move(up)));
  const data::Frame below = setting.frame.with(column, Column::reals(std::move(down)));
  return mean_difference(fit, setting, above, &below, &step);
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

Vector margin_weights(const results::Fit& fit, const MarginPoint& point) {
  if (!fit.fe.empty() && fit.constant < 0)
    throw core::Error("margins: levels are not known without the absorbed effects")
        .hint("margins, dydx(x) gives effects; reghdfe reports a constant that margins can use");
  const Setting setting = setting_of(context_of(fit, "margins"), point);
  return mean_difference(fit, setting, setting.frame, nullptr, nullptr);
}

Vector effect_weights(const results::Fit& fit, const std::string& factor, const std::string& base,
                      const MarginPoint& point) {
  const Setting setting = setting_of(context_of(fit, "margins"), point);
  MarginPoint below = point;
  below.values[factor] = base;
  const Setting other = setting_of(context_of(fit, "margins"), below);
  return mean_difference(fit, setting, setting.frame, nullptr, nullptr) -
         mean_difference(fit, other, other.frame, nullptr, nullptr);
}

Vector slope_weights(const results::Fit& fit, const std::string& column, const MarginPoint& point) {
  const Setting setting = setting_of(context_of(fit, "margins"), point);
  constexpr double step = 1e-4;
  const Vector wide = central_difference(fit, setting, column, step);
  const Vector narrow = central_difference(fit, setting, column, step / 2);
  return (4 * narrow - wide) / 3;
}

inference::Estimate margin_estimate(const results::Fit& fit, const Vector& weights, double level) {
  return inference::estimate(weights.dot(fit.coef), std::sqrt(weights.dot(fit.vcov.matrix * weights)), fit.vcov.df_t,
                             level);
}

}  // namespace estimators
