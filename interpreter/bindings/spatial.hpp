// What the commands of spatial statistics share: a variable over the units of W, period by period.
#pragma once

#include "bindings/measures.hpp"
#include "bindings/weights.hpp"
#include "spatial/align.hpp"
#include "spatial/global.hpp"

#include <string>
#include <vector>

namespace bindings {

struct SpatialPeriod {
  std::string name;                 ///< "2016"; "" for a cross-section
  spatial::Vector x, y;             ///< in the order of the weights' units; y where a second variable is asked for
  std::vector<std::uint32_t> rows;  ///< of MeasureRows::frame, by unit
};
struct SpatialInput {
  MeasureRows rows;
  WeightsRef W;
  std::string text, second;            ///< the variables as written
  std::vector<SpatialPeriod> periods;  ///< without those in which the variable is missing for every unit
  std::vector<std::string> notes;
  bool panel() const { return periods.size() != 1 || !periods[0].name.empty(); }
};
/// Argument `x` (and `y` when the record has it) over argument `W`. Throws core::Error for units without a row or a
/// value, named.
SpatialInput spatial_input(const Arguments& a, bool second = false);

spatial::Options association_options(const Arguments& a);
std::vector<core::OptionSpec> permutation_options(const std::string& fallback);
core::OptionSpec alternative_option();

}  // namespace bindings
