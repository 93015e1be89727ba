// OpenDocument spreadsheets: content.xml in a zip archive.
// Source: OASIS OpenDocument 1.2, part 1, chapters 9 (tables) and 19 (attributes of cells).
#include "core/text.hpp"
#include "data/date.hpp"
#include "files/archive.hpp"
#include "files/format.hpp"
#include "files/grid.hpp"
#include "files/input.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>

namespace files {
namespace {

constexpr std::size_t most_repeated = 2000000;  // cells that stand for others in one sheet

struct TableNames : XmlHandler {
  std::vector<std::string> names;
  int depth = 0;
  void start(std::string_view name, const Attributes& attributes) override {
    if (name == "table" && depth++ == 0) names.emplace_back(attributes["name"]);
  }
  void end(std::string_view name) override {
    if (name == "table") --depth;
  }
};

class Table : public XmlHandler {
 public:
  Table(const std::string& path, Grid& grid, std::size_t index) : path_(path), grid_(grid), wanted_(index) {}

  void start(std::string_view name, const Attributes& attributes) override {
    if (name == "table" && depth_++ == 0) inside_ = tables_++ == wanted_;
    if (!inside_) return;
    if (name == "table-row") {
      repeat_row_ = count(attributes["number-rows-repeated"], most_rows);
      cells_.clear();
      column_ = 0;
    } else if (name == "table-cell" || name == "covered-table-cell") {
      repeat_ = count(attributes["number-columns-repeated"], most_columns);
      type_ = attributes["value-type"];
      value_ = attributes["value"];
      if (type_ == "date") value_ = attributes["date-value"];
      if (type_ == "time") value_ = attributes["time-value"];
      if (type_ == "boolean") value_ = attributes["boolean-value"];
      if (type_ == "string") value_ = attributes["string-value"];
      shown_.clear();
      paragraphs_ = 0;
    } else if (name == "annotation") {
      ++aside_;
    } else if (name == "p" && !aside_) {
      if (paragraphs_++) shown_ += '\n';
      in_text_ = true;
    } else if (name == "s" && in_text_) {
      shown_.append(count(attributes["c"], 10000), ' ');
    } else if (name == "tab" && in_text_) {
      shown_ += '\t';
    } else if (name == "line-break" && in_text_) {
      shown_ += '\n';
    }
  }

  void end(std::string_view name) override {
    if (name == "table" && --depth_ == 0) {
      finished_ = finished_ || inside_;
      inside_ = false;
    }
    if (!inside_) return;
    if (name == "table-cell" || name == "covered-table-cell")
      cell();
    else if (name == "table-row")
      row();
    else if (name == "annotation")
      --aside_;
    else if (name == "p")
      in_text_ = false;
  }

  void text(std::string_view part) override {
    if (inside_ && in_text_ && !aside_) shown_ += part;
  }

  bool done() const override { return finished_ || grid_.full(); }

 private:
  struct Placed {
    std::uint32_t column;
    SheetValue value;
  };

  std::uint32_t count(std::string_view text, std::uint32_t most) const {
    if (text.empty()) return 1;
    std::uint32_t number = 0;
    const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (failed != std::errc() || end != text.data() + text.size() || number == 0)
      throw file_error(path_, "a cell repeated '" + std::string(text) + "' times").hint("the file is damaged");
    return std::min(number, most);
  }

  std::optional<SheetValue> value_of_cell() {
    SheetValue value;
    if (type_ == "float" || type_ == "percentage" || type_ == "currency") {
      const auto [end, failed] = std::from_chars(value_.data(), value_.data() + value_.size(), value.number);
      if (failed != std::errc() || end != value_.data() + value_.size() || !std::isfinite(value.number))
        throw file_error(path_, "cell " + cell_name(row_, column_) + ": '" + value_ + "' is not a number")
            .hint("the file is damaged");
      if (core::starts_with(shown_, "#") || core::starts_with(shown_, "Err:")) {  // a formula without a value
        grid_.error_cell();
        return std::nullopt;
      }
      value.kind = SheetValue::Kind::number;
      value.whole = value_.find_first_of(".eE") == std::string::npos && std::abs(value.number) < 9007199254740992.0;
    } else if (type_ == "boolean") {
      value.kind = SheetValue::Kind::boolean;
      value.number = value_ == "true" ? 1 : 0;
    } else if (type_ == "date") {
      std::string text = value_;
      if (text.size() > 10 && text.substr(10) == "T00:00:00") text.resize(10);
      if (const auto day = data::parse_iso_date(text)) {
        value.kind = SheetValue::Kind::date;
        value.number = static_cast<double>(*day);
      } else {
        std::replace(text.begin(), text.end(), 'T', ' ');
        value.text = text;
      }
    } else if (type_ == "string" || type_ == "time") {
      value.text = type_ == "time" || shown_.empty() ? value_ : shown_;
      if (type_ == "time" && !shown_.empty()) value.text = shown_;
    } else {
      return std::nullopt;
    }
    if (value.kind == SheetValue::Kind::text && value.text.empty()) return std::nullopt;
    return value;
  }

  void cell() {
    if (const std::optional<SheetValue> value = value_of_cell())
      for (std::uint32_t i = 0; i < repeat_ && column_ + i < most_columns; ++i) cells_.push_back({column_ + i, *value});
    column_ = std::min(column_ + repeat_, most_columns);
  }

  void row() {
    if (!cells_.empty())
      for (std::uint32_t i = 0; i < repeat_row_ && row_ + i < most_rows && !grid_.full(); ++i) {
        if ((repeated_ += cells_.size()) > most_repeated && repeat_row_ > 1)
          throw file_error(path_, "its repeated cells would fill the memory");
        for (const Placed& placed : cells_) grid_.add(row_ + i, placed.column, placed.value);
      }
    row_ = std::min(row_ + repeat_row_, most_rows);
  }

  const std::string& path_;
  Grid& grid_;
  std::size_t wanted_, tables_ = 0, repeated_ = 0;
  int depth_ = 0, aside_ = 0, paragraphs_ = 0;
  bool inside_ = false, in_text_ = false, finished_ = false;
  std::uint32_t row_ = 0, column_ = 0, repeat_ = 1, repeat_row_ = 1;
  std::string type_, value_, shown_;
  std::vector<Placed> cells_;
};

}  // namespace

data::Frame read_ods(const std::string& path, const ReadOptions& options, Report& report) {
  Grid grid(path, options);
  const Archive archive(path);
  TableNames tables;
  parse_xml(archive, "content.xml", tables);
  Table table(path, grid, sheet_index(path, options.sheet, tables.names));
  parse_xml(archive, "content.xml", table);
  if (options.sheet.empty() && tables.names.size() > 1)
    report.notes.push_back("read sheet '" + tables.names.front() + "' of " + std::to_string(tables.names.size()) +
                           " (sheet= names another)");
  return grid.frame(report);
}

}  // namespace files
