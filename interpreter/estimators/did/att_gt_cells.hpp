// The two-by-two comparisons that att_gt is made of: which there are, and their effects with influence functions.
#pragma once

#include "estimators/did/staggered.hpp"
#include "estimators/did/two_by_two.hpp"

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace estimators::att {

struct Choices {
  DidMethod method = DidMethod::dr;
  bool not_yet = false;  ///< units not yet treated are controls too
  bool universal = false;
  std::int64_t anticipation = 0;
  enum class Unbalanced { drop, pairs, sections } unbalanced = Unbalanced::drop;
};

/// One ATT(g, t): ranks of its periods, and who is compared.
struct Cell {
  std::int64_t g = 0;
  std::int32_t t = 0, base = 0;
  bool reference = false;
  std::vector<std::int64_t> controls;  ///< cohorts
};

/// Units (or rows, in repeated cross-sections) of each cohort.
using Members = std::map<std::int64_t, std::vector<std::int32_t>>;

/// What a cell gave, or why it gave nothing.
struct Outcome {
  double att = 0;
  Index trimmed = 0;
  std::string failure;
};

/// Cohorts that can serve: treated after the first period (and its anticipation).
std::vector<std::int64_t> cohorts_to_estimate(const Staggered& s, const Choices& c);
/// Every cell of these cohorts over the first `periods` periods.
std::vector<Cell> cells_to_estimate(const Staggered& s, const Choices& c, const Members& members,
                                    const std::vector<std::int64_t>& cohorts, std::int32_t periods);
/// Fills a column of influence functions (units×cells, zero before) for each cell. weights: of units, empty for 1. The
/// same numbers for any number of threads. Throws core::Interrupted.
std::vector<Outcome> estimate_cells(const Staggered& s, const Choices& c, const Members& members, const Vector& weights,
                                    const std::vector<Cell>& cells, Matrix& influence);

}  // namespace estimators::att
