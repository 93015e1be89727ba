// Frames side by side by the values of keys: merge and joinby.
#pragma once

#include "data/frame.hpp"

#include <array>
#include <string>
#include <vector>

namespace data {

enum class Pairing { one_to_one, many_to_one, one_to_many };

/// Where a row of a merged frame comes from; the numbers are Stata's _merge. updated and conflict only with update.
enum class Origin : std::uint8_t { master = 1, other = 2, matched = 3, updated = 4, conflict = 5 };

struct MergeOptions {
  std::vector<std::string> left, right;  ///< keys in the master and in the other frame, pair by pair
  std::vector<std::string> columns;      ///< columns to bring from the other frame; all when empty
  std::string suffix;                    ///< for columns that both frames have; "": the master's values stay
  bool update = false;                   ///< missing values of the master are filled from matched rows
  bool replace = false;                  ///< with update: known values of the other frame replace the master's
  std::array<bool, 6> keep = {true, true, true, true, true, true};  ///< rows to keep, by Origin; place 0 is not used
};

struct Merged {
  Frame frame;
  std::vector<Origin> origin;              ///< one per row
  std::array<std::size_t, 6> counts = {};  ///< rows by Origin, before `keep`
  std::vector<std::string> notes;          ///< what the user should know, a sentence each
};

/// Rows of the master in their order, each with its match in `other`; in 1:m followed by its further matches; then the
/// rows that are only in `other`, in their order. Missing keys match missing keys, as in Stata. Columns in both that
/// are no keys keep the master's values, and hold the other's in rows that are only there.
/// Throws core::Error: keys repeated on a side of one (named with rows), keys of different kinds, columns that clash.
Merged merge(const Frame& master, const Frame& other, Pairing pairing, const MergeOptions& options);

/// Every pair of a master row and an `other` row with the same keys; rows without any are kept as options.keep says.
Merged join(const Frame& master, const Frame& other, const MergeOptions& options);

}  // namespace data
