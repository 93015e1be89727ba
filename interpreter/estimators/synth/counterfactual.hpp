// Counterfactuals of treated units from a model of the untreated cells: the panel data approach, matrix completion,
// interactive fixed effects.
#pragma once

#include "estimators/synth/panel_matrix.hpp"

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace estimators {

struct Counterfactual {
  double att = 0, se = 0;                               ///< mean over treated cells; NaN without a standard error
  numerics::Matrix fitted;                              ///< N×T: without treatment
  std::vector<double> event_times, event_effects;       ///< mean gap of treated units by periods since treatment
  std::vector<std::pair<std::string, double>> numbers;  ///< R², factors, λ, …, printed
  std::vector<std::pair<std::string, double>> weights;  ///< coefficients of controls
  std::vector<std::string> notes;
};

/// Hsiao, Ching & Wan (2012): y_1t on a constant and the controls' y_jt over the periods before; the controls by AICc,
/// AIC or BIC over best subsets of every size (all subsets while there are at most 300,000, stepwise beyond) or by the
/// lasso of least AICc along its path. Several treated units: their mean; they must begin in one period.
/// The standard error of the mean effect is Newey and West's over the periods after.
Counterfactual panel_approach(const PanelMatrix& panel, const std::vector<numerics::Index>& start,
                              const std::string& select, int most);

/// min over L, a, d of Σ_untreated (Y_it − L_it − a_i − d_t)²/|O| + λ‖L‖_*, by soft-thresholded SVD with the treated
/// cells filled in. λ by cross-validation over folds of untreated cells. Source: Athey et al. (2021); Mazumder, Hastie
/// & Tibshirani (2010) for the algorithm.
struct CompletionOptions {
  double lambda = -1;  ///< −1: by cross-validation
  int folds = 5, reps = 0;
  std::uint64_t seed = 0;
};
Counterfactual matrix_completion(const PanelMatrix& panel, const std::vector<numerics::Index>& start,
                                 const CompletionOptions& options);

/// Y_it = a_i + d_t + x_it'b + l_i'f_t + e_it: b, f from the controls (iterated principal components), loadings of each
/// treated unit from its own periods before. Number of factors by leaving out periods before, one at a time. Standard
/// error: bootstrap of residual series, controls' own and those that a control shows when it is predicted like a
/// treated unit. Sources: Bai (2009); Xu (2017), algorithms 1 and 2.
struct FactorOptions {
  int factors = -1, most = 5, reps = 200;
  std::uint64_t seed = 0;
};
Counterfactual generalised_synth(const PanelMatrix& panel, const std::vector<numerics::Index>& start,
                                 const FactorOptions& options);

}  // namespace estimators
