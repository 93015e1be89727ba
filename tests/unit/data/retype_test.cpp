#include "data/retype.hpp"
#include "core/error.hpp"

#include <catch2/catch.hpp>

#include <cmath>

using data::Column;
using Words = std::vector<std::string>;

namespace {
std::string shown(const data::ColumnPtr& column) {
  std::string out;
  for (std::size_t i = 0; i < column->size(); ++i) out += (i ? " " : "") + (column->missing(i) ? "." : column->text(i));
  return out;
}
data::Destrung destrung(const Words& words, data::DestringOptions options = {}) {
  return data::destring(*Column::texts(words), options);
}
}  // namespace

TEST_CASE("encode numbers the words, decode brings them back", "[retype]") {
  const auto text = Column::texts(Words{"b", "a", "", "c", "a"});
  const auto category = data::encode(*text, data::LevelOrder::alphabetical);
  CHECK(category->numbers()[0] == 2);
  CHECK(category->numbers()[1] == 1);
  CHECK(category->missing(2));
  CHECK(shown(data::decode(*category)) == shown(text));
  CHECK(data::encode(*text, data::LevelOrder::appearance)->numbers()[0] == 1);
  CHECK(data::encode(*text, data::LevelOrder::alphabetical, {"c", "b", "a", "z"})->numbers()[3] == 1);
  CHECK_THROWS_WITH(data::encode(*text, data::LevelOrder::alphabetical, {"a", "b"}),
                    Catch::Contains("'c' is none of the levels"));
  CHECK_THROWS_AS(data::encode(*text, data::LevelOrder::alphabetical, {"a", "b", "c", "a"}), core::Error);
  CHECK_THROWS_AS(data::encode(*Column::reals({1}), data::LevelOrder::alphabetical), core::Error);
  CHECK_THROWS_AS(data::decode(*text), core::Error);
}

TEST_CASE("numbers are read out of text", "[retype]") {
  CHECK(destrung({"1", " 2 ", "", "-3", "+4"}).column->type() == data::Type::integer);
  CHECK(shown(destrung({"1.5", "2e3", "."}).column) == "1.5 2000 .");
  CHECK(destrung({"1", "x", "x", "1,000", "nan", "inf", "0x10", "1 2", "--1", "+-1"}).failed == 9);
  CHECK(destrung({"x", "y", "x"}).examples == Words{"x", "y"});
  CHECK(shown(destrung({"¥1,000", "2,5"}, {.ignore = "¥,"}).column) == "1000 25");
  CHECK(shown(destrung({"12.5%", "3 %"}, {.percent = true}).column) == "0.125 0.03");
  CHECK(shown(destrung({"1,5"}, {.comma = true}).column) == "1.5");
  CHECK(destrung({"1.5"}, {.comma = true}).failed == 1);
  CHECK(destrung({"9007199254740993"}).column->type() == data::Type::real);
}

TEST_CASE("numbers are written as text that reads back", "[retype]") {
  CHECK(shown(data::tostring(*Column::reals({0.1, std::nan(""), 1e300})).column) == "0.1 . 1e+300");
  CHECK(shown(data::tostring(*Column::integers({1, data::missing_integer, -7}), "%03d").column) == "001 . -07");
  CHECK(data::tostring(*Column::reals({0.125, 0.5}), "%.1f").inexact == 1);
  for (const char* format : {"", "%s", "%d%d", "%5", "%n", "%*d", "%.3d", "x%f", "%123f", "%lf"})
    if (*format) CHECK_THROWS_AS(data::tostring(*Column::reals({1}), format), core::Error);
  CHECK_THROWS_AS(data::tostring(*Column::texts(Words{"a"})), core::Error);
}
