// How many parameters a small-sample factor counts.
#pragma once

#include "inference/vcov.hpp"

#include <vector>

namespace inference {

/// K of the factor (n − 1)/(n − K). nested[q]: is absorbed dimension q nested in a cluster variable (empty without
/// clusters)? L_q: levels of dimension q that carry an intercept, S_q its slopes, r_q what is redundant in it given
/// earlier dimensions, k the coefficients.
///   none:       k
///   full:       k + 1 + Σ (L_q − 1) + Σ S_q, one constant for all intercepts (fixest's K.fixef = "full")
///   nonnested:  the same without the L_q of nested dimensions (their slopes stay), as fixest and reghdfe: the clusters
///               already count them
///   full, exact:      k + R with R = Σ (L_q + S_q − r_q), the rank of the fixed effects
///   nonnested, exact: k + 1 + R − (rank of the nested dimensions): what the others add to the nested ones, whatever
///                     the order in which they were given
/// Source: conventions of reghdfe (Correia 2016) and fixest (vignette "On standard-errors").
double parameters_counted(const Ssc& ssc, const Sandwich& sandwich, const std::vector<bool>& nested);

}  // namespace inference
