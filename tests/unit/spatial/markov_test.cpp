// Transitions counted by hand, and the test of chains that do and do not depend on neighbours.
#include "spatial/markov.hpp"
#include "numerics/random.hpp"

#include <catch2/catch.hpp>

using spatial::Markov;

TEST_CASE("transitions are those counted by hand") {
  // Two classes, three units, three periods.
  const Markov m = spatial::spatial_markov({{0, 0, 1}, {0, 1, 1}, {1, 1, 0}}, {{0, 1, 1}, {1, 1, 0}, {0, 0, 0}}, 2);
  CHECK(m.counts(0, 0) == 1);
  CHECK(m.counts(0, 1) == 2);
  CHECK(m.counts(1, 1) == 2);
  CHECK(m.counts(1, 0) == 1);
  CHECK(m.counts_given[1](0, 1) == 2);
  CHECK(m.counts_given[0](1, 0) == 1);
  CHECK(m.probabilities(0, 1) == Approx(2.0 / 3));
  REQUIRE(m.ergodic.size() == 2);
  CHECK(m.ergodic[0] == Approx(1.0 / 3));  // p_01 = 2/3, p_10 = 1/3
  CHECK(m.df == 2);
}

TEST_CASE("a chain that follows its neighbours is found, one that does not is left alone") {
  const auto p = [](bool follows) {
    numerics::Random random(7);
    std::vector<std::vector<int>> own(30, std::vector<int>(60)), lag = own;
    for (std::size_t t = 0; t < own.size(); ++t)
      for (std::size_t i = 0; i < 60; ++i) {
        lag[t][i] = random.uniform() < 0.5;
        const double up = t > 0 && follows ? (lag[t - 1][i] ? 0.7 : 0.3) : 0.5;
        own[t][i] = random.uniform() < up;
      }
    return spatial::spatial_markov(own, lag, 2).Q_p;
  };
  CHECK(p(true) < 1e-6);
  CHECK(p(false) > 0.01);
}

TEST_CASE("a chain in two parts has no single long run") {
  numerics::Matrix P = numerics::Matrix::Identity(2, 2);
  CHECK(spatial::ergodic(P).size() == 0);
}
