// Which unit and which period each row of a frame is: rows meet weights by id.
#pragma once

#include "data/frame.hpp"
#include "spatial/weights.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace spatial {

struct Periods {
  std::vector<std::uint32_t> unit;    ///< of each row asked for
  std::vector<std::uint32_t> period;  ///< 0 … periods − 1 in time order
  std::vector<std::string> names;     ///< of the periods; one "" without panel
  std::size_t units = 0;              ///< of the weights
  std::size_t periods() const { return names.size(); }
};

/// Rows of `frame` as units of W and periods of its panel. Throws core::Error: no column with the ids, an id the
/// weights lack, one unit twice in a period.
Periods align(const Weights& W, const data::Frame& frame, std::span<const std::uint32_t> rows);
Periods align(const Weights& W, const data::Frame& frame);
/// Throws core::Error, naming a unit, unless every unit of W has a row in every period.
void require_complete(const Weights& W, const Periods& at);

/// W x within each period, over the rows of the frame. A unit with a missing neighbour gets a missing value, an island
/// 0; a neighbour without a row in the period is an error.
std::vector<double> lag_rows(const Weights& W, const data::Frame& frame, const std::vector<double>& x);

}  // namespace spatial
