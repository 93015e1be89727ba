// What part of the plane a figure shows, and round numbers to mark in it.
#pragma once

#include "report/figure.hpp"

#include <vector>

namespace report {

struct Range {
  double low = 0, high = 1;
};
struct DrawnRange {
  Range x, y;
};

/// The ranges asked for, else those of every finite point, bound and guide with a little air. Throws core::Error when
/// nothing is finite.
DrawnRange drawn_range(const Figure& figure);

/// Multiples of 1, 2 or 5 times a power of ten in the range: the finest step that gives at most `most` (≥ 2) of them.
std::vector<double> round_ticks(const Range& range, int most);

}  // namespace report
