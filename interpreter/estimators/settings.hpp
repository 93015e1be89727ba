// The options every regression takes, understood.
#pragma once

#include "estimators/estimator.hpp"

#include <functional>
#include <string>

namespace estimators {

struct Settings {
  std::string command;  ///< the name the user called: "feols"
  inference::VcovSpec vcov;
  bool vcov_given = false;
  inference::Ssc ssc;
  formula::Tree fe;  ///< may be null
  formula::DesignOptions design;
  double level = 0.95;
  /// Adds the columns an estimator derives (event-time dummies); empty when it derives none.
  std::function<data::Frame(const data::Frame&)> derive;
};

/// Reads fe, vcov, cluster, weights, where, keep_singletons, ssc, like and level. The vcov defaults to iid; with
/// probability weights to hc1. Throws core::Error for unknown small-sample rules (near names).
Settings read_settings(const Request& request, const std::string& command);

/// The parts of the request's formula and fe=. Names the clusters of vcov="cluster" and "twoway" by the first fixed
/// effects. Throws core::Error for a formula without an outcome, and when there are too few fixed effects.
formula::Parts read_formula(const Request& request, Settings& settings);
/// `spec` with the clusters that "cluster" and "twoway" alone mean in a model with these fixed effects.
inference::VcovSpec with_clusters(inference::VcovSpec spec, const std::vector<formula::Tree>& fe);

/// A preset and changes to it: "fixest", "fixest, k_fixef=full", "k_adjust=no, g_df=conventional", "like=fixest,
/// g_adjust=no". Knobs: k_adjust, k_exact, g_adjust (yes, no); k_fixef (none, nonnested, full); g_df, t_df (min,
/// conventional); repair (none, without_constant, whole). Without a preset the changes are to `start`. Throws
/// core::Error with near names.
inference::Ssc parse_ssc(const std::string& text, const inference::Ssc& start);

}  // namespace estimators
