#include "files/grid.hpp"

#include "core/error.hpp"
#include "core/interrupt.hpp"
#include "core/near.hpp"
#include "core/text.hpp"
#include "data/date.hpp"
#include "files/input.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstdio>
#include <utility>

namespace files {
namespace {

core::Error bad_range(const std::string& text) {
  return core::Error("range \"" + text + "\" is not one of a sheet")
      .hint("\"B3:F40\", \"B3\" (from there on), \"B:F\" (columns), \"3:40\" (rows)")
      .word(text);
}

struct Corner {
  std::optional<std::uint32_t> row, column;
};

Corner parse_corner(const std::string& whole, std::string_view text) {
  std::string letters;
  for (const char c : text)
    if (c != '$') letters += c;
  const std::size_t digits = std::min(letters.find_first_of("0123456789"), letters.size());
  Corner corner;
  if (digits > 0) {
    corner.column = column_number(std::string_view(letters).substr(0, digits));
    if (!corner.column) throw bad_range(whole);
  }
  if (digits < letters.size()) {
    std::uint32_t row = 0;
    const auto [end, failed] = std::from_chars(letters.data() + digits, letters.data() + letters.size(), row);
    if (failed != std::errc() || end != letters.data() + letters.size() || row == 0 || row > most_rows)
      throw bad_range(whole);
    corner.row = row - 1;
  }
  if (!corner.row && !corner.column) throw bad_range(whole);
  return corner;
}

/// A value as a name or a string cell shows it.
std::string shown(const SheetValue& value) {
  switch (value.kind) {
    case SheetValue::Kind::boolean:
      return value.number != 0 ? "true" : "false";
    case SheetValue::Kind::number:
      return core::shortest(value.number);
    case SheetValue::Kind::date:
      return data::iso_date(static_cast<std::int64_t>(value.number));
    case SheetValue::Kind::text:
      break;
  }
  return value.text;
}

}  // namespace

std::optional<std::uint32_t> column_number(std::string_view letters) {
  std::uint32_t number = 0;
  for (const char c : letters) {
    const bool lower = c >= 'a' && c <= 'z';
    if (!lower && (c < 'A' || c > 'Z')) return std::nullopt;
    number = number * 26 + static_cast<std::uint32_t>(c - (lower ? 'a' : 'A')) + 1;
    if (number > most_columns) return std::nullopt;
  }
  if (number == 0) return std::nullopt;
  return number - 1;
}

std::string cell_name(std::uint32_t row, std::uint32_t column) {
  std::string letters;
  for (std::uint32_t n = column + 1; n > 0; n = (n - 1) / 26)
    letters.insert(letters.begin(), static_cast<char>('A' + (n - 1) % 26));
  return letters + std::to_string(row + 1);
}

SheetRange parse_range(const std::string& text) {
  SheetRange range;
  const std::size_t colon = text.find(':');
  const Corner from = parse_corner(text, std::string_view(text).substr(0, colon));
  range.first_row = from.row.value_or(0);
  range.first_column = from.column.value_or(0);
  if (colon == std::string::npos) {
    if (!from.row || !from.column) throw bad_range(text);
    return range;
  }
  const Corner to = parse_corner(text, std::string_view(text).substr(colon + 1));
  if (from.row.has_value() != to.row.has_value() || from.column.has_value() != to.column.has_value())
    throw bad_range(text);
  range.last_row = to.row.value_or(range.last_row);
  range.last_column = to.column.value_or(range.last_column);
  if (range.last_row < range.first_row || range.last_column < range.first_column) throw bad_range(text);
  return range;
}

Grid::Grid(std::string path, const ReadOptions& options)
    : path_(std::move(path)), options_(options), na_(options.csv.na.begin(), options.csv.na.end()) {
  if (!options.range.empty()) range_ = parse_range(options.range);
}

bool Grid::is_missing(const SheetValue& value) const {
  return value.kind == SheetValue::Kind::text &&
         (core::trim(value.text).empty() || na_.contains(std::string(core::trim(value.text))));
}

void Grid::add(std::uint32_t row, std::uint32_t column, SheetValue value) {
  if (full_) return;
  if (row < at_)
    throw file_error(path_, "cell " + cell_name(row, column) + " comes after row " + std::to_string(at_ + 1));
  if (row > at_) {
    finish_row();
    at_ = row;
  }
  if (row < range_.first_row || row > range_.last_row || column < range_.first_column || column > range_.last_column)
    return;
  row_.push_back({column, std::move(value)});
}

void Grid::finish_row() {
  if (at_ % 1024 == 0) core::poll();
  const bool blank = std::all_of(row_.begin(), row_.end(), [](const Placed& p) {
    return p.value.kind == SheetValue::Kind::text && core::trim(p.value.text).empty();
  });
  if (!blank && !full_) {
    if (!started_) {
      started_ = true;
      // Without a range the table begins at its first cell.
      if (options_.range.empty())
        range_.first_column = std::min_element(row_.begin(), row_.end(), [](const Placed& a, const Placed& b) {
                                return a.column < b.column;
                              })->column;
      const bool all_text =
          std::all_of(row_.begin(), row_.end(), [](const Placed& p) { return p.value.kind == SheetValue::Kind::text; });
      first_data_row_ = at_;
      if (options_.csv.header.value_or(all_text)) {
        take_header();
        first_data_row_ = at_ + 1;
      } else {
        take_row();
      }
    } else {
      take_row();
    }
    full_ = options_.csv.rows && rows_ >= *options_.csv.rows;
  }
  row_.clear();
}

void Grid::take_header() {
  for (const Placed& placed : row_) {
    const std::size_t column = placed.column - range_.first_column;
    if (column >= names_.size()) names_.resize(column + 1);
    names_[column] = std::string(core::trim(shown(placed.value)));
  }
}

void Grid::take_row() {
  for (const Placed& placed : row_) {
    if (placed.column < range_.first_column) continue;  // left of the header
    if (is_missing(placed.value)) continue;
    const std::size_t column = placed.column - range_.first_column;
    if (column >= cells_.size()) {
      cells_.resize(column + 1);
      used_.resize(column + 1);
    }
    Cells& cells = cells_[column];
    cells.pad(rows_);
    if (cells.size() > rows_) throw file_error(path_, "cell " + cell_name(at_, placed.column) + " is there twice");
    ++used_[column];
    switch (placed.value.kind) {
      case SheetValue::Kind::boolean:
        cells.boolean(placed.value.number != 0);
        break;
      case SheetValue::Kind::number:
        if (placed.value.whole)
          cells.integer(static_cast<std::int64_t>(placed.value.number));
        else
          cells.real(placed.value.number);
        break;
      case SheetValue::Kind::date:
        cells.date(static_cast<std::int64_t>(placed.value.number));
        break;
      case SheetValue::Kind::text:
        cells.text(placed.value.text);
        break;
    }
  }
  ++rows_;
}

data::Frame Grid::frame(Report& report) {
  finish_row();
  if (!started_)
    throw file_error(path_,
                     options_.range.empty() ? "the sheet is empty" : "nothing is in the range " + options_.range);
  const std::size_t width = std::max(names_.size(), cells_.size());
  names_.resize(width);
  cells_.resize(width);
  used_.resize(width);
  std::vector<std::string> unnamed;
  std::vector<std::string> names;
  std::vector<std::size_t> places;
  for (std::size_t i = 0; i < width; ++i) {
    if (names_[i].empty() && used_[i] == 0) continue;  // an empty column between others
    if (names_[i].empty()) unnamed.push_back("V" + std::to_string(places.size() + 1));
    places.push_back(i);
    names.push_back(names_[i]);
  }
  names = distinct_names(std::move(names));
  if (first_data_row_ > 0 && !unnamed.empty() && unnamed.size() < width)
    report.notes.push_back("columns without a name in the header: " + core::join(unnamed, ", ") +
                           " (range= says where the table begins)");
  if (errors_)
    report.notes.push_back(core::counted(static_cast<long long>(errors_), "cell") +
                           " with an error of Excel (#N/A, #DIV/0!, …) read as missing");
  check_columns(path_, options_.csv.columns, names);
  for (const auto& [name, type] : options_.csv.types)
    if (std::find(names.begin(), names.end(), name) == names.end()) throw no_column(path_, name, names);
  data::Frame frame;
  const std::vector<std::string>& wanted = options_.csv.columns.empty() ? names : options_.csv.columns;
  for (const std::string& name : wanted) {
    Cells& cells =
        cells_[places[static_cast<std::size_t>(std::find(names.begin(), names.end(), name) - names.begin())]];
    cells.pad(rows_);
    Cells::Rules rules{.where = "'" + path_ + "'", .name = name, .first_row = first_data_row_ + 1};
    if (const auto type = options_.csv.types.find(name); type != options_.csv.types.end()) rules.type = type->second;
    frame = frame.with(name, cells.column(rules, report.notes));
  }
  return frame;
}

SheetValue from_serial(double serial, bool since_1904) {
  constexpr double last = 2958466;  // 9999-12-31
  SheetValue value{.kind = SheetValue::Kind::number, .number = serial};
  if (!(serial >= 0) || serial >= last) return value;
  // Serial 60 is a day that never was, 1900-02-29; before it Excel counts one day less.
  const double epoch = since_1904 ? -24107 : serial < 60 ? -25568 : -25569;
  const double day = std::floor(serial);
  const auto seconds = static_cast<int>(std::lround((serial - day) * 86400));
  if (seconds == 0) {
    value.kind = SheetValue::Kind::date;
    value.number = day + epoch;
    return value;
  }
  std::array<char, 24> time{};
  const int carried = seconds == 86400 ? 1 : 0;
  const int s = seconds % 86400;
  std::snprintf(time.data(), time.size(), "%02d:%02d:%02d", s / 3600, s / 60 % 60, s % 60);
  value.kind = SheetValue::Kind::text;
  value.text = time.data();
  if (serial >= 1) value.text = data::iso_date(static_cast<std::int64_t>(day + epoch) + carried) + " " + value.text;
  return value;
}

std::size_t sheet_index(const std::string& path, const std::string& sheet, const std::vector<std::string>& names) {
  if (names.empty()) throw file_error(path, "it has no sheets");
  if (sheet.empty()) return 0;
  const auto at = std::find(names.begin(), names.end(), sheet);
  if (at != names.end()) return static_cast<std::size_t>(at - names.begin());
  std::size_t number = 0;
  const auto [end, failed] = std::from_chars(sheet.data(), sheet.data() + sheet.size(), number);
  if (failed == std::errc() && end == sheet.data() + sheet.size() && number >= 1 && number <= names.size())
    return number - 1;
  throw core::Error("no sheet '" + sheet + "' in '" + path + "'")
      .hint(core::did_you_mean(sheet, names, "sheets"))
      .word(sheet);
}

}  // namespace files
