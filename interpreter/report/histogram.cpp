#include "report/histogram.hpp"

#include "core/error.hpp"
#include "core/text.hpp"

#include <algorithm>
#include <cmath>

namespace report {
namespace {

constexpr int most_bins = 200;

/// Between the two nearest order statistics (R type 7).
double quantile(const std::vector<double>& sorted, double share) {
  const double at = share * static_cast<double>(sorted.size() - 1);
  const auto below = static_cast<std::size_t>(at);
  const std::size_t above = std::min(below + 1, sorted.size() - 1);
  return sorted[below] + (at - static_cast<double>(below)) * (sorted[above] - sorted[below]);
}

int bins_for(const std::vector<double>& sorted) {
  const double n = static_cast<double>(sorted.size());
  const double range = sorted.back() - sorted.front();
  const double width = 2 * (quantile(sorted, 0.75) - quantile(sorted, 0.25)) / std::cbrt(n);
  const double bins = width > 0 ? std::ceil(range / width) : std::ceil(std::log2(n) + 1);
  return static_cast<int>(std::clamp(bins, 1.0, static_cast<double>(most_bins)));
}

}  // namespace

Histogram histogram(const std::vector<double>& values, int bins, double width) {
  std::vector<double> sorted;
  for (const double value : values)
    if (std::isfinite(value)) sorted.push_back(value);
  std::sort(sorted.begin(), sorted.end());
  if (sorted.empty() || sorted.front() == sorted.back())
    throw core::Error("a histogram needs at least two different values");
  const double start = width > 0 ? std::floor(sorted.front() / width) * width : sorted.front();
  const double wanted = width > 0 ? std::floor((sorted.back() - start) / width) + 1
                                  : static_cast<double>(bins > 0 ? std::min(bins, most_bins) : bins_for(sorted));
  if (wanted > 10'000)
    throw core::Error("bins of width " + core::shortest(width) + " would be " + core::significant(wanted, 3) + " bins")
        .word("width");
  const int count = static_cast<int>(wanted);
  Histogram out;
  out.width = width > 0 ? width : (sorted.back() - sorted.front()) / count;
  out.count.assign(static_cast<std::size_t>(count), 0);
  for (int b = 0; b < count; ++b) out.middle.push_back(start + (b + 0.5) * out.width);
  for (const double value : sorted) {
    const auto at = static_cast<std::size_t>((value - start) / out.width);
    ++out.count[std::min(at, out.count.size() - 1)];
  }
  return out;
}

Figure placebo_histogram(const std::vector<double>& draws, double estimate, double p, const PlotText& text) {
  const Histogram bars = histogram(draws);
  Figure figure;
  std::string words =
      core::counted(static_cast<long long>(draws.size()), "draw") + ", bins of " + core::significant(bars.width, 3);
  if (std::isfinite(p)) words += "; p = " + core::fixed(p, 3);
  figure.title = text.title;
  figure.x_label = text.x_label.empty() ? "Estimate in placebo draws" : text.x_label;
  figure.y_label = text.y_label.empty() ? "Draws" : text.y_label;
  figure.note = text.note.empty() ? words : text.note;
  figure.series = {{.mark = Mark::bars, .x = bars.middle, .y = bars.count}};
  figure.guides = {
      {.at = 0}, {.at = estimate, .label = "estimate " + core::significant(estimate, 3), .dashed = false, .color = 1}};
  figure.y_range = {{0, 1.08 * *std::max_element(bars.count.begin(), bars.count.end())}};
  figure.legend = false;
  return figure;
}

}  // namespace report
