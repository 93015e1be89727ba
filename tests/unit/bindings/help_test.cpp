#include "support.hpp"

#include <catch2/catch.hpp>

TEST_CASE("help lists topics, and a command's record") {
  Running moon;
  CHECK(contains(moon.moon.help(""), "estimation"));
  REQUIRE(moon.run("command 'zap' { topic = 'toys', summary = 'Zaps a column', args = { {'x', 'column'} },\n"
                   "  options = { power = { 'number', default = 2, doc = 'how hard' } }, run = function() end }")
              .ok);
  const std::string page = moon.moon.help("zap");
  CHECK(contains(page, "zap(x, options)\n  Zaps a column\n"));
  CHECK(contains(page, "power=    how hard (default: 2)"));
  CHECK(contains(moon.moon.help("toys"), "zap"));
  CHECK(contains(moon.moon.help("zapp"), "did you mean 'zap'?"));
  CHECK(contains(moon.value("search('hard')"), "Zaps a column"));
}
