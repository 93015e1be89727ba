#include "data/panel_report.hpp"

#include "core/text.hpp"
#include "data/date.hpp"
#include "data/display_format.hpp"

#include <algorithm>
#include <cmath>
#include <map>

namespace data {
namespace {

/// A time, given in steps since the first, as people read it.
std::string time_text(const Panel& panel, std::int64_t steps, const std::string& format) {
  const std::int64_t value = panel.first + steps * panel.step;
  switch (panel.time_unit) {
    case TimeUnit::number:
      return formatted_number(format, static_cast<double>(value)).value_or(std::to_string(value));
    case TimeUnit::day:
      return iso_date(value);
    case TimeUnit::month:
      return iso_date(days_from_civil({.year = value / 12, .month = static_cast<int>(value % 12) + 1, .day = 1}))
          .substr(0, 7);
  }
  return std::to_string(value);
}

/// What a number of that format counts; "" for plain numbers.
std::string counted_in(const std::string& format) {
  const std::optional<DisplayFormat> f = parse_display_format(format);
  if (!f || f->kind != DisplayFormat::Kind::date) return "";
  switch (f->unit) {
    case 'w':
      return "week";
    case 'm':
      return "month";
    case 'q':
      return "quarter";
    case 'h':
      return "half-year";
    case 'y':
      return "year";
    default:
      return "";
  }
}

std::string step_text(const Panel& panel, const std::string& format) {
  switch (panel.time_unit) {
    case TimeUnit::number:
      if (const std::string period = counted_in(format); !period.empty()) return core::counted(panel.step, period);
      break;
    case TimeUnit::day:
      return core::counted(panel.step, "day");
    case TimeUnit::month:
      return panel.step % 12 == 0 ? core::counted(panel.step / 12, "year") : core::counted(panel.step, "month");
  }
  return std::to_string(panel.step);
}

/// Quantile of type 2 of sorted counts.
double middle(const std::vector<double>& sorted, double percent) {
  const double np = percent * static_cast<double>(sorted.size()) / 100;
  const auto at = static_cast<std::size_t>(np);
  if (np == std::floor(np) && at > 0) return at < sorted.size() ? (sorted[at - 1] + sorted[at]) / 2 : sorted.back();
  return sorted[std::min(at, sorted.size() - 1)];
}

void add_patterns(const Panel& panel, PanelReport& out) {
  constexpr std::int64_t most_periods = 60;
  constexpr std::size_t most_patterns = 10;
  if (panel.periods > most_periods) return;
  std::vector<std::int64_t> times = panel.times;
  std::sort(times.begin(), times.end());
  times.erase(std::unique(times.begin(), times.end()), times.end());
  std::map<std::string, std::int64_t> counts;
  for (std::size_t u = 0; u + 1 < panel.start.size(); ++u) {
    std::string pattern(times.size(), '.');
    for (std::uint32_t at = panel.start[u]; at < panel.start[u + 1]; ++at) {
      const auto period = std::lower_bound(times.begin(), times.end(), panel.times[panel.order[at]]);
      pattern[static_cast<std::size_t>(period - times.begin())] = '1';
    }
    ++counts[pattern];
  }
  out.patterns.assign(counts.begin(), counts.end());
  std::stable_sort(out.patterns.begin(), out.patterns.end(),
                   [](const auto& a, const auto& b) { return a.second > b.second; });
  if (out.patterns.size() > most_patterns) out.patterns.resize(most_patterns);
}

}  // namespace

PanelReport report(const Panel& panel, const std::string& format) {
  PanelReport out;
  out.unit = panel.unit;
  out.time = panel.time;
  out.rows = static_cast<std::int64_t>(panel.order.size());
  out.units = panel.units.levels();
  out.periods = panel.periods;
  out.balanced = panel.balanced;
  out.missing_pairs = out.units * out.periods - out.rows;
  out.step = step_text(panel, format);
  if (out.rows == 0) return out;
  const auto [first, last] = std::minmax_element(panel.times.begin(), panel.times.end());
  out.first = time_text(panel, *first, format);
  out.last = time_text(panel, *last, format);
  std::vector<double> counts;
  for (std::size_t u = 0; u + 1 < panel.start.size(); ++u) {
    counts.push_back(panel.start[u + 1] - panel.start[u]);
    std::int64_t gaps = 0;
    for (std::uint32_t at = panel.start[u] + 1; at < panel.start[u + 1]; ++at)
      gaps += panel.times[panel.order[at]] > panel.times[panel.order[at - 1]] + 1 ? 1 : 0;
    out.gaps += gaps;
    out.units_with_gaps += gaps > 0 ? 1 : 0;
  }
  std::sort(counts.begin(), counts.end());
  constexpr std::array<double, 7> percents = {0, 5, 25, 50, 75, 95, 100};
  for (std::size_t i = 0; i < percents.size(); ++i) out.rows_per_unit[i] = middle(counts, percents[i]);
  out.mean_rows_per_unit = static_cast<double>(out.rows) / static_cast<double>(out.units);
  add_patterns(panel, out);
  return out;
}

}  // namespace data
