// Several hypotheses at once: Romano and Wolf's stepdown p-values and sharpened q-values.
//   Romano–Wolf: one wild cluster bootstrap for all fits (a cluster has the same weight in each); with |t| in
//   descending order, p_(j) = (1 + #{max_{k ≥ j} |t*_(k)| ≥ |t_(j)|})/(B + 1), made monotone. Sharpened q: the smallest
//   level at which the two-stage procedure of Benjamini, Krieger & Yekutieli rejects.
// Sources: Romano & Wolf (2005), Econometrica 73(4); Romano & Wolf (2016), Statistics & Probability Letters 113;
//          Benjamini, Krieger & Yekutieli (2006), Biometrika 93(3); Anderson (2008), J. American Statistical Assoc.
//          103.
// Peers: rwolf2, wildrwolf; Anderson's fdr_sharpened_qvalues.do.
#pragma once

#include "estimators/estimator.hpp"
#include "estimators/inference/boottest.hpp"

#include <string>
#include <vector>

namespace estimators {

struct FamilyMember {
  std::string outcome, term;
  double estimate = 0, se = 0, t = 0;
  double p = 1;          ///< of the wild bootstrap alone
  double stepdown = 1;   ///< Romano–Wolf
  double sharpened = 1;  ///< q of the p above
};
struct Family {
  std::vector<FamilyMember> members;
  std::string cluster;
  numerics::Index groups = 0, draws = 0;
  bool enumerated = false;
  inference::WildWeights weights = inference::WildWeights::rademacher;
};

/// The terms `terms` of each fit that has them. Throws core::Error when no fit has one of them.
Family romano_wolf(const std::vector<FitPtr>& fits, const std::vector<std::string>& terms,
                   const BoottestOptions& options);

/// p-values in any order; missing ones give missing. Found to 0.0001.
std::vector<double> sharpened_q(const std::vector<double>& p);
/// Benjamini & Hochberg's and Holm's adjusted p-values, for comparison.
std::vector<double> benjamini_hochberg(const std::vector<double>& p);
std::vector<double> holm(const std::vector<double>& p);

}  // namespace estimators
