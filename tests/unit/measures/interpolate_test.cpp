#include "measures/interpolate.hpp"
#include "core/error.hpp"

#include <catch2/catch.hpp>

#include <cmath>

using measures::Ends;

TEST_CASE("cells are filled on the line between neighbours in their own group") {
  const double na = std::nan("");
  const std::vector<double> y = {na, 2, na, na, 8, na, 1, na, 4};
  const std::vector<double> x = {1, 2, 3, 4, 5, 6, 1, 2, 3};
  const data::Grouping groups{{0, 0, 0, 0, 0, 0, 1, 1, 1}, {0, 6}};
  const auto inner = measures::interpolate(y, x, groups, false, Ends::missing);
  CHECK(std::isnan(inner.values[0]));
  CHECK(inner.values[2] == Approx(4));
  CHECK(inner.values[3] == Approx(6));
  CHECK(std::isnan(inner.values[5]));
  CHECK(inner.values[7] == Approx(2.5));
  CHECK(inner.filled == 3);
  CHECK(inner.imputed == std::vector<std::uint8_t>{0, 0, 1, 1, 0, 0, 0, 1, 0});
  CHECK(measures::interpolate(y, x, groups, false, Ends::nearest).values[0] == 2);
  CHECK(measures::interpolate(y, x, groups, false, Ends::extrapolate).values[5] == Approx(10));
  CHECK(measures::interpolate(y, x, groups, true, Ends::missing).values[7] == Approx(2));
}

TEST_CASE("repeated times and non-positive values are refused") {
  const data::Grouping one{{0, 0, 0}, {0}};
  CHECK_THROWS_AS(
      measures::interpolate(std::vector<double>{1, 2, 3}, std::vector<double>{1, 1, 2}, one, false, Ends::missing),
      core::Error);
  CHECK_THROWS_AS(
      measures::interpolate(std::vector<double>{1, 0, 3}, std::vector<double>{1, 2, 3}, one, true, Ends::missing),
      core::Error);
}
