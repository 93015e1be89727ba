// Several formulas in one: {y1, y2} ~ x, and sw(), sw0(), csw(), csw0() as in fixest.
#pragma once

#include "formula/tree.hpp"

#include <vector>

namespace formula {

/// The formulas that one with several outcomes ({y1, y2} ~ x or c(y1, y2) ~ x) or with steps stands for; itself alone
/// when it has neither. sw(x, z): x, then z. csw(x, z): x, then x + z. sw0 and csw0 begin with none of them. Outcomes
/// change slowest, then the right side, then the fixed effects. Throws core::Error for steps inside other terms.
std::vector<Tree> each_formula(const Tree& formula);
/// The same for the terms of fe=: a null tree means no term. One null tree for null.
std::vector<Tree> each_terms(const Tree& terms);

/// `y ~ x | a` and fe=b as one formula: y ~ x | a + b. `fe` may be null.
Tree with_effects(const Tree& formula, const Tree& fe);

}  // namespace formula
