// Delimited text files: a parallel reader that finds out what a file is, and a writer whose numbers read back exactly.
#pragma once

#include "data/frame.hpp"

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace data {

/// Every field has a value that means "find out" or "usual".
struct CsvOptions {
  std::string delimiter = {};       ///< one character; "whitespace": runs of blanks and tabs; "": found among , tab ; |
  std::string encoding = {};        ///< a name iconv knows ("GB18030", "latin1"); "": found
  std::optional<bool> header = {};  ///< whether the first line holds names; found when not given
  std::size_t skip = 0;             ///< lines to pass over before anything else
  std::optional<std::size_t> rows = {};    ///< read at most so many rows
  std::vector<std::string> columns = {};   ///< read these, in this order; all when empty
  std::map<std::string, Type> types = {};  ///< the type of a column is this, whatever it looks like
  /// Unquoted cells that are missing; an empty cell always is.
  std::vector<std::string> na = {"NA", ".", "NaN", "nan", "N/A", "n/a", "#N/A"};
  char decimal = '\0';  ///< '.' or ','; '\0': '.', or ',' where ';' separates and numbers need it
  char quote = '"';     ///< '\0': quotes are ordinary characters
  /// "dmy", "mdy", "ymd": how dates stand where they are not yyyy-mm-dd; "": found; "none": they stay text.
  std::string dates = {};
  char thousands =
      '\0';           ///< separator of thousands; '\0': found (a comma, or a point beside decimal commas); '-': none
  bool fill = false;  ///< short rows end in missing values instead of being an error
};

/// What the reader found out; `notes` are lines worth showing to the user.
struct CsvReport {
  std::string encoding, delimiter;
  bool header = false;
  std::vector<std::string> notes;
};

/// Reads a file of delimited text.
///
/// Records end at a line feed, carriage return plus line feed, or (in files without line feeds) carriage return. A cell
/// that starts with the quote may hold delimiters, line ends, and quotes written twice. Blanks around cells are
/// dropped, blank lines skipped (in a file of one column they are missing values). Names are kept as in the file; empty
/// ones become V1, V2, … by position; repeated ones get _2, _3, ….
///
/// A column is boolean (true/false), integer, double, date (yyyy-mm-dd) or, when anything else occurs in any row,
/// string with every cell as it was written. Whole numbers with leading zeros ("00701") are codes, hence strings (as
/// with keepLeadingZeros in data.table's fread). Integers beyond 64 bits make a double column, with a note. Quoted
/// numbers are numbers. A column without any value is double. A string column whose every cell is a date in one other
/// order (2020/3/15, 15.3.2020, 2020年3月15日) is a date column; one of numbers with thousands separators is a number
/// column; both with a note. A column of numbers but for a few words is a string with a note that names the first.
///
/// Encodings: UTF-8; UTF-16 by its mark or its NUL bytes; text that is not UTF-8 is taken for GB18030 where its high
/// bytes come in pairs, else for Windows-1252, with a note.
///
/// Throws core::Error with line and byte column for rows of another width than the first (`fill` allows short ones),
/// for an unterminated quote, text after a closing quote, NUL bytes, and cells that do not fit a type asked for; also
/// for files that are missing, empty or not in the encoding named, and for unknown columns in `columns` and `types`.
/// The result does not depend on the number of threads.
Frame read_csv(const std::string& path, const CsvOptions& options = {}, CsvReport* report = nullptr);

/// Writes names and rows in UTF-8, through a temporary file beside `path` that then takes its place. Doubles are the
/// shortest text that reads back as the same number; missing is empty; dates are yyyy-mm-dd; categories are written by
/// label. Only text that would be misread without them is quoted. Throws core::Error when the file cannot be written.
void write_csv(const Frame& frame, const std::string& path, char delimiter = ',');

}  // namespace data
