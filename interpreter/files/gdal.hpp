// GDAL's library of map formats, loaded when a map is first read: a program that reads none starts without it.
#pragma once

#include "files/files.hpp"

#include <string>
#include <vector>

namespace files {

struct LayerRequest {
  std::string path;
  std::string driver;                          ///< GDAL's name: "GeoJSON", "ESRI Shapefile", "GPKG"
  std::string title;                           ///< "a GeoJSON map"
  std::string layer = {};                      ///< "": the first, or an error when there are several
  std::vector<std::string> open_options = {};  ///< "ENCODING="
  bool raw_text = false;                       ///< bytes as in the file: their encoding is guessed
};

/// Reads one layer: fields as columns, shapes as the frame's geometry.
/// Throws core::Error: no GDAL on this machine, or what GDAL says of the file.
data::Frame read_layer(const LayerRequest& request, const ReadOptions& options, Report& report);

}  // namespace files
