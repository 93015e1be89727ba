#include "measures/rescale.hpp"

#include <catch2/catch.hpp>

#include <cmath>

using measures::Rescaling;

TEST_CASE("columns are centred and scaled within groups", "[rescale]") {
  const double na = std::nan("");
  const std::vector<double> x{1, 2, 3, na, 10, 10, 5, 7};
  const data::Grouping groups{{0, 0, 0, 0, 1, 1, -1, 2}, {0, 4, 7}};
  const auto z = measures::rescale(x, Rescaling::standardize, false, &groups);
  CHECK(z.values[0] == Approx(-1));
  CHECK(z.values[2] == Approx(1));
  CHECK(std::isnan(z.values[3]));
  CHECK(std::isnan(z.values[4]));
  CHECK(std::isnan(z.values[6]));
  CHECK(std::isnan(z.values[7]));
  CHECK(z.groups == 3);
  CHECK(z.constant == 2);
  CHECK(measures::rescale(x, Rescaling::standardize, true, &groups).values[2] == Approx(std::sqrt(1.5)));
  const auto c = measures::rescale(x, Rescaling::center, false, &groups);
  CHECK(c.values[4] == 0);
  CHECK(c.values[7] == 0);
  CHECK(c.constant == 0);
  const auto m = measures::rescale(x, Rescaling::minmax, false, &groups);
  CHECK(m.values[1] == 0.5);
  CHECK(measures::rescale(x, Rescaling::minmax_cost, false, &groups).values[0] == 1);
}

TEST_CASE("a mean far from zero costs no digits", "[rescale]") {
  const std::vector<double> x{1e9 + 1, 1e9 + 2, 1e9 + 3};
  CHECK(measures::rescale(x, Rescaling::standardize).values[0] == Approx(-1).epsilon(1e-14));
}
