#include "fuzz/one_input.hpp"

#include "core/error.hpp"
#include "files/columnar.hpp"
#include "files/files.hpp"

#include <zip.h>

#include <array>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <vector>

namespace fuzz {
namespace {

void put(const std::string& path, std::string_view bytes) {
  std::ofstream(path, std::ios::binary).write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
}

/// The input cut at lines that are "----".
std::vector<std::string_view> parts_of(std::string_view bytes) {
  constexpr std::string_view cut = "\n----\n";
  std::vector<std::string_view> parts;
  for (std::size_t at = bytes.find(cut); at != std::string_view::npos; at = bytes.find(cut)) {
    parts.push_back(bytes.substr(0, at));
    bytes.remove_prefix(at + cut.size());
  }
  parts.push_back(bytes);
  return parts;
}

void pack(const std::string& path, const std::vector<std::pair<const char*, std::string_view>>& members) {
  zip_t* const archive = zip_open(path.c_str(), ZIP_CREATE | ZIP_TRUNCATE, nullptr);
  if (!archive) std::abort();
  for (const auto& [name, bytes] : members) {
    zip_source_t* const source = zip_source_buffer(archive, bytes.data(), bytes.size(), 0);
    if (!source || zip_file_add(archive, name, source, 0) < 0) std::abort();
  }
  if (zip_close(archive) != 0) std::abort();
}

void pack_xlsx(const std::string& path, std::string_view bytes) {
  const std::vector<std::string_view> parts = parts_of(bytes);
  const auto part = [&](std::size_t i) { return i < parts.size() ? parts[i] : std::string_view(); };
  std::vector<std::pair<const char*, std::string_view>> members = {
      {"_rels/.rels",
       R"(<Relationships><Relationship Id="a" Type="x/officeDocument" Target="xl/workbook.xml"/></Relationships>)"},
      {"xl/workbook.xml", R"(<workbook><sheets><sheet name="S" r:id="b"/></sheets></workbook>)"},
      {"xl/_rels/workbook.xml.rels",
       R"(<Relationships><Relationship Id="b" Target="worksheets/sheet1.xml"/></Relationships>)"},
      {"xl/worksheets/sheet1.xml", part(0)}};
  if (parts.size() > 1) members.emplace_back("xl/sharedStrings.xml", part(1));
  if (parts.size() > 2) members.emplace_back("xl/styles.xml", part(2));
  pack(path, members);
}

/// Two lengths of 4 bytes, then the .shp, the .shx and the .dbf.
void split_shapefile(const std::string& stem, std::string_view bytes) {
  std::array<std::uint32_t, 2> sizes{};
  std::memcpy(sizes.data(), bytes.data(), std::min(bytes.size(), sizeof sizes));
  bytes.remove_prefix(std::min(bytes.size(), sizeof sizes));
  for (const auto& [ending, size] : {std::pair{".shp", std::size_t{sizes[0]}}, std::pair{".shx", std::size_t{sizes[1]}},
                                     std::pair{".dbf", bytes.size()}}) {
    put(stem + ending, bytes.substr(0, size));
    bytes.remove_prefix(std::min(bytes.size(), size));
  }
}

}  // namespace

void one_input(std::string_view format, std::string_view bytes, const std::string& folder) {
  files::ReadOptions options;
  options.format = std::string(format.substr(0, format.find("_parts")));
  const std::string path = folder + "/x." + options.format;
  if (format == "xlsx_parts")
    pack_xlsx(path, bytes);
  else if (format == "ods_parts")
    pack(path, {{"content.xml", bytes}});
  else if (format == "mtf")
    put(path, files::columnar::sealed(std::string(bytes)));
  else if (format == "shp")
    split_shapefile(folder + "/x", bytes);
  else
    put(path, bytes);
  try {
    const data::Frame frame = files::read(path, options);
    std::size_t seen = frame.geometry() ? frame.geometry()->points() : 0;
    for (std::size_t c = 0; c < frame.width(); ++c)
      for (std::size_t row = 0; row < frame.rows(); ++row) seen += frame.column(c)->text(row).size();
    if (seen == static_cast<std::size_t>(-1)) std::abort();  // the loop must not be left out
  } catch (const core::Error&) {
  }
}

}  // namespace fuzz
