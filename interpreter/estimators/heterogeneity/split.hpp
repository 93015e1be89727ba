// One regression on each part of a sample: split= of every estimator, and what heterogeneity compares.
#pragma once

#include "estimators/estimator.hpp"

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace estimators {

/// Which part each row of a frame is in. Rows outside where=, or without a value of `by`, are in none (missing_code).
struct Split {
  std::string by;
  std::vector<std::string> levels;  ///< sorted
  std::vector<std::int32_t> part;   ///< of each row
  bool by_units = false;            ///< every unit of the panel is in one part
  std::vector<std::int32_t> units;  ///< of each row: what changes places in permutations, panel units or rows
  std::vector<std::string> notes;   ///< units or observations; rows left out
};
/// `by` is evaluated on the rows of `where` (may be null), so that a split at a median is that of the rows in use.
/// Throws core::Error: fewer than two values, more than 50.
Split split_rows(const data::Frame& frame, const formula::Tree& where, const formula::Tree& by);

/// The request on the rows whose `part` is `level`. Lags and leads still see the other rows.
Request on_part(const Request& request, const std::vector<std::int32_t>& part, std::int32_t level);

using Fitter = std::function<results::Fit(const Request&)>;

struct SplitFits {
  Request request;
  Fitter fitter;
  Split split;
  std::vector<FitPtr> fits;  ///< one per level, with split_by and split_level
};
/// Estimates every part. Throws what the estimator throws, with the part's name in front.
SplitFits fit_parts(const Request& request, const formula::Tree& by, const Fitter& fitter);

}  // namespace estimators
