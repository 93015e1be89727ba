// A sheet of cells that arrive row by row, made a frame: the range, the header row, names, missing words.
#pragma once

#include "data/frame.hpp"
#include "files/cells.hpp"
#include "files/files.hpp"

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace files {

constexpr std::uint32_t most_rows = 1048576;  ///< of a sheet, in Excel and LibreOffice
constexpr std::uint32_t most_columns = 16384;

/// A rectangle of a sheet, from 0, ends included.
struct SheetRange {
  std::uint32_t first_row = 0, last_row = most_rows - 1;
  std::uint32_t first_column = 0, last_column = most_columns - 1;
};
/// "B3:F40", "B3" (from there on), "B:F", "3:40". Throws core::Error that shows the forms.
SheetRange parse_range(const std::string& text);
/// Column "A" is 0; nothing for other text.
std::optional<std::uint32_t> column_number(std::string_view letters);
/// "B3" for row 2, column 1.
std::string cell_name(std::uint32_t row, std::uint32_t column);

struct SheetValue {
  enum class Kind : std::uint8_t { boolean, number, date, text } kind = Kind::text;
  double number = 0;   ///< also 0/1 and days since 1970-01-01
  bool whole = false;  ///< a number written without decimals
  std::string text = {};
};

class Grid {
 public:
  Grid(std::string path, const ReadOptions& options);
  /// Rows must not decrease. Values outside the range are passed over.
  void add(std::uint32_t row, std::uint32_t column, SheetValue value);
  void error_cell() { ++errors_; }  ///< #N/A, #DIV/0!, …: missing
  /// All rows asked for are there.
  bool full() const { return full_; }
  data::Frame frame(Report& report);

 private:
  struct Placed {
    std::uint32_t column;
    SheetValue value;
  };
  void finish_row();
  void take_header();
  void take_row();
  bool is_missing(const SheetValue& value) const;

  std::string path_;
  const ReadOptions& options_;
  SheetRange range_;
  std::set<std::string> na_;
  std::vector<Placed> row_;
  std::uint32_t at_ = 0;
  bool started_ = false, full_ = false;
  std::uint32_t first_data_row_ = 0;
  std::vector<std::string> names_;  ///< by column from range_.first_column; "" where the header has none
  std::vector<Cells> cells_;
  std::vector<std::size_t> used_;  ///< values in each column
  std::size_t rows_ = 0;
  std::size_t errors_ = 0;
};

/// Excel's days since 1899-12-30 (or 1904-01-01) as a date, or, with a time of day, as the string
/// yyyy-mm-dd hh:mm:ss. Beyond the calendar of Excel it stays a number.
SheetValue from_serial(double serial, bool since_1904);
/// Which sheet sheet= means: a name, or a number from 1; the first when empty. Throws core::Error with near names.
std::size_t sheet_index(const std::string& path, const std::string& sheet, const std::vector<std::string>& names);

}  // namespace files
