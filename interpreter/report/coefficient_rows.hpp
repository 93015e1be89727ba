// The coefficients of several fits as rows: which ones, in which order, under which headings.
#pragma once

#include "inference/tests.hpp"
#include "report/etable.hpp"

#include <map>
#include <string>
#include <vector>

namespace report {

struct CoefficientRows {
  /// A heading (label only), or a coefficient.
  struct Line {
    std::string name = {}, heading = {};
    bool indented = false;
  };
  std::vector<Line> lines;
  std::vector<std::map<std::string, inference::Estimate>> estimates;  ///< per fit, by name after rename=
  /// Per row of indicate=, per fit: does it hold any of these coefficients?
  std::vector<std::vector<bool>> indicators;
};

/// Applies rename, keep, drop, order, indicate, coef_groups, and the scale (exponentiate, standardise). The constant
/// comes last. Throws core::Error with near names for patterns that match nothing, or two coefficients of one fit with
/// one name.
CoefficientRows coefficient_rows(const Fits& fits, const EtableOptions& options);

}  // namespace report
