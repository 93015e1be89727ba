#include "measures/tabulate.hpp"
#include "core/error.hpp"

#include <catch2/catch.hpp>

using Catch::Matchers::Contains;
using Catch::Matchers::WithinRel;
using data::Column;
using measures::tabulate;
using measures::Weighting;

namespace {
using Texts = std::vector<std::string>;
}

TEST_CASE("one-way tables are sorted and can count missing values") {
  const auto x = Column::integers({3, 1, 3, data::missing_integer, 2, 3});
  const auto t = tabulate(*x);
  CHECK(t.levels == Texts{"1", "2", "3"});
  CHECK(t.counts == std::vector<double>{1, 1, 3});
  CHECK(t.total == 5);
  CHECK(t.shares[2] == 0.6);
  CHECK(t.cumulative[1] == 0.4);
  const auto all = tabulate(*x, {}, {.missing = true});
  CHECK(all.levels == Texts{"1", "2", "3", ""});
  CHECK(all.total == 6);
}

TEST_CASE("weights count rows, or are rescaled to as many") {
  const auto x = Column::texts(Texts{"b", "a", "b", "c"});
  const std::vector<double> w = {2, 3, 1, 0};
  const auto f = tabulate(*x, w, {.weighting = Weighting::frequency});
  CHECK(f.levels == Texts{"a", "b"});
  CHECK(f.counts == std::vector<double>{3, 3});
  const auto a = tabulate(*x, w, {.weighting = Weighting::analytic});
  CHECK(a.total == 3);
  CHECK(a.counts == std::vector<double>{1.5, 1.5});
  CHECK_THROWS_WITH(tabulate(*x, std::vector<double>{1, 1, 1.5, 1}, {.weighting = Weighting::frequency}),
                    Contains("row 3 has 1.5"));
}

TEST_CASE("two-way tables with the test of independence agree with R") {
  // R 4.2.2: chisq.test(matrix(c(12,5,7,9,3,14), 2, byrow=TRUE), correct=FALSE)
  std::vector<std::int64_t> row;
  Texts column;
  const int cells[2][3] = {{12, 5, 7}, {9, 3, 14}};
  for (int r = 0; r < 2; ++r)
    for (int c = 0; c < 3; ++c)
      for (int k = 0; k < cells[r][c]; ++k) {
        row.push_back(10 * (r + 1));
        column.emplace_back(1, static_cast<char>('x' + c));
      }
  const auto t = tabulate(*Column::integers(row), *Column::texts(column));
  CHECK(t.rows == Texts{"10", "20"});
  CHECK(t.columns == Texts{"x", "y", "z"});
  CHECK(t.counts(1, 2) == 14);
  CHECK(t.total == 50);
  CHECK(t.df == 2);
  CHECK_THAT(t.chi2, WithinRel(3.18700396825396837, 1e-14));
  CHECK_THAT(t.p, WithinRel(0.20321271648133701, 1e-13));
  CHECK_THAT(t.cramers_v, WithinRel(0.25246797691010114, 1e-14));
  CHECK_THAT(t.row_shares()(0, 0), WithinRel(0.5, 1e-15));
  CHECK_THAT(t.column_shares()(1, 2), WithinRel(14.0 / 21, 1e-15));
  CHECK_THAT(t.shares().sum(), WithinRel(1.0, 1e-15));
}

TEST_CASE("levels that only left-out rows have do not appear") {
  const auto a = Column::integers({1, 2, 3});
  const auto b = Column::texts(Texts{"x", "x", ""});
  const auto t = tabulate(*a, *b);
  CHECK(t.rows == Texts{"1", "2"});
  CHECK(t.columns == Texts{"x"});
  CHECK(std::isnan(t.chi2));  // one column: nothing to test
  CHECK(tabulate(*a, *b, {}, {.missing = true}).columns == Texts{"x", ""});
}
