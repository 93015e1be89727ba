// B-splines: they add up to one, slopes are derivatives, and polynomials of their degree are in their span.
#include "numerics/bspline.hpp"

#include "numerics/dense.hpp"

#include <catch2/catch.hpp>
#include <cmath>

using numerics::BSpline;
using numerics::Index;
using numerics::Matrix;
using numerics::Vector;

namespace {

Vector between(double low, double high, Index n) { return Vector::LinSpaced(n, low, high); }

const BSpline splines[] = {{1, {}, 0, 1}, {2, {0.5}, 0.2, 3}, {3, {0.4, 1.1, 2}, 0.2, 3}, {3, {}, -1, 4}};

}  // namespace

TEST_CASE("B-splines are non-negative and add up to one, their slopes to zero") {
  for (const BSpline& s : splines) {
    const Vector x = between(s.low, s.high, 41);
    const Matrix b = numerics::values(s, x), db = numerics::slopes(s, x);
    CHECK(b.cols() == s.size());
    CHECK(b.minCoeff() >= 0);
    CHECK((b.rowwise().sum().array() - 1).abs().maxCoeff() < 1e-14);
    CHECK(db.rowwise().sum().cwiseAbs().maxCoeff() < 1e-12);
  }
}

TEST_CASE("slopes of B-splines are differences of their values") {
  constexpr double h = 1e-6;
  for (const BSpline& s : splines) {
    const Vector x = between(s.low + 0.0137, s.high - 0.0137, 23);
    const Matrix difference =
        (numerics::values(s, Vector(x.array() + h)) - numerics::values(s, Vector(x.array() - h))) / (2 * h);
    CHECK((difference - numerics::slopes(s, x)).cwiseAbs().maxCoeff() < 1e-6);
  }
}

TEST_CASE("a cubic is fitted exactly, with its slope, to the ends") {
  const BSpline s{3, {0.7, 1.5}, 0, 2};
  const Vector x = between(0, 2, 30);
  const Vector y = 1 + x.array() - 2 * x.array().square() + 0.5 * x.array().cube();
  const Matrix b = numerics::values(s, x);
  const Vector c = numerics::solve_spd(numerics::crossprod(b), Matrix(numerics::crossprod(b, y))).col(0);
  CHECK((numerics::product(b, c) - y).cwiseAbs().maxCoeff() < 1e-11);
  const Vector slope = 1 - 4 * x.array() + 1.5 * x.array().square();
  CHECK((numerics::product(numerics::slopes(s, x), c) - slope).cwiseAbs().maxCoeff() < 1e-10);
}
