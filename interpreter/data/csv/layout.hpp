// What a file is: its delimiter, its header, the names and first types of its columns.
#pragma once

#include "core/error.hpp"
#include "data/csv.hpp"
#include "data/csv/cell.hpp"
#include "data/csv/text.hpp"

#include <string>
#include <vector>

namespace data::csv {

struct Layout {
  Dialect dialect;
  bool header = false;
  std::vector<std::string> names;  ///< unique, one per column of the file
  std::vector<Kind> kinds;         ///< what the first rows (and, without quotes, some later ones) show
  std::size_t begin = 0;           ///< offset of the first record after the header
  std::vector<std::string> notes;
};

/// Finds the layout of `text`, with `options` overruling what they name.
Layout find_layout(const Text& text, const std::string& path, const CsvOptions& options);

/// "'file', line 3, column 17: what"
core::Error fault_at(std::string_view text, const std::string& path, const char* where, const std::string& what);
/// The Error for a cell that is not well formed.
core::Error fault_of(const Cell& cell, std::string_view text, const std::string& path);

}  // namespace data::csv
