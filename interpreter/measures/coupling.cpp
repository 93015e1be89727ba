#include "measures/coupling.hpp"

#include "core/error.hpp"
#include "core/numbers.hpp"
#include "core/text.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <limits>

namespace measures {
namespace {

using core::nan;

double coupling_degree(const std::vector<double>& u, const CouplingOptions& options) {
  const auto n = static_cast<double>(u.size());
  double sum = 0, product = 1;
  for (const double x : u) {
    sum += x;
    product *= x;
  }
  if (!(sum > 0)) return nan;
  // The geometric mean by logs would lose nothing, but products of values in (0, 1] are safe for any sensible n.
  const double mean = sum / n;
  if (options.form == Coupling::geometric) return std::min(1.0, std::pow(product, 1 / n) / mean);
  if (options.form == Coupling::power) return std::min(1.0, std::pow(product / std::pow(mean, n), options.exponent));
  double apart = 0;
  for (std::size_t i = 0; i < u.size(); ++i)
    for (std::size_t j = i + 1; j < u.size(); ++j) apart += std::abs(u[i] - u[j]);
  const double largest = *std::max_element(u.begin(), u.end());
  const double ratio = product / std::pow(largest, n);  // Π over the others of u_i / max
  return std::sqrt((1 - apart / (n * (n - 1) / 2)) * std::pow(ratio, 1 / (n - 1)));
}

}  // namespace

Coordination coordination(const std::vector<std::vector<double>>& systems, const CouplingOptions& options) {
  assert(systems.size() >= 2 && (options.importance.empty() || options.importance.size() == systems.size()));
  const std::size_t n = systems.front().size();
  Coordination out{std::vector<double>(n, nan), std::vector<double>(n, nan), std::vector<double>(n, nan)};
  std::vector<double> u(systems.size());
  for (std::size_t row = 0; row < n; ++row) {
    double development = 0;
    for (std::size_t j = 0; j < systems.size(); ++j) {
      u[j] = systems[j][row];
      if (u[j] < 0 || u[j] > 1)
        throw core::Error("system " + std::to_string(j + 1) + " is " + core::shortest(u[j]) + " in row " +
                          std::to_string(row + 1) + "; coupling needs values between 0 and 1")
            .hint("scale=\"minmax\" scales the systems");
      development += (options.importance.empty() ? 1 / static_cast<double>(u.size()) : options.importance[j]) * u[j];
    }
    if (std::isnan(development)) continue;
    out.coupling[row] = coupling_degree(u, options);
    out.development[row] = development;
    out.coordination[row] = std::sqrt(out.coupling[row] * development);
  }
  return out;
}

const std::vector<std::string>& coordination_classes() {
  static const std::vector<std::string> classes = {
      "extreme imbalance", "serious imbalance",    "moderate imbalance",   "mild imbalance",
      "near imbalance",    "bare coordination",    "primary coordination", "intermediate coordination",
      "good coordination", "superior coordination"};
  return classes;
}

int coordination_class(double d) {
  if (std::isnan(d)) return -1;
  return std::clamp(static_cast<int>(std::floor(d * 10)), 0, 9);
}

}  // namespace measures
