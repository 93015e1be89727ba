// What the models of counterfactual.hpp share: who is treated when, effects from a fitted panel.
#pragma once

#include "estimators/synth/counterfactual.hpp"

#include <string>
#include <vector>

namespace estimators {

struct Split {
  std::vector<numerics::Index> treated, controls;
  numerics::Index first = 0;  ///< earliest treated period
};

/// `start`: the first treated period of each unit, T for never. Throws core::Error: nobody treated, fewer than two
/// controls, fewer than three periods before.
Split split(const PanelMatrix& panel, const std::vector<numerics::Index>& start, const std::string& command);

/// Fills att and the effects by periods since treatment from fitted.
void summarise(const PanelMatrix& panel, const std::vector<numerics::Index>& start, Counterfactual& c);

/// Mean of Y − fitted over treated cells.
double att_of(const numerics::Matrix& Y, const numerics::Matrix& fitted, const std::vector<numerics::Index>& start);
/// Of the values that are not NaN; NaN for fewer than two.
double sd(const std::vector<double>& x);
numerics::Matrix pick(const numerics::Matrix& A, const std::vector<numerics::Index>& rows);
std::vector<numerics::Index> until(numerics::Index end);  ///< 0 … end − 1

}  // namespace estimators
