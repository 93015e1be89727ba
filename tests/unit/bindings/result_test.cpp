#include "support.hpp"

#include <catch2/catch.hpp>

TEST_CASE("fields of a result") {
  Running moon;
  REQUIRE(moon.run("m = ols(ser ~ treat + lngdp)").ok);
  CHECK(moon.value("m.nobs") == "30");
  CHECK(moon.value("m.coef.treat == m.coef[1]") == "true");
  CHECK(moon.value("#m.coef") == "3");
  CHECK(moon.value("m.coef.treat / m.se.treat - m.t.treat") == "0.0");
  CHECK(moon.value("math.abs(m.vcov.treat.treat - m.se.treat^2) < 1e-12") == "true");
  CHECK(moon.value("(function() local s = '' for k in pairs(m.coef) do s = s .. k .. ' ' end return s end)()") ==
        "treat lngdp _cons ");
  CHECK(contains(moon.error("x = m.coef.tret"), "no coefficient 'tret'"));
  CHECK(contains(moon.error("x = m.coef.tret"), "did you mean 'treat'?"));
  CHECK(contains(moon.error("x = m.cof"), "did you mean 'coef'?"));
  CHECK(contains(moon.error("m.coef.treat, m.coef.z = 1, 2"), "cannot be changed"));
}

TEST_CASE("methods of a result") {
  Running moon;
  REQUIRE(moon.run("m = feols(ser ~ treat:post + lngdp, fe='city + year')").ok);
  CHECK(contains(moon.value("m:summary()"), "treat:post"));
  CHECK(moon.value("math.abs(m:test('lngdp = 0').statistic - m.t.lngdp^2) < 1e-9") == "true");
  CHECK(moon.value("math.abs(m:lincom('2*lngdp').estimate - 2*m.coef.lngdp) < 1e-12") == "true");
  CHECK(moon.value("m:confint().lngdp.low < m.coef.lngdp") == "true");
  CHECK(moon.value("m:vcov_as(cluster(city)).se.lngdp == m:vcov_as('cluster city').se.lngdp") == "true");
  CHECK(moon.value("#m:residuals()") == "30");
  CHECK(contains(moon.value("m:json()"), "\"coefficients\""));
  CHECK(contains(moon.error("m.test('lngdp')"), "called with a colon"));
  CHECK(contains(moon.error("m:confint(levl=0.9)"), "did you mean 'level'?"));
}

TEST_CASE("the call is kept as written") {
  Running moon;
  REQUIRE(moon.run("m = ols(ser ~\n        lngdp,  -- controls\n  fe='city')").ok);
  CHECK(moon.value("m.call") == "ols(ser ~ lngdp, fe='city')");
}
