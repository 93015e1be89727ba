// A basis of the hat matrix that is small when fixed effects are nested in clusters.
#pragma once

#include "estimators/sample.hpp"

namespace estimators {

/// Xt: n×k regressors without the fixed effects. Appends the dummies and slopes of every fixed effect whose levels
/// cross clusters, each without the fixed effects whose levels do not: n×q. Within clusters, the span of the result and
/// of the nested dummies is that of the whole model, and what is nested never matters to a score (Pustejovsky & Tipton
/// 2018, theorem 2). Throws core::Error beyond 2000 columns.
numerics::Matrix hat_basis(const Context& context, const numerics::Matrix& Xt, const numerics::Codes& clusters);

/// Of each fixed effect: is every level inside one cluster?
std::vector<bool> nested_effects(const Context& context, const numerics::Codes& clusters);

/// The dummies and slopes of the effects chosen, without what `absorbed` explains. n×m.
numerics::Matrix dummy_columns(const std::vector<numerics::FixedEffect>& chosen,
                               const std::vector<numerics::FixedEffect>& absorbed, const numerics::Vector& weights,
                               numerics::Index n);

}  // namespace estimators
