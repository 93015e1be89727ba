#include "data/column.hpp"
#include "core/error.hpp"
#include "data/date.hpp"

#include <catch2/catch.hpp>

using data::Column;
using data::ColumnPtr;

namespace {
const double hole = std::numeric_limits<double>::quiet_NaN();
}

TEST_CASE("columns know their type, their missing values and their text") {
  const ColumnPtr x = Column::reals({1.5, hole, -2});
  CHECK(x->type() == data::Type::real);
  CHECK(x->size() == 3);
  CHECK(x->missing(1));
  CHECK(x->count_missing() == 1);
  CHECK(x->text(0) == "1.5");
  CHECK(x->text(1).empty());

  const ColumnPtr i = Column::integers({7, data::missing_integer});
  CHECK(i->number(0) == 7);
  CHECK(std::isnan(i->number(1)));
  CHECK(i->text(0) == "7");

  const ColumnPtr b = Column::booleans({1, 0, data::missing_boolean});
  CHECK(b->numbers()[0] == 1);
  CHECK(std::isnan(b->numbers()[2]));
  CHECK(b->text(1) == "false");

  const ColumnPtr t = Column::texts(std::vector<std::string>{"b", "a", "", "b"});
  CHECK(t->codes()[0] == 0);
  CHECK(t->codes()[1] == 1);
  CHECK(t->missing(2));
  CHECK(t->codes()[3] == 0);
  CHECK(t->dictionary()->size() == 2);
  CHECK_FALSE(t->is_numeric());
  CHECK_THROWS_AS(t->numbers(), core::Error);

  const auto levels = std::make_shared<std::vector<std::string>>(std::vector<std::string>{"low", "high"});
  const ColumnPtr c = Column::categories({1, 0, -1}, levels, {10, 20});
  CHECK(c->number(0) == 20);
  CHECK(std::isnan(c->number(2)));
  CHECK(c->text(0) == "high");
  CHECK_THROWS_AS(Column::categories({0}, levels)->numbers(), core::Error);

  const ColumnPtr d = Column::dates({0, 18336});
  CHECK(d->text(0) == "1970-01-01");
  CHECK(d->text(1) == "2020-03-15");
}

TEST_CASE("take keeps order, repeats and labels") {
  const std::vector<std::uint32_t> rows = {2, 0, 2};
  const ColumnPtr t = Column::texts(std::vector<std::string>{"x", "y", "z"})->labelled("letters");
  const ColumnPtr taken = t->take(rows);
  CHECK(taken->text(0) == "z");
  CHECK(taken->text(1) == "x");
  CHECK(taken->text(2) == "z");
  CHECK(taken->label() == "letters");
  CHECK(Column::reals({1, 2, 3})->take(rows)->reals()[0] == 3);
}

TEST_CASE("dates and days are inverse over all of the calendar") {
  CHECK(data::parse_iso_date("2020-02-29") == 18321);
  CHECK(data::parse_iso_date("1900-02-28") == -25509);
  CHECK_FALSE(data::parse_iso_date("1900-02-29"));
  CHECK_FALSE(data::parse_iso_date("2020-13-01"));
  CHECK_FALSE(data::parse_iso_date("2020-1-01"));
  CHECK_FALSE(data::parse_iso_date("2020-01-01 "));
  for (std::int64_t day = -800000; day < 800000; day += 37)
    REQUIRE(data::days_from_civil(data::civil_from_days(day)) == day);
  for (std::int64_t day = -719000; day < 800000; day += 997) REQUIRE(data::parse_iso_date(data::iso_date(day)) == day);
}

TEST_CASE("group codes are dense, in order of first appearance, with missing apart") {
  const data::Grouping g = data::group(*Column::integers({30, 10, data::missing_integer, 30, 20}));
  CHECK(g.codes == std::vector<std::int32_t>{0, 1, -1, 0, 2});
  CHECK(g.first == std::vector<std::uint32_t>{0, 1, 4});

  // Far apart integers go through the hash table, near ones through a direct table: same codes.
  const std::int64_t far = 1LL << 50;
  CHECK(data::group(*Column::integers({30 * far, 10 * far, data::missing_integer, 30 * far, 20 * far})).codes ==
        g.codes);
  CHECK(data::group(*Column::reals({30, 10, hole, 30, 20})).codes == g.codes);
  CHECK(data::group(*Column::reals({0.0, -0.0})).levels() == 1);
  CHECK(data::group(*Column::booleans({1, 0, 2, 1})).codes == std::vector<std::int32_t>{0, 1, -1, 0});
  CHECK(data::group(*Column::texts(std::vector<std::string>{"c", "a", "", "c", "b"})).codes == g.codes);
  CHECK(data::group(*Column::reals({})).levels() == 0);

  const std::vector<std::uint32_t> rows = {4, 3, 0};
  const data::Grouping some = data::group(*Column::integers({30, 10, 5, 30, 20}), rows);
  CHECK(some.codes == std::vector<std::int32_t>{0, 1, 1});
  CHECK(some.first == std::vector<std::uint32_t>{4, 3});
}

TEST_CASE("many groups grow the table without loss") {
  std::vector<double> values;
  for (int i = 0; i < 20000; ++i) values.push_back((i % 7919) * 0.1);
  const data::Grouping g = data::group(*Column::reals(values));
  CHECK(g.levels() == 7919);
  for (int i = 0; i < 20000; ++i) REQUIRE(g.codes[static_cast<std::size_t>(i)] == i % 7919);
}

TEST_CASE("sorted groups follow the values") {
  const ColumnPtr text = Column::texts(std::vector<std::string>{"c", "a", "", "c", "b"});
  const data::Grouping g = data::sorted(data::group(*text), *text);
  CHECK(g.codes == std::vector<std::int32_t>{2, 0, -1, 2, 1});
  CHECK(g.first == std::vector<std::uint32_t>{1, 4, 0});
  const ColumnPtr number = Column::reals({3, -1, hole, 3, 2});
  CHECK(data::sorted(data::group(*number), *number).codes == g.codes);
}

TEST_CASE("combined groups are pairs; missing in one is missing") {
  const std::vector<ColumnPtr> columns = {Column::integers({1, 1, 2, 2, 1}),
                                          Column::texts(std::vector<std::string>{"a", "b", "a", "", "a"})};
  const data::Grouping g = data::group(columns);
  CHECK(g.codes == std::vector<std::int32_t>{0, 1, 2, -1, 0});
  CHECK(g.first == std::vector<std::uint32_t>{0, 1, 2});

  // Many levels on both sides leave the direct table for the hash table.
  std::vector<std::int64_t> a;
  std::vector<std::int64_t> b;
  for (std::int64_t i = 0; i < 3000; ++i) {
    a.push_back(i % 1500);
    b.push_back(i);
  }
  const data::Grouping pairs = data::combine(data::group(*Column::integers(a)), data::group(*Column::integers(b)));
  CHECK(pairs.levels() == 3000);
  CHECK(pairs.codes[2999] == 2999);
}
