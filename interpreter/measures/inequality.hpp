// Inequality beyond the Gini coefficient: Theil, Atkinson, coefficient of variation, percentile ratios.
#pragma once

#include "measures/describe.hpp"
#include "measures/values.hpp"

#include <vector>

namespace measures {

struct Theil {
  double T = 0;  ///< Σ p (x/x̄) ln(x/x̄), a value of zero adding nothing
  double L = 0;  ///< Σ p ln(x̄/x), the mean log deviation; NaN when a value is zero
  double n = 0;
};
/// p are the shares of the weights. NaN of no values; throws core::Error when the values sum to zero.
/// Source: Theil (1967), Economics and Information Theory, ch. 4; Shorrocks (1980), Econometrica 48(3).
Theil theil(const Values& values);

struct TheilGroups {
  Theil total, within, between;            ///< total = within + between, of both indices
  std::vector<Theil> groups;               ///< each group's own
  std::vector<double> population, income;  ///< shares of Σw and Σwx
};
/// T_between = Σ s_g ln(x̄_g/x̄), T_within = Σ s_g T_g; L_between = Σ p_g ln(x̄/x̄_g), L_within = Σ p_g L_g.
TheilGroups theil_groups(const std::vector<Values>& groups);

/// Atkinson's index, 1 − (Σ p (x/x̄)^(1−ε))^(1/(1−ε)), or 1 − exp(Σ p ln x)/x̄ for ε = 1. ε > 0; from ε = 1 on a value
/// of zero makes it 1. Source: Atkinson (1970), Journal of Economic Theory 2(3).
double atkinson(const Values& values, double epsilon);

/// Standard deviation over mean. `population`: the variance divides by n, else by n − 1 (Stata, R). Analytic weights
/// are rescaled to sum to n. NaN when the mean is zero.
double variation(const Values& values, bool population);

/// Description of the values with percentiles (type 2).
Description describe_values(const Values& values, const std::vector<double>& percents);

}  // namespace measures
