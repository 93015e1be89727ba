// Principal components of a few indicators, and the two tests of whether they are worth taking.
#pragma once

#include "numerics/types.hpp"

#include <vector>

namespace measures {

struct PrincipalComponents {
  numerics::Vector eigenvalues;  ///< k, from the largest on
  numerics::Vector shares;       ///< of their sum
  numerics::Matrix loadings;     ///< k × k: eigenvectors in columns, unit length, each with a positive sum
  numerics::Matrix scores;       ///< n × k: centred (and, by correlations, standardised) values times loadings
  double kmo = 0;                ///< Kaiser–Meyer–Olkin measure, NaN when a correlation matrix is singular
  std::vector<double> msa;       ///< the same of each variable
  double bartlett = 0, bartlett_df = 0, bartlett_p = 1;  ///< H0: the correlation matrix is the identity; χ²
};

/// columns: k ≥ 2 variables of n > 1 values, none missing. `correlation`: of standardised values (sd with n − 1), else
/// of the covariance matrix. Bartlett: −(n − 1 − (2k + 5)/6) ln|R|. KMO: Σ r² / (Σ r² + Σ q²) over pairs, q partial.
/// Throws core::Error when a variable does not vary (by its position, from 1).
/// Sources: Hotelling (1933); Kaiser (1974), Psychometrika 39(1); Bartlett (1950).
PrincipalComponents principal_components(const std::vector<std::vector<double>>& columns, bool correlation);

}  // namespace measures
