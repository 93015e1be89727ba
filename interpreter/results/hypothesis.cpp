// Tests and combinations in words over a fit's coefficients.
#include "core/error.hpp"
#include "core/text.hpp"
#include "results/combination.hpp"
#include "results/fit.hpp"

#include <cmath>

namespace results {

inference::Test test(const Fit& fit, const std::vector<std::string>& hypotheses) {
  if (hypotheses.empty())
    throw core::Error("no hypothesis to test").hint("for example m:test(\"x = z\") or m:test(\"x\", \"z\")");
  std::vector<Combination> rows;
  for (const std::string& text : hypotheses)
    for (Combination& row : parse_hypothesis(text, fit.names, fit.collinear)) rows.push_back(std::move(row));
  const auto count = static_cast<Index>(rows.size());
  Matrix R(count, fit.coef.size());
  Vector q(count);
  for (Index i = 0; i < count; ++i) {
    R.row(i) = rows[static_cast<std::size_t>(i)].weights.transpose();
    q[i] = -rows[static_cast<std::size_t>(i)].constant;
  }
  const double df = count == 1 ? degrees_of_freedom(fit, R.row(0).transpose()) : fit.vcov.df_t;
  inference::Test out = inference::wald(R, q, fit.coef, fit.vcov.matrix, df);
  std::vector<std::string> words;
  for (const std::string& text : hypotheses)
    words.push_back(text.find('=') == std::string::npos ? text + " = 0" : text);
  out.name = core::join(words, ", ");
  return out;
}

inference::Estimate lincom(const Fit& fit, const std::string& combination, std::optional<double> level) {
  const Combination c = parse_combination(combination, fit.names, fit.collinear);
  if (c.weights.isZero(0))
    throw core::Error("the combination holds no coefficient").at({combination, 0, combination.size()});
  const double variance = c.weights.dot(fit.vcov.matrix * c.weights);
  return inference::estimate(c.weights.dot(fit.coef) + c.constant, std::sqrt(variance),
                             degrees_of_freedom(fit, c.weights), level.value_or(fit.level));
}

}  // namespace results
