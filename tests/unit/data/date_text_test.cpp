#include "data/date_text.hpp"
#include "core/error.hpp"
#include "data/date.hpp"

#include <catch2/catch.hpp>

#include <string>

using data::DateFormat;

namespace {
std::string read(const std::string& format, const std::string& text) {
  const auto day = DateFormat(format).read(text);
  return day ? data::iso_date(*day) : ".";
}
std::int64_t day(const std::string& text) { return *data::parse_iso_date(text); }
}  // namespace

TEST_CASE("dates are read in the order of their parts", "[date]") {
  CHECK(read("ymd", "2020-03-15") == "2020-03-15");
  CHECK(read("ymd", "20200315") == "2020-03-15");
  CHECK(read("ymd", "2020年3月15日") == "2020-03-15");
  CHECK(read("dmy", "15.3.2020") == "2020-03-15");
  CHECK(read("MDY", "3/15/2020") == "2020-03-15");
  CHECK(read("dmy", "15 March 2020") == "2020-03-15");
  CHECK(read("mdy", "Sept. 1, 2020") == "2020-09-01");
  CHECK(read("ym", "2020m3") == ".");
  CHECK(read("ym", "2020-03") == "2020-03-01");
  CHECK(read("yq", "2020Q4") == "2020-10-01");
  CHECK(read("y", "2020") == "2020-01-01");
  for (const char* wrong : {"2021-02-29", "2020-13-01", "2020-00-01", "20-03-15", "2020-03-15 10:00", "x", "2020-03"})
    CHECK(read("ymd", wrong) == ".");
}

TEST_CASE("dates are read and written by strftime's signs", "[date]") {
  CHECK(read("%d/%m/%Y", "15/03/2020") == "2020-03-15");
  CHECK(read("%d/%m/%Y", "15-03-2020") == ".");
  CHECK(read("%d%b%Y", "15mar2020") == "2020-03-15");
  CHECK(read("%y%m%d", "690101") == "1969-01-01");
  CHECK(read("%y%m%d", "680101") == "2068-01-01");
  CHECK(read("%Y-%j", "2020-366") == "2020-12-31");
  CHECK(read("%Y-%j", "2021-366") == ".");
  CHECK(DateFormat("%Y-W%V-%u %a %b %e, %q%%").write(day("2021-01-03")) == "2021-W53-7 Sun Jan 3, 1%");
  CHECK(DateFormat("%G").write(day("2021-01-03")) == "2020");
  CHECK(DateFormat("dmy").write(day("2020-03-05")) == "05-03-2020");
  CHECK_FALSE(DateFormat("%V").readable());
  CHECK_THROWS_AS(DateFormat("%Q"), core::Error);
  CHECK_THROWS_AS(DateFormat("md"), core::Error);
  CHECK_THROWS_AS(DateFormat("yy"), core::Error);
}

TEST_CASE("weeks and weekdays are those of ISO 8601", "[date]") {
  // From the standard's own examples.
  for (const auto& [text, year, week] : {std::tuple{"2005-01-01", 2004, 53},
                                         {"2005-01-02", 2004, 53},
                                         {"2007-01-01", 2007, 1},
                                         {"2008-12-29", 2009, 1},
                                         {"2010-01-03", 2009, 53}}) {
    CHECK(data::iso_week(day(text)).year == year);
    CHECK(data::iso_week(day(text)).week == week);
  }
  CHECK(data::weekday(day("1969-12-31")) == 3);
  CHECK(data::weekday(day("2026-11-27")) == 5);
  CHECK(data::day_of_year(day("2020-12-31")) == 366);
}

TEST_CASE("months are added and counted on the calendar", "[date]") {
  CHECK(data::iso_date(data::add_months(day("2020-01-31"), 1)) == "2020-02-29");
  CHECK(data::iso_date(data::add_months(day("2020-01-31"), -2)) == "2019-11-30");
  CHECK(data::months_between(day("2020-01-31"), day("2020-02-29")) == 1);
  CHECK(data::months_between(day("2020-01-15"), day("2021-01-14")) == 11);
  CHECK(data::months_between(day("2021-01-15"), day("2020-01-15")) == -12);
  for (std::int64_t d = -100'000; d < 100'000; d += 977)
    for (std::int64_t m = 0; m < 40; m += 7) CHECK(data::months_between(d, data::add_months(d, m)) == m);
}
