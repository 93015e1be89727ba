#include "data/period.hpp"

#include "data/date.hpp"
#include "data/date_text.hpp"

#include <algorithm>

namespace data {

int parts_of_year(PeriodUnit unit) {
  switch (unit) {
    case PeriodUnit::week:
      return 52;
    case PeriodUnit::month:
      return 12;
    case PeriodUnit::quarter:
      return 4;
    case PeriodUnit::half:
      return 2;
    case PeriodUnit::year:
      break;
  }
  return 1;
}

std::int64_t count_of(Period period, PeriodUnit unit) {
  if (unit == PeriodUnit::year) return period.year;
  return (period.year - 1960) * parts_of_year(unit) + period.part - 1;
}

Period period_of(std::int64_t count, PeriodUnit unit) {
  if (unit == PeriodUnit::year) return {.year = count, .part = 1};
  const std::int64_t parts = parts_of_year(unit);
  const std::int64_t years = count >= 0 ? count / parts : -((-count + parts - 1) / parts);
  return {.year = 1960 + years, .part = count - years * parts + 1};
}

std::int64_t count_of_day(std::int64_t days, PeriodUnit unit) {
  const CivilDate date = civil_from_days(days);
  Period period{.year = date.year, .part = 1};
  if (unit == PeriodUnit::week)
    period.part = std::min((day_of_year(days) + 6) / 7, 52);
  else if (unit != PeriodUnit::year)
    period.part = (date.month - 1) / (12 / parts_of_year(unit)) + 1;
  return count_of(period, unit);
}

std::int64_t first_day(std::int64_t count, PeriodUnit unit) {
  const Period period = period_of(count, unit);
  if (unit == PeriodUnit::week)
    return days_from_civil({.year = period.year, .month = 1, .day = 1}) + 7 * (period.part - 1);
  const auto months = 12 / parts_of_year(unit);
  return days_from_civil({.year = period.year, .month = static_cast<int>(period.part - 1) * months + 1, .day = 1});
}

}  // namespace data
