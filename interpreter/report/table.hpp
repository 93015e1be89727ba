// One table model, several renderers.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace report {

enum class Align { left, right, center, decimal };

struct Cell {
  std::string text;        ///< plain UTF-8; "" is an empty cell
  std::string stars = {};  ///< "***" after the number: superscript where the format has it
  int span = 1;            ///< columns covered (headers)
  bool header = false;
};

struct Row {
  std::vector<Cell> cells;
  bool rule_above = false;  ///< a thin line above this row
};

/// Printed as a three-line table: rule, header rows, rule, body rows, rule, notes.
struct Table {
  std::string title;
  std::string label;  ///< LaTeX \label
  std::vector<Row> header;
  std::vector<Row> body;
  std::vector<Align> align;        ///< one per column; the first is left and the others right when empty
  std::vector<std::string> notes;  ///< printed under the table
};

struct TextStyle {
  int width = 0;       ///< wrap notes at this many columns; 0: 80
  bool color = false;  ///< ANSI bold and dim
  bool ascii = false;  ///< rules of - and = instead of box characters
};

std::string render_text(const Table& table, const TextStyle& style = {});
std::string render_latex(const Table& table);     ///< booktabs + threeparttable; everything escaped
std::string render_html(const Table& table);      ///< a <table> with a caption and a foot; escaped
std::string render_markdown(const Table& table);  ///< pipes; pipes in cells escaped
std::string render_csv(const Table& table);
/// Writes by the file's ending (.txt .tex .html .md .csv) through a temporary file and a rename. Throws core::Error for
/// an unknown ending (near names) or a folder that does not exist.
void save(const Table& table, const std::string& path);

/// Columns a text takes on a terminal (utf8proc): wide characters count two, combining ones none.
int display_width(const std::string& text);
std::string pad(const std::string& text, int width, Align align);

/// Writes a whole file: temporary file beside it, flush, rename. Throws core::Error naming the path and the system's
/// reason.
void write_file(const std::string& path, const std::string& content);

}  // namespace report
