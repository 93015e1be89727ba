#include "data/adoption.hpp"

#include "core/near.hpp"
#include "data/date.hpp"
#include "data/date_text.hpp"

#include <algorithm>
#include <unordered_map>

namespace data {
namespace {

std::int64_t divide_down(std::int64_t a, std::int64_t b) { return a / b - (a % b < 0 ? 1 : 0); }

}  // namespace

std::int64_t period_start(const Panel& panel, std::int64_t period) {
  const std::int64_t value = panel.first + period * panel.step;
  if (panel.time_unit == TimeUnit::day) return value;
  CivilDate date{.year = value, .month = 1, .day = 1};
  if (panel.time_unit == TimeUnit::month) {
    date.year = divide_down(value, 12);
    date.month = static_cast<int>(value - date.year * 12) + 1;
  }
  return days_from_civil(date);
}

std::int64_t period_of(const Panel& panel, std::int64_t day) {
  std::int64_t value = day;
  if (panel.time_unit != TimeUnit::day) {
    const CivilDate date = civil_from_days(day);
    value = panel.time_unit == TimeUnit::month ? date.year * 12 + date.month - 1 : date.year;
  }
  return divide_down(value - panel.first, panel.step);
}

std::int64_t adoption_period(const Panel& panel, std::int64_t day, DatingRule rule, int cutoff_month, int cutoff_day) {
  const std::int64_t period = period_of(panel, day);
  const std::int64_t start = period_start(panel, period);
  if (rule == DatingRule::same_period) return period;
  if (rule == DatingRule::full_period) return day == start ? period : period + 1;
  const std::int64_t next = period_start(panel, period + 1);
  std::int64_t middle = start + (next - start + 1) / 2;
  if (panel.time_unit != TimeUnit::day && cutoff_month == 0) {
    const std::int64_t months = months_between(start, next);
    if (months % 2 == 0) middle = add_months(start, months / 2);
  }
  if (cutoff_month > 0) {
    const std::int64_t year = civil_from_days(day).year;
    middle = days_from_civil(
        {.year = year, .month = cutoff_month, .day = std::min(cutoff_day, days_in_month(year, cutoff_month))});
  }
  return day < middle ? period : period + 1;
}

Adoption assign_adoption(const std::vector<Entry>& entries, const std::vector<std::string>& unit_names,
                         std::int64_t first_period, std::int64_t last_period) {
  Adoption out;
  out.unit_period.assign(unit_names.size(), no_period);
  std::unordered_map<std::string, std::size_t> place;
  for (std::size_t u = 0; u < unit_names.size(); ++u) place.emplace(unit_names[u], u);
  std::vector<const Entry*> taken(unit_names.size(), nullptr);
  for (const Entry& entry : entries) {
    const auto found = place.find(entry.unit);
    if (found == place.end()) {
      const std::string near = core::nearest(entry.unit, unit_names);
      out.findings.push_back({"unmatched", entry.unit, near.empty() ? "no such unit" : "near: " + near});
      continue;
    }
    if (entry.period == no_period) {
      out.findings.push_back({"no date", entry.unit, "never treated"});
      continue;
    }
    const Entry*& now = taken[found->second];
    if (now != nullptr) {
      const bool earlier = entry.period < now->period;
      const Entry& kept = earlier ? entry : *now;
      const Entry& left = earlier ? *now : entry;
      out.findings.push_back({"double entry", entry.unit,
                              left.date == kept.date ? kept.date + " twice" : kept.date + " kept, not " + left.date});
      if (!earlier) continue;
    }
    now = &entry;
    out.unit_period[found->second] = entry.period;
  }
  for (std::size_t u = 0; u < taken.size(); ++u) {
    if (taken[u] == nullptr) continue;
    ++out.used;
    const std::int64_t period = out.unit_period[u];
    if (period < first_period) out.findings.push_back({"before the panel", unit_names[u], taken[u]->date});
    if (period == first_period) out.findings.push_back({"first period", unit_names[u], taken[u]->date});
    if (period > last_period) out.findings.push_back({"after the panel", unit_names[u], taken[u]->date});
  }
  return out;
}

}  // namespace data
