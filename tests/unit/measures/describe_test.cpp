#include "measures/describe.hpp"
#include "core/error.hpp"
#include "core/parallel.hpp"
#include "unit/measures/nist.hpp"

#include <catch2/catch.hpp>

#include <map>

using Catch::Matchers::Contains;
using Catch::Matchers::WithinRel;
using measures::describe;
using measures::Description;
using measures::QuantileType;
using measures::Weighting;

namespace {

const double hole = std::numeric_limits<double>::quiet_NaN();
// Peer of the numbers below: R 4.2.2, mean, sd, quantile(type=), m3/m2^1.5, m4/m2^2, sums as written in Stata's manual.
const std::vector<double> x = {2.5, -1, 7, 3, 3, 10.25, 0.5, 8, 4, 6};
const std::vector<double> w = {1, 2, .5, 3, 1, 1, 2, 4, .25, 1};

void same(const std::vector<double>& a, const std::vector<double>& b) {
  REQUIRE(a.size() == b.size());
  for (std::size_t i = 0; i < a.size(); ++i) CHECK(a[i] == Approx(b[i]).epsilon(1e-13));
}

}  // namespace

TEST_CASE("NIST's certified univariate sets: as many digits as double-precision input holds") {
  for (const nist::Univariate& set : nist::univariate()) {
    INFO(set.name);
    const Description d = describe(set.data);
    CHECK(nist::digits(d.mean, set.mean) >= 14.9);
    // Where decimal data are not doubles, this is what exact rational arithmetic on their nearest doubles attains.
    const std::map<std::string, double> input_allows = {
        {"Mavro", 13.1}, {"Michelso", 13.8}, {"NumAcc3", 9.45}, {"NumAcc4", 8.25}};
    const auto found = input_allows.find(set.name);
    CHECK(nist::digits(d.sd, set.sd) >= (found == input_allows.end() ? 14.9 : found->second));
  }
}

TEST_CASE("the standard deviation is right to the last digit for the doubles given") {
  // Exact rational arithmetic on the stored doubles of NumAcc2, 3 and 4.
  CHECK(describe(nist::alternating(1.2, 1.1, 1.3, 1001)).sd == 0.099999999999999977795539507496869253);
  CHECK(describe(nist::alternating(1000000.2, 1000000.1, 1000000.3, 1001)).sd ==
        0.10000000003492459654809736807114146558);
  CHECK(describe(nist::alternating(10000000.2, 10000000.1, 10000000.3, 1001)).sd ==
        0.10000000055879354477361958556451869218);
}

TEST_CASE("moments and percentiles agree with R") {
  const Description d = describe(x, {}, {.detail = true});
  CHECK(d.n == 10);
  CHECK(d.sum == 43.25);
  CHECK_THAT(d.mean, WithinRel(4.325, 1e-15));
  CHECK_THAT(d.sd, WithinRel(3.4722111110933334, 1e-15));
  CHECK_THAT(d.variance, WithinRel(3.4722111110933334 * 3.4722111110933334, 1e-14));
  CHECK(d.min == -1);
  CHECK(d.max == 10.25);
  CHECK_THAT(d.skewness, WithinRel(0.17837073564125605, 1e-13));
  CHECK_THAT(d.kurtosis, WithinRel(2.1312472723309095, 1e-13));
  same(d.percentiles, {-1, -1, -0.25, 2.5, 3.5, 7, 9.125, 10.25, 10.25});
  same(describe(x, {}, {.detail = true, .quantile_type = QuantileType::type6}).percentiles,
       {-1, -1, -0.85, 2, 3.5, 7.25, 10.025, 10.25, 10.25});
  same(describe(x, {}, {.detail = true, .quantile_type = QuantileType::type7}).percentiles,
       {-0.865, -0.325, 0.35, 2.625, 3.5, 6.75, 8.225, 9.2375, 10.0475});
  CHECK(describe(x, {}, {.detail = true, .percents = {0, 100}}).percentiles == std::vector<double>{-1, 10.25});
}

TEST_CASE("analytic weights are rescaled to sum to n") {
  const Description d = describe(x, w, {.weighting = Weighting::analytic, .detail = true});
  CHECK(d.n == 10);
  CHECK(d.sum_weights == 15.75);
  CHECK_THAT(d.mean, WithinRel(4.2063492063492065, 1e-15));
  CHECK_THAT(d.variance, WithinRel(13.519708294840569, 1e-14));
  CHECK_THAT(d.sd, WithinRel(3.6769155952837114, 1e-14));
  CHECK_THAT(d.skewness, WithinRel(0.089368197276491854, 1e-12));
  CHECK_THAT(d.kurtosis, WithinRel(1.7442246117304856, 1e-13));
  const Description twice =
      describe(x, std::vector<double>(10, 2.0), {.weighting = Weighting::analytic, .detail = true});
  CHECK(twice.sd == describe(x).sd);
  CHECK(twice.percentiles == describe(x, {}, {.detail = true}).percentiles);
}

TEST_CASE("frequency weights equal repeated rows") {
  const std::vector<double> counts = {1, 2, 0, 3, 1, 1, 2, 4, hole, 1};
  std::vector<double> repeated;
  for (std::size_t i = 0; i < x.size(); ++i)
    for (double k = 0; k < counts[i]; ++k) repeated.push_back(x[i]);
  for (const QuantileType type : {QuantileType::type2, QuantileType::type6, QuantileType::type7}) {
    const Description a =
        describe(x, counts, {.weighting = Weighting::frequency, .detail = true, .quantile_type = type});
    const Description b = describe(repeated, {}, {.detail = true, .quantile_type = type});
    CHECK(a.n == 15);
    CHECK(a.mean == b.mean);
    CHECK(a.sd == b.sd);
    CHECK_THAT(a.kurtosis, WithinRel(b.kurtosis, 1e-14));
    same(a.percentiles, b.percentiles);
  }
}

TEST_CASE("groups are described apart, missing values left out") {
  const auto group = data::Column::integers({1, 2, 1, 2, 1, 2, data::missing_integer, 2, 1, 2});
  std::vector<double> y = x;
  y[0] = hole;
  const auto by = measures::describe_by(y, data::group(*group));
  REQUIRE(by.size() == 2);
  CHECK(by[0].n == 3);
  CHECK(by[0].mean == describe(std::vector<double>{7, 3, 4}).mean);
  CHECK(by[1].n == 5);
  CHECK(by[1].sd == describe(std::vector<double>{-1, 3, 10.25, 8, 6}).sd);
}

TEST_CASE("what the rows do not determine is missing, not zero") {
  const Description none = describe(std::vector<double>{hole});
  CHECK(none.n == 0);
  CHECK(std::isnan(none.mean));
  CHECK(std::isnan(none.min));
  const Description one = describe(std::vector<double>{5}, {}, {.detail = true});
  CHECK(one.mean == 5);
  CHECK(std::isnan(one.sd));
  CHECK(std::isnan(one.skewness));
  CHECK(one.percentiles[4] == 5);
  const Description infinite = describe(std::vector<double>{1, HUGE_VAL});
  CHECK(infinite.mean == HUGE_VAL);
  CHECK(std::isnan(infinite.sd));
}

TEST_CASE("weights that make no sense are refused") {
  CHECK_THROWS_WITH(describe(std::vector<double>{1, 2}, std::vector<double>{1, -1}, {.weighting = Weighting::analytic}),
                    Contains("a weight is negative: -1 in row 2"));
  CHECK_THROWS_WITH(describe(std::vector<double>{1}, std::vector<double>{1.5}, {.weighting = Weighting::frequency}),
                    Contains("must be whole numbers; row 1 has 1.5"));
  CHECK_THROWS_WITH(
      describe(x, w, {.weighting = Weighting::analytic, .detail = true, .quantile_type = QuantileType::type7}),
      Contains("not defined for analytic weights"));
  CHECK_THROWS_WITH(describe(x, {}, {.detail = true, .percents = {101}}), Contains("between 0 and 100, not 101"));
}

TEST_CASE("the same digits for any number of threads") {
  std::vector<double> many;
  for (int i = 0; i < 100000; ++i) many.push_back(std::sin(i) * 1e6 + 1.0 / (i + 1));
  const int before = core::threads();
  core::set_threads(1);
  const Description one = describe(many, {}, {.detail = true});
  core::set_threads(3);
  const Description three = describe(many, {}, {.detail = true});
  core::set_threads(before);
  CHECK(one.mean == three.mean);
  CHECK(one.sd == three.sd);
  CHECK(one.skewness == three.skewness);
}
