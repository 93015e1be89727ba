// The simplex method against all vertices, and its ranges against solving again.
#include "numerics/linear_program.hpp"

#include "numerics/random.hpp"

#include <Eigen/LU>
#include <catch2/catch.hpp>

#include <cmath>
#include <limits>

using numerics::Index;
using numerics::LinearProgram;
using numerics::Matrix;
using numerics::Vector;

namespace {

/// max c'x over {A x = b, x >= 0} with two rows, by every basis; -infinity when there is none.
double by_vertices(const Matrix& A, const Vector& b, const Vector& c) {
  double best = -std::numeric_limits<double>::infinity();
  for (Index i = 0; i < A.cols(); ++i)
    for (Index j = i + 1; j < A.cols(); ++j) {
      Eigen::Matrix2d basis;
      basis << A(0, i), A(0, j), A(1, i), A(1, j);
      if (std::abs(basis.determinant()) < 1e-9) continue;
      const Eigen::Vector2d x = basis.inverse() * Eigen::Vector2d(b);
      if (x.minCoeff() >= -1e-12) best = std::max(best, c[i] * x[0] + c[j] * x[1]);
    }
  return best;
}

Vector normals(numerics::Random& random, Index n) {
  Vector x(n);
  for (Index i = 0; i < n; ++i) x[i] = random.normal();
  return x;
}

}  // namespace

TEST_CASE("a linear program ends in the best of all vertices") {
  numerics::Random random(71);
  int solved = 0, empty = 0;
  for (int round = 0; round < 200; ++round) {
    const Index m = 7;
    Matrix A(2, m);
    A.row(0) = normals(random, m).transpose();
    A.row(1).setOnes();  // bounded: the x sum to 1
    Vector b(2);
    b << random.normal(), 1;
    LinearProgram program(A, b);
    const double first = by_vertices(A, b, Vector::Zero(m));
    REQUIRE(program.feasible() == std::isfinite(first));
    if (!program.feasible()) {
      ++empty;
      continue;
    }
    for (int again = 0; again < 3; ++again) {  // from the vertex where the last objective ended
      const Vector c = normals(random, m);
      REQUIRE(program.maximise(c));
      CHECK(program.value() == Approx(by_vertices(A, b, c)).epsilon(1e-10).margin(1e-12));
      CHECK((A * program.vertex() - b).cwiseAbs().maxCoeff() < 1e-10);
      ++solved;
    }
  }
  CHECK(solved > 100);
  CHECK(empty > 10);
}

TEST_CASE("an objective without bound is told") {
  Matrix A(1, 3);
  A << 1, -1, 0;
  LinearProgram program(A, Vector::Constant(1, 1));
  REQUIRE(program.feasible());
  Vector c(3);
  c << 0, 0, 1;
  CHECK_FALSE(program.maximise(c));
  c << -1, 0, -1;
  REQUIRE(program.maximise(c));
  CHECK(program.value() == Approx(-1));
}

TEST_CASE("a vertex stays optimal within its range and no further") {
  numerics::Random random(72);
  int bounded = 0;
  for (int round = 0; round < 100; ++round) {
    const Index m = 6;
    Matrix A(2, m);
    A.row(0) = normals(random, m).transpose();
    A.row(1).setOnes();
    Vector b(2);
    b << 0.3 * random.normal(), 1;
    LinearProgram program(A, b);
    if (!program.feasible()) continue;
    const Vector c = normals(random, m), step = normals(random, m);
    REQUIRE(program.maximise(c));
    const Vector x = program.vertex();
    const LinearProgram::Interval range = program.stays_optimal(c, step, 0);
    CHECK(range.low <= 0);
    CHECK(range.high >= 0);
    const auto gap = [&](double t) { return by_vertices(A, b, c + t * step) - (c + t * step).dot(x); };
    for (const double end : {range.low, range.high}) {
      const double sign = end == range.low ? -1 : 1;
      if (!std::isfinite(end)) {
        CHECK(gap(sign * 1e4) < 1e-7);
        continue;
      }
      ++bounded;
      CHECK(gap(end - sign * 1e-6 * (1 + std::abs(end))) < 1e-9);
      CHECK(gap(end + sign * (1e-3 + 1e-3 * std::abs(end))) > 1e-9);
    }
  }
  CHECK(bounded > 50);
}
