#include "measures/structure.hpp"

#include <cassert>
#include <cmath>
#include <limits>

#include "core/numbers.hpp"

namespace measures {
namespace {

using core::nan;

/// Σ over the sectors of one row; NaN when one is missing.
double total(const std::vector<std::vector<double>>& sectors, std::size_t row) {
  double sum = 0;
  for (const auto& sector : sectors) sum += sector[row];
  return sum;
}

double finite_or_missing(double value) { return std::isfinite(value) ? value : nan; }

}  // namespace

std::vector<double> upgrading(const std::vector<std::vector<double>>& sectors, Upgrading form) {
  assert(sectors.size() >= 2);
  std::vector<double> out(sectors.front().size(), nan);
  for (std::size_t row = 0; row < out.size(); ++row) {
    const double sum = total(sectors, row);
    if (form == Upgrading::ratio) {
      const double last = sectors.back()[row], before = sectors[sectors.size() - 2][row];
      if (before != 0) out[row] = finite_or_missing(last / before);
    } else if (sum > 0) {
      double index = 0;
      for (std::size_t k = 0; k < sectors.size(); ++k) index += static_cast<double>(k + 1) * (sectors[k][row] / sum);
      out[row] = finite_or_missing(index);
    }
  }
  return out;
}

std::vector<double> rationalisation(const std::vector<std::vector<double>>& output,
                                    const std::vector<std::vector<double>>& employment, Rationalisation form) {
  assert(output.size() == employment.size());
  std::vector<double> out(output.front().size(), nan);
  for (std::size_t row = 0; row < out.size(); ++row) {
    const double Y = total(output, row), L = total(employment, row);
    if (!(Y > 0) || !(L > 0)) continue;
    double index = 0;
    for (std::size_t k = 0; k < output.size(); ++k) {
      const double y = output[k][row] / Y, l = employment[k][row] / L;
      const double relative = y == 0 && l == 0 ? 1 : y / l;  // productivity of the sector over that of the economy
      index += form == Rationalisation::deviation ? std::abs(relative - 1) : y == 0 ? 0 : y * std::log(relative);
    }
    out[row] = finite_or_missing(index);
  }
  return out;
}

}  // namespace measures
