// Small dense linear programs in standard form, for many right sides of one set of constraints:
//   max c'x   subject to   A x = b,  x ≥ 0.
#pragma once

#include "numerics/types.hpp"

#include <vector>

namespace numerics {

/// The vertices of {x ≥ 0: A x = b}, walked by the primal simplex method. The constraints are read once; maximise() may
/// be called for any number of objectives and starts from the vertex where it ended.
class LinearProgram {
 public:
  /// A: p×m of full row rank, b: p.
  LinearProgram(Matrix A, const Vector& b);

  bool feasible() const { return feasible_; }
  /// Walks to a vertex that maximises c'x (c: m). False: the maximum is infinite. Requires feasible().
  bool maximise(const Vector& c);
  double value() const;  ///< c'x there
  Vector vertex() const;

  struct Interval {
    double low = 0, high = 0;
  };
  /// All t for which the vertex reached stays optimal when the objective is c0 + t·step. It must be optimal at `at`.
  Interval stays_optimal(const Vector& c0, const Vector& step, double at) const;

 private:
  void refactor();
  void pivot(Index row, Index column);
  bool enter(const Vector& c, bool first_index);
  double end_of_interval(const Vector& c0, const Vector& step, double at, double direction) const;

  Matrix A_;
  Vector b_;
  std::vector<Index> basis_;      ///< p columns
  std::vector<std::uint8_t> in_;  ///< m
  Matrix inverse_;                ///< of the basis' columns
  Vector x_;                      ///< values of the basis
  Vector c_;
  int pivots_ = 0;
  bool feasible_ = false, bounded_ = true;
};

}  // namespace numerics
