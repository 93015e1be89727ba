// How treatment was assigned: what randomisation inference draws again.
#pragma once

#include "formula/tree.hpp"

#include <limits>
#include <string>

namespace estimators {

enum class Assignment { unit, time, both };

/// unit: whole treatment histories change places between units. time: the treated units stay and their dates are drawn.
/// both: first the one, then the other.
struct AssignmentDesign {
  Assignment draws = Assignment::unit;
  formula::Tree within;        ///< units change places within levels of this only; null: among all
  formula::Tree level;         ///< the level at which treatment is assigned; null: the panel unit
  bool permute_dates = false;  ///< time: the treated change dates among each other; else dates are drawn uniformly
  double first = std::numeric_limits<double>::quiet_NaN();  ///< earliest date drawn; NaN: the second period
  double last = std::numeric_limits<double>::quiet_NaN();   ///< latest date drawn; NaN: the last period
};

/// "units within province", "levels of school", "dates of the treated, uniform from 2012 to 2016".
std::string words(const AssignmentDesign& design);

}  // namespace estimators
