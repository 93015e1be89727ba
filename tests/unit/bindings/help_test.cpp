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

TEST_CASE("help finds pages by any name in their heading, by method, by function and by a name of Stata") {
  Running moon;
  CHECK(contains(moon.moon.help("feols"), "reg, ols, feols\n\n"));
  CHECK(contains(moon.moon.help("vcov_as"), "method of a result: x:vcov_as("));
  CHECK(contains(moon.moon.help("cumsum"), "functions\n\n"));
  CHECK(contains(moon.moon.help("xtdidregress"), "'xtdidregress' is a name of Stata's; the page here is 'did'"));
  CHECK(contains(moon.moon.help("na.approx"), "a name of R's; the page here is 'interpolate'"));
  CHECK(contains(moon.moon.help("lagsarlm"), "a name of R's; the page here is 'sar'"));
  CHECK(contains(moon.moon.help("spml"), "a name of R's; the page here is 'sar'"));
  CHECK(contains(moon.moon.help("xsmle"), "a name of Stata's; the page here is 'sar'"));
  CHECK(contains(moon.moon.help("moran.test"), "a name of R's; the page here is 'moran'"));
  CHECK(contains(moon.moon.help("nb2listw"), "a name of R's; the page here is 'spatial_weights'"));
  CHECK(contains(moon.moon.help("sphtest"), "a name of R's; the page here is 'impacts'"));
  CHECK(contains(moon.moon.help("data"), "commands on data"));
  CHECK(contains(moon.moon.help("reghfde"), "did you mean 'reghdfe'?"));
}

TEST_CASE("search shows the line of a page that has the word") {
  Running moon;
  CHECK(contains(moon.value("search('Driscoll and Kraay')"), "» Driscoll and Kraay (1998)"));
  CHECK(contains(moon.value("search('DRISCOLL_kraay')"), "driscoll_kraay  A covariance robust to correlation"));
  CHECK_FALSE(moon.run("search(' ')").ok);
}

TEST_CASE("where is no option of commands that work on whole frames") {
  Running moon;
  REQUIRE(moon.run("df = frame{x={2, 1}}").ok);
  CHECK(contains(moon.run("sort(x, data=df, where='x > 1')").error, "unknown option 'where'"));
  CHECK(contains(moon.run("encode(x, data=df, where='x > 1')").error, "unknown option 'where'"));
}
