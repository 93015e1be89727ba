// Are two estimators of the same coefficients apart by more than chance?
#pragma once

#include "inference/tests.hpp"
#include "results/fit.hpp"

#include <string>
#include <vector>

namespace estimators {

using numerics::Index;
using numerics::Matrix;
using numerics::Vector;

/// Which σ² the two covariances have: each its own, the efficient one's (Stata's sigmamore), the consistent one's
/// (sigmaless).
enum class HausmanSigma { own, efficient, consistent };

struct HausmanTest {
  inference::Test test;  ///< p is NaN when the statistic is negative
  std::vector<std::string> names;
  Vector first, second, se;  ///< se: of the difference, NaN where its variance is not positive
  std::vector<std::string> notes;
};

/// H = d'(V₁ − V₂)⁻d over the coefficients that both have, the constant left out; d = b₁ − b₂.
/// consistent: right under either hypothesis; efficient: best when there is nothing to find. Throws core::Error for
/// covariances other than iid, for which V₁ − V₂ is no variance, and when no coefficient is common.
/// Source: Hausman (1978), Econometrica 46.
HausmanTest hausman_test(const results::Fit& consistent, const results::Fit& efficient, HausmanSigma sigma);

}  // namespace estimators
