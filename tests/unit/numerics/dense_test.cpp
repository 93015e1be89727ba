#include "numerics/dense.hpp"

#include "core/error.hpp"
#include "core/parallel.hpp"
#include "numerics/random.hpp"

#include <catch2/catch.hpp>

using numerics::Index;
using numerics::Matrix;
using numerics::Vector;

namespace {

Matrix normals(Index n, Index k, std::uint64_t seed) {
  numerics::Random random(seed);
  Matrix out(n, k);
  for (Index j = 0; j < k; ++j)
    for (Index i = 0; i < n; ++i) out(i, j) = random.normal();
  return out;
}

double furthest(const Matrix& a, const Matrix& b) { return (a - b).cwiseAbs().maxCoeff(); }

}  // namespace

TEST_CASE("cross-products agree with the plain sum, for any number of threads, to the last bit") {
  const Matrix A = normals(10'000, 3, 1), B = normals(10'000, 2, 2);
  const Vector w = normals(10'000, 1, 3).cwiseAbs();
  Matrix plain = Matrix::Zero(3, 2);
  for (Index i = 0; i < A.rows(); ++i) plain += w[i] * A.row(i).transpose() * B.row(i);
  const int before = core::threads();
  core::set_threads(1);
  const Matrix one = numerics::crossprod(A, w, B);
  core::set_threads(3);
  const Matrix three = numerics::crossprod(A, w, B);
  core::set_threads(before);
  CHECK(one == three);
  CHECK(furthest(one, plain) < 1e-10);
  CHECK(numerics::crossprod(A) == numerics::crossprod(A).transpose());
}

TEST_CASE("solving undoes multiplying") {
  const Matrix X = normals(50, 4, 4), B = normals(4, 2, 5);
  const Matrix S = numerics::crossprod(X);
  CHECK(furthest(numerics::solve_spd(S, numerics::product(S, B)), B) < 1e-12);
  CHECK(furthest(numerics::product(S, numerics::inverse_spd(S)), Matrix::Identity(4, 4)) < 1e-12);
  const Matrix A = normals(4, 4, 6);
  CHECK(furthest(numerics::solve(A, numerics::product(A, B)), B) < 1e-11);
  const Matrix L = numerics::cholesky(S);
  CHECK(furthest(L * L.transpose(), S) < 1e-11);
  CHECK(numerics::log_det_spd(S) == Approx(2 * L.diagonal().array().log().sum()));
}

TEST_CASE("singular matrices are named") {
  Matrix X = normals(20, 3, 7);
  X.col(2) = X.col(0) - X.col(1);
  const Matrix S = numerics::crossprod(X);
  CHECK_THROWS_WITH(numerics::inverse_spd(S, "instruments"), Catch::Contains("instruments is singular"));
  CHECK_THROWS_WITH(numerics::solve(S, S), Catch::Contains("singular"));
  Index rank = 0;
  const Matrix P = numerics::pseudo_inverse(S, 1e-10, &rank);
  CHECK(rank == 2);
  CHECK(furthest(S * P * S, S) < 1e-11);
}

TEST_CASE("group sums are the sums of each group's rows") {
  const Matrix A = normals(7, 2, 8);
  const numerics::Codes codes = {0, 1, 0, -1, 1, 1, 0};
  const Matrix sums = numerics::group_sums(A, codes, 2);
  CHECK(furthest(sums.row(0), A.row(0) + A.row(2) + A.row(6)) < 1e-14);
  CHECK(furthest(sums.row(1), A.row(1) + A.row(4) + A.row(5)) < 1e-14);
}

TEST_CASE("singular values and eigenvalues put the matrix together again") {
  const Matrix A = normals(6, 4, 9);
  const numerics::Svd s = numerics::svd(A);
  CHECK(furthest(s.U * s.values.asDiagonal() * s.V.transpose(), A) < 1e-12);
  const Matrix S = numerics::crossprod(A);
  const numerics::SymmetricEigen e = numerics::symmetric_eigen(S);
  CHECK(furthest(e.vectors * e.values.asDiagonal() * e.vectors.transpose(), S) < 1e-11);
}
