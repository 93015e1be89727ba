#include "report/layout.hpp"

#include <algorithm>

namespace report {
namespace {

std::size_t row_columns(const Row& row) {
  std::size_t columns = 0;
  for (const Cell& cell : row.cells) columns += static_cast<std::size_t>(std::max(cell.span, 1));
  return columns;
}

bool digit(char c) { return c >= '0' && c <= '9'; }

}  // namespace

std::size_t column_count(const Table& table) {
  std::size_t columns = 0;
  for (const Row& row : table.header) columns = std::max(columns, row_columns(row));
  for (const Row& row : table.body) columns = std::max(columns, row_columns(row));
  return columns;
}

std::vector<Align> column_alignment(const Table& table) {
  std::vector<Align> align = table.align;
  const std::size_t columns = column_count(table);
  while (align.size() < columns) align.push_back(align.empty() ? Align::left : Align::right);
  align.resize(columns);
  return align;
}

Align cell_alignment(const Cell& cell, std::size_t column, const std::vector<Align>& align, bool in_header) {
  if (cell.span > 1) return column == 0 ? Align::left : Align::center;
  if (in_header && align[column] == Align::decimal) return Align::center;
  return align[column];
}

NumberParts number_parts(const Cell& cell) {
  const std::string& text = cell.text;
  std::size_t i = 0;
  const bool wrapped = !text.empty() && (text[0] == '(' || text[0] == '[');
  if (wrapped) ++i;
  if (i < text.size() && (text[i] == '-' || text[i] == '+')) ++i;
  const std::size_t first = i;
  while (i < text.size() && (digit(text[i]) || text[i] == ',')) ++i;
  bool digits = i > first;
  const std::size_t point = i;
  if (i < text.size() && text[i] == '.') {
    ++i;
    const std::size_t fraction = i;
    while (i < text.size() && digit(text[i])) ++i;
    digits = digits || i > fraction;
  }
  const bool has_point = i > point;
  if (digits && i < text.size() && (text[i] == 'e' || text[i] == 'E')) {
    ++i;
    if (i < text.size() && (text[i] == '-' || text[i] == '+')) ++i;
    while (i < text.size() && digit(text[i])) ++i;
  }
  if (i < text.size() && text[i] == '%') ++i;
  if (wrapped && i < text.size() && (text[i] == ')' || text[i] == ']')) ++i;

  NumberParts parts;
  // A bare integer (a count) has no place on the scale of the estimates above it.
  parts.aligned = digits && i == text.size() && (has_point || wrapped || !cell.stars.empty());
  if (parts.aligned) {
    parts.left = text.substr(0, point);
    parts.right = text.substr(point) + cell.stars;
  }
  return parts;
}

}  // namespace report
