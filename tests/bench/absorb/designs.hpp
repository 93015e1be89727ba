// The data sets of the comparison, with fixed seeds, and the raw files that R reads them from.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace bench {

struct Data {
  std::vector<std::vector<std::int32_t>> codes;  ///< per dimension, 0-based
  std::vector<std::int32_t> levels;
  std::vector<std::vector<double>> columns;  ///< y, x1, (x2)
};

/// simple:      fixest's benchmark: three dimensions of n/20, √n and n^0.33 levels, drawn independently; y and one x.
/// difficult:   fixest's benchmark: individuals n/20, firms n/160 of which each individual meets 21 in a row, n^0.3
///              years; y and two x.
/// worker-firm: n/10 workers seen for ten years; a worker changes to one of the ten nearest firms with probability
/// 0.001
///              a year, so that firms of a hundred workers hang together by a few movers; y and one x.
/// dense-moves: as worker-firm, with moves of probability 0.2 to any firm.
Data make(const std::string& design, std::int64_t n);

/// Writes codes (int32, 1-based) and columns (double) as raw little-endian files into `folder`.
void write(const Data& data, const std::string& folder);

}  // namespace bench
