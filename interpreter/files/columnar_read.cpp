#include "core/interrupt.hpp"
#include "core/parallel.hpp"
#include "core/text.hpp"
#include "data/csv/encoding.hpp"
#include "data/display_format.hpp"
#include "files/columnar.hpp"
#include "files/format.hpp"
#include "files/input.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <atomic>
#include <bit>
#include <cstring>
#include <numeric>
#include <optional>
#include <span>

namespace files {
namespace {

using data::Type;
using nlohmann::json;

class File {
 public:
  explicit File(std::string path) : path_(std::move(path)), map_(map_file(path_)) {
    const std::string_view bytes = map_.bytes;
    columnar::Header header{};
    if (bytes.size() < sizeof header) throw file_error(path_, "truncated within its header");
    std::memcpy(&header, bytes.data(), sizeof header);
    if (std::string_view(header.magic, 8) != columnar::magic) throw file_error(path_, "not a Moontide file");
    if (header.byte_order != columnar::byte_order)
      throw file_error(path_, "written on a machine of the other byte order").hint("save it as .dta or .csv there");
    if (header.version != columnar::version)
      throw file_error(path_, "version " + std::to_string(header.version) + " of the format; this program reads " +
                                  std::to_string(columnar::version));
    if (header.checksum != columnar::checksum(bytes.substr(0, 56)))
      throw damaged("its header does not fit its checksum");
    if (header.file_size != bytes.size())
      throw damaged("it has " + core::grouped(static_cast<long long>(bytes.size())) + " bytes, but was written with " +
                    core::grouped(static_cast<long long>(header.file_size)));
    if (header.directory_offset > bytes.size() || header.directory_size > bytes.size() - header.directory_offset)
      throw damaged("its directory lies outside");
    const std::string_view text = bytes.substr(header.directory_offset, header.directory_size);
    if (header.directory_checksum != columnar::checksum(text)) throw damaged("its directory does not fit its checksum");
    directory_ = json::parse(
        text, [](int depth, json::parse_event_t, json&) { return depth < 8; }, false);
    if (!directory_.is_object()) throw damaged("its directory cannot be read");
  }

  const json& directory() const { return directory_; }
  const std::string& path() const { return path_; }
  const std::shared_ptr<const void>& owner() const { return map_.owner; }

  core::Error damaged(const std::string& what) const {
    return file_error(path_, what).hint("the file is truncated or damaged");
  }

  const json& field(const json& object, const char* name) const {
    const auto at = object.is_object() ? object.find(name) : object.end();
    if (at == object.end()) throw damaged(std::string("its directory lacks '") + name + "'");
    return *at;
  }
  std::uint64_t number(const json& object, const char* name) const {
    const json& value = field(object, name);
    if (!value.is_number_unsigned()) throw damaged(std::string("'") + name + "' in its directory is not a count");
    return value.get<std::uint64_t>();
  }
  std::string text(const json& object, const char* name) const {
    const json& value = field(object, name);
    if (!value.is_string()) throw damaged(std::string("'") + name + "' in its directory is not a text");
    return value.get<std::string>();
  }

  std::string_view bytes(const json& object, const char* name) const {
    const json& block = field(object, name);
    if (!block.is_array() || block.size() != 2 || !block[0].is_number_unsigned() || !block[1].is_number_unsigned())
      throw damaged(std::string("block '") + name + "' in its directory is not a place");
    const auto at = block[0].get<std::uint64_t>();
    const auto size = block[1].get<std::uint64_t>();
    if (at % columnar::alignment || at > map_.bytes.size() || size > map_.bytes.size() - at)
      throw damaged(std::string("block '") + name + "' lies outside");
    return map_.bytes.substr(at, size);
  }
  template <class T>
  std::span<const T> values(const json& object, const char* name, std::optional<std::size_t> count = {}) const {
    const std::string_view block = bytes(object, name);
    if (block.size() % sizeof(T) || (count && block.size() / sizeof(T) != *count))
      throw damaged(std::string("block '") + name + "' has " + std::to_string(block.size()) + " bytes");
    return {reinterpret_cast<const T*>(block.data()), block.size() / sizeof(T)};
  }

 private:
  std::string path_;
  Mapped map_;
  json directory_;
};

/// Are all values within [low, high]?
template <class T>
bool within(std::span<const T> values, T low, T high) {
  std::atomic<bool> good{true};
  core::for_blocks(values.size(), std::size_t{1} << 18, [&](std::size_t begin, std::size_t end) {
    unsigned bad = 0;  // no branch: the loop runs at the speed of memory
    for (std::size_t i = begin; i < end; ++i)
      bad |= static_cast<unsigned>(values[i] < low) | static_cast<unsigned>(values[i] > high);
    if (bad) good = false;
  });
  return good;
}

/// Are all dates missing, or days that can be counted with?
bool are_days(std::span<const std::int64_t> days) {
  constexpr std::int64_t furthest = 1000000000000;
  std::atomic<bool> good{true};
  core::for_blocks(days.size(), std::size_t{1} << 18, [&](std::size_t begin, std::size_t end) {
    unsigned bad = 0;
    for (std::size_t i = begin; i < end; ++i)
      bad |= static_cast<unsigned>(days[i] != data::missing_integer) &
             (static_cast<unsigned>(days[i] < -furthest) | static_cast<unsigned>(days[i] > furthest));
    if (bad) good = false;
  });
  return good;
}

/// Ends that do not decrease, and the last of which is `total`.
bool are_ends(std::span<const std::uint64_t> ends, std::uint64_t total) {
  return std::is_sorted(ends.begin(), ends.end()) && (ends.empty() ? total == 0 : ends.back() == total);
}

data::Dictionary words_of(const File& file, const json& column) {
  const json& words = file.field(column, "words");
  const std::string_view text = file.bytes(words, "text");
  const auto ends = file.values<std::uint64_t>(words, "ends", file.number(words, "count"));
  if (!are_ends(ends, text.size())) throw file.damaged("its words do not follow one another");
  if (data::csv::invalid_utf8(text) != std::string_view::npos) throw file.damaged("its words are not UTF-8");
  auto out = std::make_shared<std::vector<std::string>>();
  out->reserve(ends.size());
  std::uint64_t begin = 0;
  for (const std::uint64_t end : ends) {
    out->emplace_back(text.substr(begin, end - begin));
    begin = end;
  }
  return out;
}

data::ColumnPtr column_of(const File& file, const json& column, std::size_t rows) {
  const std::string type = file.text(column, "type");
  if (type == "double") return data::Column::view(file.values<double>(column, "values", rows), file.owner());
  if (type == "integer" || type == "date") {
    const auto values = file.values<std::int64_t>(column, "values", rows);
    if (type == "date" && !are_days(values)) throw file.damaged("a date that is none");
    return data::Column::view(type == "date" ? Type::date : Type::integer, values, file.owner());
  }
  if (type == "boolean") {
    const auto values = file.values<std::uint8_t>(column, "values", rows);
    if (!within<std::uint8_t>(values, 0, data::missing_boolean)) throw file.damaged("a boolean that is none");
    return data::Column::view(values, file.owner());
  }
  if (type != "string" && type != "category") throw file.damaged("a column of the unknown type '" + type + "'");
  const auto codes = file.values<std::int32_t>(column, "values", rows);
  data::Dictionary words = words_of(file, column);
  if (!within<std::int32_t>(codes, data::missing_code, static_cast<std::int32_t>(words->size()) - 1))
    throw file.damaged("a code without a word");
  std::vector<double> numbers;
  if (column.contains("numbers")) {
    const auto stored = file.values<double>(column, "numbers", words->size());
    numbers.assign(stored.begin(), stored.end());
  }
  return data::Column::view(type == "string" ? Type::text : Type::category, codes, file.owner(), std::move(words),
                            std::move(numbers));
}

data::Frame with_shapes(const data::Frame& frame, const File& file, const json& shapes, std::size_t rows) {
  auto out = std::make_shared<data::Geometry>();
  const auto x = file.values<double>(shapes, "x");
  const auto y = file.values<double>(shapes, "y", x.size());
  const auto path_ends = file.values<std::uint64_t>(shapes, "path_ends");
  const auto holes = file.values<std::uint8_t>(shapes, "holes", path_ends.size());
  const auto shape_ends = file.values<std::uint64_t>(shapes, "shape_ends");
  const auto kinds = file.values<std::uint8_t>(shapes, "kinds", shape_ends.size());
  const auto of_row = file.values<std::uint32_t>(shapes, "shape_of_row", rows);
  if (!are_ends(path_ends, x.size()) || !are_ends(shape_ends, path_ends.size()) || !within<std::uint8_t>(kinds, 0, 3) ||
      !within<std::uint8_t>(holes, 0, 1))
    throw file.damaged("its shapes do not follow one another");
  if (std::any_of(of_row.begin(), of_row.end(), [&](std::uint32_t s) { return s >= kinds.size(); }))
    throw file.damaged("a row of a shape that is not there");
  std::size_t path = 0;
  std::size_t point = 0;
  for (std::size_t s = 0; s < kinds.size(); ++s) {
    const auto kind = static_cast<data::ShapeKind>(kinds[s]);
    for (bool first = true; path < shape_ends[s]; ++path, first = false) {
      if (first && holes[path]) throw file.damaged("a polygon that begins with a hole");
      if (point == path_ends[path]) throw file.damaged("a path without points");
      for (; point < path_ends[path]; ++point) out->add_point(x[point], y[point]);
      out->end_path(holes[path] != 0);
    }
    out->end_shape(kind);
  }
  out->projection = file.text(shapes, "projection");
  out->wkt = file.text(shapes, "wkt");
  out->geographic = file.field(shapes, "geographic") == true;
  return frame.with_geometry(std::move(out), {of_row.begin(), of_row.end()});
}

}  // namespace

data::Frame read_columnar(const std::string& path, const ReadOptions& options, Report&) {
  const File file(path);
  const json& directory = file.directory();
  const std::uint64_t rows = file.number(directory, "rows");
  const json& columns = file.field(directory, "columns");
  if (!columns.is_array()) throw file.damaged("its directory has no list of columns");
  std::vector<std::string> names;
  for (const json& column : columns) {
    names.push_back(file.text(column, "name"));
    if (std::count(names.begin(), names.end() - 1, names.back())) throw file.damaged("a column that is there twice");
  }
  check_columns(path, options.csv.columns, names);
  data::Frame frame;
  for (const std::string& name : options.csv.columns.empty() ? names : options.csv.columns) {
    const json& column = columns[static_cast<std::size_t>(std::find(names.begin(), names.end(), name) - names.begin())];
    data::ColumnPtr made = column_of(file, column, rows);
    if (column.contains("label")) made = made->labelled(file.text(column, "label"));
    if (column.contains("format"))
      if (std::string format = file.text(column, "format"); data::suits(format, made->type()))
        made = made->formatted(std::move(format));
    frame = frame.with(name, std::move(made));
  }
  if (directory.contains("shapes")) frame = with_shapes(frame, file, directory["shapes"], rows);
  if (options.csv.rows && *options.csv.rows < frame.rows()) {
    std::vector<std::uint32_t> first(*options.csv.rows);
    std::iota(first.begin(), first.end(), 0U);
    frame = frame.take(first);
  }
  if (directory.contains("panel")) {
    const std::string unit = file.text(directory["panel"], "unit");
    const std::string time = file.text(directory["panel"], "time");
    try {
      if ((unit.empty() || frame.has(unit)) && frame.has(time)) frame = frame.with_panel(unit, time);
    } catch (const core::Error& error) {
      throw file.damaged("its panel does not fit its rows: " + error.message());
    }
  }
  return frame;
}

}  // namespace files
