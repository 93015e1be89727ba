#include "measures/convergence.hpp"

#include "core/error.hpp"
#include "measures/clubs.hpp"
#include "measures/growth_between.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <cmath>
#include <limits>

using namespace measures;
using Catch::Matchers::WithinAbs;
using Catch::Matchers::WithinRel;

TEST_CASE("the trend of a line with noise by hand", "[convergence]") {
  const std::vector<double> t = {1, 2, 3, 4}, y = {1, 3, 2, 6};
  const Trend r = trend(t, y);
  CHECK_THAT(r.slope, WithinRel(1.4, 1e-14));
  CHECK_THAT(r.intercept, WithinRel(-0.5, 1e-13));
  // RSS = 14 − 1.4² · 5 = 4.2; se = √(4.2/2/5).
  CHECK_THAT(r.se, WithinRel(std::sqrt(0.42), 1e-13));
  CHECK_THAT(r.t, WithinRel(1.4 / std::sqrt(0.42), 1e-13));
  CHECK(std::isnan(trend(std::vector<double>{1, 2}, std::vector<double>{1, 3}).se));
}

TEST_CASE("speed and half-life", "[convergence]") {
  const double inf = std::numeric_limits<double>::infinity();
  // b = −(1 − e^(−λT))/T gives λ back.
  const double lambda = 0.02, T = 10, b = -(1 - std::exp(-lambda * T)) / T;
  const Speed s = convergence_speed(b, 0.001, T, inf, 0.95);
  CHECK_THAT(s.speed, WithinRel(lambda, 1e-13));
  CHECK_THAT(s.half_life, WithinRel(std::log(2.0) / lambda, 1e-13));
  CHECK_THAT(s.speed_se, WithinRel(0.001 / (1 + T * b), 1e-13));
  CHECK_THAT(s.speed_high - s.speed, WithinRel(1.959963984540054 * s.speed_se, 1e-10));
  const Speed undefined = convergence_speed(-0.2, 0.01, 10, inf, 0.95);
  CHECK(!undefined.defined);
  CHECK(std::isnan(undefined.speed));
  const Speed none = convergence_speed(0.01, 0.01, 10, 5, 0.95);
  CHECK((none.defined && !none.converges && none.speed < 0 && std::isnan(none.half_life)));
}

TEST_CASE("growth between two periods drops units without both", "[convergence]") {
  const std::vector<double> x = {1, 2, 4, 3, 9, std::nan("")}, times = {2000, 2001, 2002, 2000, 2002, 2002};
  data::Grouping units;
  units.codes = {0, 0, 0, 1, 1, 2};
  units.first = {0, 3, 5};
  const Growth g = growth_between(x, times, units, 2000, 2002);
  REQUIRE(g.growth.size() == 2);
  CHECK(g.left_out == 1);
  CHECK_THAT(g.growth[0], WithinRel(std::log(4.0) / 2, 1e-14));
  CHECK_THAT(g.initial[1], WithinRel(std::log(3.0), 1e-14));
  units.codes = {0, 0, 0, 0, 1, 2};
  CHECK_THROWS_WITH(growth_between(x, times, units, 2000, 2002), Catch::Contains("two rows at time 2000"));
}

namespace {

/// Units around `level`, whose distance from it shrinks as 1/t.
void add_units(numerics::Matrix& x, numerics::Index from, numerics::Index count, double level) {
  for (numerics::Index u = 0; u < count; ++u)
    for (numerics::Index t = 0; t < x.cols(); ++t)
      x(from + u, t) = level * (1 +
                                0.3 * static_cast<double>(u + 1) / static_cast<double>(count) *
                                    std::pow(static_cast<double>(t + 1), -1.5) +
                                1e-4 * std::sin(static_cast<double>(7 * u + 3 * t)));
}

}  // namespace

TEST_CASE("two clubs that were built are found", "[clubs]") {
  numerics::Matrix x(10, 30);
  add_units(x, 0, 5, 1);
  add_units(x, 5, 5, 3);
  std::vector<std::uint32_t> low = {0, 1, 2, 3, 4}, all = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9};
  CHECK(log_t(x, low, {}).t > -1.65);
  CHECK(log_t(x, all, {}).t < -1.65);
  const Clubs clubs = convergence_clubs(x, {});
  REQUIRE(clubs.merged.size() == 2);
  CHECK(clubs.divergent.empty());
  std::vector<std::uint32_t> first = clubs.merged[0].units, second = clubs.merged[1].units;
  std::sort(first.begin(), first.end());
  std::sort(second.begin(), second.end());
  CHECK(first == std::vector<std::uint32_t>{5, 6, 7, 8, 9});
  CHECK(second == low);
}

TEST_CASE("the log t test does not change with scale", "[clubs]") {
  numerics::Matrix x(4, 20);
  add_units(x, 0, 4, 2);
  const std::vector<std::uint32_t> all = {0, 1, 2, 3};
  const LogT a = log_t(x, all, {});
  const LogT b = log_t(x * 1000, all, {});
  CHECK_THAT(a.t, WithinRel(b.t, 1e-8));
  CHECK(a.first == 7);
  CHECK(std::isinf(log_t(numerics::Matrix::Ones(3, 20), {0, 1, 2}, {}).t));
  CHECK_THROWS_AS(log_t(x, all, {.trim = 0}), core::Error);
  CHECK_THROWS_AS(log_t(x, all, {.trim = 0.95}), core::Error);
}

TEST_CASE("the Hodrick-Prescott trend keeps lines and smooths the rest", "[clubs]") {
  numerics::Matrix x(2, 8);
  x << 1, 2, 3, 4, 5, 6, 7, 8, 1, -1, 1, -1, 1, -1, 1, -1;
  const numerics::Matrix trend = hp_trend(x, 400);
  CHECK_THAT((trend.row(0) - x.row(0)).cwiseAbs().maxCoeff(), WithinAbs(0, 1e-10));
  CHECK(trend.row(1).cwiseAbs().maxCoeff() < 0.5);
  CHECK_THAT(trend.row(1).sum(), WithinAbs(x.row(1).sum(), 1e-10));
}
