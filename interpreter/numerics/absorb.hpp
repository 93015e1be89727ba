// Absorber: removes fixed effects (and varying slopes) from many columns at once.
// It finds the residual of each column x after weighted least squares on D = the dummies (and slopes) of every
// dimension.
#pragma once

#include "numerics/types.hpp"

#include <memory>
#include <string>
#include <vector>

namespace numerics {

/// One dimension: an intercept and/or slopes for every level of `codes`.
struct FixedEffect {
  Codes codes;  ///< n values 0 … levels − 1, each level used
  std::int32_t levels = 0;
  bool intercept = true;       ///< false: slopes only, fe[[x]]
  std::vector<Vector> slopes;  ///< each n; an own coefficient per level
};

enum class AbsorbStrategy {
  automatic,
  none,
  one_way,
  balanced_two_way,
  direct,
  conjugate_gradient,
  alternating_projections
};

struct AbsorbOptions {
  double tol = 1e-8;  ///< on the scaled normal-equation residual max |D'W r| (see AbsorbReport)
  int max_iterations = 10'000;
  AbsorbStrategy strategy = AbsorbStrategy::automatic;
};

struct AbsorbReport {
  std::string strategy;  ///< "one-way", "balanced two-way", "sparse Cholesky", "conjugate gradient", …
  int iterations = 0;    ///< 0 when the solution is closed form
  /// max over columns and levels of |d'W r| / (‖d‖_W ‖x‖_W) with d a column of D, x the column before absorbing and r
  /// its residual.
  double residual = 0;
};

class Absorber {
 public:
  /// weights: n positive values, or empty for 1. Throws core::Error when lengths differ.
  Absorber(std::vector<FixedEffect> effects, Vector weights, AbsorbOptions options = {});
  ~Absorber();
  Absorber(Absorber&&) noexcept;
  Absorber& operator=(Absorber&&) noexcept;

  Index rows() const;
  /// Replaces each column (n × any number) by its residual. Same digits for any number of threads and for any other
  /// columns beside it. Throws core::Error when the tolerance is not met within max_iterations, core::Interrupted on
  /// Ctrl-C.
  AbsorbReport apply(Eigen::Ref<Matrix> columns) const;
  /// Coefficients a of D for a vector v in the span of D (v = D a): per dimension, levels × (intercept, slopes…). One
  /// normalisation: the first dimension carries the level; in each later intercept dimension the first level of every
  /// connected component is 0.
  std::vector<Matrix> coefficients(const Vector& sum) const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// Levels that are redundant given the earlier dimensions, as reghdfe counts them (conventions.md item 5): exact for
/// two intercept dimensions by connected components, pairwise lower bound beyond; slopes constant within a level are
/// redundant.
struct AbsorbedDegrees {
  std::vector<Index> levels;     ///< parameters per dimension: levels × (intercept + slopes)
  std::vector<Index> redundant;  ///< of these, redundant
  bool exact = true;             ///< the rank is exact, not a bound
  Index rank() const;
};
AbsorbedDegrees absorbed_degrees(const std::vector<FixedEffect>& effects);
/// Connected components of the bipartite graph of two code vectors: component of each level of `a`, and how many.
std::pair<Codes, Index> connected_components(const Codes& a, Index levels_a, const Codes& b, Index levels_b);
/// Rows that are alone in a level of some intercept dimension, removed iteratively: true = keep.
std::vector<bool> without_singletons(const std::vector<FixedEffect>& effects);
/// Is every level of `inner` inside one level of `outer`?
bool nested(const Codes& inner, Index levels_inner, const Codes& outer);

}  // namespace numerics
