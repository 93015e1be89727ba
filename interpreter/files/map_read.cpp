// Which driver of GDAL reads which file, and what each needs to be told.
#include "files/format.hpp"
#include "files/gdal.hpp"
#include "files/input.hpp"

#include <filesystem>

namespace files {
namespace fs = std::filesystem;

data::Frame read_geojson(const std::string& path, const ReadOptions& options, Report& report) {
  return read_layer({.path = path, .driver = "GeoJSON", .title = "a GeoJSON map"}, options, report);
}

data::Frame read_geopackage(const std::string& path, const ReadOptions& options, Report& report) {
  return read_layer({.path = path, .driver = "GPKG", .title = "a GeoPackage", .layer = options.table}, options, report);
}

data::Frame read_shapefile(const std::string& path, const ReadOptions& options, Report& report) {
  size_of(path);
  std::error_code ignored;
  const auto beside = [&](const char* ending) { return fs::exists(fs::path(path).replace_extension(ending), ignored); };
  for (const auto& [ending, upper] : {std::pair{".dbf", ".DBF"}, std::pair{".shx", ".SHX"}})
    if (!beside(ending) && !beside(upper))
      throw file_error(path, std::string("the file ") + ending + " that belongs to it is not beside it")
          .hint("a shapefile is several files of one name: .shp, .shx and .dbf at least");
  // Without a .cpg file the stated code page is often wrong: the bytes themselves are looked at.
  const bool stated = beside(".cpg") || beside(".CPG");
  const std::string& asked = options.csv.encoding;
  LayerRequest request{.path = path, .driver = "ESRI Shapefile", .title = "a shapefile"};
  request.raw_text = asked.empty() && !stated;
  if (request.raw_text || !asked.empty()) request.open_options.push_back("ENCODING=" + asked);
  return read_layer(request, options, report);
}

}  // namespace files
