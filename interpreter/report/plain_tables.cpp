// Tables as Markdown and as CSV.
#include "report/layout.hpp"

#include "core/text.hpp"

#include <algorithm>

namespace report {
namespace {

std::string markdown_escaped(const std::string& text) {
  std::string out;
  for (const char c : text) {
    if (std::string("\\`*_|<~$").find(c) != std::string::npos) out += '\\';
    out += c == '\n' ? ' ' : c;
  }
  return out;
}

/// The cells of a row by column; a span fills its first column.
std::vector<std::string> by_column(const Row& row, std::size_t columns, std::string (*text_of)(const Cell&)) {
  std::vector<std::string> texts(columns);
  std::size_t j = 0;
  for (const Cell& cell : row.cells) {
    texts[j] = text_of(cell);
    j += static_cast<std::size_t>(std::max(cell.span, 1));
  }
  return texts;
}

std::string markdown_cell(const Cell& cell) {
  const std::string text = markdown_escaped(cell.text + cell.stars);
  return cell.header && !text.empty() ? "**" + text + "**" : text;
}

/// Spreadsheets read (0.12) as the number -0.12: as ="(0.12)" it stays what it is. Source of the form: Stata's esttab.
bool looks_negative(const std::string& text) {
  return text.size() > 2 && text.front() == '(' && text.back() == ')' &&
         text.find_first_not_of("0123456789.,", 1) == text.size() - 1;
}

std::string quoted(const Cell& cell) {
  std::string text = cell.text + cell.stars;
  if (looks_negative(text)) text = "=\"" + text + "\"";
  const bool plain = text.find_first_of(",\"\r\n") == std::string::npos && core::trim(text).size() == text.size();
  if (plain) return text;
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"') out += '"';
    out += c;
  }
  return out + "\"";
}

std::string markdown_rule(Align align, int width) {
  const auto dashes = static_cast<std::size_t>(std::max(width, 3));
  if (align == Align::left) return ":" + std::string(dashes - 1, '-');
  if (align == Align::center) return ":" + std::string(dashes - 2, '-') + ":";
  return std::string(dashes - 1, '-') + ":";
}

}  // namespace

std::string render_markdown(const Table& table) {
  const std::vector<Align> align = column_alignment(table);
  const std::size_t columns = align.size();
  // Markdown knows one header row: several are stacked in it.
  std::vector<std::string> header(columns);
  for (const Row& row : table.header) {
    const std::vector<std::string> texts = by_column(row, columns, markdown_cell);
    for (std::size_t j = 0; j < columns; ++j) {
      if (!texts[j].empty() && !header[j].empty()) header[j] += "<br>";
      header[j] += texts[j];
    }
  }
  std::vector<std::vector<std::string>> lines = {header};
  for (const Row& row : table.body) lines.push_back(by_column(row, columns, markdown_cell));

  std::vector<int> widths(columns, 3);
  for (const auto& line : lines)
    for (std::size_t j = 0; j < columns; ++j) widths[j] = std::max(widths[j], display_width(line[j]));

  std::string out;
  if (!table.title.empty()) out += "**" + markdown_escaped(table.title) + "**\n\n";
  for (std::size_t i = 0; i < lines.size() && columns > 0; ++i) {
    out += "|";
    for (std::size_t j = 0; j < columns; ++j) out += " " + pad(lines[i][j], widths[j], align[j]) + " |";
    out += "\n";
    if (i > 0) continue;
    out += "|";
    for (std::size_t j = 0; j < columns; ++j) out += " " + markdown_rule(align[j], widths[j]) + " |";
    out += "\n";
  }
  for (const std::string& note : table.notes) out += "\n" + markdown_escaped(note) + "\n";
  return out;
}

std::string render_csv(const Table& table) {
  const std::size_t columns = column_count(table);
  std::string out;
  const auto add = [&](const Row& row) { out += core::join(by_column(row, columns, quoted), ",") + "\n"; };
  for (const Row& row : table.header) add(row);
  for (const Row& row : table.body) add(row);
  return out;
}

}  // namespace report
