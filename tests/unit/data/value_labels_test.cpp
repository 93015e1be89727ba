#include "data/value_labels.hpp"

#include "core/error.hpp"

#include <catch2/catch.hpp>

#include <cmath>

using data::Column;
using data::ValueLabels;

TEST_CASE("labels make levels by number, and the numbers stay", "[labels]") {
  const auto column =
      data::with_value_labels(*Column::reals({3, 1, std::nan(""), 2}), {{1, "low"}, {2, "high"}, {9, "never"}});
  CHECK(*column->dictionary() == std::vector<std::string>{"low", "high", "3", "never"});
  CHECK(column->text(0) == "3");
  CHECK(column->text(1) == "low");
  CHECK(column->missing(2));
  CHECK(column->number(3) == 2);
  CHECK(data::value_labels(*column) == ValueLabels{{1, "low"}, {2, "high"}, {9, "never"}});
  const auto plain = data::without_value_labels(*column);
  CHECK(plain->type() == data::Type::integer);
  CHECK(plain->integers()[0] == 3);
  CHECK(plain->missing(2));
  CHECK(data::value_labels(*plain).empty());
}

TEST_CASE("equal and empty labels are told apart by their numbers", "[labels]") {
  CHECK(data::distinct_labels({{1, "x"}, {2, "x"}, {3, ""}}) == std::vector<std::string>{"x[1]", "x[2]", "[3]"});
  // the label of 1 reads as the number 2
  const auto column = data::with_value_labels(*Column::integers({1, 2}), {{1, "2"}});
  CHECK(column->text(0) == "2[1]");
  CHECK(column->text(1) == "2[2]");
}

TEST_CASE("text, dates and categories without numbers take no labels", "[labels]") {
  CHECK_THROWS_AS(data::with_value_labels(*Column::texts(std::vector<std::string>{"a"}), {{1, "x"}}), core::Error);
  CHECK_THROWS_AS(data::with_value_labels(*Column::dates({1}), {{1, "x"}}), core::Error);
  const auto words = std::make_shared<const std::vector<std::string>>(std::vector<std::string>{"a"});
  CHECK_THROWS_AS(data::with_value_labels(*Column::categories({0}, words), {{1, "x"}}), core::Error);
}

TEST_CASE("labels of numbers that do not occur stay or go", "[labels]") {
  const ValueLabels labels = {{1, "one"}, {2, "two"}};
  CHECK(data::labelled_numbers({1}, labels, data::UnusedLabels::keep)->dictionary()->size() == 2);
  CHECK(data::labelled_numbers({1}, labels, data::UnusedLabels::leave_out)->dictionary()->size() == 1);
}
