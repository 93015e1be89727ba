#include "measures/values.hpp"

#include "core/error.hpp"
#include "core/text.hpp"
#include "measures/moments.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace measures {
namespace {

using numerics::DoubleDouble;

void check_value(double x, Domain domain, const std::string& what, std::size_t row) {
  const std::string place = " in row " + std::to_string(row + 1);
  if (std::isinf(x)) throw core::Error(what + " is infinite" + place);
  if (domain == Domain::any || x > 0 || (x == 0 && domain == Domain::nonnegative)) return;
  if (x < 0)
    throw core::Error(what + " is negative: " + core::shortest(x) + place)
        .hint("this measure needs " + std::string(domain == Domain::positive ? "positive" : "non-negative") +
              " values; leave rows out with where=, or recode them");
  throw core::Error(what + " is zero" + place)
      .hint("this measure needs positive values (it takes logs); leave rows out with where=");
}

void check_weight(double w, bool frequency, std::size_t row) {
  if (w < 0) throw core::Error("a weight is negative: " + core::shortest(w) + " in row " + std::to_string(row + 1));
  if (std::isinf(w)) throw core::Error("a weight is infinite in row " + std::to_string(row + 1));
  if (frequency && w != std::floor(w))
    throw core::Error("frequency weights must be whole numbers; row " + std::to_string(row + 1) + " has " +
                      core::shortest(w))
        .hint("aw(…) takes weights that are not counts");
}

}  // namespace

double Values::total_weight() const {
  if (weights.empty()) return static_cast<double>(x.size());
  return static_cast<double>(exact_sum(weights.size(), [&](std::size_t i) { return DoubleDouble(weights[i]); }));
}

double Values::mean() const {
  if (x.empty()) return std::numeric_limits<double>::quiet_NaN();
  const DoubleDouble sum = exact_sum(x.size(), [&](std::size_t i) {
    return weights.empty() ? DoubleDouble(x[i]) : numerics::two_product(weights[i], x[i]);
  });
  return static_cast<double>(sum / DoubleDouble(total_weight()));
}

Values values_of(std::span<const double> x, std::span<const double> weights, bool frequency,
                 std::span<const std::uint32_t> rows, Domain domain, const std::string& what,
                 std::span<const std::uint32_t> origin) {
  Values out;
  out.frequency = frequency;
  out.x.reserve(rows.size());
  for (const std::uint32_t row : rows) {
    const std::size_t called = origin.empty() ? row : origin[row];
    if (std::isnan(x[row])) {
      ++out.left_out;
      continue;
    }
    if (!weights.empty()) {
      const double w = weights[row];
      if (std::isnan(w) || w == 0) {
        ++out.left_out;
        continue;
      }
      check_weight(w, frequency, called);
      out.weights.push_back(w);
    }
    check_value(x[row], domain, what, called);
    out.x.push_back(x[row]);
  }
  return out;
}

Values sorted(const Values& values) {
  Values out;
  out.frequency = values.frequency;
  out.left_out = values.left_out;
  out.x = values.x;
  if (values.weights.empty()) {
    std::sort(out.x.begin(), out.x.end());
    return out;
  }
  std::vector<std::size_t> order(values.x.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return values.x[a] < values.x[b]; });
  out.weights.resize(order.size());
  for (std::size_t i = 0; i < order.size(); ++i) {
    out.x[i] = values.x[order[i]];
    out.weights[i] = values.weights[order[i]];
  }
  return out;
}

}  // namespace measures
