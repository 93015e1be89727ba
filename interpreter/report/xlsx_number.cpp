// Numbers in workbooks: what is printed is the format, what is stored is the number.
#include "report/xlsx_table.hpp"

#include <charconv>
#include <cmath>

namespace report {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

std::string repeated(const std::string& piece, int times) {
  std::string out;
  for (int i = 0; i < times; ++i) out += piece;
  return out;
}

std::string literal(const std::string& text) { return text.empty() ? "" : "\"" + text + "\""; }

/// 1,234,567: groups of three after the first.
bool well_grouped(const std::string& whole) {
  const std::size_t comma = whole.find(',');
  if (comma == 0 || comma > 3) return false;
  for (std::size_t i = comma; i < whole.size(); i += 4) {
    if (whole[i] != ',' || whole.size() - i < 4) return false;
    for (std::size_t k = i + 1; k < i + 4; ++k)
      if (!is_digit(whole[k])) return false;
  }
  return true;
}

}  // namespace

std::optional<NumberText> number_text(const std::string& text) {
  NumberText number;
  std::size_t i = text.find_first_not_of(' '), end = text.find_last_not_of(' ') + 1;
  if (i == std::string::npos) return std::nullopt;
  const bool round = text[i] == '(', square = text[i] == '[';
  if (round || square) {
    if (end - i < 3 || text[end - 1] != (round ? ')' : ']')) return std::nullopt;
    number.before = text[i++];
    number.after = text[--end];
  }
  if (end > i && text[end - 1] == '%') {
    number.percent = true;
    --end;
  }
  const bool negative = i < end && text[i] == '-';
  if (negative) ++i;
  const std::size_t first = i;
  while (i < end && (is_digit(text[i]) || text[i] == ',')) ++i;
  std::string whole = text.substr(first, i - first), plain;
  number.grouped = whole.find(',') != std::string::npos;
  if (number.grouped && !well_grouped(whole)) return std::nullopt;
  if (whole.size() > 1 && whole[0] == '0') return std::nullopt;
  for (const char c : whole)
    if (c != ',') plain += c;
  if (i < end && text[i] == '.') {
    const std::size_t fraction = i + 1;
    for (++i; i < end && is_digit(text[i]); ++i) ++number.decimals;
    plain += "." + text.substr(fraction, i - fraction);
  }
  if (whole.empty() && number.decimals == 0) return std::nullopt;
  if (i < end && (text[i] == 'e' || text[i] == 'E')) {
    number.power = true;
    plain += text.substr(i, end - i);
    i = end;
  }
  if (i != end) return std::nullopt;
  constexpr std::size_t longest = 16;  // more digits than a double holds: an identifier
  if (whole.size() > longest && number.decimals == 0) return std::nullopt;
  if (!plain.empty() && plain[0] == '.') plain.insert(0, "0");
  const auto parsed = std::from_chars(plain.data(), plain.data() + plain.size(), number.value);
  if (parsed.ec != std::errc() || parsed.ptr != plain.data() + plain.size()) return std::nullopt;
  if (negative) number.value = -number.value;
  if (number.percent) number.value /= 100;
  return number;
}

std::string number_format(const NumberText& number, const std::string& stars, int decimals, int most_stars,
                          bool bracket, int air) {
  std::string body = number.grouped ? "#,##0" : "0";
  if (number.decimals > 0) body += "." + std::string(static_cast<std::size_t>(number.decimals), '0');
  if (number.power) body += "E+00";
  if (number.percent) body += "%";
  std::string blanks;
  if (decimals > number.decimals)
    blanks = (number.decimals == 0 ? "_." : "") + repeated("_0", decimals - number.decimals);
  blanks += repeated("_*", most_stars - static_cast<int>(stars.size()));
  if (bracket && number.after.empty()) blanks += "_)";
  blanks += repeated("_0", air);
  const auto one = [&](const std::string& sign) {
    const std::string after = literal(number.after + stars);
    return literal(number.before + sign) + body + after + blanks;
  };
  return number.before.empty() ? one("") : one("") + ";" + one("-");
}

}  // namespace report
