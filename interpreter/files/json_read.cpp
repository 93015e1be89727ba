// JSON records: an array of objects, or one object a line.
#include "core/interrupt.hpp"
#include "core/text.hpp"
#include "data/csv/text.hpp"
#include "files/cells.hpp"
#include "files/format.hpp"
#include "files/input.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <limits>
#include <map>

namespace files {
namespace {

using nlohmann::ordered_json;

/// Columns that grow with the records.
class Records {
 public:
  Records(const std::string& path, const ReadOptions& options) : path_(path), options_(options) {}

  bool full() const { return options_.csv.rows && rows_ >= *options_.csv.rows; }

  void add(const ordered_json& record) {
    for (const auto& [key, value] : record.items()) {
      const auto [at, fresh] = place_.try_emplace(key, cells_.size());
      if (fresh) {
        names_.push_back(key);
        cells_.emplace_back();
      }
      Cells& cells = cells_[at->second];
      cells.pad(rows_);
      if (cells.size() > rows_) continue;
      add(cells, value);
    }
    ++rows_;
    if (rows_ % 256 == 0) core::poll();
  }

  data::Frame frame(Report& report) {
    const std::vector<std::string>& wanted = options_.csv.columns.empty() ? names_ : options_.csv.columns;
    check_columns(path_, options_.csv.columns, names_);
    for (const auto& [name, type] : options_.csv.types)
      if (!place_.contains(name)) throw no_column(path_, name, names_);
    if (nested_) report.notes.push_back("values that are lists or objects are read as strings of JSON");
    data::Frame frame;
    for (const std::string& name : wanted) {
      Cells& cells = cells_[place_.at(name)];
      cells.pad(rows_);
      Cells::Rules rules{.where = "'" + path_ + "'", .name = name, .text_may_be_dates = true};
      if (const auto type = options_.csv.types.find(name); type != options_.csv.types.end()) rules.type = type->second;
      const std::string shown = name.empty() ? "V" + std::to_string(frame.width() + 1) : name;
      frame = frame.with(shown, cells.column(rules, report.notes));
    }
    return frame;
  }

 private:
  void add(Cells& cells, const ordered_json& value) {
    if (value.is_null()) return cells.missing();
    if (value.is_boolean()) return cells.boolean(value.get<bool>());
    if (value.is_number_unsigned() &&
        value.get<std::uint64_t>() > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max()))
      return cells.real(value.get<double>());
    if (value.is_number_integer() && value.get<std::int64_t>() != data::missing_integer)
      return cells.integer(value.get<std::int64_t>());
    if (value.is_number()) return cells.real(value.get<double>());
    if (value.is_string()) return cells.text(value.get_ref<const std::string&>());
    nested_ = true;
    cells.text(value.dump());
  }

  const std::string& path_;
  const ReadOptions& options_;
  std::vector<std::string> names_;
  std::map<std::string, std::size_t, std::less<>> place_;
  std::vector<Cells> cells_;
  std::size_t rows_ = 0;
  bool nested_ = false;
};

/// What nlohmann says, without its own prefix.
std::string reason_of(const std::exception& error) {
  const std::string text = error.what();
  const std::size_t at = text.find(": ");
  return at == std::string::npos ? text : text.substr(at + 2);
}

/// The deepest nesting of lists and objects, strings left out.
void check_depth(const std::string& path, std::string_view text) {
  constexpr int deepest = 200;  // a printer of JSON calls itself for each level
  int depth = 0;
  bool in_string = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (in_string) {
      if (c == '\\') ++i;
      if (c == '"') in_string = false;
    } else if (c == '"') {
      in_string = true;
    } else if (c == '{' || c == '[') {
      if (++depth > deepest) throw text_error(path, text, i, "lists in lists more than 200 deep");
    } else if (c == '}' || c == ']') {
      --depth;
    }
  }
}

void read_array(const std::string& path, std::string_view text, Records& records) {
  const auto take = [&](int depth, ordered_json::parse_event_t event, ordered_json& value) {
    if (depth != 1 || event == ordered_json::parse_event_t::array_start ||
        event == ordered_json::parse_event_t::object_start || event == ordered_json::parse_event_t::key)
      return true;
    if (event == ordered_json::parse_event_t::object_end) {
      if (!records.full()) records.add(value);
      return false;  // done with: not kept
    }
    throw file_error(path, "its list holds something that is not an object: " + value.dump().substr(0, 40))
        .hint("JSON records are a list of objects: [{\"city\": \"A\", \"y\": 1}, …]");
  };
  try {
    const auto parsed = ordered_json::parse(text.begin(), text.end(), take);
    static_cast<void>(parsed);
  } catch (const ordered_json::parse_error& error) {
    throw text_error(path, text, error.byte ? error.byte - 1 : 0, reason_of(error));
  } catch (const ordered_json::exception& error) {
    throw file_error(path, reason_of(error));
  }
}

void read_lines(const std::string& path, std::string_view text, Records& records) {
  std::size_t begin = 0;
  while (begin < text.size() && !records.full()) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    const std::string_view line = text.substr(begin, end - begin);
    if (!core::trim(line).empty()) {
      try {
        const ordered_json record = ordered_json::parse(line.begin(), line.end());
        if (!record.is_object())
          throw text_error(path, text, begin, "not an object").hint("each line holds one: {\"city\": \"A\", \"y\": 1}");
        records.add(record);
      } catch (const ordered_json::parse_error& error) {
        throw text_error(path, text, begin + (error.byte ? error.byte - 1 : 0), reason_of(error));
      } catch (const ordered_json::exception& error) {
        throw file_error(path, reason_of(error));
      }
    }
    begin = end + 1;
  }
}

}  // namespace

data::Frame read_json(const std::string& path, const ReadOptions& options, Report& report) {
  const data::csv::Text text = data::csv::load_text(path, "", '\0');
  const std::string_view bytes = text.bytes;
  check_depth(path, bytes);
  Records records(path, options);
  const std::size_t first = bytes.find_first_not_of(" \t\r\n");
  if (first != std::string_view::npos && bytes[first] == '[')
    read_array(path, bytes, records);
  else
    read_lines(path, bytes, records);
  report.notes.insert(report.notes.end(), text.notes.begin(), text.notes.end());
  return records.frame(report);
}

}  // namespace files
