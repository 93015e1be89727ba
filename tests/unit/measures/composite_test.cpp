#include "measures/composite.hpp"

#include "core/error.hpp"
#include "measures/coupling.hpp"
#include "measures/principal.hpp"
#include "measures/structure.hpp"

#include <catch2/catch.hpp>

#include <cmath>
#include <numeric>

using namespace measures;
using Catch::Matchers::WithinAbs;
using Catch::Matchers::WithinRel;

TEST_CASE("entropy weights sum to one and favour what varies", "[composite]") {
  const std::vector<Indicator> x = {{{1, 2, 3, 4, 5}, false}, {{0, 0, 0, 0, 1}, false}, {{5, 1, 4, 2, 3}, true}};
  const EntropyWeights e = entropy_weights(x, 0);
  CHECK_THAT(std::accumulate(e.weights.begin(), e.weights.end(), 0.0), WithinRel(1.0, 1e-15));
  // All of the second indicator is in one row: its entropy is zero, its weight the largest.
  CHECK(e.entropy[1] == 0);
  CHECK(e.weights[1] > e.weights[0]);
  for (const double s : e.score) CHECK((s >= 0 && s <= 1));
}

TEST_CASE("entropy weights do not change with the units of an indicator", "[composite]") {
  const EntropyWeights a = entropy_weights(std::vector<Indicator>{{{1, 2, 4}, false}, {{3, 1, 2}, false}}, 0);
  const EntropyWeights b = entropy_weights(std::vector<Indicator>{{{107, 114, 128}, false}, {{3, 1, 2}, false}}, 0);
  CHECK_THAT(a.weights[0], WithinRel(b.weights[0], 1e-13));
}

TEST_CASE("indices refuse what cannot be scaled", "[composite]") {
  CHECK_THROWS_WITH(entropy_weights(std::vector<Indicator>{{{1, 2}, false}, {{3, 3}, false}}, 0),
                    Catch::Contains("indicator 2 has the same value"));
  CHECK_THROWS_AS(entropy_weights(std::vector<Indicator>{{{1}, false}, {{3}, false}}, 0), core::Error);
  const std::vector<double> half = {0.5, 0.5};
  CHECK_THROWS_AS(topsis(std::vector<Indicator>{{{1, 2}, false}, {{0, 0}, false}}, half, TopsisScale::vector),
                  core::Error);
}

TEST_CASE("TOPSIS gives the best row one and the worst zero", "[composite]") {
  const std::vector<Indicator> x = {{{1, 2, 3}, false}, {{9, 5, 1}, true}};
  const std::vector<double> weights = {0.4, 0.6};
  for (const TopsisScale scale : {TopsisScale::vector, TopsisScale::min_max}) {
    const Topsis t = topsis(x, weights, scale);
    CHECK(t.closeness[0] == 0);
    CHECK(t.closeness[2] == 1);
    CHECK((t.closeness[1] > 0 && t.closeness[1] < 1));
  }
}

TEST_CASE("coupling is one for equal systems and its forms agree where they should", "[coupling]") {
  const std::vector<std::vector<double>> equal = {{0.2, 0.9}, {0.2, 0.9}, {0.2, 0.9}};
  for (const Coupling form : {Coupling::geometric, Coupling::power, Coupling::revised}) {
    const Coordination c = coordination(equal, {.form = form});
    CHECK_THAT(c.coupling[0], WithinRel(1.0, 1e-14));
    CHECK_THAT(c.coordination[1], WithinRel(std::sqrt(0.9), 1e-14));
  }
  const std::vector<std::vector<double>> two = {{0.3}, {0.8}};
  const double geometric = coordination(two, {}).coupling[0];
  CHECK_THAT(geometric, WithinRel(2 * std::sqrt(0.24) / 1.1, 1e-14));
  // k = 1/n turns the power form into the geometric one.
  CHECK_THAT(coordination(two, {.form = Coupling::power, .exponent = 0.5}).coupling[0], WithinRel(geometric, 1e-13));
  CHECK_THAT(coordination(two, {.form = Coupling::revised}).coupling[0], WithinRel(std::sqrt(0.5 * 0.3 / 0.8), 1e-13));
  CHECK_THROWS_AS(coordination({{1.2}, {0.5}}, {}), core::Error);
  CHECK(coordination_class(0) == 0);
  CHECK(coordination_class(0.55) == 5);
  CHECK(coordination_class(1) == 9);
  CHECK(coordination_class(std::nan("")) == -1);
}

TEST_CASE("principal components reproduce the correlation matrix", "[principal]") {
  const std::vector<std::vector<double>> x = {{1, 2, 3, 4, 6}, {2, 1, 4, 3, 5}, {5, 3, 2, 2, 1}};
  const PrincipalComponents p = principal_components(x, true);
  const numerics::Matrix R = p.loadings * p.eigenvalues.asDiagonal() * p.loadings.transpose();
  CHECK_THAT((R.diagonal().array() - 1).abs().maxCoeff(), WithinAbs(0, 1e-13));
  CHECK_THAT(p.eigenvalues.sum(), WithinRel(3.0, 1e-13));
  CHECK_THAT(p.shares.sum(), WithinRel(1.0, 1e-13));
  for (numerics::Index j = 0; j < 3; ++j) {
    CHECK(p.loadings.col(j).sum() >= 0);
    // Scores have the eigenvalue as variance.
    CHECK_THAT(p.scores.col(j).squaredNorm() / 4, WithinRel(p.eigenvalues[j], 1e-10));
  }
  CHECK_THROWS_AS(principal_components({{1, 2, 3}, {4, 4, 4}}, true), core::Error);
  // A copy of a variable: the correlation matrix has no inverse.
  CHECK(std::isnan(principal_components({{1, 2, 3, 5}, {1, 2, 3, 5}}, true).kmo));
}

TEST_CASE("upgrading lies between one and the number of sectors", "[structure]") {
  CHECK(upgrading({{5, 0}, {0, 0}, {0, 5}}, Upgrading::hierarchy) == std::vector<double>{1, 3});
  CHECK_THAT(upgrading({{1}, {2}, {3}}, Upgrading::ratio)[0], WithinRel(1.5, 1e-15));
  CHECK(std::isnan(upgrading({{1}, {0}, {3}}, Upgrading::ratio)[0]));
  CHECK(std::isnan(upgrading({{0}, {0}, {0}}, Upgrading::hierarchy)[0]));
  CHECK(std::isnan(upgrading({{1}, {std::nan("")}, {3}}, Upgrading::hierarchy)[0]));
}

TEST_CASE("equal productivity is a rational structure", "[structure]") {
  for (const Rationalisation form : {Rationalisation::deviation, Rationalisation::theil}) {
    CHECK_THAT(rationalisation({{10}, {20}, {30}}, {{1}, {2}, {3}}, form)[0], WithinAbs(0, 1e-15));
    CHECK(std::isnan(rationalisation({{10}, {20}}, {{0}, {2}}, form)[0]));  // output without employment
  }
  // Shares 0.25 and 0.75 of output, halves of employment.
  CHECK_THAT(rationalisation({{1}, {3}}, {{5}, {5}}, Rationalisation::deviation)[0], WithinRel(1.0, 1e-14));
  CHECK_THAT(rationalisation({{1}, {3}}, {{5}, {5}}, Rationalisation::theil)[0],
             WithinRel(0.25 * std::log(0.5) + 0.75 * std::log(1.5), 1e-14));
}
