#include "core/text.hpp"

#include <array>
#include <charconv>
#include <cmath>
#include <cstdio>

namespace core {

std::string join(const std::vector<std::string>& parts, std::string_view between) {
  std::string out;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (i) out += between;
    out += parts[i];
  }
  return out;
}

std::vector<std::string> split(std::string_view text, char at) {
  std::vector<std::string> parts;
  std::size_t begin = 0;
  for (std::size_t end = text.find(at); end != std::string_view::npos; end = text.find(at, begin)) {
    parts.emplace_back(text.substr(begin, end - begin));
    begin = end + 1;
  }
  parts.emplace_back(text.substr(begin));
  return parts;
}

std::string_view trim(std::string_view text) {
  constexpr std::string_view space = " \t\r\n\f\v";
  const auto begin = text.find_first_not_of(space);
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(space) - begin + 1);
}

bool starts_with(std::string_view text, std::string_view head) { return text.substr(0, head.size()) == head; }

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return out;
}

std::string shortest(double value) {
  if (std::isnan(value)) return ".";
  if (std::isinf(value)) return value > 0 ? "inf" : "-inf";
  std::array<char, 32> buffer{};
  const auto result = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value);
  return std::string(buffer.data(), result.ptr);
}

namespace {
std::string printed(const char* format, int digits, double value) {
  if (std::isnan(value)) return ".";
  std::array<char, 400> buffer{};
  const int length = std::snprintf(buffer.data(), buffer.size(), format, digits, value);
  std::string out(buffer.data(), static_cast<std::size_t>(length));
  // No "-0.000": the sign of a rounded zero says nothing.
  if (!out.empty() && out[0] == '-' && out.find_first_of("123456789") == std::string::npos && std::isfinite(value))
    out.erase(0, 1);
  return out;
}
}  // namespace

std::string significant(double value, int digits) { return printed("%.*g", digits, value); }
std::string fixed(double value, int decimals) { return printed("%.*f", decimals, value); }

std::string cell(std::string_view text, std::size_t most) {
  std::string out;
  std::size_t characters = 0;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if ((byte & 0xC0) != 0x80 && ++characters > most) {  // not the inside of a character
      while (!out.empty() && (static_cast<unsigned char>(out.back()) & 0xC0) == 0x80) out.pop_back();
      if (!out.empty()) out.pop_back();
      return out + "\u2026";
    }
    out += byte < 0x20 || byte == 0x7F ? ' ' : c;
  }
  return out;
}

std::string grouped(long long value) {
  std::string digits = std::to_string(value);
  const std::size_t first = digits[0] == '-' ? 1 : 0;
  for (std::size_t i = digits.size(); i > first + 3;) {
    i -= 3;
    digits.insert(i, ",");
  }
  return digits;
}

std::string counted(long long count, std::string_view noun) {
  return grouped(count) + " " + std::string(noun) + (count == 1 ? "" : "s");
}

bool same_but_spaces(std::string_view a, std::string_view b) {
  std::size_t j = 0;
  for (const char c : a) {
    if (c == ' ' || c == '`') continue;
    while (j < b.size() && (b[j] == ' ' || b[j] == '`')) ++j;
    if (j == b.size() || b[j++] != c) return false;
  }
  return b.find_first_not_of(" `", j) == std::string_view::npos;
}

}  // namespace core
