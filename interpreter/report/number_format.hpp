// Decimals of numbers in tables.
#pragma once

#include <string>

namespace report {

struct NumberFormat {
  int decimals = 4;
  /// Significant digits instead of decimals, as Stata's estout counts them with "a3": at least three digits that mean
  /// something, at most three decimals from 1 on.
  bool adaptive = false;
};

/// "3", "a3", "%9.3f", "%8.0g". Throws core::Error for anything else.
NumberFormat parse_number_format(const std::string& text);
/// Decimals as asked; a number they would round to zero keeps two significant digits instead. "" for NaN.
std::string formatted(double value, const NumberFormat& format);

/// A t, z, F or χ² statistic to two decimals; beyond a million, where a perfect fit puts it, to five digits.
std::string test_statistic(double value);

}  // namespace report
