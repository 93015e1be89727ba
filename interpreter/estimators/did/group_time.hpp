// What group-time estimates and their aggregates share: influence functions over units as the scores of a Fit.
#pragma once

#include "estimators/did/multiplier.hpp"
#include "estimators/did/staggered.hpp"

#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace estimators {

/// The sample of a fit whose scores are influence functions: one row for each unit (each row of the data in repeated
/// cross-sections), and which effect each coefficient is.
struct GroupTime : results::Sample {
  std::shared_ptr<const Context> rows;  ///< all rows in use
  Codes units;                          ///< of these, the row of the scores
  Context of_units;                     ///< its rows: the first of each unit
  std::string unit;                     ///< "" in repeated cross-sections
  std::vector<std::int64_t> cohorts;    ///< of each unit
  Vector weights;                       ///< of each unit, mean 1
  struct Effect {
    std::int64_t cohort = 0, time = 0;
  };
  std::vector<Effect> effects;     ///< of each coefficient of att_gt; empty after aggte
  std::vector<std::string> names;  ///< of times 0 …, as the user knows them
  std::vector<std::int64_t> times;
  std::int64_t anticipation = 0;
  bool universal = false;
  bool as_did = false;  ///< follow the R package did where its numbers differ (aggte, "group")
  // Inference as the user asked for it at estimation.
  inference::VcovSpec vcov;
  int reps = 0;
  std::uint64_t seed = 0;
  double level = 0.95;

  std::string name_of(std::int64_t time) const;
  /// Covariances that suit influence functions: robust, clustered above the unit, Conley. Throws core::Error for
  /// others, and when a cluster variable changes within a unit.
  inference::VcovData vcov_data(const inference::VcovSpec& spec) const override;
};

/// What every estimator of effects on units keeps of its sample: rows, units, cohorts, periods, how to infer; each unit
/// with weight 1. Draws of the multiplier bootstrap as reps= says, else `usual_reps`, with seed=, else a fresh one.
void set_sample(GroupTime& sample, const Staggered& s, const Settings& settings, const Request& request,
                std::int64_t usual_reps = 0);

/// A coefficient with its influence function (a row for each unit).
struct EffectTerm {
  std::string name;
  double event = std::numeric_limits<double>::quiet_NaN(), value = 0;
  Vector influence;
};
/// Names, event times and values onto the fit; the influence functions times `scale`, a column for each.
Matrix put_terms(const std::vector<EffectTerm>& terms, double scale, results::Fit& fit);

/// Puts influence functions (units×k, so that estimate − truth ≈ their mean) on a fit as scores, with bread I/n and no
/// small-sample factors: hc0 and cluster sums are then Σψψ'/n². With sample.reps > 0 the standard errors come from the
/// multiplier bootstrap, and the statistic sup_t is the critical value of simultaneous bands over the coefficients with
/// `banded` (all, when empty).
void set_influence(results::Fit& fit, std::shared_ptr<const GroupTime> sample, Matrix influence,
                   const std::vector<Index>& banded = {});

/// Clusters of the rows of the scores that the multiplier bootstrap draws for; empty: each row its own. Throws
/// core::Error for several ways of clustering.
Codes multiplier_groups(const GroupTime& sample, const inference::VcovSpec& spec);

/// The group-time sample of a fit, or nullptr.
const GroupTime* group_time_of(const results::Fit& fit);

}  // namespace estimators
