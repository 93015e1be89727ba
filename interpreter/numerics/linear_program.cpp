// The primal simplex method with the basis' inverse held explicitly: programs here have a few rows and some dozens of
// columns, and are solved thousands of times from neighbouring objectives.
// Source: Chvátal (1983), Linear Programming, chapters 3 (Bland's rule), 7 (revised method) and 10 (ranging).
#include "numerics/linear_program.hpp"

#include "numerics/dense.hpp"

#include <cmath>
#include <limits>
#include <utility>

namespace numerics {
namespace {

constexpr double tiny = 1e-11;
constexpr int refactor_every = 30, patience = 200;

}  // namespace

LinearProgram::LinearProgram(Matrix A, const Vector& b) : b_(b) {
  const Index p = A.rows(), m = A.cols();
  for (Index i = 0; i < p; ++i) {
    if (b_[i] >= 0) continue;
    A.row(i) *= -1;
    b_[i] *= -1;
  }
  // First phase: artificial columns behind the others, driven to zero.
  A_.resize(p, m + p);
  A_.leftCols(m) = A;
  A_.rightCols(p) = Matrix::Identity(p, p);
  in_.assign(static_cast<std::size_t>(m + p), 0);
  for (Index i = 0; i < p; ++i) {
    basis_.push_back(m + i);
    in_[static_cast<std::size_t>(m + i)] = 1;
  }
  refactor();
  Vector cost = Vector::Zero(m + p);
  cost.tail(p).setConstant(-1);
  maximise(cost);
  feasible_ = value() > -1e-9 * (1 + b_.cwiseAbs().sum());
  if (!feasible_) return;
  for (Index row = 0; row < p; ++row) {  // an artificial column at zero: any real one takes its place
    if (basis_[static_cast<std::size_t>(row)] < m) continue;
    Index best = -1;
    double largest = 1e-9;
    for (Index j = 0; j < m; ++j) {
      if (in_[static_cast<std::size_t>(j)]) continue;
      const double size = std::abs(inverse_.row(row).dot(A_.col(j)));
      if (size > largest) {
        largest = size;
        best = j;
      }
    }
    if (best < 0) {
      feasible_ = false;  // the rows are dependent
      return;
    }
    pivot(row, best);
  }
  A_ = Matrix(A_.leftCols(m));
  in_.resize(static_cast<std::size_t>(m));
  refactor();
}

void LinearProgram::refactor() {
  const Index p = A_.rows();
  Matrix basis(p, p);
  for (Index i = 0; i < p; ++i) basis.col(i) = A_.col(basis_[static_cast<std::size_t>(i)]);
  inverse_ = inverse(basis, "basis");
  x_ = product(inverse_, b_);
  pivots_ = 0;
}

void LinearProgram::pivot(Index row, Index column) {
  const Vector direction = product(inverse_, Vector(A_.col(column)));
  inverse_.row(row) /= direction[row];
  x_[row] /= direction[row];
  for (Index i = 0; i < direction.size(); ++i) {
    if (i == row || direction[i] == 0) continue;
    inverse_.row(i) -= direction[i] * inverse_.row(row);
    x_[i] -= direction[i] * x_[row];
  }
  in_[static_cast<std::size_t>(basis_[static_cast<std::size_t>(row)])] = 0;
  basis_[static_cast<std::size_t>(row)] = column;
  in_[static_cast<std::size_t>(column)] = 1;
  if (++pivots_ >= refactor_every) refactor();
}

/// One step; false at the optimum, or where there is none.
bool LinearProgram::enter(const Vector& c, bool first_index) {
  const Index p = A_.rows(), m = A_.cols();
  Vector prices = Vector::Zero(p);
  for (Index i = 0; i < p; ++i) prices += c[basis_[static_cast<std::size_t>(i)]] * inverse_.row(i).transpose();
  const double scale = 1 + c.cwiseAbs().maxCoeff();
  Index entering = -1;
  double best = tiny * scale;
  for (Index j = 0; j < m; ++j) {
    if (in_[static_cast<std::size_t>(j)]) continue;
    const double gain = c[j] - prices.dot(A_.col(j));
    if (gain <= best) continue;
    entering = j;
    if (first_index) break;
    best = gain;
  }
  if (entering < 0) return false;
  const Vector direction = product(inverse_, Vector(A_.col(entering)));
  Index leaving = -1;
  double step = std::numeric_limits<double>::infinity();
  for (Index i = 0; i < p; ++i) {
    if (direction[i] <= tiny) continue;
    const double ratio = std::max(x_[i], 0.0) / direction[i];
    const bool tie = leaving >= 0 && std::abs(ratio - step) <= tiny * (1 + step);
    if (ratio < step && !tie) {
      step = ratio;
      leaving = i;
    } else if (tie && basis_[static_cast<std::size_t>(i)] < basis_[static_cast<std::size_t>(leaving)]) {
      leaving = i;
    }
  }
  bounded_ = leaving >= 0;
  if (!bounded_) return false;
  pivot(leaving, entering);
  return true;
}

bool LinearProgram::maximise(const Vector& c) {
  c_ = c;
  bounded_ = true;
  int steps = 0;
  while (enter(c, steps > patience)) {
    if (++steps > 50 * patience) break;  // Bland's rule ends; rounding alone could keep it going
  }
  return bounded_;
}

double LinearProgram::value() const {
  double sum = 0;
  for (std::size_t i = 0; i < basis_.size(); ++i) sum += c_[basis_[i]] * x_[static_cast<Index>(i)];
  return sum;
}

Vector LinearProgram::vertex() const {
  Vector x = Vector::Zero(A_.cols());
  for (std::size_t i = 0; i < basis_.size(); ++i) x[basis_[i]] = std::max(x_[static_cast<Index>(i)], 0.0);
  return x;
}

/// Follows `direction` (±1) from basis to basis as long as the vertex stays the same: a degenerate vertex has several.
double LinearProgram::end_of_interval(const Vector& c0, const Vector& step, double at, double direction) const {
  LinearProgram walk = *this;
  const Index p = A_.rows(), m = A_.cols();
  double t = at;
  for (int round = 0; round < 50 * patience; ++round) {
    Vector level = Vector::Zero(p), slope = Vector::Zero(p);
    for (Index i = 0; i < p; ++i) {
      const Index j = walk.basis_[static_cast<std::size_t>(i)];
      level += c0[j] * walk.inverse_.row(i).transpose();
      slope += direction * step[j] * walk.inverse_.row(i).transpose();
    }
    Index entering = -1;
    double end = std::numeric_limits<double>::infinity();
    for (Index j = 0; j < m; ++j) {
      if (walk.in_[static_cast<std::size_t>(j)]) continue;
      const double growth = direction * step[j] - slope.dot(A_.col(j));
      if (growth <= tiny * (1 + std::abs(step[j]))) continue;
      const double crosses = -(c0[j] - level.dot(A_.col(j))) / growth;  // in units of direction·t
      if (crosses < end) {
        end = crosses;
        entering = j;
      }
    }
    if (entering < 0) return direction * std::numeric_limits<double>::infinity();
    t = direction * std::max(end, direction * t);
    const Vector move = product(walk.inverse_, Vector(A_.col(entering)));
    Index leaving = -1;
    double largest = tiny;
    for (Index i = 0; i < p; ++i)
      if (move[i] > largest && walk.x_[i] <= 1e-10) {
        largest = move[i];
        leaving = i;
      }
    if (leaving < 0) return t;  // the next vertex takes over
    walk.pivot(leaving, entering);
  }
  return t;
}

LinearProgram::Interval LinearProgram::stays_optimal(const Vector& c0, const Vector& step, double at) const {
  return {end_of_interval(c0, step, at, -1), end_of_interval(c0, step, at, 1)};
}

}  // namespace numerics
