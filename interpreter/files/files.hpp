// Data files of every kind: one call reads, one writes; the format is found by content and ending.
#pragma once

#include "data/csv.hpp"
#include "data/frame.hpp"

#include <optional>
#include <string>
#include <vector>

namespace files {

/// `csv` holds what delimited text takes; of it `columns`, `rows`, `types`, `na`, `header` and `encoding` serve other
/// formats too. `given` names the options the user wrote: one that the format does not take is an error.
struct ReadOptions {
  std::string format;  ///< an ending without dot ("dta", "xlsx"); "": found
  data::CsvOptions csv;
  std::string sheet;   ///< name, or number from 1
  std::string range;   ///< "B3:F40", "B3", "B:F"
  std::string table;   ///< of a database, or the layer of a map
  std::string query;   ///< an SQL select
  bool labels = true;  ///< value labels make categories
  std::vector<std::string> given;
};

struct WriteOptions {
  std::string format;
  std::optional<int> version;  ///< of the Stata format
  std::string sheet;
  std::vector<std::string> given;
};

/// What happened: lines worth showing to the user.
struct Report {
  std::string format;  ///< "a Stata file"
  std::vector<std::string> notes;
};

/// Reads a file into a frame that is named after it.
/// Throws core::Error that names the file and, where there is one, the place in it: no such file, not of that format,
/// truncated or damaged, an option that does not apply, an unknown column, sheet or table.
data::Frame read(const std::string& path, const ReadOptions& options = {}, Report* report = nullptr);

/// Writes a frame in the format of the ending. The old file stays whole until the new one is complete.
/// Throws core::Error: unknown ending, an option that does not apply, what the format cannot hold, a full disk.
void write(const data::Frame& frame, const std::string& path, const WriteOptions& options = {},
           Report* report = nullptr);

/// "csv", "dta", …: what format= takes when reading or writing.
std::vector<std::string> readable_formats();
std::vector<std::string> writable_formats();

}  // namespace files
