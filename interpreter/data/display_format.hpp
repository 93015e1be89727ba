// How values are shown, in Stata's notation: %9.2f, %9.0g, %12.0fc, %10.3e, %-20s, %td, %tdCCYY-NN-DD, %tm, %tq, %tc.
// Source: Stata's manual, [D] format and [D] Datetime display formats.
#pragma once

#include "data/column.hpp"

#include <optional>
#include <string>

namespace data {

constexpr std::int64_t stata_epoch = -3653;  ///< 1960-01-01 in days since 1970-01-01

struct DisplayFormat {
  enum class Kind { fixed, scientific, general, hexadecimal, text, date };
  Kind kind = Kind::general;
  bool left = false, zeros = false, commas = false, decimal_comma = false;
  int width = 9;
  int decimals = 0;
  char unit = 0;     ///< of dates: d c C w m q h y b
  std::string mask;  ///< of dates: DDmonCCYY; "" is the unit's own
};

/// Nothing when the text is no format.
std::optional<DisplayFormat> parse_display_format(const std::string& text);
/// Can values of this type be shown so? "" suits every type.
bool suits(const std::string& format, Type type);
/// The value as the column's format writes it, without the blanks that would fill its width; nothing when the column
/// has no format, the value is missing or has a label, or the format says nothing about it (%21x, %tb).
std::optional<std::string> formatted_text(const Column& column, std::size_t row);
/// The same for a number of a column with that format: a mean, a percentile. Dates must be whole.
std::optional<std::string> formatted_number(const std::string& format, double value);

}  // namespace data
