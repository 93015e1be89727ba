// Rows of a frame as JSON objects: what .json and .geojson share.
#pragma once

#include "data/frame.hpp"
#include "files/files.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace files {

/// A JSON string, quotes included; bytes that are not UTF-8 become the replacement character.
std::string json_text(std::string_view text);

class JsonRows {
 public:
  explicit JsonRows(const data::Frame& frame);
  /// Appends {"city": "A", "y": 1.5}. Missing values and infinities are null, dates "yyyy-mm-dd", categories their
  /// label.
  void append(std::string& out, std::size_t row);
  /// Says how many infinities were lost.
  void note(Report& report) const;

 private:
  std::vector<data::ColumnPtr> columns_;
  std::vector<std::string> keys_;
  std::vector<std::vector<std::string>> words_;
  long long infinite_ = 0;
};

}  // namespace files
