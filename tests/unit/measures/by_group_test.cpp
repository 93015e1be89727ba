#include "measures/by_group.hpp"
#include "core/error.hpp"
#include "core/parallel.hpp"
#include "measures/describe.hpp"

#include <catch2/catch.hpp>

#include <random>

using measures::by_group;
using measures::group_statistic;
using measures::GroupWeighting;

namespace {

const double hole = std::numeric_limits<double>::quiet_NaN();

struct Sample {
  std::vector<double> x, w, f;
  data::Grouping groups;
  data::GroupRows rows;
};

Sample sample(std::size_t n, int groups, unsigned seed) {
  std::mt19937 random(seed);
  Sample s;
  std::vector<std::int64_t> g(n);
  for (std::size_t i = 0; i < n; ++i) {
    s.x.push_back(random() % 10 == 0 ? hole : 1e6 + static_cast<double>(random() % 1000) / 8);
    s.w.push_back(static_cast<double>(random() % 100) / 16);
    s.f.push_back(static_cast<double>(random() % 4));
    g[i] = static_cast<std::int64_t>(random() % static_cast<unsigned>(groups));
  }
  s.groups = data::group(*data::Column::integers(g));
  s.rows = data::rows_by_group(s.groups.codes, s.groups.first.size());
  return s;
}

void check_same(double a, double b) {
  if (std::isnan(b)) {
    CHECK(std::isnan(a));
  } else {
    CHECK(a == Approx(b).epsilon(1e-13).margin(0));
  }
}

}  // namespace

TEST_CASE("statistics by group are those of summarize", "[by_group]") {
  const Sample s = sample(3000, 40, 1);
  measures::DescribeOptions options;
  options.detail = true;
  const auto check = [&](const std::vector<double>& weights, measures::Weighting kind, GroupWeighting weighting) {
    options.weighting = kind;
    const std::vector<measures::Description> want = measures::describe_by(s.x, s.groups, weights, options);
    const auto get = [&](const char* word) {
      return by_group(s.x, s.rows, *group_statistic(word), weights, weighting);
    };
    const auto n = get("count"), mean = get("mean"), sd = get("sd"), var = get("var"), low = get("min"),
               high = get("max"), median = get("median"), p25 = get("p25"), p75 = get("p75"), iqr = get("iqr"),
               skew = get("skewness"), kurt = get("kurtosis");
    for (std::size_t g = 0; g < want.size(); ++g) {
      CHECK(n[g] == want[g].n);
      check_same(mean[g], want[g].mean);
      check_same(sd[g], want[g].sd);
      check_same(var[g], want[g].variance);
      check_same(low[g], want[g].min);
      check_same(high[g], want[g].max);
      check_same(p25[g], want[g].percentiles[3]);
      check_same(median[g], want[g].percentiles[4]);
      check_same(p75[g], want[g].percentiles[5]);
      check_same(iqr[g], p75[g] - p25[g]);
      check_same(skew[g], want[g].skewness);
      check_same(kurt[g], want[g].kurtosis);
    }
  };
  check({}, measures::Weighting::none, GroupWeighting::none);
  check(s.w, measures::Weighting::analytic, GroupWeighting::analytic);
  check(s.f, measures::Weighting::frequency, GroupWeighting::frequency);
}

TEST_CASE("frequency weights are repeated rows", "[by_group]") {
  const Sample s = sample(500, 7, 2);
  std::vector<double> x;
  std::vector<std::int32_t> codes;
  for (std::size_t i = 0; i < s.x.size(); ++i)
    for (int k = 0; k < static_cast<int>(s.f[i]); ++k) {
      x.push_back(s.x[i]);
      codes.push_back(s.groups.codes[i]);
    }
  const data::GroupRows rows = data::rows_by_group(codes, s.groups.first.size());
  for (const char* word :
       {"count", "mean", "sum", "sd", "semean", "median", "p10", "iqr", "mode", "mad", "mdev", "percent", "share"}) {
    INFO(word);
    const auto weighted = by_group(s.x, s.rows, *group_statistic(word), s.f, GroupWeighting::frequency);
    const auto repeated = by_group(x, rows, *group_statistic(word));
    for (std::size_t g = 0; g < weighted.size(); ++g) check_same(weighted[g], repeated[g]);
  }
}

TEST_CASE("weights as Stata's collapse takes them", "[by_group]") {
  const std::vector<double> x = {1, 2, 4, hole, 8}, w = {1, 3, 0, 5, 4};
  const data::GroupRows rows = data::rows_by_group(std::vector<std::int32_t>{0, 0, 0, 0, 0}, 1);
  const auto one = [&](const char* word, GroupWeighting weighting) {
    return by_group(x, rows, *group_statistic(word), w, weighting).front();
  };
  // Rows used: 1, 2 and 8 with weights 1, 3, 4.
  CHECK(one("mean", GroupWeighting::analytic) == Approx(39.0 / 8));
  CHECK(one("count", GroupWeighting::analytic) == 3);
  CHECK(one("sum", GroupWeighting::analytic) == Approx(39.0 * 3 / 8));
  CHECK(one("count", GroupWeighting::probability) == 8);
  CHECK(one("sum", GroupWeighting::probability) == 39);
  CHECK(one("rawsum", GroupWeighting::probability) == 11);
  CHECK(one("semean", GroupWeighting::analytic) == Approx(one("sd", GroupWeighting::analytic) / std::sqrt(3.0)));
  CHECK_THROWS_AS(one("sd", GroupWeighting::probability), core::Error);
  const std::vector<double> negative = {1, 1, -1, 1, 1};
  CHECK_THROWS_AS(by_group(x, rows, *group_statistic("mean"), negative, GroupWeighting::analytic), core::Error);
  CHECK_THROWS_AS(by_group(x, rows, *group_statistic("sebinomial")), core::Error);
}

TEST_CASE("a group without values: sum and count are 0, the rest is missing", "[by_group]") {
  const std::vector<double> x = {hole, hole, 3};
  const data::GroupRows rows = data::rows_by_group(std::vector<std::int32_t>{0, 0, 1}, 2);
  const auto first = [&](const char* word) { return by_group(x, rows, *group_statistic(word)).front(); };
  CHECK(first("sum") == 0);
  CHECK(first("count") == 0);
  CHECK(first("percent") == 0);
  for (const char* word : {"mean", "sd", "median", "min", "max", "iqr", "mode", "semean"})
    CHECK(std::isnan(first(word)));
  CHECK(std::isnan(by_group(x, rows, *group_statistic("sd")).back()));  // one value
  CHECK_FALSE(group_statistic("p0"));
  CHECK_FALSE(group_statistic("p100"));
  CHECK_FALSE(group_statistic("meen"));
}

TEST_CASE("threads change no digit", "[by_group]") {
  const Sample s = sample(50'000, 3000, 5);
  std::vector<double> one, many;
  core::set_threads(1);
  one = by_group(s.x, s.rows, *group_statistic("sd"), s.w, GroupWeighting::analytic);
  core::set_threads(3);
  many = by_group(s.x, s.rows, *group_statistic("sd"), s.w, GroupWeighting::analytic);
  core::set_threads(2);
  for (std::size_t g = 0; g < one.size(); ++g) CHECK((one[g] == many[g] || std::isnan(one[g])));
}
