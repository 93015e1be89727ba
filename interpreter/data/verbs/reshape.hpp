// Long and wide: the same numbers as rows or as columns.
#pragma once

#include "data/frame.hpp"

#include <string>
#include <vector>

namespace data {

struct ReshapeOptions {
  std::vector<std::string> stubs;  ///< "gdp": gdp2010, gdp2011, …; "gdp@pc": gdp2010pc, …
  std::vector<std::string> i;      ///< identify the rows of the wide frame
  std::string j;                   ///< the column that tells the columns apart
  bool text_j = false;             ///< j is any text, not only whole numbers
  std::string separator;           ///< between stub and j: "_" for gdp_2010
};

struct Reshaped {
  Frame frame;
  std::vector<std::string> values;   ///< of j, in order
  std::vector<std::string> columns;  ///< the wide columns
  std::vector<std::string> notes;
};

/// One row per row and value of j, rows in their order and j upwards within each: i, j, then the other columns, a
/// stub's column where its first wide one stood. Where a stub has no column for some j its values are missing. Throws
/// core::Error: no such columns, i that does not identify rows (named), a name already taken.
Reshaped reshape_long(const Frame& frame, const ReshapeOptions& options);

/// One row per i, in order of appearance: i, then the other columns, and in a stub's place its columns in order of j.
/// Pairs i, j that do not occur are missing. Throws core::Error: i, j that are not unique (rows named), other columns
/// that vary within i (value and rows named), missing j, more columns than is sensible.
Reshaped reshape_wide(const Frame& frame, const ReshapeOptions& options);

}  // namespace data
