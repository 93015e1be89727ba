// One-way analysis of variance.
#pragma once

#include "data/column.hpp"

#include <span>

namespace measures {

struct Anova {
  double n = 0, groups = 0;
  double between_ss = 0, within_ss = 0;
  double df_between = 0, df_within = 0;
  double F = 0, p = 0;  ///< H0: all group means are equal
  double r2 = 0;        ///< between_ss / (between_ss + within_ss)
  double root_mse = 0;  ///< √(within_ss / df_within)
};

/// y: n values, NaN missing; rows with code −1 are left out. Group means, sums of squares and F are formed in
/// double-double. Throws core::Error with fewer than two groups, or no group of two rows.
/// Source: Fisher (1925), Statistical Methods for Research Workers, chapter 7.
Anova anova(std::span<const double> y, const data::Grouping& groups);

}  // namespace measures
