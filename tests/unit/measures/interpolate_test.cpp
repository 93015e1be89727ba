#include "measures/interpolate.hpp"
#include "core/error.hpp"

#include <catch2/catch.hpp>

#include <cmath>

using measures::Ends;
using measures::Method;

TEST_CASE("cells are filled on the line between neighbours in their own group") {
  const double na = std::nan("");
  const std::vector<double> y = {na, 2, na, na, 8, na, 1, na, 4};
  const std::vector<double> x = {1, 2, 3, 4, 5, 6, 1, 2, 3};
  const data::Grouping groups{{0, 0, 0, 0, 0, 0, 1, 1, 1}, {0, 6}};
  const auto inner = measures::interpolate(y, x, groups, Method::linear, Ends::missing);
  CHECK(std::isnan(inner.values[0]));
  CHECK(inner.values[2] == Approx(4));
  CHECK(inner.values[3] == Approx(6));
  CHECK(std::isnan(inner.values[5]));
  CHECK(inner.values[7] == Approx(2.5));
  CHECK(inner.filled == 3);
  CHECK(inner.imputed == std::vector<std::uint8_t>{0, 0, 1, 1, 0, 0, 0, 1, 0});
  CHECK(measures::interpolate(y, x, groups, Method::linear, Ends::nearest).values[0] == 2);
  CHECK(measures::interpolate(y, x, groups, Method::linear, Ends::extrapolate).values[5] == Approx(10));
  CHECK(measures::interpolate(y, x, groups, Method::log, Ends::missing).values[7] == Approx(2));
}

TEST_CASE("repeated times and non-positive values are refused") {
  const data::Grouping one{{0, 0, 0}, {0}};
  CHECK_THROWS_AS(measures::interpolate(std::vector<double>{1, 2, 3}, std::vector<double>{1, 1, 2}, one, Method::linear,
                                        Ends::missing),
                  core::Error);
  CHECK_THROWS_AS(measures::interpolate(std::vector<double>{1, 0, 3}, std::vector<double>{1, 2, 3}, one, Method::log,
                                        Ends::missing),
                  core::Error);
}

TEST_CASE("the nearest and the previous known value", "[interpolate]") {
  const double na = std::nan("");
  const std::vector<double> y = {na, 1, na, na, na, 5, na};
  const std::vector<double> x = {0, 1, 2, 3, 4, 5, 6};
  const data::Grouping one{{0, 0, 0, 0, 0, 0, 0}, {0}};
  const auto nearest = measures::interpolate(y, x, one, Method::nearest, Ends::missing);
  CHECK(nearest.values[2] == 1);
  CHECK(nearest.values[3] == 1);
  CHECK(nearest.values[4] == 5);
  CHECK(nearest.filled == 3);
  const auto previous = measures::interpolate(y, x, one, Method::previous, Ends::nearest);
  CHECK(previous.values[4] == 1);
  CHECK(previous.values[0] == 1);
  CHECK(previous.values[6] == 5);
  CHECK_THROWS_AS(measures::interpolate(y, x, one, Method::previous, Ends::extrapolate), core::Error);
}
