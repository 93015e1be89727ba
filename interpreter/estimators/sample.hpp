// What stays with a fit: the frame and the rows it came from, so that inference, prediction and placebo runs can
// follow.
#pragma once

#include "data/frame.hpp"
#include "formula/design.hpp"
#include "numerics/absorb.hpp"
#include "results/fit.hpp"

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace estimators {

struct Context : results::Sample {
  data::Frame frame;
  formula::Parts parts;            ///< the formula the design was built from
  formula::DesignOptions options;  ///< where, weights, singletons: building again gives the same rows
  std::vector<std::uint32_t> rows;
  std::vector<numerics::FixedEffect> fe;  ///< codes over `rows`
  std::vector<formula::FixedEffectInfo> fe_info;
  numerics::Vector weights;  ///< as used: analytic weights sum to n; empty without
  bool frequency = false;
  double nobs = 0;
  /// Adds the columns an estimator derived (event-time dummies) to another frame; empty when it derived none.
  std::function<data::Frame(const data::Frame&)> derive;

  /// Cluster codes, panel times or coordinates over `rows`. Throws core::Error: unknown columns, missing values in a
  /// cluster variable, no panel declared, no coordinates.
  inference::VcovData vcov_data(const inference::VcovSpec& spec) const override;
};

/// The context of a fit made by this room. Throws core::Error for a fit that carries none (`what` needs it).
const Context& context_of(const results::Fit& fit, const std::string& what);

/// Expressions whose missing rows an estimate with this vcov must leave out: cluster variables and coordinates.
std::vector<formula::Tree> columns_needed(const inference::VcovSpec& spec, const data::Frame& frame);

}  // namespace estimators
