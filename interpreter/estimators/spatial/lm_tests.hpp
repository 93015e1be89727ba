// Tests for spatial dependence after least squares, and of one spatial model against another.
#pragma once

#include "estimators/spatial/model.hpp"
#include "inference/tests.hpp"
#include "results/fit.hpp"
#include "spatial/global.hpp"
#include "spatial/weights.hpp"

#include <string>
#include <vector>

namespace estimators {

/// LM and robust LM for lag and error, both together, and Moran's I of the residuals (cross-sections). After a fit with
/// fixed effects the tests are on the data without them, with T periods in the traces.
/// Sources: Burridge (1980); Anselin (1988); Anselin, Bera, Florax & Yoon (1996); for panels Elhorst (2010).
/// After instruments the test of Anselin and Kelejian alone.
std::vector<inference::Test> lm_tests(const results::Fit& fit, const spatial::WeightsPtr& W);

/// Moran's I of the residuals of least squares on a cross-section, with its moments under normal errors. Source: Cliff
/// & Ord (1981), ch. 8.
spatial::Association residual_moran(const results::Fit& fit, const spatial::WeightsPtr& W,
                                    spatial::Alternative alternative);

/// Spatial dependence left in residuals e of instrumental variables (stacked), regressors Z (a spatial lag may be among
/// them), bread (Z'PZ)⁻¹:  (e'We)² / (σ⁴ tr(WW + W'W) + σ² d'(Z'PZ)⁻¹d),  d = Z'(W + W')e.
/// Source: Anselin & Kelejian (1997), International Regional Science Review 20. Variant: W need not be symmetric.
inference::Test anselin_kelejian(const StackedWeights& W, const Vector& e, const Matrix& Z, const Matrix& bread);

/// Of a pooled fit on a balanced panel, one-sided: no random effects (LM1), no spatial errors (LM2), neither (LM-H);
/// and each given the other, after maximum likelihood of the model with the other (conditional LM). Source: Baltagi,
/// Song & Koh (2003), J. Econometrics 117.
std::vector<inference::Test> bsk_tests(const results::Fit& fit, const spatial::WeightsPtr& W);

/// (b_F − b_R)'(V_F − V_R)⁺(b_F − b_R) over the coefficients both have, spatial ones left out. Negative when V_F − V_R
/// is not positive: said in `note`.
struct Hausman {
  inference::Test test;
  std::vector<std::string> names;
  std::string note;
};
/// given_rho: V_R given rho and phi, in place of their joint covariance, as splm's sphtest takes it for lag models.
/// Throws core::Error, naming the difference, when the two are not one model with fixed and with random unit effects.
Hausman hausman(const results::Fit& fixed, const results::Fit& random, bool given_rho = false);

}  // namespace estimators
