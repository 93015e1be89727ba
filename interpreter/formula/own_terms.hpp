// Calls within a formula that no column stands for: a term of the regression of its own, which the estimator reads.
// The same name with a formula as its argument is a command: sunab(cohort, year) and sunab(y ~ x, cohort=cohort).
#pragma once

#include <string_view>

namespace formula {

inline bool is_own_term(std::string_view name) { return name == "sunab"; }

}  // namespace formula
