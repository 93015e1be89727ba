#include "data/date_text.hpp"

#include "core/ascii.hpp"
#include "core/error.hpp"
#include "core/text.hpp"
#include "data/date.hpp"

#include <algorithm>
#include <array>
#include <cstdio>

namespace data {
namespace {

constexpr std::array<std::string_view, 12> month_names{"January",   "February", "March",    "April",
                                                       "May",       "June",     "July",     "August",
                                                       "September", "October",  "November", "December"};
constexpr std::array<std::string_view, 7> day_names{"Monday", "Tuesday",  "Wednesday", "Thursday",
                                                    "Friday", "Saturday", "Sunday"};

constexpr std::string_view reading = "YymdebBqj";
constexpr std::string_view writing = "YymdebBqjVGuaA";

using core::is_digit;
bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

std::int64_t floor_divide(std::int64_t a, std::int64_t b) { return a / b - (a % b < 0 ? 1 : 0); }

/// Up to `most` digits at the front, at least `least`; taken off the text. −1: fewer.
int take_number(std::string_view& text, std::size_t least, std::size_t most) {
  std::size_t n = 0;
  int value = 0;
  while (n < most && n < text.size() && is_digit(text[n])) value = value * 10 + (text[n++] - '0');
  if (n < least) return -1;
  text.remove_prefix(n);
  return value;
}

/// An English month, whole or its first three letters (and a point); −1: none.
int take_month_name(std::string_view& text) {
  std::size_t n = 0;
  while (n < text.size() && is_letter(text[n])) ++n;
  const std::string word = core::lower(text.substr(0, n));
  for (std::size_t m = 0; m < month_names.size(); ++m) {
    const std::string name = core::lower(month_names[m]);
    if (word != name && word != name.substr(0, 3) && !(m == 8 && word == "sept")) continue;
    text.remove_prefix(n < text.size() && text[n] == '.' ? n + 1 : n);
    return static_cast<int>(m) + 1;
  }
  return -1;
}

/// The parts of a date as they are read; 0: not read.
struct Read {
  std::int64_t year = 0;
  int month = 0, day = 0, quarter = 0, day_of_year = 0;

  std::optional<std::int64_t> days() const {
    if (quarter > 4) return std::nullopt;
    const int in = month > 0 ? month : quarter > 0 ? 3 * quarter - 2 : 1;
    const int on = day > 0 ? day : 1;
    if (in > 12 || on > days_in_month(year, in)) return std::nullopt;
    if (month > 0 && quarter > 0 && (month + 2) / 3 != quarter) return std::nullopt;
    const std::int64_t first = days_from_civil({.year = year, .month = in, .day = on});
    if (day_of_year == 0) return first;
    if (month > 0 || day > 0 || quarter > 0) return std::nullopt;
    if (day_of_year > 365 + (days_in_month(year, 2) == 29 ? 1 : 0)) return std::nullopt;
    return first + day_of_year - 1;
  }
};

bool take_part(char sign, std::string_view& text, Read& read) {
  const auto store = [](int value, auto& to) {
    to = value;
    return value > 0;
  };
  switch (sign) {
    case 'Y': {
      const int value = take_number(text, 4, 4);
      read.year = value;
      return value >= 0;
    }
    case 'y': {
      const int value = take_number(text, 2, 2);
      read.year = value + (value >= 69 ? 1900 : 2000);
      return value >= 0;
    }
    case 'm':
      return store(take_number(text, 1, 2), read.month);
    case 'b':
    case 'B':
      return store(take_month_name(text), read.month);
    case 'd':
      return store(take_number(text, 1, 2), read.day);
    case 'e':
      while (!text.empty() && text[0] == ' ') text.remove_prefix(1);
      return store(take_number(text, 1, 2), read.day);
    case 'q':
      return store(take_number(text, 1, 1), read.quarter);
    default:
      return store(take_number(text, 1, 3), read.day_of_year);
  }
}

void append_number(std::string& out, std::int64_t value, int width) {
  std::array<char, 32> buffer{};
  const int n = std::snprintf(buffer.data(), buffer.size(), "%0*lld", width, static_cast<long long>(value));
  out.append(buffer.data(), static_cast<std::size_t>(n));
}

}  // namespace

IsoWeek iso_week(std::int64_t days) {
  const std::int64_t thursday = days - (weekday(days) - 4);  // of the same week: it says which year
  const std::int64_t year = civil_from_days(thursday).year;
  const std::int64_t first = days_from_civil({.year = year, .month = 1, .day = 1});
  return {.year = year, .week = static_cast<int>((thursday - first) / 7) + 1};
}

std::string_view month_name(int month) { return month_names.at(static_cast<std::size_t>(month - 1)); }
std::string_view weekday_name(int weekday) { return day_names.at(static_cast<std::size_t>(weekday - 1)); }

int weekday(std::int64_t days) { return static_cast<int>(days + 3 - 7 * floor_divide(days + 3, 7)) + 1; }

int day_of_year(std::int64_t days) {
  return static_cast<int>(days - days_from_civil({.year = civil_from_days(days).year, .month = 1, .day = 1})) + 1;
}

std::int64_t add_months(std::int64_t days, std::int64_t months) {
  const CivilDate date = civil_from_days(days);
  const std::int64_t total = date.year * 12 + (date.month - 1) + months;
  CivilDate out{.year = floor_divide(total, 12), .month = 1, .day = 1};
  out.month = static_cast<int>(total - out.year * 12) + 1;
  out.day = std::min(date.day, days_in_month(out.year, out.month));
  return days_from_civil(out);
}

std::int64_t months_between(std::int64_t from, std::int64_t to) {
  if (to < from) return -months_between(to, from);
  const CivilDate a = civil_from_days(from);
  const CivilDate b = civil_from_days(to);
  std::int64_t months = (b.year - a.year) * 12 + (b.month - a.month);
  if (add_months(from, months) > to) --months;
  return months;
}

DateFormat::DateFormat(const std::string& format) {
  order_ = format.find('%') == std::string::npos;
  if (order_) {
    std::string seen;
    for (const char c : core::lower(format)) {
      if (!is_letter(c)) continue;
      if (std::string_view("ymdq").find(c) == std::string_view::npos || seen.find(c) != std::string::npos)
        throw core::Error("'" + format + "' is no order of year, month, day")
            .hint("write \"ymd\", \"dmy\", \"mdy\", \"ym\", \"yq\", \"y\", or signs such as \"%Y-%m-%d\"");
      seen += c;
      parts_.push_back({.sign = c == 'y' ? 'Y' : c, .literal = {}});
    }
    if (seen.find('y') == std::string::npos)
      throw core::Error("'" + format + "' has no year").hint("write \"ymd\", \"ym\", \"yq\", \"y\"");
    return;
  }
  for (std::size_t i = 0; i < format.size(); ++i) {
    if (format[i] == '%' && i + 1 < format.size() && format[i + 1] != '%') {
      const char sign = format[++i];
      if (writing.find(sign) == std::string_view::npos)
        throw core::Error(std::string("'%") + sign + "' is no sign of a date")
            .hint("signs: %Y %y %m %d %e %b %B %q %j %V %G %u %a %A");
      parts_.push_back({.sign = sign, .literal = {}});
      continue;
    }
    if (format[i] == '%' && ++i == format.size()) throw core::Error("'" + format + "' ends in %");
    if (parts_.empty() || parts_.back().sign != 0) parts_.emplace_back();
    parts_.back().literal += format[i];
  }
}

bool DateFormat::readable() const {
  bool year = false;
  for (const Part& part : parts_) {
    if (part.sign != 0 && reading.find(part.sign) == std::string_view::npos) return false;
    year = year || part.sign == 'Y' || part.sign == 'y';
  }
  return year;
}

std::optional<std::int64_t> DateFormat::read(std::string_view text) const {
  Read read;
  const auto skip = [&] {
    while (!text.empty() && !is_digit(text[0]) && !is_letter(text[0])) text.remove_prefix(1);
  };
  for (const Part& part : parts_) {
    if (order_) skip();
    if (part.sign == 0) {
      if (!core::starts_with(text, part.literal)) return std::nullopt;
      text.remove_prefix(part.literal.size());
      continue;
    }
    const bool named = order_ && part.sign == 'm' && !text.empty() && is_letter(text[0]);
    const bool quarter_letter = order_ && part.sign == 'q' && !text.empty() && (text[0] == 'Q' || text[0] == 'q');
    if (quarter_letter) text.remove_prefix(1);
    if (!take_part(named ? 'B' : part.sign, text, read)) return std::nullopt;
  }
  if (order_) skip();
  if (!text.empty()) return std::nullopt;
  return read.days();
}

std::string DateFormat::write(std::int64_t days) const {
  const CivilDate date = civil_from_days(days);
  std::string out;
  for (const Part& part : parts_) {
    if (order_ && !out.empty()) out += '-';
    switch (part.sign) {
      case 0:
        out += part.literal;
        break;
      case 'Y':
        append_number(out, date.year, 4);
        break;
      case 'y':
        append_number(out, date.year - 100 * floor_divide(date.year, 100), 2);
        break;
      case 'm':
        append_number(out, date.month, 2);
        break;
      case 'd':
        append_number(out, date.day, 2);
        break;
      case 'e':
        append_number(out, date.day, 1);
        break;
      case 'b':
        out += month_name(date.month).substr(0, 3);
        break;
      case 'B':
        out += month_name(date.month);
        break;
      case 'q':
        append_number(out, (date.month + 2) / 3, 1);
        break;
      case 'j':
        append_number(out, day_of_year(days), 3);
        break;
      case 'V':
        append_number(out, iso_week(days).week, 2);
        break;
      case 'G':
        append_number(out, iso_week(days).year, 4);
        break;
      case 'u':
        append_number(out, weekday(days), 1);
        break;
      case 'a':
        out += weekday_name(weekday(days)).substr(0, 3);
        break;
      default:
        out += weekday_name(weekday(days));
        break;
    }
  }
  return out;
}

}  // namespace data
