// The table of formats: what files are called, how they begin, and which options their readers and writers take.
#pragma once

#include "files/files.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace files {

using Reader = data::Frame (*)(const std::string& path, const ReadOptions& options, Report& report);
using Writer = void (*)(const data::Frame& frame, const std::string& path, const WriteOptions& options, Report& report);

struct Format {
  std::string_view name;   ///< what format= takes; also the ending, without dot
  std::string_view title;  ///< "a Stata file"
  std::vector<std::string_view> other_endings;
  Reader reader;
  std::vector<std::string_view> read_options;  ///< beside format=
  Writer writer;                               ///< nullptr: read only
  std::vector<std::string_view> write_options;
  bool text;  ///< a text format: its first bytes say little
};

const std::vector<Format>& formats();
/// By name or by ending (without dot, any case); nullptr when unknown.
const Format* find_format(std::string_view name);
/// By the first bytes of a file; nullptr when they are not known. `ending` decides between the kinds of zip and SQLite
/// files and of JSON.
const Format* format_of_content(const std::string& path, std::string_view ending);

// Readers.
data::Frame read_delimited(const std::string& path, const ReadOptions& options, Report& report);
data::Frame read_stata(const std::string& path, const ReadOptions& options, Report& report);
data::Frame read_spss(const std::string& path, const ReadOptions& options, Report& report);
data::Frame read_spss_portable(const std::string& path, const ReadOptions& options, Report& report);
data::Frame read_sas(const std::string& path, const ReadOptions& options, Report& report);
data::Frame read_sas_transport(const std::string& path, const ReadOptions& options, Report& report);
data::Frame read_xlsx(const std::string& path, const ReadOptions& options, Report& report);
data::Frame read_ods(const std::string& path, const ReadOptions& options, Report& report);
data::Frame read_json(const std::string& path, const ReadOptions& options, Report& report);
data::Frame read_sqlite(const std::string& path, const ReadOptions& options, Report& report);
data::Frame read_columnar(const std::string& path, const ReadOptions& options, Report& report);
data::Frame read_shapefile(const std::string& path, const ReadOptions& options, Report& report);
data::Frame read_geojson(const std::string& path, const ReadOptions& options, Report& report);
data::Frame read_geopackage(const std::string& path, const ReadOptions& options, Report& report);
// Writers.
void write_delimited(const data::Frame& frame, const std::string& path, const WriteOptions& options, Report& report);
void write_stata(const data::Frame& frame, const std::string& path, const WriteOptions& options, Report& report);
void write_xlsx(const data::Frame& frame, const std::string& path, const WriteOptions& options, Report& report);
void write_json(const data::Frame& frame, const std::string& path, const WriteOptions& options, Report& report);
void write_geojson(const data::Frame& frame, const std::string& path, const WriteOptions& options, Report& report);
void write_columnar(const data::Frame& frame, const std::string& path, const WriteOptions& options, Report& report);

}  // namespace files
