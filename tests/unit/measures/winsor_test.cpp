#include "measures/winsor.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <cmath>

using measures::CutRule;

namespace {
std::vector<double> sample(std::size_t n) {
  std::vector<double> x(n);
  std::uint64_t state = 1;
  for (double& v : x) {
    state = state * 6364136223846793005ULL + 1442695040888963407ULL;
    v = static_cast<double>(state >> 40) / 1000;
  }
  return x;
}
}  // namespace

TEST_CASE("cuts are the quantiles of the sorted sample", "[winsor]") {
  for (const std::size_t n : {1U, 2U, 3U, 7U, 100U, 101U, 1000U})
    for (const double p : {0.0, 0.01, 0.05, 0.1, 0.25, 0.49}) {
      const std::vector<double> x = sample(n);
      std::vector<double> sorted = x;
      std::sort(sorted.begin(), sorted.end());
      const std::pair<CutRule, measures::QuantileType> rules[] = {{CutRule::type2, measures::QuantileType::type2},
                                                                  {CutRule::type6, measures::QuantileType::type6},
                                                                  {CutRule::type7, measures::QuantileType::type7}};
      for (const auto& [rule, type] : rules) {
        const auto done = measures::winsorize(x, p, 1 - p, rule, false);
        CHECK(done.cuts[0].low == measures::quantile(sorted, p, type));
        CHECK(done.cuts[0].high == measures::quantile(sorted, 1 - p, type));
      }
    }
}

TEST_CASE("the order-statistic rule replaces h values at each end", "[winsor]") {
  const std::vector<double> x{5, 1, 2, 3, 4, 9, 8, 7, 6, 10};
  const auto done = measures::winsorize(x, 0.2, 0.8, CutRule::order, false);
  CHECK(done.cuts[0].low == 3);
  CHECK(done.cuts[0].high == 8);
  CHECK(done.below == 2);
  CHECK(done.above == 2);
  CHECK(done.values == std::vector<double>{5, 3, 3, 3, 4, 8, 8, 7, 6, 8});
}

TEST_CASE("trimming makes the same values missing", "[winsor]") {
  const std::vector<double> x = sample(500);
  const auto kept = measures::winsorize(x, 0.05, 0.95, CutRule::type2, false);
  const auto cut = measures::winsorize(x, 0.05, 0.95, CutRule::type2, true);
  CHECK(kept.below == cut.below);
  std::size_t missing = 0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    missing += std::isnan(cut.values[i]) ? 1 : 0;
    CHECK((std::isnan(cut.values[i]) || cut.values[i] == x[i]));
    CHECK(std::isnan(cut.values[i]) == (kept.values[i] != x[i]));
  }
  CHECK(missing == cut.below + cut.above);
}

TEST_CASE("groups are cut each by itself, and missing values count nowhere", "[winsor]") {
  const double na = std::nan("");
  const std::vector<double> x{1, 2, 3, na, 10, 20, 30, 99};
  const data::Grouping groups{{0, 0, 0, 0, 1, 1, 1, -1}, {0, 4}};
  const auto done = measures::winsorize(x, 0.34, 0.66, CutRule::type7, false, &groups);
  CHECK(done.cuts[0].n == 3);
  CHECK(done.values[0] == Approx(1.68));
  CHECK(done.values[4] == Approx(16.8));
  CHECK(std::isnan(done.values[3]));
  CHECK(done.values[7] == 99);
}

TEST_CASE("winsorizing twice at the order-statistic cuts changes nothing more", "[winsor]") {
  const auto once = measures::winsorize(sample(333), 0.03, 0.9, CutRule::order, false);
  const auto twice = measures::winsorize(once.values, 0.03, 0.9, CutRule::order, false);
  CHECK(twice.values == once.values);
  CHECK(twice.below + twice.above == 0);
}
