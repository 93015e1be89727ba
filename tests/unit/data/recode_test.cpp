#include "data/recode.hpp"
#include "core/error.hpp"

#include <catch2/catch.hpp>

#include <cmath>

using data::Column;

namespace {
std::string shown(const data::ColumnPtr& column) {
  std::string out;
  for (std::size_t i = 0; i < column->size(); ++i) out += (i ? " " : "") + (column->missing(i) ? "." : column->text(i));
  return out;
}
std::string recoded(const data::ColumnPtr& column, const std::string& rules) {
  const bool text = !column->is_numeric();
  return shown(data::recode(*column, data::parse_recode(rules, text)).column);
}
const data::ColumnPtr numbers = Column::reals({1, 2.5, 3, 4, std::nan(""), 7});
const data::ColumnPtr words = Column::texts(std::vector<std::string>{"a", "b", "", "c", "a"});
}  // namespace

TEST_CASE("the first rule that takes a value counts", "[recode]") {
  CHECK(recoded(numbers, "1/3=1 4=. else=0") == "1 1 1 . 0 0");
  CHECK(recoded(numbers, "(1 4=10) (3/4=20)") == "10 2.5 20 10 . 7");
  CHECK(recoded(numbers, "missing=-1") == "1 2.5 3 4 -1 7");
  CHECK(recoded(numbers, "nonmissing=5") == "5 5 5 5 . 5");
  CHECK(recoded(numbers, "min/3=copy *=0") == "1 2.5 3 0 0 0");
  CHECK(recoded(numbers, "4/max=9, -1=3") == "1 2.5 3 9 . 9");
  CHECK(recoded(numbers, "4=.") == "1 2.5 3 . . 7");
}

TEST_CASE("labels make a category whose numbers stay", "[recode]") {
  const auto done =
      data::recode(*Column::integers({1, 2, 3, 9}), data::parse_recode("(1/2=1 'low') (3=2 \"high\")", false));
  CHECK(done.column->type() == data::Type::category);
  CHECK(shown(done.column) == "low low high 9");
  CHECK(done.column->numbers() == std::vector<double>{1, 1, 2, 9});
  CHECK(done.changed == 2);
  CHECK(done.unruled == 1);
}

TEST_CASE("texts are recoded by words", "[recode]") {
  CHECK(recoded(words, "'a' 'b'='x'") == "x x . c x");
  CHECK(recoded(words, "'a'=1 'b'=2 else=0") == "1 2 0 0 1");
  CHECK(recoded(words, "'a'='' ") == ". b . c .");
  CHECK_THROWS_WITH(recoded(words, "'a'=1"), Catch::Contains("no rule for 'b' (row 2)"));
  CHECK_THROWS_WITH(recoded(words, "1=2"), Catch::Contains("the column is text"));
  CHECK_THROWS_WITH(recoded(numbers, "'a'=2"), Catch::Contains("holds numbers"));
  CHECK_THROWS_WITH(recoded(numbers, "1=2 3='x'"), Catch::Contains("texts and numbers"));
}

TEST_CASE("rules that are none are refused where they stand", "[recode]") {
  for (const char* rules :
       {"", "1", "=1", "1=", "1/=2", "3/1=2", "(1=2", "1=2)", "x=1", "min=1", "1='a", "1=max", "1==2"})
    CHECK_THROWS_AS(data::parse_recode(rules, false), core::Error);
}

TEST_CASE("rows that are not chosen stay", "[recode]") {
  const std::vector<std::uint8_t> rows{1, 1, 0, 1, 1, 0};
  CHECK(shown(data::recode(*numbers, data::parse_recode("else=0", false), rows).column) == "0 0 3 0 0 7");
}

TEST_CASE("whole numbers stay whole, beyond what a double holds", "[recode]") {
  const auto big = Column::integers({9007199254740993, 1, data::missing_integer, 5});
  CHECK(recoded(big, "1=2 missing=7") == "9007199254740993 2 7 5");
  CHECK(recoded(Column::integers({1, 1'000'000'000'000, 3}), "1=2 3=.") == "2 1000000000000 .");
  CHECK(recoded(Column::booleans({0, 1, data::missing_boolean}), "0=10") == "10 1 .");
  CHECK(data::recode(*Column::integers({1, 2}), data::parse_recode("1=0.5", false)).column->type() == data::Type::real);
}
