#include "numerics/least_squares.hpp"

#include "core/error.hpp"
#include "core/parallel.hpp"
#include "numerics/random.hpp"

#include <catch2/catch.hpp>

#include <Eigen/Dense>

using numerics::Index;
using numerics::least_squares;
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

TEST_CASE("a line through points on a line") {
  Matrix X(4, 2);
  X << 1, 1, 2, 1, 3, 1, 5, 1;
  const Vector y = (Vector(4) << 5, 7, 9, 13).finished();
  const auto fit = least_squares(X, y);
  CHECK(fit.coef[0] == 2);
  CHECK(fit.coef[1] == 3);
  CHECK(fit.rss < 1e-58);
  CHECK(fit.residuals.cwiseAbs().maxCoeff() < 1e-29);
}

TEST_CASE("least squares agrees with Eigen's QR where that is accurate") {
  const Matrix X = normals(1000, 6, 1);
  const Vector y = normals(1000, 1, 2);
  const auto fit = least_squares(X, y);
  const Vector b = X.householderQr().solve(y);
  CHECK(furthest(fit.coef, b) < 1e-13);
  CHECK(furthest(fit.bread, (X.transpose() * X).inverse()) < 1e-14);
  CHECK(furthest(fit.residuals, y - X * b) < 1e-13);
  CHECK(fit.rss == Approx((y - X * b).squaredNorm()).epsilon(1e-13));
}

TEST_CASE("weights act as repeated rows") {
  const Matrix X = normals(40, 3, 3);
  const Vector y = normals(40, 1, 4);
  Vector w(40);
  for (Index i = 0; i < 40; ++i) w[i] = static_cast<double>(1 + i % 3);
  const auto total = static_cast<Index>(w.sum());
  Matrix long_X(total, 3);
  Vector long_y(total);
  for (Index i = 0, at = 0; i < 40; ++i)
    for (int copy = 0; copy < static_cast<int>(w[i]); ++copy, ++at) {
      long_X.row(at) = X.row(i);
      long_y[at] = y[i];
    }
  const auto a = least_squares(X, y, w), b = least_squares(long_X, long_y);
  CHECK(furthest(a.coef, b.coef) < 1e-15);
  CHECK(furthest(a.bread, b.bread) < 1e-16);
  CHECK(a.rss == Approx(b.rss).epsilon(1e-15));
}

TEST_CASE("collinear columns are dropped, later ones first") {
  Matrix X = normals(200, 6, 5);
  X.col(2) = 2 * X.col(0) - X.col(1);
  X.col(4).setZero();
  X.col(5) = 1e6 * X.col(3);
  const Vector y = normals(200, 1, 6);
  const auto fit = least_squares(X, y);
  CHECK(fit.kept == std::vector<Index>{0, 1, 3});
  CHECK(fit.dropped == std::vector<Index>{2, 4, 5});
  CHECK(fit.coef.size() == 3);
}

TEST_CASE("what is left after cancellation of large columns is rounding, and dropped") {
  // x0 + 1 rounds at 1e-16 of 1e6; the difference of the two is of size 1 and carries that noise.
  Matrix X = normals(200, 3, 7);
  X.col(0) *= 1e6;
  X.col(1) = (X.col(0).array() + X.col(1).array() * 1e-3).matrix();
  X.col(2) = X.col(1) - X.col(0);  // of size 1e-3 with noise 1e-10: a share of 1e-7 of its own norm
  const auto fit = least_squares(X, normals(200, 1, 8));
  CHECK(fit.kept == std::vector<Index>{0, 1});
}

TEST_CASE("a nearly collinear column that carries information stays") {
  Matrix X(200, 5);
  for (Index i = 0; i < 200; ++i)
    for (Index j = 0; j < 5; ++j) X(i, j) = std::pow(2001.0 + static_cast<double>(i) / 10, static_cast<double>(j));
  Vector b(5);
  b << 3, -2, 1, 0.5, -0.25;
  // y in exact arithmetic would give b back; here it is rounded, so only the digits that survive are asked for.
  const auto fit = least_squares(X.leftCols(4), X.leftCols(4) * b.head(4));
  CHECK(fit.dropped.empty());
  CHECK(fit.coef[3] == Approx(0.5).epsilon(1e-4));
}

TEST_CASE("columns emptied by fixed effects are judged by their norm before") {
  Matrix X = normals(100, 2, 9);
  X.col(1) *= 1e-13;  // what absorbing leaves of a column of norm 10 within groups
  numerics::LeastSquaresOptions options;
  options.reference_norms = (Vector(2) << 10, 10).finished();
  CHECK(least_squares(X, normals(100, 1, 10), {}, options).kept == std::vector<Index>{0});
  CHECK(least_squares(X, normals(100, 1, 10)).kept == std::vector<Index>{0, 1});
}

TEST_CASE("units of measure do not matter") {
  const Matrix X = normals(100, 3, 11);
  const Vector y = normals(100, 1, 12);
  Matrix scaled = X;
  scaled.col(0) *= 0x1p400;
  scaled.col(2) *= 0x1p-400;
  const auto a = least_squares(X, y), b = least_squares(scaled, y * 0x1p300);
  CHECK(b.coef[0] * 0x1p100 == a.coef[0]);
  CHECK(b.coef[1] * 0x1p-300 == a.coef[1]);
  CHECK(b.coef[2] * 0x1p-700 == a.coef[2]);
}

TEST_CASE("the number of threads changes no digit") {
  const Matrix X = normals(30'000, 4, 13);
  const Vector y = normals(30'000, 1, 14);
  const Vector w = normals(30'000, 1, 15).array().square() + 0.1;
  const int before = core::threads();
  core::set_threads(1);
  const auto one = least_squares(X, y, w);
  core::set_threads(3);
  const auto three = least_squares(X, y, w);
  core::set_threads(before);
  CHECK(one.coef == three.coef);
  CHECK(one.bread == three.bread);
  CHECK(one.residuals == three.residuals);
  CHECK(one.rss == three.rss);
}

TEST_CASE("no columns, no rows, fewer rows than columns") {
  const Vector y = normals(5, 1, 16);
  const auto none = least_squares(Matrix(5, 0), y);
  CHECK(none.residuals == y);
  CHECK(none.rss == Approx(y.squaredNorm()).epsilon(1e-15));
  CHECK_THROWS_AS(least_squares(Matrix(0, 1), Vector(0)), core::Error);
  const auto wide = least_squares(normals(3, 5, 17), normals(3, 1, 18));
  CHECK(wide.kept == std::vector<Index>{0, 1, 2});
  CHECK(wide.residuals.cwiseAbs().maxCoeff() < 1e-15);
}

TEST_CASE("leverage is the diagonal of the projection") {
  const Matrix X = normals(30, 3, 19);
  const Vector w = normals(30, 1, 20).array().square() + 0.1;
  const auto fit = least_squares(X, normals(30, 1, 21), w);
  const Matrix A = w.cwiseSqrt().asDiagonal() * X;
  const Vector h = (A * (A.transpose() * A).inverse() * A.transpose()).diagonal();
  CHECK(furthest(numerics::leverage(X, fit.bread, w), h) < 1e-14);
  CHECK(numerics::leverage(X, fit.bread, w).sum() == Approx(3).epsilon(1e-14));
}
