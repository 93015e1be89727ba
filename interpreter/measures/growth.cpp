#include "measures/growth.hpp"

#include "core/interrupt.hpp"

#include <cmath>

namespace measures {

GrowthRates growth_rates(std::span<const double> x, const data::Panel& panel, GrowthKind kind, std::int64_t steps) {
  const std::vector<std::int64_t> before = panel.shifted_rows(steps);
  GrowthRates out{std::vector<double>(x.size(), std::nan("")), 0};
  for (std::size_t i = 0; i < x.size(); ++i) {
    if (before[i] < 0) continue;
    const double old = x[static_cast<std::size_t>(before[i])];
    if (std::isnan(old) || std::isnan(x[i])) continue;
    if (!(old > 0) || (kind == GrowthKind::log && !(x[i] > 0))) {
      ++out.undefined;
      continue;
    }
    out.rates[i] = kind == GrowthKind::log ? std::log(x[i]) - std::log(old) : x[i] / old - 1;
  }
  return out;
}

std::vector<GrowthSummary> growth_summaries(std::span<const double> x, const data::Panel& panel, std::int64_t first,
                                            std::int64_t last) {
  const double missing = std::nan("");
  std::vector<GrowthSummary> out(panel.start.size() - 1);
  for (std::size_t u = 0; u + 1 < panel.start.size(); ++u) {
    if (u % 4096 == 0) core::poll();
    GrowthSummary& s = out[u];
    s = {missing, missing, missing, missing, missing, missing, missing, 0};
    double rates = 0;
    double logs = 0;
    double previous = missing;
    std::int64_t previous_time = 0;
    bool positive = true;
    for (std::size_t k = panel.start[u]; k < panel.start[u + 1]; ++k) {
      const std::uint32_t row = panel.order[k];
      const std::int64_t time = panel.times[row];
      if (time < first || time > last) continue;
      const double value = x[row];
      if (!std::isnan(value) && !std::isnan(previous) && previous_time == time - 1 && previous > 0) {
        rates += value / previous - 1;
        logs += std::log(value / previous);
        positive = positive && value > 0;
        ++s.count;
      }
      previous = value;
      previous_time = time;
      if (std::isnan(value)) continue;
      if (std::isnan(s.first)) {
        s.first = value;
        s.first_time = static_cast<double>(time);
      }
      s.last = value;
      s.last_time = static_cast<double>(time);
    }
    if (s.count > 0) {
      s.arithmetic = rates / static_cast<double>(s.count);
      if (positive) s.geometric = std::expm1(logs / static_cast<double>(s.count));
    }
    if (s.first > 0 && s.last > 0 && s.last_time > s.first_time)
      s.compound = std::expm1(std::log(s.last / s.first) / (s.last_time - s.first_time));
  }
  return out;
}

}  // namespace measures
