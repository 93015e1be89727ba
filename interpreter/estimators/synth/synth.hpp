// The synthetic control method: one treated unit, weights on donors that match its predictors before treatment.
//   W(V) = argmin over the simplex (X1 − X0 W)'V(X1 − X0 W); V diagonal, chosen so that the outcome before treatment is
//   matched best (nested); predictors are divided by their standard deviation over all units.
//   Inference: the same for every donor as if it had been treated, the treated unit among its donors; p = the share of
//   units whose RMSPE after over before is at least the treated one's.
// Sources: Abadie & Gardeazabal (2003); Abadie, Diamond & Hainmueller (2010), J. American Statistical Assoc. 105;
//          Abadie (2021), J. of Economic Literature 59(2).
// Peers: Synth (R, Stata), tidysynth, synth_runner.
#pragma once

#include "estimators/synth/panel_matrix.hpp"

#include <string>
#include <vector>

namespace estimators {

struct SynthPredictor {
  std::string name;
  numerics::Vector values;  ///< N
};

struct SynthOptions {
  numerics::Index treated = 0, start = 0;  ///< unit; first treated period
  bool nested = true;                      ///< false: V from the regression of outcomes on predictors
  bool placebo = true;                     ///< in space
  bool leave_one_out = true;               ///< of donors with weight
  numerics::Index placebo_start = -1;      ///< in time: a start before the true one; −1: none
};

struct SynthFit {
  numerics::Index unit = 0;
  std::vector<numerics::Index> donors;
  numerics::Vector weights, v;                           ///< over donors; over predictors, summing to 1
  numerics::Vector path, gap;                            ///< T: synthetic outcome, actual minus synthetic
  double rmspe_before = 0, rmspe_after = 0, effect = 0;  ///< effect: mean gap after
  double ratio() const { return rmspe_after / rmspe_before; }
};
struct Synth {
  SynthFit fit;
  numerics::Matrix predictors;     ///< rows: predictors; columns: treated, synthetic, mean of donors
  std::vector<SynthFit> placebos;  ///< per donor
  double p = 0;                    ///< of the RMSPE ratio
  std::vector<double> p_period;    ///< after: share of units with a gap as large, relative to RMSPE before
  std::vector<SynthFit> without;   ///< leaving out each donor with weight
  SynthFit in_time;
};

/// Predictors as the user asked: each averaged over the periods before, or given ones; outcomes of single periods.
/// `lags`: periods of the outcome; empty together with no covariates: every period before. Throws core::Error when a
/// predictor is missing for a unit.
std::vector<SynthPredictor> synth_predictors(const PanelMatrix& panel, numerics::Index start,
                                             const std::vector<numerics::Index>& lags, numerics::Index from);

Synth synth(const PanelMatrix& panel, const std::vector<SynthPredictor>& predictors, const SynthOptions& options);

}  // namespace estimators
