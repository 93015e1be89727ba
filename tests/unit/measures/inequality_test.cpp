#include "measures/inequality.hpp"

#include "core/error.hpp"
#include "measures/concentration.hpp"

#include <catch2/catch.hpp>

#include <cmath>

using namespace measures;
using Catch::Matchers::WithinAbs;
using Catch::Matchers::WithinRel;

namespace {
Values values(std::vector<double> x, std::vector<double> w = {}) {
  Values out;
  out.x = std::move(x);
  out.weights = std::move(w);
  return out;
}
}  // namespace

TEST_CASE("Theil's indices of two values by hand", "[inequality]") {
  const Theil t = theil(values({1, 3}));
  CHECK_THAT(t.T, WithinRel((0.5 * std::log(0.5) + 1.5 * std::log(1.5)) / 2, 1e-14));
  CHECK_THAT(t.L, WithinRel(-(std::log(0.5) + std::log(1.5)) / 2, 1e-14));
  CHECK(theil(values({2, 2})).T == 0);
}

TEST_CASE("a zero adds nothing to Theil's T and leaves L undefined", "[inequality]") {
  const Theil t = theil(values({0, 2}));
  CHECK_THAT(t.T, WithinRel(std::log(2.0), 1e-14));
  CHECK(std::isnan(t.L));
  CHECK_THROWS_AS(theil(values({0, 0})), core::Error);
}

TEST_CASE("within and between add up to Theil's indices", "[inequality]") {
  const TheilGroups g = theil_groups({values({1, 2, 7}), values({4, 4}), values({9, 1, 3}, {2, 1, 1})});
  const Theil all = theil(values({1, 2, 7, 4, 4, 9, 1, 3}, {1, 1, 1, 1, 1, 2, 1, 1}));
  CHECK_THAT(g.total.T, WithinRel(all.T, 1e-13));
  CHECK_THAT(g.total.L, WithinRel(all.L, 1e-13));
  CHECK_THAT(g.within.T + g.between.T, WithinRel(g.total.T, 1e-14));
}

TEST_CASE("Atkinson's index is continuous at one and bounded", "[inequality]") {
  const Values v = values({1, 2, 3, 10});
  CHECK_THAT(atkinson(v, 1), WithinRel(atkinson(v, 1 + 1e-7), 1e-6));
  CHECK(atkinson(v, 0.5) < atkinson(v, 1));
  CHECK(atkinson(v, 1) < atkinson(v, 2));
  CHECK(atkinson(values({0, 2}), 1) == 1);
  CHECK_THAT(atkinson(values({0, 2}), 0.5), WithinRel(0.5, 1e-14));
  CHECK_THROWS_AS(atkinson(v, 0), core::Error);
}

TEST_CASE("concentration ratios, top shares and Herfindahl by hand", "[concentration]") {
  const Values v = values({10, 40, 20, 30});
  CHECK_THAT(concentration_ratio(v, 1), WithinRel(0.4, 1e-15));
  CHECK_THAT(concentration_ratio(v, 2), WithinRel(0.7, 1e-15));
  CHECK_THAT(concentration_ratio(v, 9), WithinRel(1.0, 1e-15));
  CHECK_THAT(top_share(v, 0.25), WithinRel(0.4, 1e-15));
  CHECK_THAT(top_share(v, 0.3), WithinRel(0.4 + 0.2 * 0.3, 1e-14));
  CHECK_THAT(top_share(v, 1), WithinRel(1.0, 1e-15));
  const Herfindahl h = herfindahl(v);
  CHECK_THAT(h.hhi, WithinRel(0.3, 1e-14));
  CHECK_THAT(h.normalised, WithinRel(0.05 / 0.75, 1e-12));
  CHECK_THAT(h.equivalent, WithinRel(1 / 0.3, 1e-14));
  CHECK(std::isnan(herfindahl(values({5})).normalised));
  CHECK_THROWS_AS(herfindahl(values({0, 0})), core::Error);
}

TEST_CASE("an industry spread as all employment has a negative or zero Ellison-Glaeser index", "[concentration]") {
  const EllisonGlaeser e = ellison_glaeser({10, 20, 30}, {100, 200, 300}, 0.1);
  CHECK_THAT(e.raw, WithinAbs(0, 1e-15));
  CHECK_THAT(e.gamma, WithinRel(-0.1 / 0.9, 1e-12));
  CHECK(std::isnan(ellison_glaeser({10}, {100}, 0.1).gamma));      // one region
  CHECK(std::isnan(ellison_glaeser({10, 0}, {50, 50}, 1).gamma));  // one plant
}

TEST_CASE("location quotients average to one with the regions' weights", "[concentration]") {
  numerics::Matrix e(3, 2);
  e << 10, 30, 25, 5, 7, 40;
  const numerics::Matrix q = location_quotients(e);
  const numerics::Vector weight = e.rowwise().sum() / e.sum();
  for (numerics::Index i = 0; i < 2; ++i) CHECK_THAT(q.col(i).dot(weight), WithinRel(1.0, 1e-14));
  numerics::Matrix proportional(2, 2);
  proportional << 1, 2, 10, 20;
  CHECK_THAT((location_quotients(proportional).array() - 1).abs().maxCoeff(), WithinAbs(0, 1e-15));
  CHECK_THAT(krugman(proportional, true).maxCoeff(), WithinAbs(0, 1e-15));
  numerics::Matrix apart(2, 2);
  apart << 1, 0, 0, 5;
  CHECK_THAT(krugman(apart, true).minCoeff(), WithinRel(2.0, 1e-15));
  CHECK(std::isnan(krugman(numerics::Matrix::Ones(1, 2), true)[0]));
}
