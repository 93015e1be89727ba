#include "data/csv/cell.hpp"

#include "data/date.hpp"

#include <fast_float/fast_float.h>

#include <array>
#include <charconv>
#include <cmath>
#include <cstring>

namespace data::csv {
namespace {

bool digit(char c) { return c >= '0' && c <= '9'; }

/// A sign taken off; true when it is a minus.
bool take_sign(std::string_view& text) {
  if (text.empty() || (text[0] != '-' && text[0] != '+')) return false;
  const bool negative = text[0] == '-';
  text.remove_prefix(1);
  return negative;
}

bool leading_zero(std::string_view text) { return text.size() > 1 && text[0] == '0' && digit(text[1]); }

bool all_digits(std::string_view text) {
  for (const char c : text)
    if (!digit(c)) return false;
  return !text.empty();
}

bool is_infinity(std::string_view text) {
  if (text.size() != 3 && text.size() != 8) return false;
  constexpr std::string_view word = "infinity";
  for (std::size_t i = 0; i < text.size(); ++i)
    if ((text[i] | 0x20) != word[i]) return false;
  return true;
}

}  // namespace

Kind join(Kind a, Kind b) {
  if (a == b || b == Kind::nothing) return a;
  if (a == Kind::nothing) return b;
  const bool numbers = (a == Kind::integer || a == Kind::real) && (b == Kind::integer || b == Kind::real);
  return numbers ? Kind::real : Kind::text;
}

Cell read_quoted_cell(const char* p, const Dialect& d) {
  Cell cell;
  cell.quoted = true;
  const char* const begin = ++p;
  for (;; ++p) {
    if (*p == '\0') {
      cell.fault = Cell::Fault::unterminated;
      cell.next = begin - 1;
      return cell;
    }
    if (*p != d.quote) continue;
    if (p[1] != d.quote) break;
    cell.doubled = true;
    ++p;
  }
  cell.text = {begin, static_cast<std::size_t>(p - begin)};
  cell.next = cell_end(p + 1, d);
  if (!cell.next) {
    cell.fault = Cell::Fault::after_quote;
    cell.next = p + 1;
  }
  return cell;
}

std::string_view unquoted(const Cell& cell, const Dialect& d, std::string& scratch) {
  if (!cell.doubled) return cell.text;
  scratch.clear();
  for (std::size_t i = 0; i < cell.text.size(); ++i) {
    scratch += cell.text[i];
    if (cell.text[i] == d.quote) ++i;
  }
  return scratch;
}

Kind classify(const Cell& cell, const Dialect& d, bool* overflow) {
  if (is_missing(cell, d)) return Kind::nothing;
  const std::string_view text = cell.text;
  const char c = text[0];
  if (digit(c) || c == '-' || c == '+' || c == d.decimal || c == 'i' || c == 'I') {
    if (parse_integer(text)) return Kind::integer;
    if (parse_real(text, d.decimal)) {
      std::string_view magnitude = text;
      take_sign(magnitude);
      if (overflow && all_digits(magnitude)) *overflow = true;
      return Kind::real;
    }
    if (parse_iso_date(text)) return Kind::date;
  }
  if (parse_boolean(text)) return Kind::boolean;
  return Kind::text;
}

std::optional<std::int64_t> parse_integer(std::string_view text) {
  const bool negative = take_sign(text);
  if (!all_digits(text) || leading_zero(text)) return std::nullopt;
  std::uint64_t magnitude = 0;
  const auto result = std::from_chars(text.data(), text.data() + text.size(), magnitude);
  // The smallest 64-bit integer is taken: it marks missing values.
  if (result.ec != std::errc() || magnitude > 0x7FFFFFFFFFFFFFFFULL) return std::nullopt;
  return negative ? -static_cast<std::int64_t>(magnitude) : static_cast<std::int64_t>(magnitude);
}

std::optional<double> parse_real(std::string_view text, char decimal) {
  const bool negative = take_sign(text);
  if (is_infinity(text)) return negative ? -HUGE_VAL : HUGE_VAL;
  const bool fraction_only = text.size() > 1 && text[0] == decimal && digit(text[1]);
  if (text.empty() || (!digit(text[0]) && !fraction_only) || leading_zero(text)) return std::nullopt;
  double value = 0;
  const char* const end = text.data() + text.size();
  const auto result = fast_float::from_chars_advanced(
      text.data(), end, value, fast_float::parse_options{fast_float::chars_format::general, decimal});
  if (result.ec != std::errc() || result.ptr != end || std::isinf(value)) return std::nullopt;
  return negative ? -value : value;
}

std::optional<bool> parse_boolean(std::string_view text) {
  if (text == "true" || text == "TRUE" || text == "True") return true;
  if (text == "false" || text == "FALSE" || text == "False") return false;
  return std::nullopt;
}

const char* fast_real(const char* p, const Dialect& d, double& value) {
  constexpr std::array<double, 23> power = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,  1e8,  1e9,  1e10, 1e11,
                                            1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};
  p = skip_blanks(p, d);
  const char* const start = p;
  const bool negative = *p == '-';
  p += negative ? 1 : 0;
  std::uint64_t mantissa = 0;
  const auto take_digits = [&] {
    for (unsigned c = static_cast<unsigned char>(*p) - unsigned{'0'}; c < 10;
         c = static_cast<unsigned char>(*++p) - unsigned{'0'})
      mantissa = mantissa * 10 + c;
  };
  const char* const first = p;
  take_digits();
  const auto whole = p - first;
  if (whole == 0 || (*first == '0' && whole > 1)) return nullptr;
  std::ptrdiff_t decimals = 0;
  if (*p == d.decimal) {
    const char* const point = ++p;
    take_digits();
    decimals = p - point;
  }
  const char* const end = cell_end(p, d);
  if (!end) return nullptr;
  constexpr std::uint64_t exact = std::uint64_t{1} << 53;
  if (whole + decimals <= 19 && mantissa <= exact) {
    value = static_cast<double>(mantissa) / power[static_cast<std::size_t>(decimals)];
    if (negative) value = -value;
    return end;
  }
  if (decimals == 0) return nullptr;  // an integer, perhaps beyond 64 bits
  const std::optional<double> careful = parse_real({start, static_cast<std::size_t>(p - start)}, d.decimal);
  if (!careful) return nullptr;
  value = *careful;
  return end;
}

}  // namespace data::csv
