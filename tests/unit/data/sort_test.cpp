#include "data/sort.hpp"
#include "core/error.hpp"

#include <catch2/catch.hpp>

using data::Column;
using data::Frame;
using data::SortKey;
using Rows = std::vector<std::uint32_t>;

namespace {
const double hole = std::numeric_limits<double>::quiet_NaN();

Frame frame() {
  const auto levels = std::make_shared<std::vector<std::string>>(std::vector<std::string>{"low", "high"});
  return Frame()
      .with("x", Column::reals({2, hole, -1, 2, 0.5}))
      .with("t", Column::texts(std::vector<std::string>{"b", "a", "b", "", "a"}))
      .with("c", Column::categories({1, 0, -1, 0, 1}, levels));
}
}  // namespace

TEST_CASE("sorting is stable, by several keys, with missing last both ways") {
  const Frame f = frame();
  CHECK(data::sorted_rows(f, std::vector<SortKey>{{"x"}}) == Rows{2, 4, 0, 3, 1});
  CHECK(data::sorted_rows(f, std::vector<SortKey>{{"x", true}}) == Rows{0, 3, 4, 2, 1});
  CHECK(data::sorted_rows(f, std::vector<SortKey>{{"t"}, {"x"}}) == Rows{4, 1, 2, 0, 3});
  CHECK(data::sorted_rows(f, std::vector<SortKey>{{"t", true}, {"x", true}}) == Rows{0, 2, 4, 1, 3});
  CHECK(data::sorted_rows(f, std::vector<SortKey>{{"c"}}) == Rows{1, 3, 0, 4, 2});  // by level, not by label
  CHECK(data::sorted_rows(f, {}) == Rows{0, 1, 2, 3, 4});
  CHECK_THROWS_AS(data::sorted_rows(f, std::vector<SortKey>{{"y"}}), core::Error);
}

TEST_CASE("distinct keeps the first row of each combination, missing included") {
  const Frame f = Frame()
                      .with("a", Column::integers({1, 1, 2, data::missing_integer, 1, data::missing_integer}))
                      .with("b", Column::texts(std::vector<std::string>{"x", "y", "x", "x", "x", "x"}));
  CHECK(data::distinct_rows(f, {}) == Rows{0, 1, 2, 3});
  const std::vector<std::string> a = {"a"};
  CHECK(data::distinct_rows(f, a) == Rows{0, 2, 3});
}

TEST_CASE("a condition keeps rows marked true; false and missing go") {
  const std::vector<std::uint8_t> marks = {1, 0, data::missing_boolean, 1, 0};
  CHECK(data::marked_rows(frame(), marks) == Rows{0, 3});
  CHECK_THROWS_WITH(data::marked_rows(frame(), std::vector<std::uint8_t>{1}),
                    "the condition has 1 value, but frame 'data' has 5 rows");
}
