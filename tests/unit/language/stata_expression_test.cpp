#include "language/stata_expression.hpp"

#include <catch2/catch.hpp>

#include "core/error.hpp"

using language::plain_expression;
using language::range_condition;

TEST_CASE("what needs no change comes back as it was") {
  for (const std::string text : {"", "x  >  1 and y", "log(x)/2 + .5", "x == \"a | b\"", "L.x - 1e-5*y", "x != 'mi(x)'",
                                 "round(x)", "sum(x)", "x in {1, 2}", "!x & y", "1.5e+3"})
    CHECK(plain_expression(text) == text);
}

TEST_CASE("missing values") {
  CHECK(plain_expression("x == .") == "missing(x)");
  CHECK(plain_expression("x >= .") == "missing(x)");
  CHECK(plain_expression("x < . & y != .") == "(not missing(x)) & (not missing(y))");
  CHECK(plain_expression("L.x == .") == "missing(L.x)");
  CHECK(plain_expression("log(x + 1) == .") == "missing(log(x + 1))");
  CHECK(plain_expression("a & x + y*2 == .") == "a & missing(x + y*2)");
  CHECK(plain_expression("(x + y) == . | z") == "missing((x + y)) or z");
  CHECK(plain_expression("mi(x, y)") == "missing(x, y)");
  CHECK(plain_expression("!mi(x)") == "!missing(x)");
  CHECK(plain_expression("cond(x > 0, x, .)") == "cond(x > 0, x, (0/0))");
  CHECK(plain_expression(".") == "(0/0)");
}

TEST_CASE("functions that Stata has otherwise") {
  CHECK(plain_expression("inlist(x, 1, 2) | z") == "(x in {1, 2}) or z");
  CHECK(plain_expression("inlist(s, \"a, b\", \"c\")") == "(s in {\"a, b\", \"c\"})");
  CHECK(plain_expression("inrange(x, 1, y + 1)") == "(x >= 1 and x <= y + 1)");
  CHECK(plain_expression("round(x, .01)") == "(round((x) / (.01)) * (.01))");
  CHECK(plain_expression("sum(mi(x))", true) == "cumsum(missing(x))");
  CHECK(plain_expression("inlist(round(x, 5), 1) == .") == "missing(((round((x) / (5)) * (5)) in {1}))");
}

TEST_CASE("subscripts are rows by number") {
  CHECK(plain_expression("x[_n-1]") == "nth(x, _n-1)");
  CHECK(plain_expression("y - x[1]") == "y - nth(x, 1)");
}

TEST_CASE("hostile nesting is refused, not followed") {
  std::string text;
  for (int i = 0; i < 100000; ++i) text += "mi(";
  CHECK(plain_expression(text) == text);
  CHECK_THROWS_AS(plain_expression(text + "x" + std::string(100000, ')')), core::Error);
}

TEST_CASE("ranges of rows") {
  CHECK(range_condition("1/10") == "_n >= 1 and _n <= 10");
  CHECK(range_condition("-5/l") == "_n >= _N + 1 - 5 and _n <= _N");
  CHECK(range_condition("f/3") == "_n >= 1 and _n <= 3");
  CHECK(range_condition("7") == "_n == 7");
  CHECK_THROWS_AS(range_condition("0/3"), core::Error);
  CHECK_THROWS_AS(range_condition("3/"), core::Error);
  CHECK_THROWS_AS(range_condition("a/b"), core::Error);
}
