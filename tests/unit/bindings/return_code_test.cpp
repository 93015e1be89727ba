#include "bindings/return_code.hpp"

#include "support.hpp"

#include <catch2/catch.hpp>

TEST_CASE("errors have Stata's return codes by their first line") {
  CHECK(bindings::return_code("ols: no column 'x' in frame 'data'\n  did you mean 'y'?") == 111);
  CHECK(bindings::return_code("no file 'a.dta'") == 601);
  CHECK(bindings::return_code("internal error: x") == 1);
  CHECK(bindings::return_code("") == 1);
  CHECK(bindings::return_code("x\nno column 'y'") == 1);  // only the first line decides
}
