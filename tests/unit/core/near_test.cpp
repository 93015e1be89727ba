#include "core/near.hpp"
#include "core/text.hpp"

#include <catch2/catch.hpp>

TEST_CASE("nearest finds slips of the finger and nothing far away") {
  const std::vector<std::string> known = {"city", "year", "ser", "treat", "post", "lngdp"};
  CHECK(core::nearest("tret", known) == "treat");
  CHECK(core::nearest("sre", known) == "ser");
  CHECK(core::nearest("lngpd", known) == "lngdp");
  CHECK(core::nearest("Year", known) == "year");
  CHECK(core::nearest("x", known).empty());
  CHECK(core::nearest("banana", known).empty());
}

TEST_CASE("numbers print without noise") {
  CHECK(core::shortest(0.1) == "0.1");
  CHECK(core::shortest(2014) == "2014");
  CHECK(core::fixed(-0.00001, 3) == "0.000");
  CHECK(core::grouped(1234567) == "1,234,567");
  CHECK(core::grouped(-999) == "-999");
  CHECK(core::counted(1, "row") == "1 row");
}
