// Confidence intervals for effects when trends may differ within a set of paths.
#pragma once

#include "estimators/did/honest_restrictions.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

namespace estimators {

struct HonestInterval {
  double low = 0, high = 0;
};

/// The shortest interval around an affine estimator with coverage 1 − alpha over SD(M) (FLCI).
HonestInterval fixed_length_interval(const EventPath& path, const Vector& weights, double M, double alpha);

struct ConditionalOptions {
  bool hybrid = true;  ///< least-favourable first stage of size alpha/10 (C-LF); false: the conditional test alone
  int draws = 1000;    ///< of the least-favourable critical value
  std::uint64_t seed = 0;
  int grid = 1000;
  std::optional<HonestInterval> range = {};  ///< of the grid; 20 standard errors around 0 and the estimate unless given
};

/// Conditional and hybrid tests of l'τ = θ over a union of polyhedra, and their inversion.
class ConditionalTests {
 public:
  ConditionalTests(const EventPath& path, const RestrictionSet& set, double M, const Vector& weights, double alpha,
                   const ConditionalOptions& options);
  ~ConditionalTests();
  ConditionalTests(ConditionalTests&&) noexcept;
  ConditionalTests& operator=(ConditionalTests&&) = delete;

  bool accepts(double theta);
  /// The least and the largest value that is not rejected: scanned over a grid, the ends then found by bisection. NaN
  /// when every value is rejected; infinite where the set goes on beyond a wide range.
  HonestInterval invert();

 private:
  struct Set;
  std::vector<std::unique_ptr<Set>> sets_;
  ConditionalOptions options_;
  double estimate_ = 0, se_ = 0;
};

}  // namespace estimators
