#include "measures/correlate.hpp"
#include "core/error.hpp"

#include <catch2/catch.hpp>

using Catch::Matchers::Contains;
using Catch::Matchers::WithinRel;
using measures::correlate;
using measures::CorrelationMethod;

namespace {
// Peer: R 4.2.2, cor, cor.test(exact=FALSE), cov.wt(cor=TRUE).
const double hole = std::numeric_limits<double>::quiet_NaN();
const std::vector<double> x = {2.5, -1, 7, 3, 3, 10.25, 0.5, 8, 4, 6};
const std::vector<double> y = {1, 0.5, 3, 2.5, 2, 4, 1, 3.5, 3, 2};
}  // namespace

TEST_CASE("Pearson and Spearman correlations agree with R") {
  const std::vector<std::vector<double>> columns = {x, y};
  const auto pearson = correlate(columns, CorrelationMethod::pearson, false);
  CHECK_THAT(pearson.r(0, 1), WithinRel(0.90118396449028526, 1e-15));
  CHECK_THAT(pearson.p(1, 0), WithinRel(0.00036968875267267767, 1e-12));
  CHECK(pearson.r(0, 0) == 1);
  CHECK(std::isnan(pearson.p(0, 0)));
  CHECK(pearson.n(0, 1) == 10);
  const auto spearman = correlate(columns, CorrelationMethod::spearman, false);
  CHECK_THAT(spearman.r(0, 1), WithinRel(0.92946534446329176, 1e-15));
  CHECK_THAT(spearman.p(0, 1), WithinRel(9.9390804777071924e-05, 1e-12));
  const std::vector<double> w = {1, 2, .5, 3, 1, 1, 2, 4, .25, 1};
  CHECK_THAT(correlate(columns, CorrelationMethod::pearson, false, w).r(0, 1), WithinRel(0.93524478491534058, 1e-15));
}

TEST_CASE("pairwise uses each pair's rows, complete the rows that all have") {
  std::vector<std::vector<double>> columns = {x, y, y};
  columns[2][0] = hole;
  columns[2][9] = hole;
  const auto complete = correlate(columns, CorrelationMethod::pearson, false);
  CHECK(complete.n(0, 1) == 8);
  CHECK_THAT(complete.r(1, 2), WithinRel(1.0, 1e-15));
  const auto pairwise = correlate(columns, CorrelationMethod::pearson, true);
  CHECK(pairwise.n(0, 1) == 10);
  CHECK(pairwise.n(0, 2) == 8);
  CHECK(pairwise.n(2, 2) == 8);
  CHECK_THAT(pairwise.r(0, 1), WithinRel(0.90118396449028526, 1e-15));
  CHECK(pairwise.r(2, 0) == complete.r(2, 0));
}

TEST_CASE("large common levels do not wash a correlation out") {
  std::vector<double> a;
  std::vector<double> b;
  for (std::size_t i = 0; i < x.size(); ++i) {
    a.push_back(x[i] + 1e12);  // quarters: still exact
    b.push_back(y[i] - 1e12);
  }
  const std::vector<std::vector<double>> columns = {a, b};
  CHECK_THAT(correlate(columns, CorrelationMethod::pearson, false).r(0, 1), WithinRel(0.90118396449028526, 1e-15));
}

TEST_CASE("a constant has no correlation, and perfect lines have p = 0") {
  const std::vector<std::vector<double>> columns = {{1, 2, 3}, {5, 5, 5}, {-2, -4, -6}};
  const auto c = correlate(columns, CorrelationMethod::pearson, true);
  CHECK(std::isnan(c.r(0, 1)));
  CHECK(std::isnan(c.r(1, 1)));
  CHECK(c.r(0, 2) == -1);
  CHECK(c.p(0, 2) == 0);
  const std::vector<double> w = {1, 1, 1};
  CHECK_THROWS_WITH(correlate(columns, CorrelationMethod::spearman, true, w), Contains("take no weights"));
}

TEST_CASE("ties share their mean rank") {
  CHECK(measures::ranks(std::vector<double>{10, 20, 10, 5}) == std::vector<double>{2.5, 4, 2.5, 1});
}
