// Excel workbooks (Office Open XML): parts of a zip archive.
// Source: ECMA-376, part 1, chapters 18.2 (workbook), 18.3 (worksheets), 18.4 (shared strings), 18.8 (styles).
#include "core/text.hpp"
#include "data/date.hpp"
#include "files/archive.hpp"
#include "files/format.hpp"
#include "files/grid.hpp"
#include "files/input.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <map>

namespace files {
namespace {

template <class Number>
std::optional<Number> parsed(std::string_view text) {
  Number value{};
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (failed != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

/// Targets by Id, and the target of the main document.
struct Relations : XmlHandler {
  std::map<std::string, std::string, std::less<>> target;
  std::string document;
  void start(std::string_view name, const Attributes& attributes) override {
    if (name != "Relationship") return;
    target[std::string(attributes["Id"])] = std::string(attributes["Target"]);
    if (attributes["Type"].ends_with("/officeDocument")) document = std::string(attributes["Target"]);
  }
  void end(std::string_view) override {}
};

struct Workbook : XmlHandler {
  std::vector<std::string> sheets, ids;
  bool since_1904 = false;
  void start(std::string_view name, const Attributes& attributes) override {
    if (name == "workbookPr") since_1904 = attributes["date1904"] == "1" || attributes["date1904"] == "true";
    if (name != "sheet") return;
    sheets.emplace_back(attributes["name"]);
    ids.emplace_back(attributes["id"]);
  }
  void end(std::string_view) override {}
};

/// _x000D_ stands for the character of that number.
std::string unescaped(const std::string& text) {
  if (text.find("_x") == std::string::npos) return text;
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    unsigned code = 0;
    if (text.compare(i, 2, "_x") == 0 && i + 7 <= text.size() && text[i + 6] == '_') {
      const auto [end, failed] = std::from_chars(text.data() + i + 2, text.data() + i + 6, code, 16);
      if (failed == std::errc() && end == text.data() + i + 6 && code > 0 && code < 128) {
        out += static_cast<char>(code);
        i += 6;
        continue;
      }
    }
    out += text[i];
  }
  return out;
}

/// Strings that cells share; runs of rich text are put together, phonetic guides left out.
struct SharedStrings : XmlHandler {
  std::vector<std::string> list;
  std::string now;
  bool in_text = false;
  int phonetic = 0;
  void start(std::string_view name, const Attributes&) override {
    if (name == "si") now.clear();
    if (name == "rPh") ++phonetic;
    if (name == "t") in_text = true;
  }
  void end(std::string_view name) override {
    if (name == "si") list.push_back(unescaped(now));
    if (name == "rPh") --phonetic;
    if (name == "t") in_text = false;
  }
  void text(std::string_view part) override {
    if (in_text && !phonetic) now += part;
  }
};

/// Does a number format show dates or times? Quoted text, escapes and [colours] say nothing.
bool is_date_format(std::string_view code) {
  bool quoted = false;
  for (std::size_t i = 0; i < code.size(); ++i) {
    const char c = code[i];
    if (c == '"') quoted = !quoted;
    if (quoted || c == '"') continue;
    if (c == ';') break;  // the first section decides
    if (core::lower(code.substr(i, 7)) == "general") break;
    if (c == '\\' || c == '_' || c == '*') {
      ++i;
    } else if (c == '[') {
      const std::size_t end = std::min(code.find(']', i), code.size());
      const std::string inside = core::lower(code.substr(i + 1, end - i - 1));
      if (inside == "h" || inside == "hh" || inside == "m" || inside == "mm" || inside == "s" || inside == "ss")
        return true;
      i = end;
    } else if (std::string_view("dDmMyYhHsS").find(c) != std::string_view::npos) {
      return true;
    }
  }
  return false;
}

/// For each cell style, whether it shows numbers as dates.
struct Styles : XmlHandler {
  std::map<int, bool> custom;
  std::vector<bool> dates;
  bool in_cells = false;
  static bool built_in(int id) {
    return (id >= 14 && id <= 22) || (id >= 27 && id <= 36) || (id >= 45 && id <= 47) || (id >= 50 && id <= 58);
  }
  void start(std::string_view name, const Attributes& attributes) override {
    if (name == "numFmt")
      if (const auto id = parsed<int>(attributes["numFmtId"])) custom[*id] = is_date_format(attributes["formatCode"]);
    if (name == "cellXfs") in_cells = true;
    if (name == "xf" && in_cells) {
      const int id = parsed<int>(attributes["numFmtId"]).value_or(0);
      const auto own = custom.find(id);
      dates.push_back(own != custom.end() ? own->second : built_in(id));
    }
  }
  void end(std::string_view name) override {
    if (name == "cellXfs") in_cells = false;
  }
};

/// The cells of one sheet.
class Sheet : public XmlHandler {
 public:
  Sheet(const std::string& path, Grid& grid, const SharedStrings& strings, const Styles& styles, bool since_1904)
      : path_(path), grid_(grid), strings_(strings), styles_(styles), since_1904_(since_1904) {}

  void start(std::string_view name, const Attributes& attributes) override {
    if (name == "row") {
      const std::string_view number = attributes["r"];
      row_ = number.empty() ? next_row_ : wanted(number, most_rows, "row number");
      next_row_ = row_ + 1;
      next_column_ = 0;
    } else if (name == "c") {
      place(attributes["r"]);
      type_ = attributes["t"];
      style_ = parsed<std::size_t>(attributes["s"]).value_or(0);
      value_.clear();
      inline_.clear();
    } else if (name == "v") {
      in_value_ = true;
    } else if (name == "t") {
      in_text_ = true;
    } else if (name == "rPh") {
      ++phonetic_;
    }
  }

  void end(std::string_view name) override {
    if (name == "c") {
      cell();
      next_column_ = column_ + 1;
    } else if (name == "v") {
      in_value_ = false;
    } else if (name == "t") {
      in_text_ = false;
    } else if (name == "rPh") {
      --phonetic_;
    }
  }

  void text(std::string_view part) override {
    if (in_value_) value_ += part;
    if (in_text_ && !phonetic_) inline_ += part;
  }

  bool done() const override { return grid_.full(); }

 private:
  core::Error damaged(const std::string& what) const {
    return file_error(path_, "cell " + cell_name(row_, column_) + ": " + what).hint("the file is damaged");
  }

  std::uint32_t wanted(std::string_view text, std::uint32_t most, const std::string& what) const {
    const auto number = parsed<std::uint32_t>(text);
    if (!number || *number == 0 || *number > most)
      throw file_error(path_, "a " + what + " '" + std::string(text) + "' in the sheet").hint("the file is damaged");
    return *number - 1;
  }

  /// A cell says where it is ("B3"), or stands right of the one before.
  void place(std::string_view reference) {
    column_ = next_column_;
    if (!reference.empty()) {
      const std::size_t digits = std::min(reference.find_first_of("0123456789"), reference.size());
      const auto column = column_number(reference.substr(0, digits));
      if (!column)
        throw file_error(path_, "a cell '" + std::string(reference) + "' in the sheet").hint("the file is damaged");
      column_ = *column;
      row_ = wanted(reference.substr(digits), most_rows, "row number");
    }
    if (column_ >= most_columns || row_ >= most_rows)
      throw file_error(path_, "a cell outside the sheet").hint("the file is damaged");
  }

  void cell() {
    SheetValue value;
    if (type_ == "s") {
      const auto index = parsed<std::size_t>(core::trim(value_));
      if (value_.empty()) return;
      if (!index || *index >= strings_.list.size()) throw damaged("there is no shared string '" + value_ + "'");
      value.text = strings_.list[*index];
    } else if (type_ == "inlineStr") {
      value.text = unescaped(inline_);
    } else if (type_ == "str") {
      value.text = unescaped(value_);
    } else if (type_ == "e") {
      grid_.error_cell();
      return;
    } else if (value_.empty()) {
      return;
    } else if (type_ == "b") {
      value.kind = SheetValue::Kind::boolean;
      value.number = core::trim(value_) == "1" || core::trim(value_) == "true" ? 1 : 0;
    } else if (type_ == "d") {
      value.text = value_;  // ISO 8601
      if (const auto day = data_day(value_)) {
        value.kind = SheetValue::Kind::date;
        value.number = static_cast<double>(*day);
      }
    } else {
      const std::string_view trimmed = core::trim(value_);
      const auto number = parsed<double>(trimmed);
      if (!number || !std::isfinite(*number)) throw damaged("'" + value_ + "' is not a number");
      if (style_ < styles_.dates.size() && styles_.dates[style_]) {
        value = from_serial(*number, since_1904_);
      } else {
        value.kind = SheetValue::Kind::number;
        value.number = *number;
        value.whole = trimmed.find_first_of(".eE") == std::string_view::npos && std::abs(*number) < 9007199254740992.0;
      }
    }
    if (value.kind == SheetValue::Kind::text && value.text.empty()) return;
    grid_.add(row_, column_, std::move(value));
  }

  static std::optional<std::int64_t> data_day(std::string_view text);

  const std::string& path_;
  Grid& grid_;
  const SharedStrings& strings_;
  const Styles& styles_;
  bool since_1904_;
  std::uint32_t row_ = 0, column_ = 0, next_row_ = 0, next_column_ = 0;
  std::string type_, value_, inline_;
  std::size_t style_ = 0;
  bool in_value_ = false, in_text_ = false;
  int phonetic_ = 0;
};

std::optional<std::int64_t> Sheet::data_day(std::string_view text) {
  if (text.size() > 10 && text.substr(10) == "T00:00:00") text = text.substr(0, 10);
  return data::parse_iso_date(text);
}

/// "worksheets/sheet1.xml" beside "xl/workbook.xml" is "xl/worksheets/sheet1.xml"; "/xl/…" counts from the top.
std::string beside(const std::string& document, const std::string& target) {
  if (!target.empty() && target[0] == '/') return target.substr(1);
  const std::size_t slash = document.rfind('/');
  return slash == std::string::npos ? target : document.substr(0, slash + 1) + target;
}

}  // namespace

data::Frame read_xlsx(const std::string& path, const ReadOptions& options, Report& report) {
  Grid grid(path, options);
  const Archive archive(path);
  Relations top;
  parse_xml(archive, "_rels/.rels", top);
  const std::string document = beside("", top.document.empty() ? "xl/workbook.xml" : top.document);
  if (document.ends_with(".bin"))
    throw file_error(path, "a binary workbook (.xlsb), which is not read").hint("save it as .xlsx");
  Workbook workbook;
  parse_xml(archive, document, workbook);
  const std::size_t index = sheet_index(path, options.sheet, workbook.sheets);
  const std::size_t slash = document.rfind('/') + 1;
  Relations relations;
  parse_xml(archive, document.substr(0, slash) + "_rels/" + document.substr(slash) + ".rels", relations);
  const std::string sheet = beside(document, relations.target[workbook.ids[index]]);
  if (sheet.find("worksheets/") == std::string::npos)
    throw file_error(path, "sheet '" + workbook.sheets[index] + "' is not a sheet of cells");
  SharedStrings strings;
  if (const std::string part = beside(document, "sharedStrings.xml"); archive.has(part))
    parse_xml(archive, part, strings);
  Styles styles;
  if (const std::string part = beside(document, "styles.xml"); archive.has(part)) parse_xml(archive, part, styles);
  Sheet cells(path, grid, strings, styles, workbook.since_1904);
  parse_xml(archive, sheet, cells);
  if (options.sheet.empty() && workbook.sheets.size() > 1)
    report.notes.push_back("read sheet '" + workbook.sheets.front() + "' of " + std::to_string(workbook.sheets.size()) +
                           " (sheet= names another)");
  return grid.frame(report);
}

}  // namespace files
