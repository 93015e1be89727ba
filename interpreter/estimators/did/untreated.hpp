// Regression on the untreated rows alone, and what it says of all rows: the first stage of imputation and two-stage
// estimators.
#pragma once

#include "estimators/did/staggered.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace estimators {

/// Weighted normal equations Z'WZ of dummies and columns over some rows, Z = [dummies of every fixed effect | X],
/// factorised once: the first fixed effect is eliminated, the others and X make a dense system. Solving it for one
/// right side costs a pass over the rows; no dense design is formed.
class EffectSystem {
 public:
  /// use: n flags, the rows that enter. X: n×k. weights: n or empty. Columns that earlier ones (or the fixed effects)
  /// explain among these rows get the coefficient 0. Throws core::Error: varying slopes, more than 5,000 columns beside
  /// the first fixed effect.
  EffectSystem(const std::vector<numerics::FixedEffect>& fe, Matrix X, Vector weights, std::vector<std::uint8_t> use);

  /// Coefficients of Z: levels of the first effect, of the others in order, X.
  Vector solve(const Vector& right) const;
  /// Z'W v over the rows in use; over all rows without the weights when `everywhere`.
  Vector moments(const Vector& v, bool everywhere = false) const;
  /// Z b for all rows.
  Vector apply(const Vector& coef) const;
  /// Least squares of y over the rows in use, refined once.
  Vector regress(const Vector& y) const;
  /// Is right side r in the span of Z'WZ, given its solution?
  bool solves(const Vector& coef, const Vector& right) const;

  const std::vector<std::uint8_t>& use() const { return use_; }
  Index size() const { return first_levels_ + rest_; }
  Index columns_at() const { return size() - X_.cols(); }  ///< where the coefficients of X start
  /// Columns of X that got no coefficient.
  std::vector<Index> dropped() const;

 private:
  void build();
  void factorise();
  Vector solve_rest(Vector right) const;

  const std::vector<numerics::FixedEffect>& fe_;
  std::vector<Index> offsets_;  ///< of effects 1 …, in the rest
  Matrix X_;
  Vector weights_;
  std::vector<std::uint8_t> use_;
  Index first_levels_ = 0, rest_ = 0;
  Vector first_weight_;                       ///< Σ w of each level of the first effect
  Matrix cross_;                              ///< rest×rest: its Cholesky factor, dropped columns zero
  std::vector<std::uint8_t> alive_;           ///< of the rest: has a pivot
  std::vector<std::uint32_t> order_, start_;  ///< rows in use by the first effect's level
};

/// Outcomes without treatment, y(∞) = fixed effects + x'b estimated on untreated rows, and y − y(∞) for all rows.
struct FirstStage {
  Staggered s;
  std::vector<std::int64_t> event;       ///< n: time − cohort; never_treated for never-treated units
  std::vector<std::uint8_t> treated;     ///< n: event ≥ −anticipation
  std::shared_ptr<EffectSystem> system;  ///< over the untreated rows
  Vector coef;
  Vector rest;  ///< n: y − y(∞); over untreated rows the residual
  std::vector<std::string> notes;
};

/// Reads y ~ x, cohort=, fe= (those of the panel by default), anticipation=, and runs the first stage. Treated rows
/// whose fixed effects no untreated row shares cannot be imputed: they are left out, with a note. Throws core::Error
/// when no treated row is left.
FirstStage first_stage(const Request& request, Settings& settings);

/// 1 of weights= over the rows, or 1.
double row_weight(const FirstStage& stage, std::size_t row);

/// A fit on the rows of the sample whose scores are influence functions of the estimates (sum over rows, no factor n):
/// bread I, no small-sample factors, normal p-values.
void set_row_influence(results::Fit& fit, const FirstStage& stage, const Settings& settings, Matrix influence);

/// Options of the two estimators: cohort, unit, time, fe, anticipation, leads, and the common ones that they take.
std::vector<core::OptionSpec> first_stage_options();

}  // namespace estimators
