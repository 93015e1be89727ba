#include "numerics/quadratic_form.hpp"

#include <catch2/catch.hpp>

#include <cmath>

using numerics::Vector;

TEST_CASE("quadratic forms with known distributions") {
  // a χ²(2) − b χ²(2): each half is exponential, so P(a E1 < b E2) = b / (a + b).
  CHECK(numerics::quadratic_form_below_zero((Vector(4) << 3, 3, -1, -1).finished()) == Approx(0.25).epsilon(1e-12));
  CHECK(numerics::quadratic_form_below_zero((Vector(4) << 1e6, 1e6, -1, -1).finished()) ==
        Approx(1 / (1 + 1e6)).epsilon(1e-10));
  CHECK(numerics::quadratic_form_below_zero((Vector(4) << 1, 1, -3, -3).finished()) == Approx(0.75).epsilon(1e-12));
  // z1² < 4 z2² with one degree of freedom each: 2/π atan(2).
  CHECK(numerics::quadratic_form_below_zero((Vector(2) << 1, -4).finished()) ==
        Approx(2 / M_PI * std::atan(2.0)).epsilon(1e-10));
  CHECK(numerics::quadratic_form_below_zero((Vector(2) << 1, 2).finished()) == 0);
  CHECK(numerics::quadratic_form_below_zero((Vector(2) << -1, 0).finished()) == 1);
}
