#include "inference/tests.hpp"

#include "core/error.hpp"
#include "numerics/random.hpp"

#include <catch2/catch.hpp>

#include <cmath>
#include <limits>
#include <vector>

using inference::Matrix;
using inference::Vector;

namespace {
constexpr double inf = std::numeric_limits<double>::infinity();

Vector values(const std::vector<double>& list) {
  return Eigen::Map<const Vector>(list.data(), static_cast<Eigen::Index>(list.size()));
}

bool near(double value, double expected) { return std::abs(value / expected - 1) < 1e-12; }
}  // namespace

TEST_CASE("tails are accurate far out") {
  // R 4.2.2, printed to 15 digits: 2 * pt(-t, df), pf(…, lower = FALSE), pchisq(…, lower = FALSE), qt, qnorm.
  CHECK(near(inference::t_two_sided(2.5, 10), 0.0314468442366088));
  CHECK(near(inference::t_two_sided(-40, 30), 1.37260451944064e-27));
  CHECK(near(inference::t_two_sided(37, inf), 1.14511424450492e-299));
  CHECK(near(inference::f_upper(3.2, 2, 40), 0.0513854560716281));
  CHECK(near(inference::f_upper(5000, 3, 200), 9.32978264591655e-188));
  CHECK(near(inference::chi2_upper(1300, 4), 3.3278807185719e-280));
  CHECK(near(inference::f_upper(650, 2, inf), inference::chi2_upper(1300, 2)));
  CHECK(near(inference::t_quantile(0.975, 9), 2.2621571627982));
  CHECK(near(inference::t_quantile(0.975, inf), 1.959963984540054));
  CHECK(near(inference::normal_quantile(1e-300), -37.0470962993612));
  CHECK(near(inference::normal_cdf(-10), 7.61985302416053e-24));
}

TEST_CASE("arguments out of range give NaN, limits their limits") {
  CHECK(std::isnan(inference::t_two_sided(NAN, 5)));
  CHECK(std::isnan(inference::t_two_sided(1, 0)));
  CHECK(inference::t_two_sided(inf, 5) == 0);
  CHECK(inference::f_upper(0, 2, 3) == 1);
  CHECK(inference::f_upper(inf, 2, 3) == 0);
  CHECK(std::isnan(inference::normal_quantile(1.5)));
  CHECK(inference::normal_quantile(1) == inf);
}

TEST_CASE("an estimate with its interval") {
  const auto e = inference::estimate(2, 0.5, 9);
  CHECK(e.t == 4);
  CHECK(near(e.p, inference::t_two_sided(4, 9)));
  CHECK(near(e.low, 2 - 0.5 * 2.2621571627982));
  CHECK(near(e.high, 2 + 0.5 * 2.2621571627982));
  CHECK(near(inference::estimate(2, 0.5, inf, 0.9).high, 2 + 0.5 * 1.6448536269514722));
  CHECK(std::isnan(inference::estimate(2, 0, 9).t));
  CHECK(std::isnan(inference::estimate(2, NAN, 9).p));
}

TEST_CASE("a Wald test of one restriction is the square of t") {
  const Vector b = values({1.5, -0.5});
  Matrix V(2, 2);
  V << 0.4, 0.1, 0.1, 0.3;
  Matrix R(1, 2);
  R << 1, 2;
  const auto test = inference::wald(R, Vector::Constant(1, 0.25), b, V, 12);
  const double t = (1.5 - 1.0 - 0.25) / std::sqrt(0.4 + 4 * 0.1 + 4 * 0.3);
  CHECK(near(test.statistic, t * t));
  CHECK(test.distribution == "F");
  CHECK(test.df1 == 1);
  CHECK(test.df2 == 12);
  CHECK(near(test.p, inference::t_two_sided(t, 12)));
}

TEST_CASE("a joint test counts redundant rows once and does not depend on units") {
  const Vector b = values({1.5, -0.5, 0.2});
  Matrix V(3, 3);
  V << 0.4, 0.1, 0, 0.1, 0.3, -0.05, 0, -0.05, 0.2;
  Matrix R(2, 3), twice(4, 3);
  R << 1, 0, 0, 0, 1, -1;
  twice << R, 2 * R.row(0) - R.row(1), R.row(1);
  const auto once = inference::wald(R, Vector::Zero(2), b, V, inf);
  const auto redundant = inference::wald(twice, Vector::Zero(4), b, V, inf);
  CHECK(once.distribution == "chi2");
  CHECK(redundant.df1 == 2);
  CHECK(near(redundant.statistic, once.statistic));
  const Vector units = values({1e9, 1, 1e-9});
  const auto scaled = inference::wald(R * units.cwiseInverse().asDiagonal(), Vector::Zero(2), units.asDiagonal() * b,
                                      units.asDiagonal() * V * units.asDiagonal(), inf);
  CHECK(near(scaled.statistic, once.statistic));
  CHECK(scaled.df1 == 2);
}

TEST_CASE("hypotheses that cannot be tested") {
  const Vector b = Vector::Ones(2);
  const Matrix V = Matrix::Identity(2, 2);
  Matrix R(2, 2);
  R << 1, 0, 1, 0;
  CHECK_THROWS_WITH(inference::wald(R, values({0, 1}), b, V, 5), "the hypotheses contradict each other");
  CHECK_THROWS_AS(inference::wald(R, Vector::Zero(2), b, Matrix::Zero(2, 2), 5), core::Error);
  CHECK_THROWS_AS(inference::wald(Matrix::Zero(0, 2), Vector::Zero(0), b, V, 5), core::Error);
}

TEST_CASE("power of the Wald test") {
  CHECK(inference::wald_power(0, 2, 30, 0.05) == 0.05);
  // R 4.2.2: pchisq(qchisq(.95, 3), 3, ncp = 7, lower = FALSE); pf(qf(.95, 3, 40), 3, 40, ncp = 7, lower = FALSE)
  CHECK(inference::wald_power(7, 3, inf, 0.05) == Approx(0.589593089871402).epsilon(1e-9));
  CHECK(inference::wald_power(7, 3, 40, 0.05) == Approx(0.543964680679988).epsilon(1e-9));
  CHECK(inference::wald_power(1e6, 3, 40, 0.05) == Approx(1));
}
