// The wild cluster bootstrap of one hypothesis on a linear fit: what inference/wild needs, from the fit's data.
#pragma once

#include "estimators/inference/clusters.hpp"
#include "inference/wild.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace estimators {

struct BoottestOptions {
  int reps = 9999;
  inference::WildWeights weights = inference::WildWeights::rademacher;
  bool weights_given = false;
  bool null_imposed = true;
  bool equal_tailed = false;
  bool interval = true;
  double level = 0.95;
  std::uint64_t seed = 0;
  formula::Tree cluster;      ///< one variable, or several as a sum; null: those of the fit's vcov
  formula::Tree bootcluster;  ///< whose levels share a weight; null: of several ways that with the fewest
};

struct Boottest {
  std::string hypothesis;         ///< "did = 0"
  std::string term;               ///< "did"
  std::string cluster;            ///< whose levels share a weight
  std::vector<std::string> ways;  ///< of the variance, when there are several
  double estimate = 0, r = 0, se = 0;
  inference::WildTest test;
  numerics::Index groups = 0, draws = 0;
  bool enumerated = false, iv = false;
  inference::WildWeights weights = inference::WildWeights::rademacher;
  std::vector<std::string> notes;
};

/// `hypothesis`: "x", "x = 0.5", "x = z", one linear restriction. Absorbed fixed effects count as dummies, exactly:
/// those nested in the clusters drop out of the algebra, the others enter through their sums by cluster.
/// With several ways of clustering the variance adds and subtracts over their subsets, as vcov=cluster(a, b) does. With
/// 12 clusters or fewer Webb's weights are taken unless others are named or 2^G ≤ reps is possible. Throws core::Error:
/// estimators that are not linear, more than one endogenous regressor, a hypothesis on an exogenous regressor of an IV
/// fit, WCU or several ways with instruments, LIML.
Boottest boottest(const results::Fit& fit, const std::string& hypothesis, const BoottestOptions& options);

/// The least-squares part, for procedures that bootstrap several fits together: maps over `clusters`.
inference::WildOls wild_ols(const results::Fit& fit, const Context& context, const ClusterRows& clusters,
                            const numerics::Vector& R);

}  // namespace estimators
