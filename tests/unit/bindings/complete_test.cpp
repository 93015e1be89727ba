#include "support.hpp"

#include <algorithm>
#include <catch2/catch.hpp>

namespace {
std::vector<std::string> words(Running& moon, const std::string& text) {
  return moon.moon.complete(text, text.size()).words;
}
bool offers(const std::vector<std::string>& words, const std::string& word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}
}  // namespace

TEST_CASE("completion of commands, columns and globals") {
  Running moon;
  REQUIRE(moon.run("treated_model = 1").ok);
  CHECK(offers(words(moon, "x = tre"), "treat"));
  CHECK(offers(words(moon, "x = tre"), "treated_model"));
  CHECK(offers(words(moon, "feo"), "feols"));
  CHECK(words(moon, "zzz").empty());
  CHECK(moon.moon.complete("x = tre", 7).begin == 4);
}

TEST_CASE("completion of options inside a call") {
  Running moon;
  CHECK(offers(words(moon, "ols(ser ~ lngdp, vc"), "vcov="));
  CHECK(offers(words(moon, "ols(ser ~ log(lngdp), "), "fe="));
  CHECK_FALSE(offers(words(moon, "ols(ser ~ lngdp) + vc"), "vcov="));
}

TEST_CASE("completion of the values of options, and of columns in formulas") {
  Running moon;
  CHECK(offers(words(moon, "ols(ser ~ lngdp, vcov="), "\"hetero\""));
  CHECK(offers(words(moon, "ols(ser ~ lngdp, vcov="), "cluster("));
  CHECK(words(moon, "ols(ser ~ lngdp, vcov=\"het") == std::vector<std::string>{"hetero"});
  CHECK(words(moon, "correlate(ser, lngdp, method=\"sp") == std::vector<std::string>{"spearman"});
  CHECK(words(moon, "ols(ser ~ tre") == std::vector<std::string>{"treat"});
  CHECK_FALSE(offers(words(moon, "ols(ser ~ "), "ols"));
}

TEST_CASE("completion of fields and methods") {
  Running moon;
  REQUIRE(moon.run("m = ols(ser ~ treat + lngdp)").ok);
  CHECK(offers(words(moon, "m.vco"), "vcov"));
  CHECK(words(moon, "m.coef.tr") == std::vector<std::string>{"treat"});
  CHECK(offers(words(moon, "m:sum"), "summary"));
  CHECK(offers(words(moon, "m:confint(le"), "level="));
  CHECK(words(moon, "x = i.ye") == std::vector<std::string>{"year"});
  CHECK(offers(words(moon, "string.for"), "format"));
}

TEST_CASE("completion of columns in strings") {
  Running moon;
  const bindings::Interpreter::Completion found = moon.moon.complete("ols(\"ser ~ tre", 14);
  CHECK(found.words == std::vector<std::string>{"treat"});
  CHECK(found.begin == 11);
}

TEST_CASE("a formula's string stays open; kinds and help topics are offered, files where files are meant") {
  Running moon;
  REQUIRE(moon.run("m = ols(ser ~ treat + lngdp)").ok);
  CHECK(moon.moon.complete("ols(\"ser ~ tre", 14).closing.empty());
  CHECK(offers(words(moon, "m:predict("), "\"xb\""));
  CHECK(words(moon, "placebo(m, assign=\"t") == std::vector<std::string>{"time", "timing"});
  CHECK(offers(words(moon, "help plac"), "placebo"));
  CHECK(words(moon, "ols(ser ~ treat, fe=\"ye") == std::vector<std::string>{"year"});
}
