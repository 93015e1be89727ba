#include "estimators/did/event_time.hpp"

#include "core/error.hpp"
#include "core/numbers.hpp"
#include "core/text.hpp"
#include "data/date.hpp"
#include "formula/evaluate.hpp"

#include <cmath>

namespace estimators {

std::int64_t calendar_units(double days, data::TimeUnit unit) {
  const auto whole = static_cast<std::int64_t>(days);
  if (unit != data::TimeUnit::month) return whole;
  const data::CivilDate date = data::civil_from_days(whole);
  return 12 * date.year + date.month - 1;
}

namespace {

void require_constant_within_units(const data::Frame& frame, const std::vector<double>& cohort,
                                   const std::string& name) {
  const data::Panel* panel = frame.panel();
  if (panel == nullptr) return;
  for (std::size_t i = 0; i < frame.rows(); ++i) {
    const std::int32_t unit = panel->units.codes[i];
    if (unit < 0) continue;
    const std::size_t first = panel->units.first[static_cast<std::size_t>(unit)];
    const bool same = cohort[i] == cohort[first] || (std::isnan(cohort[i]) && std::isnan(cohort[first]));
    if (!same) {
      throw core::Error("cohort '" + name + "' changes within " + panel->unit + " " + frame.at(panel->unit)->text(i) +
                        ": " + core::shortest(cohort[first]) + " and " + core::shortest(cohort[i]))
          .hint("cohort is the first treated period of a unit, the same in all its rows; 0 or missing: never treated")
          .word(name);
    }
  }
}

}  // namespace

std::vector<std::optional<std::int64_t>> event_times(const data::Frame& frame, const formula::Tree& cohort,
                                                     const std::string& time) {
  const std::string name = formula::print(cohort);
  const std::vector<double> cohorts = formula::evaluate_numbers(cohort, frame);
  require_constant_within_units(frame, cohorts, name);
  const data::ColumnPtr column = frame.at(time);
  if (!column->is_numeric()) throw core::Error("time '" + time + "' is text").word(time);
  const bool dates = column->type() == data::Type::date;
  const data::Panel* panel = frame.panel();
  const bool declared = panel != nullptr && panel->time == time;
  const data::TimeUnit unit = declared ? panel->time_unit : dates ? data::TimeUnit::day : data::TimeUnit::number;
  const double step = declared ? static_cast<double>(panel->step) : 1;

  std::vector<std::optional<std::int64_t>> events(frame.rows());
  const auto between = [&](double now, double start) {
    return dates ? static_cast<double>(calendar_units(now, unit) - calendar_units(start, unit)) : now - start;
  };
  double first = core::nan, last = core::nan;
  for (std::size_t i = 0; i < frame.rows(); ++i) {
    first = std::fmin(first, column->number(i));
    last = std::fmax(last, column->number(i));
  }
  const double furthest = between(last, first) + step;  // beyond the last period: 10000, 9999 stand for "never"
  for (std::size_t i = 0; i < frame.rows(); ++i) {
    const double start = cohorts[i], now = column->number(i);
    if (std::isnan(start) || start == 0 || std::isnan(now)) continue;
    const double gap = between(now, start);
    if (between(last, start) < -furthest) continue;
    if (gap != std::floor(gap)) {
      throw core::Error("cohort '" + name + "' and time '" + time +
                        "' must be whole numbers or dates: " + core::shortest(now) + " − " + core::shortest(start))
          .word(name);
    }
    events[i] = static_cast<std::int64_t>(std::floor(gap / step));
  }
  return events;
}

std::string event_name(std::int64_t event) { return "event::" + std::to_string(event); }

}  // namespace estimators
