// Excel workbooks through libxlsxwriter: one sheet, a header row, dates as dates, categories as labels.
#include "core/interrupt.hpp"
#include "core/new_file.hpp"
#include "core/text.hpp"
#include "files/archive.hpp"
#include "files/format.hpp"
#include "files/grid.hpp"
#include "files/input.hpp"

#include <xlsxwriter.h>

#include <cerrno>
#include <cmath>
#include <cstdlib>
#include <memory>
#include <new>
#include <utility>

namespace files {
namespace {

constexpr std::size_t longest_text = 32767;  // UTF-16 units in a cell
constexpr std::int64_t excel_epoch = 25569;  // days from 1899-12-30 to 1970-01-01

struct Counts {
  long long infinite = 0, rounded = 0;
};

class Book {
 public:
  explicit Book(const core::NewFile& file) : path_(file.path()) {
    const std::string& name = file.temporary().empty() ? file.path() : file.temporary();
    book_ = workbook_new(name.c_str());
    if (!book_) throw std::bad_alloc();
  }
  ~Book() {
    if (book_) lxw_workbook_free(book_);
  }
  Book(const Book&) = delete;
  Book& operator=(const Book&) = delete;

  lxw_workbook* get() const { return book_; }
  void check(lxw_error code, const std::string& what) const {
    if (code == LXW_NO_ERROR) return;
    if (code == LXW_ERROR_MEMORY_MALLOC_FAILED) throw std::bad_alloc();
    throw core::Error("cannot write '" + path_ + "': " + what + ": " + lxw_strerror(code));
  }
  /// Writes the file.
  void finish() { check(workbook_close(std::exchange(book_, nullptr)), "packing the workbook"); }

 private:
  std::string path_;
  lxw_workbook* book_ = nullptr;
};

std::size_t utf16_units(std::string_view text) {
  std::size_t units = 0;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if ((byte & 0xC0U) != 0x80U) units += byte >= 0xF0U ? 2 : 1;
  }
  return units;
}

void check_fits(const data::Frame& frame, const std::string& path) {
  if (frame.rows() >= most_rows)
    throw file_error(path, "an Excel sheet holds 1,048,575 rows below its header, not " +
                               core::grouped(static_cast<long long>(frame.rows())))
        .hint("save .csv, .dta or .mtf, or parts with where=");
  if (frame.width() > most_columns)
    throw file_error(
        path, "an Excel sheet holds 16,384 columns, not " + core::grouped(static_cast<long long>(frame.width())));
  for (std::size_t c = 0; c < frame.width(); ++c)
    if (frame.column(c)->dictionary())
      for (const std::string& word : *frame.column(c)->dictionary())
        if (word.size() > longest_text && utf16_units(word) > longest_text)
          throw file_error(path, "column '" + frame.names()[c] +
                                     "' has text of more than the 32,767 characters an Excel cell holds");
}

lxw_error write_cell(lxw_worksheet* sheet, lxw_row_t row, lxw_col_t at, const data::Column& column, std::size_t from,
                     lxw_format* date, Counts& counts) {
  switch (column.type()) {
    case data::Type::real: {
      const double value = column.reals()[from];
      if (std::isinf(value)) {
        ++counts.infinite;
        return LXW_NO_ERROR;
      }
      return worksheet_write_number(sheet, row, at, value, nullptr);
    }
    case data::Type::integer: {
      const std::int64_t value = column.integers()[from];
      if (std::abs(value) > (std::int64_t{1} << 53)) ++counts.rounded;
      return worksheet_write_number(sheet, row, at, static_cast<double>(value), nullptr);
    }
    case data::Type::boolean:
      return worksheet_write_boolean(sheet, row, at, column.booleans()[from], nullptr);
    case data::Type::date: {
      const std::int64_t serial = column.integers()[from] + excel_epoch;
      if (serial >= 61 && serial < 2958466)
        return worksheet_write_number(sheet, row, at, static_cast<double>(serial), date);
      return worksheet_write_string(sheet, row, at, column.text(from).c_str(), nullptr);  // outside Excel's calendar
    }
    case data::Type::text:
    case data::Type::category:
      break;
  }
  return worksheet_write_string(
      sheet, row, at, (*column.dictionary())[static_cast<std::size_t>(column.codes()[from])].c_str(), nullptr);
}

/// The library does not look at every write, to temporary files of its own among them: what it packed must be whole.
void check_whole(const core::NewFile& file) {
  struct Nothing : XmlHandler {
    void start(std::string_view, const Attributes&) override {}
    void end(std::string_view) override {}
  } nothing;
  try {
    const Archive archive(file.temporary());
    for (const char* part : {"xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "xl/styles.xml"})
      if (archive.has(part)) parse_xml(archive, part, nothing);
  } catch (const core::Error&) {
    file.fail(ENOSPC);
  }
}

}  // namespace

void write_xlsx(const data::Frame& frame, const std::string& path, const WriteOptions& options, Report& report) {
  check_fits(frame, path);
  core::NewFile file(path);
  Book book(file);
  const std::string name = options.sheet.empty() ? "Sheet1" : options.sheet;
  if (workbook_validate_sheet_name(book.get(), name.c_str()) != LXW_NO_ERROR)
    throw core::Error("\"" + name + "\" is no name for an Excel sheet")
        .hint("at most 31 characters, none of [ ] : * ? / \\, no ' at either end")
        .word(name);
  lxw_worksheet* const sheet = workbook_add_worksheet(book.get(), name.c_str());
  if (!sheet) throw std::bad_alloc();
  lxw_format* const date = workbook_add_format(book.get());
  format_set_num_format(date, "yyyy-mm-dd");
  Counts counts;
  for (std::size_t c = 0; c < frame.width(); ++c) {
    const auto at = static_cast<lxw_col_t>(c);
    book.check(worksheet_write_string(sheet, 0, at, frame.names()[c].c_str(), nullptr), "a column name");
    if (frame.column(c)->type() == data::Type::date) worksheet_set_column(sheet, at, at, 11, nullptr);
  }
  for (std::size_t row = 0; row < frame.rows(); ++row) {
    if (row % 1024 == 0) core::poll();
    for (std::size_t c = 0; c < frame.width(); ++c) {
      const data::Column& column = *frame.column(c);
      if (!column.missing(row))
        book.check(
            write_cell(sheet, static_cast<lxw_row_t>(row + 1), static_cast<lxw_col_t>(c), column, row, date, counts),
            "row " + std::to_string(row + 1));
    }
  }
  book.finish();
  if (!file.temporary().empty()) check_whole(file);
  file.commit();
  if (frame.geometry()) report.notes.push_back("shapes are not written: .geojson and .mtf keep them");
  if (counts.infinite)
    report.notes.push_back(core::counted(counts.infinite, "infinite value") + " left empty: Excel has none");
  if (counts.rounded)
    report.notes.push_back(core::counted(counts.rounded, "integer") +
                           " beyond 2^53 rounded: Excel's numbers are doubles");
}

}  // namespace files
