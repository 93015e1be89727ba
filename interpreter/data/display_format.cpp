#include "data/display_format.hpp"

#include "core/ascii.hpp"
#include "core/text.hpp"
#include "data/date.hpp"
#include "data/date_text.hpp"
#include "data/period.hpp"

#include <array>
#include <cmath>
#include <cstdio>
#include <string_view>

namespace data {
namespace {

using Kind = DisplayFormat::Kind;

using core::is_digit;

int digits(std::string_view text, std::size_t& at) {
  int value = 0;
  for (; at < text.size() && is_digit(text[at]) && value < 10'000; ++at) value = value * 10 + (text[at] - '0');
  return value;
}

/// What a mask writes about: a day, a time of it, and the period it came from.
struct Moment {
  std::int64_t days = 0;
  std::int64_t milliseconds = 0;
};

std::string padded(std::int64_t value, int width) {
  std::array<char, 32> buffer{};
  const int n = std::snprintf(buffer.data(), buffer.size(), "%0*lld", width, static_cast<long long>(value));
  return {buffer.data(), static_cast<std::size_t>(n)};
}

struct Code {
  const char* text;
  std::string (*write)(const Moment&);
};

CivilDate civil(const Moment& m) { return civil_from_days(m.days); }
std::string_view month_name(const Moment& m) { return data::month_name(civil(m).month); }
std::string_view day_name(const Moment& m) { return weekday_name(weekday(m.days)); }
std::int64_t hour(const Moment& m) { return m.milliseconds / 3'600'000; }
std::int64_t hour_of_twelve(const Moment& m) { return (hour(m) + 11) % 12 + 1; }
std::int64_t part(const Moment& m, PeriodUnit unit) { return period_of(count_of_day(m.days, unit), unit).part; }
bool morning(const Moment& m) { return hour(m) < 12; }

// Longer codes stand before those that begin them.
constexpr std::array<Code, 45> codes{{
    {"DAYNAME", [](const Moment& m) { return std::string(day_name(m)); }},
    {"Dayname", [](const Moment& m) { return std::string(day_name(m)); }},
    {"dayname", [](const Moment& m) { return core::lower(day_name(m)); }},
    {"Month", [](const Moment& m) { return std::string(month_name(m)); }},
    {"month", [](const Moment& m) { return core::lower(month_name(m)); }},
    {"a.m.", [](const Moment& m) { return std::string(morning(m) ? "a.m." : "p.m."); }},
    {"A.M.", [](const Moment& m) { return std::string(morning(m) ? "A.M." : "P.M."); }},
    {".sss", [](const Moment& m) { return "." + padded(m.milliseconds % 1000, 3); }},
    {"JJJ", [](const Moment& m) { return padded(day_of_year(m.days), 3); }},
    {"jjj", [](const Moment& m) { return padded(day_of_year(m.days), 1); }},
    {"Mon", [](const Moment& m) { return std::string(month_name(m).substr(0, 3)); }},
    {"mon", [](const Moment& m) { return core::lower(month_name(m).substr(0, 3)); }},
    {"Day", [](const Moment& m) { return std::string(day_name(m).substr(0, 3)); }},
    {"day", [](const Moment& m) { return core::lower(day_name(m).substr(0, 3)); }},
    {".ss", [](const Moment& m) { return "." + padded(m.milliseconds % 1000 / 10, 2); }},
    {"CC", [](const Moment& m) { return padded(civil(m).year / 100, 2); }},
    {"cc", [](const Moment& m) { return padded(civil(m).year / 100, 1); }},
    {"YY", [](const Moment& m) { return padded(civil(m).year % 100, 2); }},
    {"yy", [](const Moment& m) { return padded(civil(m).year % 100, 1); }},
    {"NN", [](const Moment& m) { return padded(civil(m).month, 2); }},
    {"nn", [](const Moment& m) { return padded(civil(m).month, 1); }},
    {"DD", [](const Moment& m) { return padded(civil(m).day, 2); }},
    {"dd", [](const Moment& m) { return padded(civil(m).day, 1); }},
    {"Da", [](const Moment& m) { return std::string(day_name(m).substr(0, 2)); }},
    {"da", [](const Moment& m) { return core::lower(day_name(m).substr(0, 2)); }},
    {"WW", [](const Moment& m) { return padded(part(m, PeriodUnit::week), 2); }},
    {"ww", [](const Moment& m) { return padded(part(m, PeriodUnit::week), 1); }},
    {"HH", [](const Moment& m) { return padded(hour(m), 2); }},
    {"hH", [](const Moment& m) { return padded(hour(m), 1); }},
    {"Hh", [](const Moment& m) { return padded(hour_of_twelve(m), 2); }},
    {"hh", [](const Moment& m) { return padded(hour_of_twelve(m), 1); }},
    {"MM", [](const Moment& m) { return padded(m.milliseconds / 60'000 % 60, 2); }},
    {"mm", [](const Moment& m) { return padded(m.milliseconds / 60'000 % 60, 1); }},
    {"SS", [](const Moment& m) { return padded(m.milliseconds / 1000 % 60, 2); }},
    {"ss", [](const Moment& m) { return padded(m.milliseconds / 1000 % 60, 1); }},
    {"AM", [](const Moment& m) { return std::string(morning(m) ? "AM" : "PM"); }},
    {"am", [](const Moment& m) { return std::string(morning(m) ? "am" : "pm"); }},
    {".s", [](const Moment& m) { return "." + padded(m.milliseconds % 1000 / 100, 1); }},
    {"q", [](const Moment& m) { return padded(part(m, PeriodUnit::quarter), 1); }},
    {"h", [](const Moment& m) { return padded(part(m, PeriodUnit::half), 1); }},
    {"_", [](const Moment&) { return std::string(" "); }},
    {"+", [](const Moment&) { return std::string(); }},
    {"\\", [](const Moment&) { return std::string("\\"); }},
    {"'", [](const Moment&) { return std::string("'"); }},
    {" ", [](const Moment&) { return std::string(" "); }},
}};
constexpr std::string_view separators = ".,:-/";

const Code* code_at(std::string_view mask) {
  for (const Code& code : codes)
    if (core::starts_with(mask, code.text)) return &code;
  return nullptr;
}

/// Walks over the mask: `code`, or `literal` for what stands for itself. False when something is neither.
template <class OnCode, class OnLiteral>
bool walk(std::string_view mask, const OnCode& on_code, const OnLiteral& on_literal) {
  for (std::size_t at = 0; at < mask.size();) {
    if (mask[at] == '!' && at + 1 < mask.size()) {
      on_literal(mask[at + 1]);
      at += 2;
    } else if (const Code* code = code_at(mask.substr(at))) {
      on_code(*code);
      at += std::string_view(code->text).size();
    } else if (separators.find(mask[at]) != std::string_view::npos) {
      on_literal(mask[at++]);
    } else {
      return false;
    }
  }
  return true;
}

std::string written(const Moment& moment, std::string_view mask) {
  std::string out;
  walk(
      mask, [&](const Code& code) { out += code.write(moment); }, [&](char c) { out += c; });
  return out;
}

std::string_view usual_mask(char unit) {
  switch (unit) {
    case 'c':
    case 'C':
      return "DDmonCCYY_HH:MM:SS";
    case 'w':
      return "CCYY!www";
    case 'm':
      return "CCYY!mnn";
    case 'q':
      return "CCYY!qq";
    case 'h':
      return "CCYY!hh";
    case 'y':
      return "CCYY";
    default:
      return "DDmonCCYY";
  }
}

std::optional<PeriodUnit> period_unit(char unit) {
  switch (unit) {
    case 'w':
      return PeriodUnit::week;
    case 'm':
      return PeriodUnit::month;
    case 'q':
      return PeriodUnit::quarter;
    case 'h':
      return PeriodUnit::half;
    case 'y':
      return PeriodUnit::year;
    default:
      return std::nullopt;
  }
}

/// A date format after "%t" or "%d".
std::optional<DisplayFormat> date_format(DisplayFormat out, std::string_view rest) {
  constexpr std::string_view units = "dcCwmqhy";
  out.kind = Kind::date;
  if (rest.empty()) return std::nullopt;
  out.unit = rest.front();
  out.mask = std::string(rest.substr(1));
  if (out.unit == 'b') return out;  // a calendar of business days follows, which only Stata has
  if (units.find(out.unit) == std::string_view::npos) return std::nullopt;
  if (!walk(
          out.mask, [](const Code&) {}, [](char) {}))
    return std::nullopt;
  return out;
}

/// A comma before every third digit in front of the point.
std::string with_commas(const std::string& text) {
  std::size_t digits_left = 0;
  for (const char c : text) {
    if (!is_digit(c) && c != '-') break;
    digits_left += is_digit(c) ? 1 : 0;
  }
  std::string out;
  for (const char c : text) {
    out += c;
    if (digits_left > 0 && is_digit(c) && --digits_left > 0 && digits_left % 3 == 0) out += ',';
  }
  return out;
}

/// How wide a number is as Stata writes it, without the zero before its point.
std::size_t stata_width(const std::string& text) {
  const bool zero = core::starts_with(text, "0.") || core::starts_with(text, "-0.");
  return text.size() - (zero ? 1 : 0);
}

std::string general(const DisplayFormat& f, double value) {
  constexpr int most_digits = 16;
  if (f.decimals > 0) return core::significant(value, std::min(f.decimals, most_digits));
  if (value == std::floor(value) && std::abs(value) < 0x1p53) {
    std::array<char, 40> buffer{};
    const int n = std::snprintf(buffer.data(), buffer.size(), "%.0f", value);
    return {buffer.data(), static_cast<std::size_t>(n)};
  }
  const auto room = static_cast<std::size_t>(std::max(f.width, 2) - (value < 0 ? 0 : 1));  // a place for the sign
  for (int n = most_digits; n > 1; --n)
    if (std::string text = core::significant(value, n); stata_width(text) <= room) return text;
  return core::significant(value, 1);
}

std::string number_text(const DisplayFormat& f, double value) {
  std::string out;
  if (f.kind == Kind::general) {
    out = general(f, value);
  } else {
    std::array<char, 400> buffer{};
    const int n =
        std::snprintf(buffer.data(), buffer.size(), f.kind == Kind::fixed ? "%.*f" : "%.*e", f.decimals, value);
    out.assign(buffer.data(), static_cast<std::size_t>(n));
  }
  if (f.zeros && out.size() < static_cast<std::size_t>(f.width))
    out.insert(value < 0 ? 1 : 0, static_cast<std::size_t>(f.width) - out.size(), '0');
  if (f.commas) out = with_commas(out);
  if (f.decimal_comma)
    for (char& c : out) c = c == '.' ? ',' : c == ',' ? '.' : c;
  return out;
}

/// value: in the format's unit since 1960.
std::optional<std::string> date_text(const DisplayFormat& f, double value) {
  constexpr double furthest = 1e16;
  if (f.unit == 'b' || value != std::floor(value) || !(std::abs(value) < furthest)) return std::nullopt;
  const auto count = static_cast<std::int64_t>(value);
  Moment moment;
  if (const auto unit = period_unit(f.unit)) {
    if (std::abs(count) > 1'000'000) return std::nullopt;
    moment.days = first_day(count, *unit);
  } else if (f.unit == 'd') {
    if (std::abs(count) > 40'000'000) return std::nullopt;
    moment.days = count + stata_epoch;
  } else {
    const std::int64_t days =
        count >= 0 ? count / day_milliseconds : -((-count + day_milliseconds - 1) / day_milliseconds);
    if (std::abs(days) > 40'000'000) return std::nullopt;
    moment = {.days = days + stata_epoch, .milliseconds = count - days * day_milliseconds};
  }
  return written(moment, f.mask.empty() ? usual_mask(f.unit) : std::string_view(f.mask));
}

std::optional<std::string> text_of(const DisplayFormat& f, double value) {
  if (std::isnan(value) || f.kind == Kind::text || f.kind == Kind::hexadecimal) return std::nullopt;
  return f.kind == Kind::date ? date_text(f, value) : number_text(f, value);
}

}  // namespace

std::optional<DisplayFormat> parse_display_format(const std::string& text) {
  const std::string_view all = text;
  DisplayFormat out;
  std::size_t at = 0;
  const auto next = [&] { return at < all.size() ? all[at] : '\0'; };
  if (next() != '%') return std::nullopt;
  ++at;
  if (next() == '-' || next() == '~') out.left = all[at++] == '-';
  if (next() == 't') return date_format(out, all.substr(at + 1));
  if (next() == 'd') return date_format(out, all.substr(at));
  out.zeros = next() == '0';
  if (!is_digit(next())) return std::nullopt;
  out.width = digits(all, at);
  if (next() == 's' || next() == 'S') {
    out.kind = Kind::text;
    return at + 1 == all.size() ? std::optional(out) : std::nullopt;
  }
  constexpr std::string_view hexadecimal = "xHL";
  if (at + 1 == all.size() && hexadecimal.find(next()) != std::string_view::npos) {
    out.kind = Kind::hexadecimal;
    return out;
  }
  if (next() == '.' || next() == ',') {
    out.decimal_comma = all[at++] == ',';
    if (!is_digit(next())) return std::nullopt;
    out.decimals = digits(all, at);
  }
  switch (next()) {
    case 'f':
      out.kind = Kind::fixed;
      break;
    case 'e':
      out.kind = Kind::scientific;
      break;
    case 'g':
      out.kind = Kind::general;
      break;
    default:
      return std::nullopt;
  }
  ++at;
  if (next() == 'c' && out.kind != Kind::scientific) {
    out.commas = true;
    ++at;
  }
  constexpr int widest = 244;
  if (at != all.size() || out.width > widest || out.decimals > out.width) return std::nullopt;
  return out;
}

bool suits(const std::string& format, Type type) {
  if (format.empty()) return true;
  const std::optional<DisplayFormat> f = parse_display_format(format);
  if (!f) return false;
  if (type == Type::text) return f->kind == Kind::text;
  if (type == Type::date) return f->kind == Kind::date && (f->unit == 'd' || f->unit == 'c' || f->unit == 'C');
  return f->kind != Kind::text && (f->kind != Kind::date || type == Type::real || type == Type::integer);
}

std::optional<std::string> formatted_number(const std::string& format, double value) {
  if (format.empty()) return std::nullopt;
  const std::optional<DisplayFormat> f = parse_display_format(format);
  return f ? text_of(*f, value) : std::nullopt;
}

std::optional<std::string> formatted_text(const Column& column, std::size_t row) {
  if (column.format().empty() || column.missing(row)) return std::nullopt;
  switch (column.type()) {
    case Type::text:
    case Type::category:
    case Type::boolean:
      return std::nullopt;
    case Type::date: {
      const std::optional<DisplayFormat> f = parse_display_format(column.format());
      if (!f || f->kind != Kind::date) return std::nullopt;
      return written({.days = column.integers()[row]},
                     f->mask.empty() ? usual_mask(f->unit) : std::string_view(f->mask));
    }
    default:
      return formatted_number(column.format(), column.number(row));
  }
}

}  // namespace data
