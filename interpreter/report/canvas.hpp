// A sheet of character cells to draw on: glyphs, and Braille dots at eight to a cell.
#pragma once

#include <string>
#include <vector>

namespace report {

class Canvas {
 public:
  Canvas(int columns, int rows);

  int columns() const { return columns_; }
  int rows() const { return rows_; }
  /// Puts a code point of width 1 in a cell, over whatever is there; outside the sheet nothing happens.
  void put(int column, int row, int code_point);
  /// The same for guides and shading, which dots and other glyphs cover.
  void put_behind(int column, int row, int code_point);
  /// Lights a dot: x counts half cells from the left, y quarter cells from the top. Dots show where no glyph but
  /// shading or a guide stands.
  void dot(int x, int y);
  /// Dots along the straight line between two dots.
  void dots(int x0, int y0, int x1, int y1);
  /// Writes a text from a cell on, wide characters in two cells, over whatever is there.
  void write(int column, int row, const std::string& text);
  /// A row as UTF-8, without spaces at its end.
  std::string row(int row) const;

 private:
  struct Cell {
    int glyph = 0;   // 0: none; −1: right half of a wide character
    int behind = 0;  // guides and shading, covered by dots
    unsigned dots = 0;
  };
  Cell* at(int column, int row);

  int columns_, rows_;
  std::vector<Cell> cells_;
};

}  // namespace report
