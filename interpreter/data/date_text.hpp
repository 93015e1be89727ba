// Dates read out of text and written as text, by a format.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace data {

struct IsoWeek {
  std::int64_t year = 1970;  ///< the year the week belongs to
  int week = 1;              ///< 1 … 53
};
/// ISO 8601: weeks begin on Monday; week 1 holds the year's first Thursday.
IsoWeek iso_week(std::int64_t days);
int weekday(std::int64_t days);              ///< ISO 8601: 1 Monday … 7 Sunday
std::string_view month_name(int month);      ///< English: 1 January … 12
std::string_view weekday_name(int weekday);  ///< 1 Monday … 7
int day_of_year(std::int64_t days);          ///< 1 … 366
/// The same day of the month `months` later, or the month's last day when it is shorter.
std::int64_t add_months(std::int64_t days, std::int64_t months);
/// Whole months from `from` to `to`: the largest m (by size) with add_months(from, m) not past `to`.
std::int64_t months_between(std::int64_t from, std::int64_t to);

/// How dates stand in text, in one of two notations:
/// - the order of the parts, letters y m d q ("ymd", "DMY", "ym", "yq"): anything that is no letter or digit separates
///   them (2020-03-15, 15.3.2020, 2020年3月15日), or nothing does (20200315); years have four digits; months may be
///   English names. Parts that are not there are the first month, the first day.
/// - strftime's signs: %Y %y %m %d %e %b %B %q (quarter) %j (day of the year) and, for writing only, %V %G (ISO week
/// and
///   its year), %u %a %A (weekday); other characters stand for themselves. %y is 1969 … 2068.
class DateFormat {
 public:
  /// Throws core::Error for an unknown sign, or an order without a year or with a letter twice.
  explicit DateFormat(const std::string& format);
  /// The day, when the whole text is a date of this form that the calendar has.
  std::optional<std::int64_t> read(std::string_view text) const;
  /// Throws nothing; an order of parts writes 2020-03-15 in that order, joined by "-".
  std::string write(std::int64_t days) const;
  /// Can it read: does it name a year and no sign for writing only?
  bool readable() const;

 private:
  struct Part {
    char sign = 0;        ///< of strftime; 0: literal text
    std::string literal;  ///< what stands there
  };
  std::vector<Part> parts_;
  bool order_ = false;  ///< the first notation: separators are free
};

}  // namespace data
