#include "data/panel.hpp"
#include "core/error.hpp"
#include "core/parallel.hpp"
#include "data/date.hpp"

#include <catch2/catch.hpp>

using Catch::Matchers::Contains;
using data::Column;
using data::make_panel;
using data::Panel;

namespace {
using Rows = std::vector<std::int64_t>;
data::ColumnPtr days(const std::vector<std::string>& dates) {
  Rows out;
  for (const std::string& date : dates) out.push_back(data::parse_iso_date(date).value());
  return Column::dates(out);
}
}  // namespace

TEST_CASE("lags respect gaps and never cross units") {
  const auto unit = Column::integers({1, 1, 1, 2, 2});
  const auto year = Column::integers({2013, 2011, 2010, 2011, 2010});
  const Panel panel = make_panel(*unit, *year, "id", "year");
  CHECK(panel.order == std::vector<std::uint32_t>{2, 1, 0, 4, 3});
  CHECK(panel.start == std::vector<std::uint32_t>{0, 3, 5});
  CHECK(panel.step == 1);
  CHECK(panel.first == 2010);
  CHECK(panel.periods == 3);
  CHECK_FALSE(panel.balanced);
  CHECK(panel.gaps);
  CHECK(panel.shifted_rows(1) == Rows{-1, 2, -1, 4, -1});
  CHECK(panel.shifted_rows(2) == Rows{1, -1, -1, -1, -1});
  CHECK(panel.shifted_rows(-1) == Rows{-1, -1, 1, -1, 3});
  CHECK(panel.shifted_rows(0) == Rows{0, 1, 2, 3, 4});
  CHECK(panel.shifted_rows(100) == Rows{-1, -1, -1, -1, -1});
}

TEST_CASE("the step is the greatest common divisor of the gaps") {
  const auto unit = Column::texts(std::vector<std::string>{"a", "a", "a", "b", "b", "b"});
  const auto wave = Column::reals({2000, 2004, 2010, 2000, 2004, 2010});
  const Panel panel = make_panel(*unit, *wave, "id", "wave");
  CHECK(panel.step == 2);
  CHECK(panel.times == Rows{0, 2, 5, 0, 2, 5});
  CHECK(panel.balanced);  // both have all three waves …
  CHECK(panel.gaps);      // … and lags still do not reach over the waves nobody has
  CHECK(panel.shifted_rows(1) == Rows{-1, -1, -1, -1, -1, -1});
  CHECK(panel.shifted_rows(2) == Rows{-1, 0, -1, -1, 3, -1});
}

TEST_CASE("monthly and quarterly dates count in months, others in days") {
  const auto unit = Column::integers({1, 1, 1});
  const Panel monthly = make_panel(*unit, *days({"2020-01-01", "2020-02-01", "2020-03-01"}), "id", "date");
  CHECK(monthly.time_unit == data::TimeUnit::month);
  CHECK(monthly.step == 1);
  CHECK(monthly.shifted_rows(1) == Rows{-1, 0, 1});
  const Panel quarter_ends = make_panel(*unit, *days({"2020-03-31", "2020-06-30", "2020-09-30"}), "id", "date");
  CHECK(quarter_ends.time_unit == data::TimeUnit::month);
  CHECK(quarter_ends.step == 3);
  CHECK(quarter_ends.shifted_rows(1) == Rows{-1, 0, 1});
  const Panel weekly = make_panel(*unit, *days({"2020-01-01", "2020-01-08", "2020-01-22"}), "id", "date");
  CHECK(weekly.time_unit == data::TimeUnit::day);
  CHECK(weekly.step == 7);
  CHECK(weekly.shifted_rows(1) == Rows{-1, 0, -1});
}

TEST_CASE("what cannot be a panel is refused with the row") {
  const auto unit = Column::texts(std::vector<std::string>{"Rome", "Rome", "Oslo"});
  CHECK_THROWS_WITH(make_panel(*unit, *Column::integers({1, 1, 1}), "city", "year"),
                    Contains("city Rome has year 1 twice, in rows 1 and 2"));
  CHECK_THROWS_WITH(make_panel(*unit, *Column::reals({1, 1.5, 1}), "city", "year"),
                    Contains("not a whole number in row 2: 1.5"));
  CHECK_THROWS_WITH(make_panel(*unit, *Column::integers({1, data::missing_integer, 1}), "city", "year"),
                    Contains("time 'year' is missing in row 2"));
  CHECK_THROWS_WITH(make_panel(*unit, *unit, "city", "year"), Contains("time 'year' is a string column"));
  CHECK_THROWS_WITH(
      make_panel(*Column::texts(std::vector<std::string>{"", "a", "b"}), *Column::integers({1, 2, 3}), "city", "year"),
      Contains("unit 'city' is missing in row 1"));
}

TEST_CASE("lags are the same for any number of threads, and agree with a slow search") {
  std::vector<std::int64_t> unit;
  std::vector<std::int64_t> time;
  for (std::int64_t i = 0; i < 30000; ++i) {
    const std::int64_t shuffled = (i * 7919) % 30000;
    if (shuffled % 7 == 3) continue;
    unit.push_back(shuffled / 5);
    time.push_back(shuffled % 5);
  }
  const Panel panel = make_panel(*Column::integers(unit), *Column::integers(time), "id", "t");
  const int before = core::threads();
  core::set_threads(1);
  const Rows one = panel.shifted_rows(1);
  core::set_threads(2);
  const Rows two = panel.shifted_rows(1);
  core::set_threads(before);
  CHECK(one == two);
  std::vector<std::int64_t> row_of(30000 + 5, -1);
  for (std::size_t i = 0; i < unit.size(); ++i)
    row_of[static_cast<std::size_t>(unit[i] * 5 + time[i])] = static_cast<std::int64_t>(i);
  for (std::size_t i = 0; i < unit.size(); ++i)
    REQUIRE(one[i] == (time[i] == 0 ? -1 : row_of[static_cast<std::size_t>(unit[i] * 5 + time[i] - 1)]));
}

TEST_CASE("a selection keeps the step of the whole panel") {
  const auto unit = Column::integers({1, 1, 1, 1});
  const Panel panel = make_panel(*unit, *Column::integers({1, 2, 3, 4}), "id", "t");
  const std::vector<std::uint32_t> odd = {0, 2};
  const auto part = data::take_rows(panel, odd);
  REQUIRE(part);
  CHECK(part->step == 1);
  CHECK(part->shifted_rows(1) == Rows{-1, -1});
  CHECK(part->shifted_rows(2) == Rows{-1, 0});
}
