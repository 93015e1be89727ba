// One table model, several renderers.
#pragma once

#include <cstddef>
#include <limits>
#include <string>
#include <vector>

namespace report {

enum class Align { left, right, center, decimal };

struct Cell {
  std::string text;        ///< plain UTF-8; "" is an empty cell
  std::string stars = {};  ///< "***" after the number: superscript where the format has it
  int span = 1;            ///< columns covered (headers)
  bool header = false;
  double value = std::numeric_limits<double>::quiet_NaN();  ///< the number behind the text, where there is one
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
  int fit = 0;                     ///< as text: columns beyond so many characters are left out, and named; 0: none
  bool landscape = false;          ///< on paper (.docx, .rtf, .tex) and for printing (.xlsx): a page on its side
};

struct TextStyle {
  int width = 0;       ///< wrap notes at this many columns; 0: 80
  bool color = false;  ///< ANSI bold and dim
  bool fold = false;   ///< a table wider than `width` in parts under each other, each with the first column
  bool ascii = false;  ///< rules of - and = instead of box characters
};

std::string render_text(const Table& table, const TextStyle& style = {});
std::string render_latex(const Table& table);     ///< booktabs + threeparttable; everything escaped
std::string render_html(const Table& table);      ///< a <table> with a caption and a foot; escaped
std::string render_markdown(const Table& table);  ///< pipes; pipes in cells escaped
std::string render_csv(const Table& table);
std::string render_rtf(const Table& table);   ///< a document of its own; beyond ASCII as Unicode escapes
std::string render_docx(const Table& table);  ///< the bytes of a Word file
std::string render_xlsx(const Table& table);  ///< the bytes of a workbook; numbers as numbers with formats

/// The tables one under the other, under the first one's header. A table with other header rows brings them along as
/// rows of the body. `titles` (one per table, or none) head the parts. Alignments and notes are the first's; notes the
/// others add follow. Throws core::Error for no table, or when the number of titles or columns differs.
Table stack(const std::vector<Table>& tables, const std::vector<std::string>& titles);

/// Endings that save() knows: .txt .tex .html .md .csv .xlsx .docx .rtf, and .doc, which is written as RTF.
const std::vector<std::string>& table_endings();
/// Writes by the file's ending through a temporary file and a rename; several tables follow each other in one document
/// (sheets of one workbook). With `append` they go to the end of a file that is there already (not .xlsx). Throws
/// core::Error for an unknown ending (near names), a folder that does not exist, or an old file that cannot be added
/// to.
void save(const Table& table, const std::string& path, bool append = false);
void save(const std::vector<Table>& tables, const std::string& path, bool append = false);

/// Columns a text takes on a terminal (utf8proc): wide characters count two, combining ones none.
int display_width(const std::string& text);
std::string pad(const std::string& text, int width, Align align);

/// Writes a whole file: temporary file beside it, flush, rename. Throws core::Error naming the path and the system's
/// reason.
void write_file(const std::string& path, const std::string& content);

}  // namespace report
