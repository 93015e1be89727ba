#include "data/adoption.hpp"
#include "data/date.hpp"

#include <catch2/catch.hpp>

using data::DatingRule;

namespace {
data::Panel years(std::int64_t first) {
  data::Panel panel;
  panel.first = first;
  return panel;
}
std::int64_t day(const char* text) { return *data::parse_iso_date(text); }
std::int64_t year(const char* text, DatingRule rule, int month = 0, int on = 0) {
  return 2010 + data::adoption_period(years(2010), day(text), rule, month, on);
}
}  // namespace

TEST_CASE("a day stands for a year by the rule", "[adoption]") {
  CHECK(year("2015-06-30", DatingRule::same_period) == 2015);
  CHECK(year("2015-06-30", DatingRule::half_period) == 2015);
  CHECK(year("2015-07-01", DatingRule::half_period) == 2016);
  CHECK(year("2015-09-30", DatingRule::half_period, 10, 1) == 2015);
  CHECK(year("2015-10-01", DatingRule::half_period, 10, 1) == 2016);
  CHECK(year("2015-01-01", DatingRule::full_period) == 2015);
  CHECK(year("2015-01-02", DatingRule::full_period) == 2016);
  CHECK(year("2009-12-31", DatingRule::same_period) == 2009);
}

TEST_CASE("months are periods too", "[adoption]") {
  data::Panel panel;
  panel.time_unit = data::TimeUnit::month;
  panel.first = 2015 * 12;
  panel.step = 3;
  CHECK(data::adoption_period(panel, day("2015-05-20"), DatingRule::same_period) == 1);
  CHECK(data::adoption_period(panel, day("2015-05-20"), DatingRule::full_period) == 2);
  CHECK(data::adoption_period(panel, day("2015-04-01"), DatingRule::full_period) == 1);
  CHECK(data::adoption_period(panel, day("2014-12-31"), DatingRule::same_period) == -1);
  CHECK(data::period_start(panel, 1) == day("2015-04-01"));
}

TEST_CASE("the audit names what does not fit", "[adoption]") {
  const std::vector<data::Entry> entries{{"A", 2, "2012"}, {"A", 1, "2011"},  {"B", -1, "2009"},
                                         {"C", 9, "2019"}, {"Dd", 1, "2011"}, {"E", data::no_period, ""}};
  const auto done = data::assign_adoption(entries, {"A", "B", "C", "D", "E"}, 0, 5);
  CHECK(done.unit_period == std::vector<std::int64_t>{1, -1, 9, data::no_period, data::no_period});
  CHECK(done.used == 3);
  std::vector<std::string> kinds;
  for (const auto& finding : done.findings) kinds.push_back(finding.kind + " " + finding.unit);
  CHECK(kinds == std::vector<std::string>{"double entry A", "unmatched Dd", "no date E", "before the panel B",
                                          "after the panel C"});
  CHECK(done.findings[0].detail == "2011 kept, not 2012");
}
