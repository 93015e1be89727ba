#include "support.hpp"

#include "formula/parse.hpp"
#include "formula/tree.hpp"

#include <catch2/catch.hpp>

TEST_CASE("symbols build the tree that the string parses to") {
  Running moon;
  const std::vector<std::string> both = {"ser ~ treat + post",
                                         "ser ~ treat * post",
                                         "ser ~ treat:post + lngdp",
                                         "ser ~ treat:post:city",
                                         "log(ser) ~ lngdp^2",
                                         "ser ~ lngdp | city + year",
                                         "ser ~ i(year, ref=2013)",
                                         "ser ~ treat:i(year)",
                                         "ser ~ L.lngdp + L2.lngdp",
                                         "ser ~ i.year",
                                         "ser ~ lngdp - 1",
                                         "ser ~ city[lngdp]",
                                         "ser ~ 1 | city | lngdp ~ post",
                                         "ser ~ lngdp^2:treat",
                                         "-ser + 2*lngdp/3",
                                         "ser ~ lngdp:treat*post",
                                         "ser ~ L(lngdp, 1, 3)",
                                         "ser ~ I(lngdp*treat)",
                                         "city^year + post",
                                         "min(ser, 3)"};
  for (const std::string& text : both) {
    INFO(text);
    CHECK(moon.value(text) == formula::print(formula::parse(text)));
  }
}

TEST_CASE("both symbols of interaction, and the full factorial") {
  Running moon;
  CHECK(moon.value("ser ~ treat#post") == "ser ~ treat:post");
  CHECK(moon.value("ser ~ treat##post") == moon.value("ser ~ treat*post"));
  CHECK(moon.value("city[[lngdp]] + year") == "city[[lngdp]] + year");
}

TEST_CASE("numbers and strings stand on either side of a symbol") {
  Running moon;
  CHECK(moon.value("1 + ser") == "1 + ser");
  CHECK(moon.value("ser + 1") == "ser + 1");
  CHECK(moon.value("\"log(lngdp)\" + ser") == "log(lngdp) + ser");
  CHECK(moon.value("\"ser\" ~ lngdp") == "ser ~ lngdp");
}

TEST_CASE("building a formula changes no operand") {
  Running moon;
  REQUIRE(moon.run("base = ser ~ lngdp; other = base + post").ok);
  CHECK(moon.value("base") == "ser ~ lngdp");
  CHECK(moon.value("other") == formula::print(formula::parse("ser ~ lngdp + post")));
}

TEST_CASE("commands, library functions and prefix objects are columns as operands") {
  Running moon;
  CHECK(moon.value("ser ~ did + type") == "ser ~ did + type");
  CHECK(moon.value("type(1)") == "number");
  CHECK(moon.value("ser ~ treat:type") == "ser ~ treat:type");
  CHECK(contains(moon.error("x = ser + print"), "attempt to perform arithmetic on a function value"));
  CHECK(contains(moon.error("x = 1 + nil"), "attempt to perform arithmetic on a nil value"));
}

TEST_CASE("a comparison of symbols shows the string to write") {
  Running moon;
  CHECK(contains(moon.error("print(year >= 2013)"), "print \"year >= 2013\""));
  CHECK(contains(moon.error("print(2013 < year, 1)"), "write \"2013 < year\""));
  CHECK(contains(moon.error("print(where = year > lngdp + 1)"), "write \"year > lngdp + 1\""));
  CHECK(contains(moon.error("x = (ser == lngdp)"), "write \"ser == lngdp\""));
}

TEST_CASE("what symbols cannot do is said") {
  Running moon;
  CHECK(contains(moon.error("x = 'a' .. ser"), "tostring(ser) is its name"));
  CHECK(contains(moon.error("x = #ser"), "it has no length"));
  CHECK(contains(moon.error("x = ser.lngdp"), "an interaction is written ser:lngdp"));
  CHECK(contains(moon.error("x = ser(1)"), "'ser' is a column, not a function"));
  CHECK(contains(moon.error("local ser = 3; x = ser ~ lngdp"), "a variable hides the column"));
}

TEST_CASE("functions compute on numbers and build calls on symbols") {
  Running moon;
  CHECK(moon.value("log(1)") == "0.0");
  CHECK(moon.value("max(1, 3, 2)") == "3");
  CHECK(moon.value("log(ser)") == "log(ser)");
  CHECK(moon.value("col.print") == "print");
  CHECK(moon.value("col'GDP per head'") == "`GDP per head`");
}
