// Spatial Markov chains: do units move between classes as their neighbours' class would have it?
//   p_ij|l = n_ij|l / n_i|l: from class i to class j for units whose neighbours' mean is in class l at the start.
//   Q = Σ_l Σ_i n_i|l Σ_j (p_ij|l − p_ij)²/p_ij,  LR = 2 Σ_l Σ_ij n_ij|l ln(p_ij|l/p_ij),
//   both chi2 with Σ_i (a_i − 1)(b_i − 1) degrees of freedom, a_i classes j with p_ij > 0, b_i classes l with n_i|l >
//   0.
// Sources: Rey (2001), Geographical Analysis 33(3); Bickenbach & Bode (2003), International Regional Science Review 26.
// Peer:    pysal's giddy.markov.Spatial_Markov.
#pragma once

#include "numerics/types.hpp"

#include <vector>

namespace spatial {

using numerics::Index;
using numerics::Matrix;
using numerics::Vector;

struct Markov {
  Matrix counts, probabilities;             ///< k×k; rows without a start are 0
  std::vector<Matrix> counts_given, given;  ///< by class of the neighbours
  Vector ergodic;                           ///< long-run shares; empty when there is no single one
  std::vector<Vector> ergodic_given;
  double Q = 0, Q_p = 1, LR = 0, LR_p = 1, df = 0;
};

/// own[t][i], lag[t][i]: class 0 … k − 1 of unit i and of its neighbours in period t; −1 leaves a transition out.
Markov spatial_markov(const std::vector<std::vector<int>>& own, const std::vector<std::vector<int>>& lag, int k);
/// p with p'P = p', Σp = 1; empty when a row of P is empty or the chain has no single long run.
Vector ergodic(const Matrix& P);

}  // namespace spatial
