// Tables on paper (.docx, .rtf): the page, widths of columns, where the decimal points stand, size of the letters.
#pragma once

#include "report/table.hpp"

#include <vector>

namespace report {

/// Lengths in twentieths of a point (1440 an inch), sizes of letters in half points.
struct PageLayout {
  int width = 11906, height = 16838;  ///< A4
  int margin = 1440;
  int text_width = 0;        ///< between the margins; what the columns add up to
  int letters = 18;          ///< of cells; smaller where the table is too wide
  int notes = 15;            ///< of notes
  int cell_margin = 80;      ///< left and right of a cell's text
  std::vector<int> columns;  ///< widths
  std::vector<int> points;   ///< of decimal columns: from the left of the cell's text to the decimal point; else 0
};
PageLayout page_layout(const Table& table);
/// The page alone.
PageLayout page_size(bool landscape);

/// Whether the table with its title and notes fits on a page: then it is printed on one. Rows are taken as high as
/// Chinese text makes them.
bool on_one_page(const Table& table);

/// Fonts named in documents: Latin letters and digits; Chinese characters; Chinese in titles.
inline constexpr const char* latin_font = "Times New Roman";
inline constexpr const char* east_asian_font = "SimSun";
inline constexpr const char* east_asian_title_font = "SimHei";
inline constexpr int title_letters = 21;  ///< half points

/// Spaces that begin a cell's text, which are an indent.
int indent_of(const Cell& cell);

}  // namespace report
