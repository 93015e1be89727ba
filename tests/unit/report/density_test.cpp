#include "report/density.hpp"

#include <catch2/catch.hpp>

// R 4.2.2: x <- c(1, 2, 3, 4, 10, 11); bw.nrd0(x); the sum of dnorm(0, x, bw)/6 at single points.
TEST_CASE("the bandwidth is R's bw.nrd0 and the density the plain sum") {
  const report::Density d = report::kernel_density({10, 1, 3, 2, 11, 4}, {.points = 101});
  CHECK(d.bandwidth == Approx(2.680710300742806).epsilon(1e-12));
  REQUIRE(d.x.size() == 101);
  CHECK(d.x[50] == Approx(6).epsilon(1e-14));
  CHECK(d.y[50] == Approx(0.05704506240190205).epsilon(1e-12));
  CHECK(d.y[0] == Approx(0.0003868523570070216).epsilon(1e-12));
}

TEST_CASE("with equal quartiles the standard deviation alone sets the bandwidth") {
  const report::Density d = report::kernel_density({0, 0, 0, 0, 0, 0, 0, 7});
  CHECK(d.bandwidth == Approx(1.469526961670472).epsilon(1e-12));
}
