// One cell: where it ends, what it says. Inline, because the reader does it ten million times.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace data::csv {

/// How the file is written.
struct Dialect {
  char delimiter = ',';
  char quote = '"';      ///< '\0': none
  char line_end = '\n';  ///< '\n' (a '\r' before it belongs to it) or '\r'
  char decimal = '.';
  bool fill = false;
  std::vector<std::string> na;
  std::array<bool, 256> begins_na = {};  ///< characters that one of them begins with: most cells are done there
  std::size_t longest_na = 0;
  bool na_is_number = false;  ///< a word of `na` reads as a number, so numbers must be compared with them

  bool blank(char c) const { return (c == ' ' || c == '\t') && c != delimiter; }
};

/// What a cell could be; join() is the narrowest kind that holds two.
enum class Kind : std::uint8_t { nothing, boolean, integer, real, date, text };

Kind join(Kind a, Kind b);

/// A cell of the file. Text that ends the file is '\0', which occurs nowhere else.
struct Cell {
  std::string_view text;       ///< without quotes and outer blanks; doubled quotes still doubled
  const char* next = nullptr;  ///< its delimiter or line end
  bool quoted = false;
  bool doubled = false;  ///< holds doubled quotes
  enum class Fault : std::uint8_t { none, unterminated, after_quote } fault = Fault::none;
};

/// At a line end or the end of the file.
inline bool at_line_end(const char* p, const Dialect& d) {
  return *p == d.line_end || *p == '\0' || (*p == '\r' && (p[1] == '\n' || p[1] == '\0'));
}

/// Past the line end at p.
inline const char* after_line_end(const char* p, const Dialect& d) {
  if (*p == '\r' && d.line_end == '\n') ++p;
  return *p == d.line_end ? p + 1 : p;
}

/// p, past blanks, if a cell may end there; else nullptr.
inline const char* cell_end(const char* p, const Dialect& d) {
  if (*p == d.delimiter || *p == d.line_end) return p;
  while (d.blank(*p)) ++p;
  return *p == d.delimiter || at_line_end(p, d) ? p : nullptr;
}

inline const char* skip_blanks(const char* p, const Dialect& d) {
  while (d.blank(*p)) ++p;
  return p;
}

Cell read_quoted_cell(const char* p, const Dialect& d);

inline Cell read_cell(const char* p, const Dialect& d) {
  p = skip_blanks(p, d);
  if (*p == d.quote && d.quote != '\0') return read_quoted_cell(p, d);
  const char* end = p;
  while (*end != d.delimiter && !(static_cast<unsigned char>(*end) <= '\r' && at_line_end(end, d))) ++end;
  Cell cell;
  cell.next = end;
  while (end > p && d.blank(end[-1])) --end;
  cell.text = {p, static_cast<std::size_t>(end - p)};
  return cell;
}

/// The text of a cell with doubled quotes made single, in `scratch` when needed.
std::string_view unquoted(const Cell& cell, const Dialect& d, std::string& scratch);

inline bool is_missing(const Cell& cell, const Dialect& d) {
  if (cell.text.empty()) return true;
  if (cell.text.size() > d.longest_na || !d.begins_na[static_cast<unsigned char>(cell.text[0])]) return false;
  for (const std::string& word : d.na)
    if (cell.text == word) return true;
  return false;
}

/// What a cell is, by the whole of its text. Missing is Kind::nothing. `overflow` is set for integers beyond 64 bits,
/// which are real.
Kind classify(const Cell& cell, const Dialect& d, bool* overflow = nullptr);

// The values; nothing when the text is not one. Whole numbers with leading zeros are not numbers.
std::optional<std::int64_t> parse_integer(std::string_view text);
std::optional<double> parse_real(std::string_view text, char decimal);
std::optional<bool> parse_boolean(std::string_view text);

// The plain cases at full speed: no quotes, few digits. They return the end of the cell, or nullptr where the careful
// way has to look.

inline const char* fast_integer(const char* p, const Dialect& d, std::int64_t& value) {
  p = skip_blanks(p, d);
  const bool negative = *p == '-';
  p += negative ? 1 : 0;
  const char* const first = p;
  std::uint64_t sum = 0;
  for (unsigned digit = static_cast<unsigned char>(*p) - unsigned{'0'}; digit < 10;
       digit = static_cast<unsigned char>(*++p) - unsigned{'0'})
    sum = sum * 10 + digit;
  const auto digits = p - first;
  if (digits == 0 || digits > 18 || (*first == '0' && digits > 1)) return nullptr;
  value = negative ? -static_cast<std::int64_t>(sum) : static_cast<std::int64_t>(sum);
  return cell_end(p, d);
}

/// Exact: mantissa and power of ten are both exact doubles, so one operation rounds once.
/// Source: Clinger (1990), "How to read floating point numbers accurately", section 4.
const char* fast_real(const char* p, const Dialect& d, double& value);

}  // namespace data::csv
