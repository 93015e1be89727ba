#include "support.hpp"

#include <catch2/catch.hpp>

TEST_CASE("an unknown name is an error with the near name") {
  Running moon;
  const std::string error = moon.error("x = sre");
  CHECK(contains(error, "unknown name 'sre'"));
  CHECK(contains(error, "did you mean 'ser'?"));
  CHECK(contains(error, "test.mt:1:  x = sre"));
  CHECK(contains(error, "\n                  ^^^"));
}

TEST_CASE("_G tests for existence, and locals hide columns") {
  Running moon;
  CHECK(moon.value("_G.sre") == "nil");
  CHECK(moon.value("_G.ser") == "nil");
  CHECK(moon.value("(function() local ser = 4; return ser end)()") == "4");
}

TEST_CASE("commands can be hidden and come back") {
  Running moon;
  REQUIRE(moon.run("version = 5").ok);
  CHECK(moon.value("version") == "5");
  REQUIRE(moon.run("version = nil").ok);
  CHECK(moon.value("version()") == "0.1.0");
}

TEST_CASE("library modules keep Lua's rules for globals") {
  Running moon;
  REQUIRE(moon.run("_G.f = load('return type(undefined_thing)')").ok);
  CHECK(moon.value("f()") == "nil");
}

TEST_CASE("columns of any frame that is open are names") {
  Running moon;
  CHECK(contains(moon.error("x = newcolumn"), "unknown name 'newcolumn'"));
  const bindings::FrameRef held =
      bindings::session(moon.moon.state()).open(data::Frame("other").with("newcolumn", data::Column::reals({1, 2})));
  CHECK(moon.value("newcolumn + 1") == "newcolumn + 1");
}
