#include "support.hpp"

#include <catch2/catch.hpp>

namespace {
const std::string moran = R"(
command "moran" {
  topic = "spatial", summary = "Moran's I",
  args = { {"x", "column"}, {"more", "columns", optional=true} },
  options = {
    variance = { one_of = {"randomisation", "normality"}, default = "randomisation", doc = "how" },
    permutations = { "integer", min = 0, default = 0 },
    level = { "number", min = 0, max = 1 },
  },
  run = function(a) last = a; return tostring(a.x) .. " " .. a.variance .. " " .. a.permutations end,
}
)";
}

TEST_CASE("a command declared in Lua gets checked arguments and defaults") {
  Running moon;
  REQUIRE(moon.run(moran).ok);
  CHECK(moon.value("moran(ser)") == "ser randomisation 0");
  CHECK(moon.value("moran('ser', permutations=99, variance='normality')") == "ser normality 99");
  CHECK(moon.value("moran(type, {permutations=9})") == "type randomisation 9");
  CHECK(moon.value("moran(x=ser)") == "ser randomisation 0");
  REQUIRE(moon.run("moran(ser, treat, post)").ok);
  CHECK(moon.value("#last.more .. tostring(last.more[2])") == "2post");
  REQUIRE(moon.run("moran(ser, where='year > 2013')").ok);
  CHECK(moon.value("#last.data") == "12");
}

TEST_CASE("wrong arguments are told apart") {
  Running moon;
  REQUIRE(moon.run(moran).ok);
  CHECK(contains(moon.error("moran()"), "moran: argument 'x' (a column) is missing"));
  CHECK(contains(moon.error("moran(ser, permutation=9)"),
                 "moran: unknown option 'permutation'; did you mean 'permutations'?"));
  CHECK(contains(moon.error("moran(ser, permutations='9')"),
                 "moran: option 'permutations' takes a whole number, not the string \"9\""));
  CHECK(contains(moon.error("moran(ser, permutations=1.5)"), "takes a whole number, not the number 1.5"));
  CHECK(contains(moon.error("moran(ser, permutations=-1)"), "option 'permutations' must be 0 or more, not -1"));
  CHECK(contains(moon.error("moran(ser, level=2)"), "must be between 0 and 1, not 2"));
  CHECK(contains(moon.error("moran(ser, variance='normal')"),
                 "option 'variance' must be one of \"randomisation\", \"normality\", not \"normal\""));
  CHECK(contains(moon.error("moran(ser + 1)"), "takes a column, not the expression ser + 1"));
  CHECK(contains(moon.error("ols(ser ~ lngdp, where = treat == 1)"), "write \"treat == 1\""));
  CHECK(contains(moon.error("ols(3)"), "takes a formula such as y ~ x, not the number 3"));
  CHECK(contains(moon.error("last_estimate(1)"), "last_estimate: too many arguments: 1 given, 0 taken"));
  CHECK(contains(moon.error("ols(ser ~ lngdp, vcov=city)"), "write cluster(city)"));
}

TEST_CASE("a declaration with a mistake is an error") {
  Running moon;
  CHECK(contains(moon.error("command 'f' { options = { a = {'intger'} }, run = print }"), "did you mean 'integer'?"));
  CHECK(contains(moon.error("command 'f' { sumary = 'x' }"), "did you mean 'summary'?"));
  CHECK(contains(moon.error("command 'f' { summary = 'x' }"), "has no run"));
}

TEST_CASE("weights and covariances are values") {
  Running moon;
  CHECK(moon.value("aw(lngdp)") == "aw(lngdp)");
  CHECK(contains(moon.value("cluster(city, year)"), "city"));
  CHECK(moon.value("cluster('city year')") == moon.value("cluster(city, year)"));
}

TEST_CASE("without data a command says how to open some") {
  bindings::Interpreter moon;
  const bindings::Outcome outcome = moon.run_text("ols('y ~ x')", "t.mt");
  CHECK(contains(outcome.error, "ols: no data in use"));
}
