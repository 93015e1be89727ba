// Tables as workbooks.
#pragma once

#include "report/table.hpp"

#include <optional>
#include <string>
#include <vector>

namespace report {

/// The text of a cell taken apart: "(-0.0045)" is -0.0045 with four decimals between parentheses.
struct NumberText {
  double value = 0;
  int decimals = 0;
  bool grouped = false, percent = false, power = false;  ///< 1,410; 12.5%; 1e-12
  std::string before, after;                             ///< brackets
};
/// Nothing for words, intervals, codes with leading zeros ("0571").
std::optional<NumberText> number_text(const std::string& text);
/// Excel's number format that prints the number as the text has it. `decimals`, `stars` and `bracket` are the most in
/// its column: less is filled up with blanks of the same width, so that right-aligned points stand under each other.
/// `air`: digits' widths left free on the right.
std::string number_format(const NumberText& number, const std::string& stars, int decimals, int most_stars,
                          bool bracket, int air = 0);

/// The bytes of a workbook with these tables, a sheet each.
std::string xlsx_file(const std::vector<Table>& tables);

}  // namespace report
