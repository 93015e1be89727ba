#include "estimators/predict.hpp"

#include "core/error.hpp"
#include "core/near.hpp"
#include "estimators/glm/binary.hpp"
#include "estimators/sample.hpp"
#include "formula/evaluate.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <unordered_map>

namespace estimators {
namespace {

using numerics::Index;
using numerics::Matrix;
using numerics::Vector;

constexpr double missing = std::numeric_limits<double>::quiet_NaN();

/// Every regressor as an exogenous one: what predicts y are the endogenous columns themselves.
formula::Parts regressors_only(const formula::Parts& parts) {
  formula::Parts out = parts;
  std::vector<formula::Term> terms;
  for (const formula::Tree& tree : parts.endogenous)
    terms.push_back({.factors = {tree}, .label = formula::print(tree)});
  terms.insert(terms.end(), parts.exogenous.begin(), parts.exogenous.end());
  out.exogenous = std::move(terms);
  out.endogenous.clear();
  out.instruments.clear();
  return out;
}

std::vector<double> linear_prediction(const results::Fit& fit, const data::Frame& frame) {
  const RegressorColumns x = regressor_columns(fit, frame);
  Vector xb = Vector::Zero(static_cast<Index>(frame.rows()));
  for (std::size_t j = 0; j < x.position.size(); ++j) {
    const double b = fit.coef[static_cast<Index>(j)];
    if (x.position[j] < 0) {
      xb.array() += b;
    } else {
      xb += b * x.values.col(x.position[j]);
    }
  }
  return {xb.data(), xb.data() + xb.size()};
}

/// Σ of the fixed effects over the sample: what fitted values have beyond x'b.
Vector absorbed_part(const results::Fit& fit, const std::vector<double>& xb) {
  Vector sum = fit.fitted;
  for (std::size_t i = 0; i < fit.rows.size(); ++i) sum[static_cast<Index>(i)] -= xb[fit.rows[i]];
  return sum;
}

const formula::Tree& base_of(const formula::Tree& effect) {
  const bool slopes = effect->op == formula::Op::slopes || effect->op == formula::Op::slopes_only;
  return slopes ? effect->children.front() : effect;
}

/// The identity of each row's level, the same in every frame: the texts of the columns that make it up.
std::vector<std::string> level_keys(const formula::Tree& effect, const data::Frame& frame) {
  std::vector<std::string> keys(frame.rows());
  for (const std::string& name : formula::names_in(base_of(effect))) {
    const data::ColumnPtr column = frame.at(name);
    for (std::size_t i = 0; i < keys.size(); ++i) {
      keys[i] += column->text(i);
      keys[i] += '\x1f';
    }
  }
  return keys;
}

/// Codes of an absorbed dimension over all rows of a frame; −1 where the level was not in the sample.
std::vector<std::int32_t> codes_in(const Context& context, std::size_t q, const data::Frame& frame) {
  const formula::Tree& effect = context.parts.fe[q];
  const std::vector<std::string> known = level_keys(effect, context.frame);
  std::unordered_map<std::string, std::int32_t> code_of;
  for (std::size_t i = 0; i < context.rows.size(); ++i) code_of.emplace(known[context.rows[i]], context.fe[q].codes[i]);
  const std::vector<std::string> keys = level_keys(effect, frame);
  std::vector<std::int32_t> codes(keys.size(), data::missing_code);
  for (std::size_t i = 0; i < keys.size(); ++i) {
    const auto at = code_of.find(keys[i]);
    if (at != code_of.end()) codes[i] = at->second;
  }
  return codes;
}

/// Σ of the fixed effects for every row of a frame.
std::vector<double> effects_in(const results::Fit& fit, const Context& context, const data::Frame& frame) {
  std::vector<double> sum(frame.rows(), 0.0);
  const std::vector<EffectValues> effects = fixed_effects(fit);
  for (std::size_t q = 0; q < effects.size(); ++q) {
    const std::vector<std::int32_t> codes = codes_in(context, q, frame);
    std::vector<std::vector<double>> slopes;
    const formula::Tree& tree = context.parts.fe[q];
    if (base_of(tree) != tree) {
      for (std::size_t s = 1; s < tree->children.size(); ++s)
        slopes.push_back(formula::evaluate_numbers(tree->children[s], frame));
    }
    const Index intercepts = context.fe[q].intercept ? 1 : 0;
    for (std::size_t i = 0; i < sum.size(); ++i) {
      if (codes[i] < 0) {
        sum[i] = missing;
        continue;
      }
      if (intercepts > 0) sum[i] += effects[q].values(codes[i], 0);
      for (std::size_t s = 0; s < slopes.size(); ++s) {
        sum[i] += effects[q].values(codes[i], intercepts + static_cast<Index>(s)) * slopes[s][i];
      }
    }
  }
  return sum;
}

}  // namespace

RegressorColumns regressor_columns(const results::Fit& fit, const data::Frame& frame) {
  const Context& context = context_of(fit, "prediction");
  formula::TermColumns columns =
      formula::design_for_prediction(regressors_only(context.parts), context.frame, context.rows, frame);
  RegressorColumns out{std::move(columns.values), {}};
  for (std::size_t j = 0; j < fit.names.size(); ++j) {
    const auto at = std::find(columns.names.begin(), columns.names.end(), fit.names[j]);
    const bool constant = static_cast<Index>(j) == fit.constant;
    if (!constant && at == columns.names.end())
      throw core::Error("'" + fit.command + "' cannot be predicted: a term has no column");
    out.position.push_back(constant ? -1 : at - columns.names.begin());
  }
  return out;
}

std::vector<double> prediction_errors(const results::Fit& fit) {
  if (!fit.fe.empty())
    throw core::Error("stdp is not supported with absorbed effects: their standard errors are not known").word("stdp");
  const Context& context = context_of(fit, "stdp");
  const RegressorColumns x = regressor_columns(fit, context.frame);
  std::vector<double> out(context.frame.rows());
  Vector row(static_cast<Index>(x.position.size()));
  for (std::size_t i = 0; i < out.size(); ++i) {
    for (Index j = 0; j < row.size(); ++j) {
      const Index column = x.position[static_cast<std::size_t>(j)];
      row[j] = column < 0 ? 1 : x.values(static_cast<Index>(i), column);
    }
    out[i] = std::sqrt(row.dot(fit.vcov.matrix * row));
  }
  return out;
}

std::vector<EffectValues> fixed_effects(const results::Fit& fit) {
  const Context& context = context_of(fit, "fixed effects");
  if (context.fe.empty())
    throw core::Error("'" + fit.command + "' absorbed no fixed effects").hint("give some: fe=\"city + year\"");
  const std::vector<double> xb = linear_prediction(fit, context.frame);
  const numerics::Absorber absorber(context.fe, context.weights);
  std::vector<Matrix> values;
  try {
    values = absorber.coefficients(absorbed_part(fit, xb));
  } catch (const core::Error& error) {
    throw core::Error("the fixed effects of '" + fit.command + "' could not be recovered: " + error.message())
        .hint("predict(\"xb\") and residuals need none of them");
  }
  std::vector<EffectValues> effects;
  for (std::size_t q = 0; q < values.size(); ++q) {
    EffectValues effect;
    effect.name = context.fe_info[q].name;
    if (context.fe[q].intercept) effect.columns.emplace_back();
    for (const std::string& slope : context.fe_info[q].slope_names) effect.columns.push_back(slope);
    effect.levels = context.fe_info[q].level_names;
    effect.values = std::move(values[q]);
    effects.push_back(std::move(effect));
  }
  return effects;
}

std::vector<double> predict(const results::Fit& fit, Prediction kind, const data::Frame* frame) {
  const Context& context = context_of(fit, "predict");
  const bool own = frame == nullptr;
  if (fit.fitted.size() != static_cast<Index>(context.rows.size()))
    throw core::Error("predictions need fitted values, which '" + fit.command + "' does not have");
  if (kind == Prediction::residuals && own) {
    std::vector<double> out(fit.frame_rows, missing);
    for (std::size_t i = 0; i < fit.rows.size(); ++i) out[fit.rows[i]] = fit.residuals[static_cast<Index>(i)];
    return out;
  }
  const data::Frame target = own ? context.frame : context.derive ? context.derive(*frame) : *frame;
  std::vector<double> out =
      kind == Prediction::fixed_effects ? std::vector<double>(target.rows(), 0.0) : linear_prediction(fit, target);
  if (kind == Prediction::xb) return out;
  if (!context.fe.empty()) {
    const std::vector<double> sum = effects_in(fit, context, target);
    for (std::size_t i = 0; i < out.size(); ++i) out[i] += sum[i];
  }
  const auto link_name = fit.provenance.find("link");
  if (link_name != fit.provenance.end() && kind != Prediction::fixed_effects) {
    const Link link = link_name->second == "probit" ? Link::probit : Link::logit;
    for (double& value : out) value = std::isnan(value) ? value : link_probability(value, link);
  }
  if (kind == Prediction::residuals) {
    const std::vector<double> y = formula::evaluate_numbers(context.parts.lhs.front(), target);
    for (std::size_t i = 0; i < out.size(); ++i) out[i] = y[i] - out[i];
  }
  return out;
}

Prediction parse_prediction(const std::string& word) {
  if (word == "xb") return Prediction::xb;
  if (word == "fitted" || word == "xbd" || word == "pr") return Prediction::fitted;
  if (word == "fe" || word == "d") return Prediction::fixed_effects;
  if (word == "residuals") return Prediction::residuals;
  throw core::Error("nothing called '" + word + "' to predict")
      .hint(core::did_you_mean(word, {"xb", "fitted", "fe", "residuals"}, "kinds"))
      .word(word);
}

}  // namespace estimators
