#include "numerics/quadratic_form.hpp"

#include "numerics/golden.hpp"

#include <cmath>
#include <complex>

namespace numerics {
namespace {

/// ln of the integrand's modulus on the real axis: −½ Σ ln(1 − 2 s λ) − ln|s|, infinite outside its domain.
double log_integrand(const Vector& lambda, double s) {
  double total = -std::log(std::abs(s));
  for (const double value : lambda) {
    const double factor = 1 - 2 * s * value;
    if (factor <= 0) return INFINITY;
    total -= 0.5 * std::log(factor);
  }
  return total;
}

/// The minimum of the convex log_integrand between 0 and `end` (golden section; the place need not be exact).
double saddle_point(const Vector& lambda, double end) {
  return golden_minimum([&](double c) { return log_integrand(lambda, c); }, 0, end, 80);
}

/// (1/π) ∫₀^∞ Re[M(c + iy) / (c + iy)] dy with y = w·sinh(u), by the trapezoidal rule, which converges geometrically
/// here.
double inversion_integral(const Vector& lambda, double c) {
  const double scale = std::exp(log_integrand(lambda, c));
  const double width = std::abs(c);
  constexpr double h = 1.0 / 64;
  double sum = 0;
  for (int k = 0; k < 64 * 60; ++k) {
    const double u = h * k;
    const std::complex<double> s(c, width * std::sinh(u));
    std::complex<double> log_m = 0;
    for (const double value : lambda) log_m -= 0.5 * std::log(1.0 - 2.0 * s * value);
    const double term = (std::exp(log_m) / s).real() * width * std::cosh(u);
    sum += k == 0 ? term / 2 : term;
    if (k > 64 && std::abs(std::exp(log_m) / s) * width * std::cosh(u) < 1e-17 * scale * width) break;
  }
  constexpr double pi = 3.14159265358979323846;
  return sum * h / pi;
}

}  // namespace

double quadratic_form_below_zero(const Vector& lambda) {
  const double low = lambda.minCoeff(), high = lambda.maxCoeff();
  if (low == 0 && high == 0) return 0.5;
  if (low >= 0) return 0;
  if (high <= 0) return 1;
  // The smaller tail is computed directly, the larger from it: the mean tells which is which.
  const bool lower = lambda.sum() > 0;
  const double c = saddle_point(lambda, lower ? 1 / (2 * low) : 1 / (2 * high));
  const double tail = std::abs(inversion_integral(lambda, c));
  return lower ? tail : 1 - tail;
}

}  // namespace numerics
