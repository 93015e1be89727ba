// Calendar days: 64-bit days since 1970-01-01 in the proleptic Gregorian calendar.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace data {

constexpr std::int64_t stata_epoch = -3653;  ///< 1960-01-01
constexpr std::int64_t day_milliseconds = 86'400'000;

struct CivilDate {
  std::int64_t year = 1970;
  int month = 1;  ///< 1 … 12
  int day = 1;    ///< 1 … 31
};

/// Source: H. Hinnant, "chrono-compatible low-level date algorithms" (2013).
std::int64_t days_from_civil(CivilDate date);
CivilDate civil_from_days(std::int64_t days);
int days_in_month(std::int64_t year, int month);

/// "2020-03-15"; years before 0 or after 9999 carry a sign.
std::string iso_date(std::int64_t days);
/// Days for a text of exactly the form yyyy-mm-dd that names a day of the calendar; nothing otherwise.
std::optional<std::int64_t> parse_iso_date(std::string_view text);

}  // namespace data
