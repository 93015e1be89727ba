#include "measures/anova.hpp"
#include "core/error.hpp"
#include "unit/measures/nist.hpp"

#include <catch2/catch.hpp>

#include <map>

using Catch::Matchers::Contains;
using Catch::Matchers::WithinRel;

namespace {
measures::Anova of(const nist::Anova& set) {
  return measures::anova(set.y, data::group(*data::Column::integers(set.group)));
}
}  // namespace

TEST_CASE("NIST's certified analyses of variance: as many digits as double-precision input holds") {
  // What exact rational arithmetic on the stored doubles attains, in the least of the five numbers: the data have 3, 7
  // or 13 leading digits in common, so what is left of a double is short.
  const std::map<std::string, double> input_allows = {{"SiRstv", 13.0}, {"AtmWtAg", 10.1}, {"SmLs04", 10.0},
                                                      {"SmLs05", 9.9},  {"SmLs06", 9.9},   {"SmLs07", 4.0},
                                                      {"SmLs08", 3.9},  {"SmLs09", 3.9}};
  for (const nist::Anova& set : nist::anova()) {
    INFO(set.name);
    const measures::Anova a = of(set);
    const double digits = input_allows.count(set.name) ? input_allows.at(set.name) : 14.9;
    CHECK(nist::digits(a.F, set.F) >= digits);
    CHECK(nist::digits(a.between_ss, set.between_ss) >= digits);
    CHECK(nist::digits(a.within_ss, set.within_ss) >= digits);
    CHECK(nist::digits(a.r2, set.r2) >= digits);
    CHECK(nist::digits(a.root_mse, set.root_mse) >= digits);
  }
}

TEST_CASE("the hardest sets are right to the last digits for the doubles given") {
  // Exact rational arithmetic on the stored doubles.
  const std::vector<nist::Anova> sets = nist::anova();
  CHECK_THAT(of(sets.at(0)).F, WithinRel(1.1804623744024467, 1e-15));
  CHECK_THAT(of(sets.at(1)).F, WithinRel(15.946733566676926, 1e-15));
  CHECK_THAT(of(sets.at(8)).F, WithinRel(21.00081188781877, 1e-15));
  CHECK_THAT(of(sets.at(9)).F, WithinRel(201.01300409594845, 1e-15));
  CHECK_THAT(of(sets.at(10)).F, WithinRel(2001.1349262209505, 1e-15));
}

TEST_CASE("anova agrees with R and leaves missing rows out") {
  // R 4.2.2: anova(lm(x ~ factor(g)))
  const double hole = std::numeric_limits<double>::quiet_NaN();
  const std::vector<double> x = {2.5, -1, 7, 3, 3, 10.25, 0.5, 8, 4, 6, hole, 99};
  const auto g = data::Column::integers({1, 1, 1, 2, 2, 2, 3, 3, 3, 3, 1, data::missing_integer});
  const measures::Anova a = measures::anova(x, data::group(*g));
  CHECK(a.n == 10);
  CHECK(a.df_between == 2);
  CHECK(a.df_within == 7);
  CHECK_THAT(a.between_ss, WithinRel(10.6104166666667, 1e-13));
  CHECK_THAT(a.F, WithinRel(0.37934666950414986, 1e-13));
  CHECK_THAT(a.p, WithinRel(0.69756243702407050, 1e-12));
}

TEST_CASE("what has no variance to analyse is refused") {
  const std::vector<double> y = {1, 2, 3};
  CHECK_THROWS_WITH(measures::anova(y, data::group(*data::Column::integers({1, 1, 1}))), Contains("two groups"));
  CHECK_THROWS_WITH(measures::anova(y, data::group(*data::Column::integers({1, 2, 3}))), Contains("one row"));
}
