#include "estimators/standardise.hpp"

#include "core/error.hpp"
#include "estimators/sample.hpp"
#include "formula/evaluate.hpp"
#include "formula/parse.hpp"
#include "measures/describe.hpp"

#include <cmath>
#include <vector>

namespace estimators {
namespace {

/// The values of a term, interactions as products.
std::vector<double> term_values(const formula::Tree& tree, const data::Frame& frame) {
  if (tree->op != formula::Op::interact) {
    const formula::Tree plain = tree->op == formula::Op::prefix && tree->text == "c" ? tree->children.front() : tree;
    return formula::evaluate_numbers(plain, frame);
  }
  std::vector<double> product(frame.rows(), 1);
  for (const formula::Tree& child : tree->children) {
    const std::vector<double> values = term_values(child, frame);
    for (std::size_t i = 0; i < product.size(); ++i) product[i] *= values[i];
  }
  return product;
}

}  // namespace

std::map<std::string, double> standard_factors(const results::Fit& fit) {
  const Context& context = context_of(fit, "standardised coefficients");
  const data::Frame frame = context.derive ? context.derive(context.frame) : context.frame;
  std::vector<double> weights;
  if (context.weights.size() > 0)
    weights.assign(context.weights.data(), context.weights.data() + context.weights.size());
  const measures::DescribeOptions options{.weighting = weights.empty()     ? measures::Weighting::none
                                                       : context.frequency ? measures::Weighting::frequency
                                                                           : measures::Weighting::analytic};
  const auto deviation = [&](const std::string& expression) {
    const std::vector<double> all = term_values(formula::parse(expression), frame);
    std::vector<double> used;
    used.reserve(context.rows.size());
    for (const std::uint32_t row : context.rows) used.push_back(all[row]);
    return measures::describe(used, weights, options).sd;
  };
  const double sd_y = deviation(fit.depvar);
  if (!(sd_y > 0)) throw core::Error("'" + fit.depvar + "' does not vary: there is nothing to standardise by");
  std::map<std::string, double> factors;
  for (const std::string& name : fit.names) {
    if (name == "_cons" || name.find("::") != std::string::npos) continue;
    try {
      factors[name] = deviation(name) / sd_y;
    } catch (const core::Error&) {
      continue;  // no expression over columns: a level of a factor
    }
  }
  return factors;
}

}  // namespace estimators
