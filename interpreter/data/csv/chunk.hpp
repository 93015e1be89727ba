// Reads the records of one chunk of the text into columns.
#pragma once

#include "data/csv/cell.hpp"
#include "data/csv/words.hpp"

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace data::csv {

/// What to do with one column of the file, and where its values go. The pointer of the kind's type is set.
struct Target {
  bool wanted = false;
  bool fixed = false;  ///< the user named the type: a cell that does not fit is a fault, not another type
  Kind kind = Kind::nothing;
  double* reals = nullptr;
  std::int64_t* integers = nullptr;  ///< and dates
  std::uint8_t* booleans = nullptr;
  std::int32_t* codes = nullptr;
};

/// What a chunk found in one column.
struct Findings {
  Kind kind = Kind::nothing;     ///< what the column must be for this chunk's cells; the target's kind when all fit
  const char* misfit = nullptr;  ///< the first cell that made it a string
  bool overflow = false;         ///< integers beyond 64 bits
  std::unique_ptr<Words> words;  ///< of a text column
};

struct ChunkResult {
  const char* begin = nullptr;
  const char* end = nullptr;  ///< past the last record that starts in the chunk
  std::size_t rows = 0;
  std::vector<Findings> columns;
  std::optional<Cell> broken;    ///< a cell that is not well formed
  const char* ragged = nullptr;  ///< where a row ends too early or goes on too long …
  std::size_t cells = 0;         ///< … and how many cells it had until there (one too many when it goes on)
  const char* unfit = nullptr;   ///< a cell that does not fit the type asked for …
  std::size_t unfit_column = 0;  ///< … and its column
  bool failed() const { return broken || ragged || unfit; }
};

/// Reads records from `begin` while they start at or before `last`, into rows first_row, first_row + 1, … of the
/// targets. At most `most_rows` rows. Stops at the first fault.
ChunkResult read_chunk(const char* begin, const char* last, std::size_t first_row, std::size_t most_rows,
                       const std::vector<Target>& targets, const Dialect& dialect);

}  // namespace data::csv
