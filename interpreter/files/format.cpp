#include "files/format.hpp"

#include "core/text.hpp"
#include "files/input.hpp"

#include <algorithm>
#include <array>

namespace files {
namespace {

using Names = std::vector<std::string_view>;

const Names delimited_options = {"delimiter", "encoding", "header", "skip", "rows",  "columns",  "types",
                                 "na",        "decimal",  "quote",  "fill", "dates", "thousands"};
const Names statistical_options = {"columns", "rows", "encoding", "labels"};
const Names sheet_options = {"sheet", "range", "header", "rows", "columns", "types", "na"};
const Names record_options = {"columns", "rows", "types"};
const Names map_options = {"table", "columns", "rows"};

}  // namespace

const std::vector<Format>& formats() {
  static const std::vector<Format> list = {
      {"csv", "delimited text", {"txt", "dat", "prn"}, read_delimited, delimited_options, write_delimited, {}, true},
      {"tsv", "delimited text", {"tab"}, read_delimited, delimited_options, write_delimited, {}, true},
      {"dta", "a Stata file", {}, read_stata, statistical_options, write_stata, {"version"}, false},
      {"sav", "an SPSS file", {"zsav"}, read_spss, statistical_options, nullptr, {}, false},
      {"por", "an SPSS portable file", {}, read_spss_portable, statistical_options, nullptr, {}, true},
      {"sas7bdat", "a SAS file", {}, read_sas, statistical_options, nullptr, {}, false},
      {"xpt", "a SAS transport file", {"xport"}, read_sas_transport, statistical_options, nullptr, {}, false},
      {"xlsx", "an Excel file", {"xlsm"}, read_xlsx, sheet_options, write_xlsx, {"sheet"}, false},
      {"ods", "an OpenDocument spreadsheet", {}, read_ods, sheet_options, nullptr, {}, false},
      {"json", "JSON records", {"jsonl", "ndjson"}, read_json, record_options, write_json, {}, true},
      {"geojson", "a GeoJSON map", {}, read_geojson, {"columns", "rows"}, write_geojson, {}, true},
      {"shp", "a shapefile", {}, read_shapefile, {"columns", "rows", "encoding"}, nullptr, {}, false},
      {"gpkg", "a GeoPackage", {}, read_geopackage, map_options, nullptr, {}, false},
      {"sqlite",
       "an SQLite database",
       {"sqlite3", "db", "db3"},
       read_sqlite,
       {"table", "query", "columns", "rows", "types"},
       nullptr,
       {},
       false},
      {"mtf", "a Moontide file", {}, read_columnar, {"columns", "rows"}, write_columnar, {}, false},
  };
  return list;
}

const Format* find_format(std::string_view name) {
  const std::string wanted = core::lower(name);
  for (const Format& format : formats())
    if (format.name == wanted ||
        std::find(format.other_endings.begin(), format.other_endings.end(), wanted) != format.other_endings.end())
      return &format;
  return nullptr;
}

namespace {

bool is_old_stata(std::string_view head) {
  if (head.size() < 4) return false;
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(head[i]); };
  return byte(0) >= 104 && byte(0) <= 115 && (byte(1) == 1 || byte(1) == 2) && byte(2) == 1;
}

/// The name of the format that these bytes begin, "" when they are not known.
std::string_view name_of_content(std::string_view head, std::string_view ending) {
  using namespace std::string_view_literals;
  const auto starts = [&](std::string_view magic) { return core::starts_with(head, magic); };
  constexpr std::string_view sas_magic =
      "\0\0\0\0\0\0\0\0\0\0\0\0\xc2\xea\x81\x60\xb3\x14\x11\xcf\xbd\x92\x08\x00\x09\xc7\x31\x8c\x18\x1f\x10\x11"sv;
  if (starts("<stata_dta>") || is_old_stata(head)) return "dta";
  if (starts("$FL2") || starts("$FL3")) return "sav";
  if (starts(sas_magic)) return "sas7bdat";
  if (starts("HEADER RECORD*******LIB")) return "xpt";
  if (head.size() > 60 && head.substr(40, 20) == "ASCII SPSS PORT FILE") return "por";
  if (starts("\x89MTF\r\n\x1a\n")) return "mtf";
  if (starts("PK\x03\x04")) return head.substr(0, 200).find("opendocument.spreadsheet") != head.npos ? "ods" : "xlsx";
  if (starts("SQLite format 3\0"sv))
    return ending == "gpkg" || (head.size() >= 72 && head.substr(68, 4) == "GPKG") ? "gpkg" : "sqlite";
  if (starts("\x00\x00\x27\x0a"sv)) return "shp";
  if (ending == "json" && starts("{") && head.find("\"FeatureCollection\"") != head.npos) return "geojson";
  return "";
}

}  // namespace

const Format* format_of_content(const std::string& path, std::string_view ending) {
  return find_format(name_of_content(first_bytes(path, 1024), ending));
}

}  // namespace files
