// What the table renderers share: columns, alignment, the parts of a number, wrapped text.
#pragma once

#include "report/table.hpp"

#include <cstddef>
#include <string>
#include <vector>

namespace report {

/// Columns of the widest row, spans counted.
std::size_t column_count(const Table& table);
/// One alignment per column: table.align, or its default, filled up to column_count().
std::vector<Align> column_alignment(const Table& table);
/// Where a cell stands: a header or spanning cell is centred over its columns (left when it starts the row).
Align cell_alignment(const Cell& cell, std::size_t column, const std::vector<Align>& align, bool in_header);

/// A number as the eye aligns it: "(0.0123)" is "(0" and ".0123)".
struct NumberParts {
  bool aligned = false;  ///< false: words, intervals, and bare integers, which are centred instead
  std::string left, right;
};
NumberParts number_parts(const Cell& cell);

/// The cell's text with `minus` for each hyphen that is the sign of a number ("-1.5", "(-2)", "[-1, -2]"), other bytes
/// through `escape`.
template <class Escape>
std::string with_minus(const std::string& text, const std::string& minus, const Escape& escape) {
  std::string out, plain;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool starts = i == 0 || text[i - 1] == '(' || text[i - 1] == '[' || text[i - 1] == ' ';
    const bool number = i + 1 < text.size() && text[i + 1] >= '0' && text[i + 1] <= '9';
    if (text[i] == '-' && starts && number) {
      out += escape(plain) + minus;
      plain.clear();
    } else {
      plain += text[i];
    }
  }
  return out + escape(plain);
}

/// Display width in columns of one code point.
int code_point_width(int code_point);
/// UTF-8 as code points; a broken byte becomes U+FFFD.
std::vector<int> code_points(const std::string& text);
void append_utf8(std::string& out, int code_point);

/// Lines of at most `width` columns, broken at spaces or between wide characters; longer words are left whole.
std::vector<std::string> wrap(const std::string& text, int width);

/// A whole page around render_html(), for a file of its own.
std::string html_page(const Table& table);

}  // namespace report
