#include "report/density.hpp"

#include "core/error.hpp"
#include "core/interrupt.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace report {
namespace {

/// Linear interpolation between order statistics (R's type 7, as bw.nrd0 takes quartiles). `sorted` ascending.
double sorted_quantile(const std::vector<double>& sorted, double p) {
  const double position = p * static_cast<double>(sorted.size() - 1);
  const auto below = static_cast<std::size_t>(position);
  const std::size_t above = std::min(below + 1, sorted.size() - 1);
  return sorted[below] + (position - static_cast<double>(below)) * (sorted[above] - sorted[below]);
}

double kernel(double u, Kernel which) {
  if (which == Kernel::gaussian) return std::exp(-0.5 * u * u) / std::sqrt(2 * std::numbers::pi);
  return u * u < 5 ? 0.75 / std::sqrt(5.0) * (1 - u * u / 5) : 0;
}

}  // namespace

Density kernel_density(const std::vector<double>& draws, const DensityOptions& options) {
  std::vector<double> x;
  x.reserve(draws.size());
  std::copy_if(draws.begin(), draws.end(), std::back_inserter(x), [](double v) { return std::isfinite(v); });
  std::sort(x.begin(), x.end());
  if (x.size() < 2 || x.front() == x.back()) throw core::Error("a density needs at least two different values");

  const double n = static_cast<double>(x.size());
  double mean = 0, squares = 0;
  for (const double v : x) mean += v / n;
  for (const double v : x) squares += (v - mean) * (v - mean);
  const double sd = std::sqrt(squares / (n - 1));
  const double iqr = sorted_quantile(x, 0.75) - sorted_quantile(x, 0.25);
  const double scale = iqr > 0 ? std::min(sd, iqr / 1.34) : sd;

  Density out;
  out.bandwidth = options.bandwidth > 0 ? options.bandwidth : 0.9 * scale * std::pow(n, -0.2);
  const double h = out.bandwidth;
  const int points = options.points;
  const double low = x.front() - 3 * h, step = (x.back() - x.front() + 6 * h) / (points - 1);
  for (int g = 0; g < points; ++g) {
    const double at = low + step * g;
    // Beyond 8 bandwidths the kernel is below 1e-14 of its peak.
    const auto from = std::lower_bound(x.begin(), x.end(), at - 8 * h);
    const auto to = std::upper_bound(from, x.end(), at + 8 * h);
    double sum = 0;
    for (auto v = from; v != to; ++v) sum += kernel((at - *v) / h, options.kernel);
    out.x.push_back(at);
    out.y.push_back(sum / (n * h));
    core::poll();
  }
  return out;
}

}  // namespace report
