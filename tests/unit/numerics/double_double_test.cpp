#include "numerics/double_double.hpp"

#include "core/parallel.hpp"
#include "numerics/cross_products.hpp"
#include "numerics/random.hpp"
#include "numerics/sum.hpp"

#include <catch2/catch.hpp>

#include <cmath>

using numerics::DoubleDouble;
using numerics::Index;
using numerics::Matrix;
using numerics::Vector;

TEST_CASE("sums and products of doubles are exact") {
  // 1 + 2^-70 does not fit a double; (1 + 2^-30)² = 1 + 2^-29 + 2^-60 does not either.
  const DoubleDouble s = numerics::two_sum(1, 0x1p-70);
  CHECK(s.hi == 1);
  CHECK(s.lo == 0x1p-70);
  const DoubleDouble p = numerics::two_product(1 + 0x1p-30, 1 + 0x1p-30);
  CHECK(p.hi == 1 + 0x1p-29);
  CHECK(p.lo == 0x1p-60);
}

TEST_CASE("double-doubles carry 32 digits through arithmetic") {
  const DoubleDouble third = DoubleDouble(1) / 3.0;
  CHECK(std::abs(static_cast<double>(third * 3.0 - 1.0)) < 1e-31);
  const DoubleDouble root = numerics::sqrt(DoubleDouble(2));
  CHECK(std::abs(static_cast<double>(root * root - 2.0)) < 1e-31);
  DoubleDouble x = third + root;
  x -= root;
  CHECK(std::abs(static_cast<double>((x - third) / third)) < 1e-31);
  CHECK(static_cast<double>(numerics::sqrt(DoubleDouble(-1))) == 0);
  CHECK((DoubleDouble(1, -1e-20) < DoubleDouble(1)));
}

TEST_CASE("a sum survives cancellation of its large terms") {
  Vector x(5);
  x << 1e16, 1, -1e16, 1e-3, 3;
  CHECK(numerics::sum(x) == Approx(4.001).epsilon(1e-15));
  CHECK(numerics::dot(x, Vector::Ones(5)) == Approx(4.001).epsilon(1e-15));
  CHECK(numerics::weighted_dot(Vector::Constant(5, 2), x, Vector::Ones(5)) == Approx(8.002).epsilon(1e-15));
  CHECK(numerics::weighted_dot({}, x, Vector::Ones(5)) == Approx(4.001).epsilon(1e-15));
  CHECK(numerics::sum(Vector(0)) == 0);
}

TEST_CASE("cross products are those of long arithmetic, in any number of threads") {
  const Index n = 20'003;  // several chunks and a tile that is not full
  numerics::Random random(1);
  Matrix X(n, 2);
  Vector y(n), w(n);
  for (Index i = 0; i < n; ++i) {
    X(i, 0) = 1e5 + random.normal();
    X(i, 1) = random.normal() * 1e-5;
    y[i] = random.normal();
    w[i] = random.uniform();
  }
  const auto columns = numerics::scaled_columns(X, y);
  const auto gram = numerics::cross_products(columns, w);
  for (Index a = 0; a < 3; ++a)
    for (Index b = 0; b <= a; ++b) {
      DoubleDouble expected;
      for (Index i = 0; i < n; ++i) {
        const auto at = static_cast<std::size_t>(i), ja = static_cast<std::size_t>(a), jb = static_cast<std::size_t>(b);
        expected += numerics::two_product(columns.data[ja][at] * columns.scale[ja], w[i]) *
                    (columns.data[jb][at] * columns.scale[jb]);
      }
      CHECK(std::abs(static_cast<double>((gram(a, b) - expected))) < 1e-27 * std::sqrt(gram(a, a).hi * gram(b, b).hi));
    }
  const int before = core::threads();
  core::set_threads(1);
  const auto one = numerics::cross_products(columns, w);
  core::set_threads(before);
  for (Index a = 0; a < 3; ++a) {
    CHECK(one(a, 0).hi == gram(a, 0).hi);
    CHECK(one(a, 0).lo == gram(a, 0).lo);
  }
}
