// Units and periods alone, for estimators that find who is treated when in a column of treatments.
#pragma once

#include "estimators/did/staggered.hpp"

namespace estimators {

/// read_staggered() without cohorts, which are empty. Throws core::Error: no panel and no unit= and time=, repeated
/// pairs, fewer than two periods.
Staggered read_units(const Request& request, Settings& settings, formula::Parts parts);

}  // namespace estimators
