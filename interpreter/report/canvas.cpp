#include "report/canvas.hpp"

#include "report/layout.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>

namespace report {

Canvas::Canvas(int columns, int rows)
    : columns_(columns), rows_(rows), cells_(static_cast<std::size_t>(columns) * static_cast<std::size_t>(rows)) {}

Canvas::Cell* Canvas::at(int column, int row) {
  if (column < 0 || row < 0 || column >= columns_ || row >= rows_) return nullptr;
  return &cells_[static_cast<std::size_t>(row) * static_cast<std::size_t>(columns_) + static_cast<std::size_t>(column)];
}

void Canvas::put(int column, int row, int code_point) {
  if (Cell* cell = at(column, row)) cell->glyph = code_point;
}

void Canvas::put_behind(int column, int row, int code_point) {
  if (Cell* cell = at(column, row)) cell->behind = code_point;
}

void Canvas::dot(int x, int y) {
  // Bits of U+2800 … U+28FF: dots 1-3 and 7 down the left, 4-6 and 8 down the right.
  constexpr std::array<std::array<unsigned, 2>, 4> bits{{{0x01, 0x08}, {0x02, 0x10}, {0x04, 0x20}, {0x40, 0x80}}};
  if (x < 0 || y < 0) return;
  if (Cell* cell = at(x / 2, y / 4))
    cell->dots |= bits[static_cast<std::size_t>(y % 4)][static_cast<std::size_t>(x % 2)];
}

void Canvas::dots(int x0, int y0, int x1, int y1) {
  const int steps = std::max({std::abs(x1 - x0), std::abs(y1 - y0), 1});
  for (int i = 0; i <= steps; ++i) {
    // Rounded to the nearest dot, the same for a line drawn from either end.
    const auto between = [&](int a, int b) { return a + ((b - a) * 2 * i + (b > a ? steps : -steps)) / (2 * steps); };
    dot(x0 == x1 ? x0 : between(x0, x1), y0 == y1 ? y0 : between(y0, y1));
  }
}

void Canvas::write(int column, int row, const std::string& text) {
  for (const int point : code_points(text)) {
    const int width = code_point_width(point);
    if (width == 0) continue;
    if (column + width > columns_) return;
    put(column, row, point);
    if (width == 2) put(column + 1, row, -1);
    column += width;
  }
}

std::string Canvas::row(int row) const {
  std::string out;
  for (int column = 0; column < columns_; ++column) {
    const Cell& cell =
        cells_[static_cast<std::size_t>(row) * static_cast<std::size_t>(columns_) + static_cast<std::size_t>(column)];
    if (cell.glyph == -1) continue;
    int shown = ' ';
    if (cell.glyph)
      shown = cell.glyph;
    else if (cell.dots)
      shown = 0x2800 + static_cast<int>(cell.dots);
    else if (cell.behind)
      shown = cell.behind;
    append_utf8(out, shown);
  }
  out.erase(out.find_last_not_of(' ') + 1);
  return out;
}

}  // namespace report
