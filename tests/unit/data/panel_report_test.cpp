#include "data/panel_report.hpp"
#include "data/date.hpp"

#include <catch2/catch.hpp>

using data::Column;

TEST_CASE("the panel report counts units, periods, holes and patterns") {
  const auto unit = Column::integers({1, 1, 1, 2, 2, 3, 3, 3});
  const auto year = Column::integers({2010, 2011, 2012, 2010, 2012, 2012, 2011, 2010});
  const data::PanelReport r = data::report(data::make_panel(*unit, *year, "id", "year"));
  CHECK(r.rows == 8);
  CHECK(r.units == 3);
  CHECK(r.periods == 3);
  CHECK(r.first == "2010");
  CHECK(r.last == "2012");
  CHECK(r.step == "1");
  CHECK_FALSE(r.balanced);
  CHECK(r.missing_pairs == 1);
  CHECK(r.gaps == 1);
  CHECK(r.units_with_gaps == 1);
  CHECK(r.rows_per_unit == std::array<double, 7>{2, 2, 2, 3, 3, 3, 3});
  CHECK(r.mean_rows_per_unit == Approx(8.0 / 3));
  REQUIRE(r.patterns.size() == 2);
  CHECK(r.patterns[0] == std::pair<std::string, std::int64_t>{"111", 2});
  CHECK(r.patterns[1].first == "1.1");
}

TEST_CASE("dates are reported as dates") {
  const auto unit = Column::integers({1, 1, 1});
  const auto quarters =
      Column::dates({data::parse_iso_date("2019-12-31").value(), data::parse_iso_date("2020-03-31").value(),
                     data::parse_iso_date("2020-09-30").value()});
  const data::PanelReport r = data::report(data::make_panel(*unit, *quarters, "id", "quarter"));
  CHECK(r.first == "2019-12");
  CHECK(r.last == "2020-09");
  CHECK(r.step == "3 months");
  CHECK(r.gaps == 1);
  CHECK(r.balanced);
  const auto weeks = Column::dates({18262, 18269, 18276});
  const data::PanelReport w = data::report(data::make_panel(*unit, *weeks, "id", "week"));
  CHECK(w.first == "2020-01-01");
  CHECK(w.step == "7 days");
}
