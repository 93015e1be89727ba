#include "report/page.hpp"

#include "report/layout.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace report {
namespace {

/// Widths in half letters: a digit, or half a Chinese character. Superscripts take two thirds.
struct Natural {
  std::vector<double> column, left, right;
};

double text_units(const Cell& cell) { return display_width(cell.text) + display_width(cell.stars) * 2.0 / 3; }

Natural page_widths(const Table& table, const std::vector<Align>& align) {
  Natural n;
  n.column.assign(align.size(), 1);
  n.left = n.right = std::vector<double>(align.size(), 0);
  const auto take = [&](const Row& row, bool in_header) {
    std::size_t j = 0;
    for (const Cell& cell : row.cells) {
      const auto span = static_cast<std::size_t>(std::max(cell.span, 1));
      if (span == 1) {
        const NumberParts parts = number_parts(cell);
        if (!in_header && align[j] == Align::decimal && parts.aligned) {
          n.left[j] = std::max<double>(n.left[j], display_width(parts.left));
          const double stars = display_width(cell.stars);
          n.right[j] = std::max(n.right[j], display_width(parts.right) - stars / 3);
        } else {
          n.column[j] = std::max(n.column[j], text_units(cell));
        }
      } else if (j > 0) {  // a heading over several columns widens them; one over the whole row may wrap
        const double each = text_units(cell) / static_cast<double>(span);
        for (std::size_t i = j; i < std::min(j + span, align.size()); ++i) n.column[i] = std::max(n.column[i], each);
      }
      j += span;
    }
  };
  for (const Row& row : table.header) take(row, true);
  for (const Row& row : table.body) take(row, false);
  for (std::size_t j = 0; j < align.size(); ++j) n.column[j] = std::max(n.column[j], n.left[j] + n.right[j]);
  return n;
}

}  // namespace

PageLayout page_size(bool landscape) {
  PageLayout page;
  if (landscape) std::swap(page.width, page.height);
  page.text_width = page.width - 2 * page.margin;
  return page;
}

PageLayout page_layout(const Table& table) {
  PageLayout page = page_size(table.landscape);
  const std::vector<Align> align = column_alignment(table);
  if (align.empty()) return page;
  const Natural natural = page_widths(table, align);
  const double units = std::accumulate(natural.column.begin(), natural.column.end(), 0.0);
  const auto columns = static_cast<int>(align.size());
  const auto needed = [&](int letters) { return units * letters * 5 + columns * 2.0 * page.cell_margin; };
  constexpr int smallest = 13;
  while (page.letters > smallest && needed(page.letters) > page.text_width) --page.letters;
  if (needed(page.letters) > page.text_width) page.cell_margin = 30;
  page.notes = std::min(page.notes, page.letters);
  // What is left over is spread evenly; what is missing is taken from every column in proportion.
  const double spare = page.text_width - needed(page.letters);
  const double share = spare > 0 ? spare / columns : 0;
  const double scale = spare < 0 ? page.text_width / needed(page.letters) : 1;
  int used = 0;
  for (std::size_t j = 0; j < align.size(); ++j) {
    const double width = (natural.column[j] * page.letters * 5 + 2 * page.cell_margin) * scale + share;
    const bool last = j + 1 == align.size();
    page.columns.push_back(last ? page.text_width - used : static_cast<int>(std::lround(width)));
    used += page.columns.back();
    const double left = natural.left[j] * page.letters * 5, right = natural.right[j] * page.letters * 5;
    const double inner = page.columns.back() - 2.0 * page.cell_margin;
    page.points.push_back(
        left + right > 0 ? std::max(1, static_cast<int>(std::lround((inner - left - right) / 2 + left))) : 0);
  }
  return page;
}

bool on_one_page(const Table& table) {
  const PageLayout page = page_layout(table);
  constexpr int line = 14,
                around = 40;  // a line is 1.4 times its letters, of half points; before and after a paragraph
  const auto rows = static_cast<int>(table.header.size() + table.body.size());
  const auto notes = static_cast<int>(table.notes.size());
  const int title = table.title.empty() ? 0 : title_letters * line + 180;
  return title + rows * (page.letters * line + around) + notes * page.notes * line + around <=
         page.height - 2 * page.margin;
}

int indent_of(const Cell& cell) {
  const std::size_t first = cell.text.find_first_not_of(' ');
  return first == std::string::npos ? 0 : static_cast<int>(first);
}

}  // namespace report
