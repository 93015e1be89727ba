// One made-up file through one reader: what the fuzz targets do with each input, and the unit tests with each case.
#pragma once

#include <string>
#include <string_view>

namespace fuzz {

/// Writes `bytes` as a file of the format named into `folder`, reads it and looks at every value. What the reader
/// throws as core::Error is an answer; anything else is a fault. Formats beside those of files::readable_formats():
/// "xlsx_parts" and "ods_parts" are XML that is packed first (a fuzzer finds nothing in compressed bytes), and "mtf"
/// and "shp" are put together so that checksums fit and the three files of a shapefile come from one input.
void one_input(std::string_view format, std::string_view bytes, const std::string& folder);

}  // namespace fuzz
