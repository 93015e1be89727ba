#include "report/number_format.hpp"

#include "core/error.hpp"
#include "core/text.hpp"

#include <algorithm>
#include <cmath>

namespace report {
namespace {

constexpr int most_decimals = 15;

int adaptive_decimals(double value, int digits) {
  const double size = std::abs(value);
  if (!(size > 0)) return digits;
  const int power = static_cast<int>(std::floor(std::log10(size)));
  const int decimals = size < 1 ? digits - 1 - power : std::max(1, digits - power);
  return std::min(decimals, most_decimals);
}

}  // namespace

NumberFormat parse_number_format(const std::string& text) {
  std::string digits = text;
  NumberFormat format;
  if (!digits.empty() && digits[0] == '%') {
    const std::size_t point = digits.find('.');
    const char last = digits.back();
    if (point != std::string::npos && (last == 'f' || last == 'g' || last == 'c'))
      digits = digits.substr(point + 1, digits.find_first_not_of("0123456789", point + 1) - point - 1);
  } else if (!digits.empty() && digits[0] == 'a') {
    format.adaptive = true;
    digits.erase(0, 1);
  }
  const bool number = !digits.empty() && digits.size() <= 2 &&
                      std::all_of(digits.begin(), digits.end(), [](char c) { return c >= '0' && c <= '9'; });
  format.decimals = number ? std::stoi(digits) : -1;
  if (!number || format.decimals > most_decimals || (format.adaptive && format.decimals == 0))
    throw core::Error("'" + text + "' is no number format")
        .word(text)
        .hint("write decimals (3), significant digits (\"a3\") or a format like \"%9.3f\"");
  return format;
}

std::string formatted(double value, const NumberFormat& format) {
  if (std::isnan(value)) return "";
  if (!std::isfinite(value)) return value > 0 ? "∞" : "-∞";
  if (format.adaptive) return core::fixed(value, adaptive_decimals(value, format.decimals));
  if (value != 0 && std::abs(value) < 0.5 * std::pow(10, -format.decimals)) return core::significant(value, 2);
  return core::fixed(value, format.decimals);
}

std::string test_statistic(double value) {
  return std::abs(value) < 1e6 || !std::isfinite(value) ? core::fixed(value, 2) : core::significant(value, 5);
}

}  // namespace report
