#include "measures/gini.hpp"

#include "core/error.hpp"
#include "core/parallel.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <cmath>
#include <numeric>

using namespace measures;
using Catch::Matchers::WithinAbs;
using Catch::Matchers::WithinRel;

namespace {

Values values(std::vector<double> x, std::vector<double> w = {}, bool frequency = false) {
  Values out;
  out.x = std::move(x);
  out.weights = std::move(w);
  out.frequency = frequency;
  return out;
}

/// The definition: Σ Σ w w |x − x| / (2 W² mean).
double by_definition(const Values& v) {
  double sum = 0, W = 0, wx = 0;
  for (std::size_t i = 0; i < v.size(); ++i) {
    W += v.weight(i);
    wx += v.weight(i) * v.x[i];
    for (std::size_t j = 0; j < v.size(); ++j) sum += v.weight(i) * v.weight(j) * std::abs(v.x[i] - v.x[j]);
  }
  return sum / (2 * W * wx);
}

std::vector<double> incomes(std::size_t n) {
  std::vector<double> x(n);
  std::uint64_t state = 12345;
  for (double& value : x) {
    state = state * 6364136223846793005ULL + 1442695040888963407ULL;
    value = std::exp(static_cast<double>(state >> 40) / static_cast<double>(1 << 22));
  }
  return x;
}

}  // namespace

TEST_CASE("the Gini coefficient is its definition, weighted and with ties", "[gini]") {
  const Values plain = values({3, 1, 4, 1, 5, 9, 2, 6, 5, 0});
  CHECK_THAT(gini(plain).gini, WithinRel(by_definition(plain), 1e-14));
  const Values weighted = values({3, 1, 4, 1, 5}, {0.5, 2, 1.25, 3, 0.1});
  CHECK_THAT(gini(weighted).gini, WithinRel(by_definition(weighted), 1e-14));
  CHECK(gini(values({7, 7, 7})).gini == 0);
  CHECK(gini(values({5})).gini == 0);
  CHECK(std::isnan(gini(values({})).gini));
  // One of n has everything: (n − 1)/n, and 1 when corrected.
  CHECK_THAT(gini(values({0, 0, 0, 8})).gini, WithinRel(0.75, 1e-15));
  CHECK_THAT(gini(values({0, 0, 0, 8}), {.corrected = true}).gini, WithinRel(1.0, 1e-15));
}

TEST_CASE("the Gini coefficient ignores scale and replication, also far from zero", "[gini]") {
  std::vector<double> x = incomes(500);
  const double g = gini(values(x)).gini;
  std::vector<double> scaled = x, twice = x;
  for (double& value : scaled) value *= 1e6;
  twice.insert(twice.end(), x.begin(), x.end());
  CHECK_THAT(gini(values(scaled)).gini, WithinRel(g, 1e-13));
  CHECK_THAT(gini(values(twice)).gini, WithinRel(g, 1e-13));
  std::vector<double> w(x.size(), 3);
  CHECK_THAT(gini(values(x, w, true)).gini, WithinRel(g, 1e-13));
  // Differences of 1 around 1e9: the sum is taken about the mean.
  CHECK_THAT(gini(values({1e9, 1e9 + 1, 1e9 + 2})).gini, WithinRel(8.0 / 18 / (1e9 + 1), 1e-9));
}

TEST_CASE("the jackknife of the Gini coefficient is the one done by hand", "[gini]") {
  const std::vector<double> x = incomes(40);
  for (const bool corrected : {false, true}) {
    std::vector<double> without;
    for (std::size_t i = 0; i < x.size(); ++i) {
      std::vector<double> rest = x;
      rest.erase(rest.begin() + static_cast<std::ptrdiff_t>(i));
      without.push_back(gini(values(rest), {.corrected = corrected}).gini);
    }
    const double n = static_cast<double>(x.size());
    const double mean = std::accumulate(without.begin(), without.end(), 0.0) / n;
    double squares = 0;
    for (const double g : without) squares += (g - mean) * (g - mean);
    const Gini g = gini(values(x), {.corrected = corrected, .error = GiniError::jackknife});
    CHECK_THAT(g.se, WithinRel(std::sqrt((n - 1) / n * squares), 1e-10));
  }
}

TEST_CASE("frequency weights of a Gini standard error are repeated rows", "[gini]") {
  const std::vector<double> x = {1, 4, 2, 8, 5}, w = {2, 1, 3, 1, 2};
  std::vector<double> repeated;
  for (std::size_t i = 0; i < x.size(); ++i) repeated.insert(repeated.end(), static_cast<std::size_t>(w[i]), x[i]);
  for (const GiniError error : {GiniError::jackknife, GiniError::influence}) {
    const double se = gini(values(repeated), {.error = error}).se;
    CHECK_THAT(gini(values(x, w, true), {.error = error}).se, WithinRel(se, 1e-12));
  }
}

TEST_CASE("the two standard errors of a Gini coefficient agree in large samples", "[gini]") {
  const Values v = values(incomes(4000));
  const double jackknife = gini(v, {.error = GiniError::jackknife}).se;
  CHECK_THAT(gini(v, {.error = GiniError::influence}).se, WithinRel(jackknife, 1e-2));
}

TEST_CASE("a Gini coefficient has the same digits for any number of threads", "[gini]") {
  const Values v = values(incomes(100000));
  const int before = core::threads();
  core::set_threads(1);
  const double one = gini(v).gini;
  core::set_threads(4);
  CHECK(gini(v).gini == one);
  core::set_threads(before);
}

TEST_CASE("the parts of a decomposed Gini coefficient sum to the whole", "[gini]") {
  const std::vector<double> x = incomes(300);
  std::vector<Values> groups(4);
  for (std::size_t i = 0; i < x.size(); ++i) groups[i % 7 % 4].x.push_back(x[i]);
  const GiniGroups g = gini_groups(groups);
  CHECK_THAT(g.total, WithinRel(gini(values(x)).gini, 1e-12));
  CHECK_THAT(g.within + g.between + g.overlap, WithinRel(g.total, 1e-12));
  std::vector<double> means, sizes;
  for (const Values& group : groups) {
    means.push_back(group.mean());
    sizes.push_back(group.total_weight());
  }
  CHECK_THAT(g.between, WithinRel(by_definition(values(means, sizes)), 1e-12));
  // Groups that do not overlap: nothing is left over.
  const GiniGroups apart = gini_groups({values({1, 2, 3}), values({10, 20}), values({100})});
  CHECK_THAT(apart.overlap, WithinAbs(0, 1e-15));
  CHECK(apart.distance(0, 1) == 1);
}

TEST_CASE("a Gini coefficient of zeros is not defined", "[gini]") {
  CHECK_THROWS_AS(gini(values({0, 0, 0})), core::Error);
  CHECK_THROWS_AS(gini_groups({values({0, 0}), values({0})}), core::Error);
  // A group of zeros beside others is fine.
  const GiniGroups g = gini_groups({values({0, 0}), values({1, 3})});
  CHECK_THAT(g.total, WithinRel(by_definition(values({0, 0, 1, 3})), 1e-14));
}

TEST_CASE("values are checked against the domain of a measure", "[values]") {
  const std::vector<double> x = {1, std::nan(""), 0, -2};
  const std::vector<std::uint32_t> first = {0, 1, 2}, all = {0, 1, 2, 3};
  CHECK(values_of(x, {}, false, first, Domain::nonnegative, "x").size() == 2);
  CHECK(values_of(x, {}, false, first, Domain::nonnegative, "x").left_out == 1);
  CHECK_THROWS_WITH(values_of(x, {}, false, all, Domain::nonnegative, "x"), Catch::Contains("negative: -2 in row 4"));
  CHECK_THROWS_WITH(values_of(x, {}, false, first, Domain::positive, "x"), Catch::Contains("zero in row 3"));
  const std::vector<double> w = {1, 1, -1, 1}, part = {1, 1, 1.5, 1};
  CHECK_THROWS_WITH(values_of(x, w, false, first, Domain::any, "x"), Catch::Contains("a weight is negative"));
  CHECK_THROWS_WITH(values_of(x, part, true, first, Domain::any, "x"), Catch::Contains("whole numbers"));
}
