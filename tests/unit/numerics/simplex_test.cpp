#include "numerics/simplex.hpp"

#include "numerics/dense.hpp"
#include "numerics/random.hpp"

#include <catch2/catch.hpp>

using numerics::Index;
using numerics::Matrix;
using numerics::Vector;

namespace {

Matrix random_matrix(Index rows, Index cols, std::uint64_t seed) {
  numerics::Random random(seed);
  Matrix A(rows, cols);
  for (Index j = 0; j < cols; ++j)
    for (Index i = 0; i < rows; ++i) A(i, j) = random.normal();
  return A;
}

/// The gradient is the same for all weights in use, and not below it for the others.
void check_optimal(const Matrix& A, const Vector& b, double ridge, const Vector& w) {
  REQUIRE(w.minCoeff() >= 0);
  REQUIRE(w.sum() == Approx(1).epsilon(1e-14));
  Vector gradient = numerics::crossprod(A, Vector(A * w - b));
  gradient += ridge * w;
  const double level = w.dot(gradient);
  for (Index j = 0; j < w.size(); ++j) {
    CHECK(gradient[j] >= level - 1e-7);
    if (w[j] > 0) CHECK(gradient[j] == Approx(level).margin(1e-7));
  }
}

}  // namespace

TEST_CASE("weights on the simplex meet the conditions of a minimum") {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    const Matrix A = random_matrix(12, 7, seed);
    const Vector b = random_matrix(12, 1, 100 + seed).col(0);
    check_optimal(A, b, 0, numerics::simplex_least_squares(A, b));
    check_optimal(A, b, 0.5, numerics::simplex_least_squares(A, b, 0.5));
  }
}

TEST_CASE("more donors than equations: a minimum is found all the same") {
  const Matrix A = random_matrix(4, 30, 5);
  const Vector truth = Vector::Constant(30, 1.0 / 30);
  const Vector b = A * truth;
  const Vector w = numerics::simplex_least_squares(A, b);
  CHECK((A * w - b).norm() < 1e-5);
}

TEST_CASE("a donor that is the treated unit gets all the weight") {
  const Matrix A = random_matrix(9, 5, 3);
  const Vector w = numerics::simplex_least_squares(A, A.col(2));
  CHECK(w[2] == Approx(1).margin(1e-9));
}
