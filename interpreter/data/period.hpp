// Weeks, months, quarters, half-years and years counted from 1960, as Stata counts them: 0 is the first of 1960.
#pragma once

#include <cstdint>

namespace data {

enum class PeriodUnit { week, month, quarter, half, year };

/// A calendar year and the part of it, from 1: 2015 and 3 is March, the third quarter, the third week.
struct Period {
  std::int64_t year = 1960;
  std::int64_t part = 1;
};

int parts_of_year(PeriodUnit unit);  ///< 52, 12, 4, 2, 1
/// Years count as themselves, not from 1960.
std::int64_t count_of(Period period, PeriodUnit unit);
Period period_of(std::int64_t count, PeriodUnit unit);
/// The period that holds a day (days since 1970-01-01), and the first day of a period.
/// Variant: weeks are Stata's, seven days from 1 January; the 52nd has eight or nine.
std::int64_t count_of_day(std::int64_t days, PeriodUnit unit);
std::int64_t first_day(std::int64_t count, PeriodUnit unit);

}  // namespace data
