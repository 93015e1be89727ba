#include "measures/smooth.hpp"

#include "core/error.hpp"

#include <catch2/catch.hpp>

using Catch::WithinRel;

// R 4.2.2: lowess(x, y, f = 0.8, iter = 0, delta = 0); lm(y ~ x), lm(y ~ x + I(x^2)), predict(se.fit = TRUE) at 1, 10.5
// and 20.
namespace {
const std::vector<double> x = {1, 2, 2, 3, 5, 8, 9, 12, 13, 20}, y = {2.1, 1.9, 2.5, 3.7, 3.1, 5.2, 4.8, 7.7, 6.1, 5.5};
}

TEST_CASE("lowess gives R's values at every different x") {
  const measures::Curve curve = measures::lowess(x, y, 0.8);
  REQUIRE(curve.x == std::vector<double>{1, 2, 3, 5, 8, 9, 12, 13, 20});
  const std::vector<double> want = {2.07686596625542, 2.46000264821788, 2.84280455847739,
                                    3.61810385122807, 4.83089004967890, 5.28740625620958,
                                    6.22458528214870, 6.07773897436575, 6.01566480394090};
  for (std::size_t i = 0; i < want.size(); ++i) CHECK_THAT(curve.y[i], WithinRel(want[i], 1e-12));
}

TEST_CASE("polynomials give lm's fitted values and their standard errors") {
  const measures::Curve line = measures::polynomial(x, y, 1);
  CHECK(line.df == 8);
  const std::vector<std::size_t> at = {0, 50, 100};
  const std::vector<double> fit = {2.63740029542098, 5.00889217134416, 7.38038404726736},
                            se = {0.576586025415608, 0.432660449385459, 0.911303088890013};
  for (std::size_t i = 0; i < 3; ++i) {
    CHECK_THAT(line.y[at[i]], WithinRel(fit[i], 1e-12));
    CHECK_THAT(line.se[at[i]], WithinRel(se[i], 1e-12));
  }
  const measures::Curve parabola = measures::polynomial(x, y, 2);
  const std::vector<double> fit2 = {1.72059807799374, 5.94886851695462, 5.72910046883964},
                            se2 = {0.481127343068381, 0.411451513417252, 0.798614136804280};
  for (std::size_t i = 0; i < 3; ++i) {
    CHECK_THAT(parabola.y[at[i]], WithinRel(fit2[i], 1e-11));
    CHECK_THAT(parabola.se[at[i]], WithinRel(se2[i], 1e-11));
  }
}

TEST_CASE("curves say when x does not hold one") {
  CHECK_THROWS_AS(measures::polynomial({2, 2, 2}, {1, 2, 3}, 1), core::Error);
  CHECK_THROWS_AS(measures::lowess({2, 2, 2}, {1, 2, 3}), core::Error);
}
