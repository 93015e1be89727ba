// Which spatial model: from least squares up by LM tests, from the Durbin model down by Wald and LR tests.
//   SDM → SAR: g = 0;  SDM → SEM: g + ρb = 0 (the common factor);  SDM → SLX: ρ = 0.
// Verdict: SLX when the Durbin model reduces to it and not to SAR; the Durbin model when both reductions are rejected,
// or when the reduction that stands and the robust LM tests point to different models; else the model that both point
// to; least squares when no LM test rejects and SDM is no better. Sources: Elhorst (2010), Spatial Economic Analysis
// 5(1); Elhorst (2014), ch. 2; Burridge (1981).
#pragma once

#include "estimators/estimator.hpp"
#include "inference/tests.hpp"

#include <string>
#include <vector>

namespace estimators {

/// H0 of a reduction by the Durbin model's covariance in force.
std::vector<inference::Test> wald_reductions(const results::Fit& durbin);
/// 2(l_sdm − l_restricted). Throws core::Error when the samples differ.
inference::Test likelihood_ratio(const std::string& name, const results::Fit& durbin, const results::Fit& restricted);

struct SpatialChoice {
  struct Step {
    std::string stage;
    inference::Test test;
  };
  std::vector<Step> steps;
  std::string model, reading;  ///< "ols", "sar", "sem", "slx", "sdm", and why
  std::vector<std::string> notes;
  FitPtr linear, sar, sem, slx, sdm;
};
/// request: formula, W, and the options of sar. `size`: of every test. Throws what the models throw.
SpatialChoice choose_spatial(const Request& request, double size);

}  // namespace estimators
