// Tables as sheets of a workbook: numbers stay numbers, the three rules are borders, headings over columns are merged.
#include "report/xlsx_table.hpp"

#include "core/error.hpp"
#include "report/layout.hpp"
#include "report/page.hpp"

#include <xlsxwriter.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

namespace report {
namespace {

namespace fs = std::filesystem;

/// A folder that goes when it does.
class ScratchFolder {
 public:
  ScratchFolder() : name_((fs::temp_directory_path() / "moontide-xlsx-XXXXXX").string()) {
    if (!mkdtemp(name_.data())) throw core::Error("no temporary folder can be made for the workbook");
  }
  ~ScratchFolder() {
    std::error_code ignored;
    fs::remove_all(name_, ignored);
  }
  ScratchFolder(const ScratchFolder&) = delete;
  ScratchFolder& operator=(const ScratchFolder&) = delete;
  std::string operator/(const std::string& file) const { return name_ + "/" + file; }

 private:
  std::string name_;
};

void check(lxw_error error) {
  if (error != LXW_NO_ERROR) throw core::Error(std::string("the workbook cannot be made: ") + lxw_strerror(error));
}

/// The most that cells of one column have, for number_format().
struct ColumnSizes {
  int decimals = 0, stars = 0, width = 0;
  int left = 0, right = 0, air = 0;  // of aligned numbers; what centres them
  bool bracket = false;
};

class SheetWriter {
 public:
  SheetWriter(lxw_workbook* book, lxw_worksheet* sheet, const Table& table)
      : book_(book), sheet_(sheet), table_(table), align_(column_alignment(table)), sizes_(align_.size()) {}

  void write() {
    measure();
    const auto last = static_cast<lxw_col_t>(align_.empty() ? 0 : align_.size() - 1);
    if (!table_.title.empty()) {
      lxw_format* format = made();
      format_set_bold(format);
      format_set_align(format, LXW_ALIGN_CENTER);
      whole_row(table_.title, last, format);
    }
    for (std::size_t i = 0; i < table_.header.size(); ++i)
      write_row(table_.header[i], true, i == 0, i + 1 == table_.header.size());
    for (std::size_t i = 0; i < table_.body.size(); ++i)
      write_row(table_.body[i], false, i == 0, i + 1 == table_.body.size());
    for (const std::string& note : table_.notes) {
      lxw_format* format = made();
      format_set_font_size(format, small_letters);
      format_set_text_wrap(format);
      format_set_align(format, LXW_ALIGN_VERTICAL_TOP);
      int width = 0;
      for (const ColumnSizes& size : sizes_) width += size.width;
      const auto lines = static_cast<double>(std::max<std::size_t>(wrap(note, std::max(width, 10)).size(), 1));
      check(worksheet_set_row(sheet_, row_, 1 + lines * (small_letters + 3), nullptr));
      whole_row(note, last, format);
    }
    worksheet_set_paper(sheet_, 9);  // A4
    if (table_.landscape) worksheet_set_landscape(sheet_);
    worksheet_fit_to_pages(sheet_, 1, 0);
    worksheet_gridlines(sheet_, LXW_HIDE_ALL_GRIDLINES);
  }

 private:
  static constexpr double letters = 10, small_letters = 8;

  lxw_format* made() {
    lxw_format* format = workbook_add_format(book_);
    format_set_font_name(format, latin_font);
    format_set_font_size(format, letters);
    return format;
  }

  void measure() {
    const auto take = [&](const Row& row, bool in_header) {
      std::size_t j = 0;
      for (const Cell& cell : row.cells) {
        const auto span = static_cast<std::size_t>(std::max(cell.span, 1));
        if (span == 1) {
          ColumnSizes& size = sizes_[j];
          size.width = std::max(size.width, display_width(cell.text + cell.stars));
          const auto number = in_header ? std::nullopt : number_text(cell.text);
          if (number && number_parts(cell).aligned) {
            size.decimals = std::max(size.decimals, number->power ? 0 : number->decimals);
            size.stars = std::max(size.stars, static_cast<int>(cell.stars.size()));
            size.bracket = size.bracket || !number->after.empty();
            const NumberParts parts = number_parts(cell);
            size.left = std::max(size.left, display_width(parts.left));
            size.right = std::max(size.right, display_width(parts.right));
          }
        }
        j += span;
      }
    };
    for (const Row& row : table_.header) take(row, true);
    for (const Row& row : table_.body) take(row, false);
    constexpr int most = 60, air = 3;
    for (std::size_t j = 0; j < sizes_.size(); ++j) {
      sizes_[j].width = std::min(sizes_[j].width + air, most);
      sizes_[j].air = std::max(0, (sizes_[j].width - sizes_[j].left - sizes_[j].right) / 2);
      const auto column = static_cast<lxw_col_t>(j);
      check(worksheet_set_column(sheet_, column, column, sizes_[j].width, nullptr));
    }
  }

  void whole_row(const std::string& text, lxw_col_t last, lxw_format* format) {
    check(last > 0 ? worksheet_merge_range(sheet_, row_, 0, row_, last, text.c_str(), format)
                   : worksheet_write_string(sheet_, row_, 0, text.c_str(), format));
    ++row_;
  }

  void write_row(const Row& row, bool in_header, bool first, bool last) {
    std::size_t j = 0;
    for (const Cell& cell : row.cells) {
      if (j >= align_.size()) break;
      const auto span = std::min(static_cast<std::size_t>(std::max(cell.span, 1)), align_.size() - j);
      write_cell(row, cell, j, span, in_header, first, last);
      j += span;
    }
    for (; j < align_.size(); ++j) write_cell(row, {}, j, 1, in_header, first, last);
    ++row_;
  }

  lxw_format* cell_format(const Row& row, const Cell& cell, std::size_t j, std::size_t span, bool in_header, bool first,
                          bool last) {
    lxw_format* format = made();
    const bool top_of_table = first && (in_header || table_.header.empty());
    if (top_of_table) format_set_top(format, LXW_BORDER_MEDIUM);
    if (!in_header && row.rule_above && !first) format_set_top(format, LXW_BORDER_THIN);
    const bool spanning = in_header && span > 1 && j > 0 && !cell.text.empty();
    if (last || spanning)
      format_set_bottom(format, last && (!in_header || table_.body.empty()) ? LXW_BORDER_MEDIUM : LXW_BORDER_THIN);
    if (in_header || cell.header) format_set_bold(format);
    if (const int indent = in_header ? 0 : indent_of(cell); indent > 0)
      format_set_indent(format, static_cast<std::uint8_t>((indent + 1) / 2));
    return format;
  }

  void write_cell(const Row& row, const Cell& cell, std::size_t j, std::size_t span, bool in_header, bool first,
                  bool last) {
    lxw_format* format = cell_format(row, cell, j, span, in_header, first, last);
    const Align how = cell_alignment(cell, j, align_, in_header);
    const auto column = static_cast<lxw_col_t>(j);
    auto number = in_header || span > 1 ? std::nullopt : number_text(cell.text);
    const bool at_point = number && how == Align::decimal && number_parts(cell).aligned;
    const bool scaled = how != Align::decimal || sizes_[j].decimals > 0 || sizes_[j].bracket;
    const bool centred = how == Align::center || (how == Align::decimal && scaled && !at_point);
    format_set_align(format, how == Align::left ? LXW_ALIGN_LEFT : centred ? LXW_ALIGN_CENTER : LXW_ALIGN_RIGHT);
    const std::string text = cell.text.substr(static_cast<std::size_t>(indent_of(cell))) + cell.stars;
    if (span > 1) {
      const auto end = static_cast<lxw_col_t>(j + span - 1);
      check(worksheet_merge_range(sheet_, row_, column, row_, end, text.c_str(), format));
    } else if (number) {
      const ColumnSizes none{.decimals = number->decimals, .stars = static_cast<int>(cell.stars.size())};
      const ColumnSizes& most = at_point ? sizes_[j] : none;
      const std::string pattern = number_format(*number, cell.stars, most.decimals, most.stars, most.bracket, most.air);
      format_set_num_format(format, pattern.c_str());
      const double value = std::isfinite(cell.value) ? cell.value : number->value;
      check(worksheet_write_number(sheet_, row_, column, value, format));
    } else if (text.empty()) {
      check(worksheet_write_blank(sheet_, row_, column, format));
    } else {
      check(worksheet_write_string(sheet_, row_, column, text.c_str(), format));
    }
  }

  lxw_workbook* book_;
  lxw_worksheet* sheet_;
  const Table& table_;
  std::vector<Align> align_;
  std::vector<ColumnSizes> sizes_;
  lxw_row_t row_ = 0;
};

}  // namespace

std::string xlsx_file(const std::vector<Table>& tables) {
  const ScratchFolder folder;
  const std::string path = folder / "tables.xlsx";
  lxw_workbook* book = workbook_new(path.c_str());
  if (!book) throw core::Error("the workbook cannot be made");
  bool open = true;
  try {
    lxw_doc_properties properties{};
    properties.created = 946684800;  // 2000-01-01: the same table gives the same bytes
    check(workbook_set_properties(book, &properties));
    for (std::size_t i = 0; i < tables.size(); ++i) {
      const std::string name = "Table " + std::to_string(i + 1);
      lxw_worksheet* sheet = workbook_add_worksheet(book, name.c_str());
      if (!sheet) throw core::Error("the workbook cannot have another sheet");
      SheetWriter(book, sheet, tables[i]).write();
    }
    open = false;
    check(workbook_close(book));
  } catch (...) {
    if (open) lxw_workbook_free(book);
    throw;
  }
  std::ifstream in(path, std::ios::binary);
  std::string bytes((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
  if (!in || bytes.empty()) throw core::Error("the workbook cannot be read back");
  return bytes;
}

std::string render_xlsx(const Table& table) { return xlsx_file({table}); }

}  // namespace report
