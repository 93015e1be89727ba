// `_cons` beside absorbed fixed effects, as reghdfe and as xtreg report it.
#pragma once

#include "estimators/pipeline.hpp"

#include <vector>

namespace estimators {

enum class ConstantRow { none, reghdfe, xtreg };

/// "none", "reghdfe" or "xtreg".
ConstantRow parse_constant(const std::string& word);

/// Adds a row `_cons` to a fit with absorbed fixed effects (coef, scores, bread, names, constant, rank).
/// reghdfe: b0 = ȳ − x̄'b over the regressors. xtreg: the same with every fixed effect but the first written as dummies
/// (first level in sorted order left out), so it is the level at the base of those: what `xtreg y x i.year, fe` prints.
/// The variance is that of the bordered inverse: corner 1/N + x̄'(X'X)⁻¹x̄, side −x̄'(X'X)⁻¹ (conventions.md item 15).
/// Throws core::Error when xtreg's form would need more than 2000 dummies, or slopes are absorbed.
void add_constant(results::Fit& fit, const Problem& problem, const std::vector<Index>& kept, ConstantRow kind);

}  // namespace estimators
