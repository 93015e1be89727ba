#include "core/error.hpp"
#include "core/interrupt.hpp"
#include "core/new_file.hpp"
#include "files/columnar.hpp"
#include "files/format.hpp"

#include <nlohmann/json.hpp>

#include <array>
#include <cstring>
#include <span>

namespace files {
namespace columnar {

std::uint64_t checksum(std::string_view bytes) {
  std::uint64_t hash = 0xCBF29CE484222325ULL;
  for (const char c : bytes) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001B3ULL;
  return hash;
}

std::string sealed(std::string bytes) {
  Header header{};
  if (bytes.size() < sizeof header) return bytes;
  std::memcpy(&header, bytes.data(), sizeof header);
  std::memcpy(header.magic, magic.data(), magic.size());
  header.byte_order = byte_order;
  header.version = version;
  header.file_size = bytes.size();
  if (header.directory_offset <= bytes.size() && header.directory_size <= bytes.size() - header.directory_offset)
    header.directory_checksum =
        checksum(std::string_view(bytes).substr(header.directory_offset, header.directory_size));
  std::memcpy(bytes.data(), &header, sizeof header);
  header.checksum = checksum(std::string_view(bytes).substr(0, 56));
  std::memcpy(bytes.data(), &header, sizeof header);
  return bytes;
}

}  // namespace columnar

namespace {

using nlohmann::ordered_json;

class Blocks {
 public:
  explicit Blocks(core::NewFile& file) : file_(file) { pad(std::string(sizeof(columnar::Header), '\0')); }

  template <class T>
  ordered_json add(std::span<const T> values) {
    return add(std::string_view(reinterpret_cast<const char*>(values.data()), values.size_bytes()));
  }
  ordered_json add(std::string_view bytes) {
    const std::size_t at = size_;
    constexpr std::size_t piece = std::size_t{16} << 20;
    for (std::size_t done = 0; done < bytes.size(); done += piece) {
      core::poll();
      file_.write(bytes.substr(done, piece));
    }
    size_ += bytes.size();
    pad({});
    return {at, bytes.size()};
  }
  /// Where each word ends, and the words after another.
  ordered_json add(const std::vector<std::string>& words) {
    std::vector<std::uint64_t> ends;
    std::string text;
    for (const std::string& word : words) {
      text += word;
      ends.push_back(text.size());
    }
    ordered_json ends_at = add(std::span<const std::uint64_t>(ends));
    return {{"count", words.size()}, {"ends", std::move(ends_at)}, {"text", add(text)}};
  }
  std::size_t size() const { return size_; }

 private:
  void pad(std::string_view before) {
    file_.write(before);
    size_ += before.size();
    const std::size_t over = size_ % columnar::alignment;
    if (!over) return;
    static constexpr std::array<char, columnar::alignment> zeros{};
    file_.write({zeros.data(), columnar::alignment - over});
    size_ += columnar::alignment - over;
  }
  core::NewFile& file_;
  std::size_t size_ = 0;
};

ordered_json describe(const std::string& name, const data::Column& column, Blocks& blocks) {
  ordered_json out = {{"name", name}, {"type", data::name_of(column.type())}};
  if (!column.label().empty()) out["label"] = column.label();
  if (!column.format().empty()) out["format"] = column.format();
  switch (column.type()) {
    case data::Type::real:
      out["values"] = blocks.add(column.reals());
      break;
    case data::Type::integer:
    case data::Type::date:
      out["values"] = blocks.add(column.integers());
      break;
    case data::Type::boolean:
      out["values"] = blocks.add(column.booleans());
      break;
    case data::Type::text:
    case data::Type::category:
      out["values"] = blocks.add(column.codes());
      out["words"] = blocks.add(*column.dictionary());
      if (!column.level_values().empty()) out["numbers"] = blocks.add(column.level_values());
      break;
  }
  return out;
}

ordered_json describe(const data::Geometry& geometry, std::span<const std::uint32_t> shapes, Blocks& blocks) {
  const auto kinds = geometry.kinds();
  return {{"projection", geometry.projection},
          {"wkt", geometry.wkt},
          {"geographic", geometry.geographic},
          {"shape_of_row", blocks.add(shapes)},
          {"kinds", blocks.add(std::string_view(reinterpret_cast<const char*>(kinds.data()), kinds.size()))},
          {"shape_ends", blocks.add(geometry.shape_ends())},
          {"path_ends", blocks.add(geometry.path_ends())},
          {"holes", blocks.add(geometry.holes())},
          {"x", blocks.add(geometry.x())},
          {"y", blocks.add(geometry.y())}};
}

}  // namespace

void write_columnar(const data::Frame& frame, const std::string& path, const WriteOptions&, Report&) {
  core::NewFile file(path);
  Blocks blocks(file);
  ordered_json directory = {{"rows", frame.rows()}, {"columns", ordered_json::array()}};
  for (std::size_t c = 0; c < frame.width(); ++c)
    directory["columns"].push_back(describe(frame.names()[c], *frame.column(c), blocks));
  if (const data::Panel* panel = frame.panel()) directory["panel"] = {{"unit", panel->unit}, {"time", panel->time}};
  if (frame.geometry()) directory["shapes"] = describe(*frame.geometry(), frame.shapes(), blocks);
  std::string text;
  try {
    text = directory.dump();
  } catch (const ordered_json::exception&) {
    throw core::Error("cannot write '" + path + "': a name or label is not UTF-8");
  }
  columnar::Header header{};
  std::memcpy(header.magic, columnar::magic.data(), columnar::magic.size());
  header.byte_order = columnar::byte_order;
  header.version = columnar::version;
  header.directory_offset = blocks.size();
  header.directory_size = text.size();
  header.directory_checksum = columnar::checksum(text);
  header.file_size = blocks.size() + text.size();
  std::array<char, sizeof header> bytes{};
  std::memcpy(bytes.data(), &header, sizeof header);
  header.checksum = columnar::checksum({bytes.data(), 56});
  std::memcpy(bytes.data(), &header, sizeof header);
  file.write(text);
  file.write_at(0, {bytes.data(), bytes.size()});
  file.commit();
}

}  // namespace files
