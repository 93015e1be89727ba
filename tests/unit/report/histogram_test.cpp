#include "report/histogram.hpp"

#include <catch2/catch.hpp>
#include <cmath>
#include <numeric>

TEST_CASE("a histogram counts every finite value once") {
  const std::vector<double> values{0, 1, 1.5, 2, 4, std::nan(""), 3.9};
  const report::Histogram h = report::histogram(values, 4);
  CHECK(h.width == 1);
  CHECK(h.middle == std::vector<double>{0.5, 1.5, 2.5, 3.5});
  CHECK(h.count == std::vector<double>{1, 2, 1, 2});
  const report::Histogram own = report::histogram(values);
  CHECK(std::accumulate(own.count.begin(), own.count.end(), 0.0) == 6);
  CHECK_THROWS_WITH(report::histogram({1, 1, 1}), "a histogram needs at least two different values");
}
