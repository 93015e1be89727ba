#include "measures/two_samples.hpp"
#include "core/error.hpp"

#include <catch2/catch.hpp>

#include <limits>

// R 4.2.2: t.test, wilcox.test(exact = FALSE), ks.test(exact = FALSE) on these two vectors.
static const std::vector<double> a = {1.1, 2.4, 3.3, 4.8, 5.0, std::numeric_limits<double>::quiet_NaN()};
static const std::vector<double> b = {2.2, 3.3, 6.1, 7.7, 8.4, 9.9};

TEST_CASE("t tests agree with R") {
  const auto welch = measures::t_test(a, b, true);
  CHECK(welch.statistic == Approx(-2.060466119224051).epsilon(1e-10));
  CHECK(welch.df == Approx(7.948805135611303).epsilon(1e-10));
  CHECK(welch.p == Approx(0.07353215415943508).epsilon(1e-10));
  const auto pooled = measures::t_test(a, b, false);
  CHECK(pooled.statistic == Approx(-1.951517827843436).epsilon(1e-10));
  CHECK(pooled.p == Approx(0.08276471328638865).epsilon(1e-10));
  CHECK(pooled.p_less == Approx(0.08276471328638865 / 2).epsilon(1e-10));
  const auto one = measures::t_test(b, 5);
  CHECK(one.statistic == Approx(1.032242889879704).epsilon(1e-10));
  CHECK(one.p == Approx(0.3492787718720433).epsilon(1e-10));
}

TEST_CASE("rank-sum and Kolmogorov-Smirnov tests agree with R") {
  const auto w = measures::rank_sum_test(a, b);
  CHECK(w.statistic == 6.5);
  CHECK(w.p == Approx(0.1432146120176147).epsilon(1e-10));
  const auto d = measures::kolmogorov_smirnov_test(a, b);
  CHECK(d.statistic == Approx(0.6666666666666667).epsilon(1e-12));
  CHECK(d.p == Approx(0.1769674083331658).epsilon(1e-5));  // R stops its series at 1e-6
}

TEST_CASE("samples that allow no test are refused") {
  CHECK_THROWS_AS(measures::t_test(std::vector<double>{1}, b, true), core::Error);
  CHECK_THROWS_AS(measures::t_test(std::vector<double>{2, 2}, std::vector<double>{2, 2}, false), core::Error);
  CHECK_THROWS_AS(measures::rank_sum_test(std::vector<double>{1, 1}, std::vector<double>{1}), core::Error);
}
