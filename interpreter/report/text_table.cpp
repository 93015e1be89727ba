// Tables in a terminal: rules, aligned columns, wrapped notes.
#include "report/layout.hpp"

#include <algorithm>

namespace report {
namespace {

constexpr int gap = 2;  // spaces between columns

struct Widths {
  std::vector<int> column;       // whole column
  std::vector<int> left, right;  // of numbers aligned at the point
  int total = 0;
};

int spanned(const std::vector<int>& widths, std::size_t from, std::size_t count) {
  int sum = 0;
  for (std::size_t j = from; j < from + count && j < widths.size(); ++j) sum += widths[j] + (j > from ? gap : 0);
  return sum;
}

template <class Visit>
void for_cells(const Row& row, const Visit& visit) {
  std::size_t column = 0;
  for (const Cell& cell : row.cells) {
    visit(cell, column);
    column += static_cast<std::size_t>(std::max(cell.span, 1));
  }
}

template <class Visit>
void for_rows(const Table& table, const Visit& visit) {
  for (const Row& row : table.header) visit(row, true);
  for (const Row& row : table.body) visit(row, false);
}

std::string whole(const Cell& cell) { return cell.text + cell.stars; }

Widths measure(const Table& table, const std::vector<Align>& align) {
  Widths w;
  w.column.assign(align.size(), 0);
  w.left = w.right = w.column;
  for_rows(table, [&](const Row& row, bool in_header) {
    for_cells(row, [&](const Cell& cell, std::size_t j) {
      if (cell.span > 1) return;
      const NumberParts parts = number_parts(cell);
      if (!in_header && align[j] == Align::decimal && parts.aligned) {
        w.left[j] = std::max(w.left[j], display_width(parts.left));
        w.right[j] = std::max(w.right[j], display_width(parts.right));
      } else {
        w.column[j] = std::max(w.column[j], display_width(whole(cell)));
      }
    });
  });
  for (std::size_t j = 0; j < align.size(); ++j) w.column[j] = std::max(w.column[j], w.left[j] + w.right[j]);
  for_rows(table, [&](const Row& row, bool) {
    for_cells(row, [&](const Cell& cell, std::size_t j) {
      if (cell.span <= 1) return;
      const auto count = std::min(static_cast<std::size_t>(cell.span), align.size() - j);
      int missing = display_width(whole(cell)) - spanned(w.column, j, count);
      for (std::size_t step = 0; missing > 0; ++step, --missing) ++w.column[j + step % count];
    });
  });
  w.total = spanned(w.column, 0, align.size());
  return w;
}

std::string placed(const Cell& cell, std::size_t j, const std::vector<Align>& align, const Widths& w, bool in_header) {
  const auto count = std::min(static_cast<std::size_t>(std::max(cell.span, 1)), align.size() - j);
  const int width = spanned(w.column, j, count);
  const Align how = cell_alignment(cell, j, align, in_header);
  if (how != Align::decimal) return pad(whole(cell), width, how);
  const NumberParts parts = number_parts(cell);
  const bool scaled = w.left[j] + w.right[j] > 0;
  if (!parts.aligned) return pad(whole(cell), width, scaled ? Align::center : Align::right);
  const std::string number = pad(parts.left, w.left[j], Align::right) + pad(parts.right, w.right[j], Align::left);
  return pad(number, width, Align::center);
}

std::string repeat(const std::string& piece, int times) {
  std::string out;
  for (int i = 0; i < times; ++i) out += piece;
  return out;
}

class Painter {
 public:
  Painter(const Table& table, const TextStyle& style)
      : table_(table), style_(style), align_(column_alignment(table)), widths_(measure(table, align_)) {}

  std::string paint() {
    const int width = style_.width > 0 ? style_.width : 80;
    if (!table_.title.empty())
      for (const std::string& line : wrap(table_.title, width)) out_ += styled(line, "1") + "\n";
    if (!align_.empty()) {
      rule(style_.ascii ? "=" : "━", widths_.total);
      for (const Row& row : table_.header) header_row(row, &row != &table_.header.back());
      if (!table_.header.empty() && !table_.body.empty()) rule(style_.ascii ? "-" : "─", widths_.total);
      for (std::size_t i = 0; i < table_.body.size(); ++i) {
        if (table_.body[i].rule_above && i > 0) rule(style_.ascii ? "-" : "─", widths_.total);
        body_row(table_.body[i]);
      }
      rule(style_.ascii ? "=" : "━", widths_.total);
    }
    for (const std::string& note : table_.notes)
      for (const std::string& line : wrap(note, width)) out_ += styled(line, "2") + "\n";
    return out_;
  }

 private:
  std::string styled(const std::string& text, const char* code) const {
    if (!style_.color || text.find_first_not_of(' ') == std::string::npos) return text;
    return std::string("\x1b[") + code + "m" + text + "\x1b[0m";
  }
  void rule(const std::string& piece, int width) { out_ += styled(repeat(piece, width), "2") + "\n"; }

  void end_line(std::string line) {
    line.erase(line.find_last_not_of(' ') + 1);
    out_ += line + "\n";
  }

  void header_row(const Row& row, bool more) {
    std::string line, under;
    bool spans = false;
    for_cells(row, [&](const Cell& cell, std::size_t j) {
      const std::string text = placed(cell, j, align_, widths_, true);
      const bool ruled = more && cell.span > 1 && j > 0 && !cell.text.empty();
      spans = spans || ruled;
      line += std::string(j ? gap : 0, ' ') + styled(text, "1");
      under += std::string(j ? gap : 0, ' ');
      under += ruled ? styled(repeat(style_.ascii ? "-" : "─", display_width(text)), "2")
                     : std::string(static_cast<std::size_t>(display_width(text)), ' ');
    });
    end_line(line);
    if (spans) end_line(under);
  }

  void body_row(const Row& row) {
    std::string line;
    for_cells(row, [&](const Cell& cell, std::size_t j) {
      const std::string text = placed(cell, j, align_, widths_, false);
      line += std::string(j ? gap : 0, ' ') + (cell.header ? styled(text, "1") : text);
    });
    end_line(line);
  }

  const Table& table_;
  const TextStyle& style_;
  std::vector<Align> align_;
  Widths widths_;
  std::string out_;
};

/// The row's cells in the first column and in columns from … to − 1; a cell over several keeps its part of them.
Row part_of(const Row& row, std::size_t from, std::size_t to) {
  Row out;
  out.rule_above = row.rule_above;
  for_cells(row, [&](const Cell& cell, std::size_t j) {
    const std::size_t end = j + static_cast<std::size_t>(std::max(cell.span, 1));
    const std::size_t first = std::max(j, from), last = std::min(end, to);
    const int span =
        (j == 0 ? 1 : 0) +
        static_cast<int>(last > std::max<std::size_t>(first, 1) ? last - std::max<std::size_t>(first, 1) : 0);
    if (span == 0) return;
    out.cells.push_back(cell);
    out.cells.back().span = span;
  });
  return out;
}

/// The table in parts no wider than `width`, each beginning with the first column.
std::vector<Table> folded(const Table& table, int width) {
  const std::vector<Align> align = column_alignment(table);
  const Widths widths = measure(table, align);
  if (widths.total <= width || align.size() < 3) return {table};
  std::vector<Table> parts;
  for (std::size_t from = 1; from < align.size();) {
    std::size_t to = from;
    int total = widths.column[0];
    while (to < align.size() && (to == from || total + gap + widths.column[to] <= width))
      total += gap + widths.column[to++];
    Table part;
    part.title = from == 1 ? table.title : "";
    for (const Row& row : table.header) part.header.push_back(part_of(row, from, to));
    for (const Row& row : table.body) part.body.push_back(part_of(row, from, to));
    part.align = {align[0]};
    part.align.insert(part.align.end(), align.begin() + static_cast<std::ptrdiff_t>(from),
                      align.begin() + static_cast<std::ptrdiff_t>(to));
    if (to == align.size()) part.notes = table.notes;
    parts.push_back(std::move(part));
    from = to;
  }
  return parts;
}

}  // namespace

namespace {

/// Without the last columns of a table wider than `table.fit`; a note names them.
Table fitting(Table table) {
  const std::size_t columns = table.align.size();
  std::vector<std::string> names;  // of the columns; that of the row numbers is blank
  for (const Cell& cell : table.header[0].cells) names.push_back(cell.text);
  const std::size_t first = !names.empty() && names[0].empty() ? 1 : 0;
  std::size_t kept = 0;
  int total = 0;
  for (; kept < columns; ++kept) {
    int wide = display_width(names[kept]);
    for (const Row& row : table.body) wide = std::max(wide, display_width(row.cells[kept].text));
    total += wide + (kept > 0 ? 2 : 0);
    if (total > table.fit && kept > first) break;
  }
  if (kept == columns) return table;
  const std::vector<std::string> left(names.begin() + static_cast<std::ptrdiff_t>(kept), names.end());
  constexpr std::size_t most_named = 30;
  const std::vector<std::string> named(left.begin(),
                                       left.begin() + static_cast<std::ptrdiff_t>(std::min(left.size(), most_named)));
  table.notes.push_back(core::counted(static_cast<long long>(left.size()), "column") +
                        " not shown: " + core::join(named, ", ") + (left.size() > named.size() ? ", …" : "") +
                        "; list() shows all, head(" + left[0] + ") one");
  table.align.resize(kept);
  for (Row& row : table.header) row.cells.resize(kept);
  for (Row& row : table.body) row.cells.resize(kept);
  return table;
}

}  // namespace

std::string render_text(const Table& table, const TextStyle& style) {
  if (table.fit > 0) {
    Table part = fitting(table);
    part.fit = 0;
    return render_text(part, style);
  }
  if (!style.fold || style.width <= 0) return Painter(table, style).paint();
  std::string out;
  for (const Table& part : folded(table, style.width)) out += Painter(part, style).paint();
  return out;
}

}  // namespace report
