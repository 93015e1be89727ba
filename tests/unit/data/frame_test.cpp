#include "data/frame.hpp"
#include "core/error.hpp"

#include <catch2/catch.hpp>

using Catch::Matchers::Contains;
using data::Column;
using data::Frame;

namespace {
Frame cities() {
  return Frame("cities")
      .with("city", Column::texts(std::vector<std::string>{"A", "A", "B", "B"}))
      .with("year", Column::integers({2011, 2012, 2011, 2012}))
      .with("treat", Column::integers({0, 0, 1, 1}));
}
}  // namespace

TEST_CASE("a missing column is named with the near one") {
  const Frame frame = cities();
  CHECK(frame.find("tret") == nullptr);
  try {
    frame.at("tret");
    FAIL("no error");
  } catch (const core::Error& error) {
    CHECK(error.message() == "no column 'tret' in frame 'cities'");
    REQUIRE(error.hints().size() == 1);
    CHECK_THAT(error.hints()[0], Contains("did you mean 'treat'?"));
    CHECK_THAT(error.hints()[0], Contains("city, year, treat"));
    CHECK(error.word() == "tret");
  }
}

TEST_CASE("verbs make new frames and leave the old one") {
  const Frame frame = cities();
  const Frame wider = frame.with("x", Column::reals({1, 2, 3, 4}));
  CHECK(frame.width() == 3);
  CHECK(wider.width() == 4);
  CHECK(wider.with("x", Column::reals({4, 3, 2, 1})).names().back() == "x");
  CHECK(wider.without("year").names() == std::vector<std::string>{"city", "treat", "x"});
  CHECK(wider.renamed("x", "z").names().back() == "z");
  CHECK_THROWS_WITH(wider.renamed("x", "year"), Contains("already has a column 'year'"));
  CHECK_THROWS_WITH(frame.with("short", Column::reals({1})), Contains("has 1 value, but frame 'cities' has 4 rows"));
  const std::vector<std::string> names = {"treat", "city"};
  CHECK(wider.selected(names).names() == names);
  const std::vector<std::string> twice = {"treat", "treat"};
  CHECK_THROWS_WITH(wider.selected(twice), Contains("named twice"));
}

TEST_CASE("the panel index follows rows and names, and ends with its columns") {
  const Frame frame = cities().with_panel("city", "year");
  REQUIRE(frame.panel() != nullptr);
  const std::vector<std::uint32_t> backwards = {3, 2, 1};
  const Frame part = frame.take(backwards);
  REQUIRE(part.panel() != nullptr);
  CHECK_FALSE(part.panel()->balanced);
  CHECK(part.panel()->times == std::vector<std::int64_t>{1, 0, 1});
  CHECK(part.panel()->shifted_rows(1) == std::vector<std::int64_t>{1, -1, -1});
  const std::vector<std::uint32_t> repeated = {0, 0};
  CHECK(frame.take(repeated).panel() == nullptr);
  CHECK(frame.renamed("year", "t").panel()->time == "t");
  CHECK(frame.with("year", Column::integers({1, 2, 1, 2})).panel() == nullptr);
  CHECK(frame.without("city").panel() == nullptr);
  CHECK(frame.with("x", Column::reals({1, 2, 3, 4})).panel() != nullptr);
}

TEST_CASE("a panel without a unit is one time series") {
  const Frame series = Frame().with("year", Column::integers({2012, 2010, 2011}));
  const Frame declared = series.with_panel("", "year");
  REQUIRE(declared.panel() != nullptr);
  CHECK(declared.panel()->shifted_rows(1) == std::vector<std::int64_t>{2, -1, 1});
  CHECK_THROWS_WITH(cities().with_panel("", "year"), Contains("time series: year 2011 twice, in rows 1 and 3"));
}
