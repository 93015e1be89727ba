// Tests for spatial dependence after least squares, and of one spatial model against another.
#pragma once

#include "inference/tests.hpp"
#include "results/fit.hpp"
#include "spatial/weights.hpp"

#include <string>
#include <vector>

namespace estimators {

/// LM and robust LM for lag and error, both together, and Moran's I of the residuals (cross-sections). After a fit with
/// fixed effects the tests are on the data without them, with T periods in the traces.
/// Sources: Burridge (1980); Anselin (1988); Anselin, Bera, Florax & Yoon (1996); for panels Elhorst (2010).
std::vector<inference::Test> lm_tests(const results::Fit& fit, const spatial::WeightsPtr& W);

/// Of a pooled fit on a balanced panel, one-sided: no random effects (LM1), no spatial errors (LM2), neither (LM-H).
/// Source: Baltagi, Song & Koh (2003), J. Econometrics 117.
std::vector<inference::Test> bsk_tests(const results::Fit& fit, const spatial::WeightsPtr& W);

/// (b_F − b_R)'(V_F − V_R)⁺(b_F − b_R) over the coefficients both have, spatial ones left out. Negative when V_F − V_R
/// is not positive: said in `note`.
struct Hausman {
  inference::Test test;
  std::vector<std::string> names;
  std::string note;
};
Hausman hausman(const results::Fit& fixed, const results::Fit& random);

}  // namespace estimators
