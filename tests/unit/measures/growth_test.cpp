#include "measures/growth.hpp"
#include "core/error.hpp"
#include "data/frame.hpp"
#include "measures/deflate.hpp"

#include <catch2/catch.hpp>

#include <cmath>

namespace {
data::Frame panel(std::vector<std::int64_t> units, std::vector<std::int64_t> times) {
  return data::Frame()
      .with("u", data::Column::integers(std::move(units)))
      .with("t", data::Column::integers(std::move(times)))
      .with_panel("u", "t");
}
}  // namespace

TEST_CASE("rates do not cross gaps", "[growth]") {
  const auto frame = panel({1, 1, 1, 1, 2, 2}, {2001, 2002, 2004, 2005, 2001, 2002});
  const std::vector<double> x{100, 110, 121, 133.1, 0, 5};
  const auto rates = measures::growth_rates(x, *frame.panel(), measures::GrowthKind::relative);
  CHECK(rates.rates[1] == Approx(0.1));
  CHECK(std::isnan(rates.rates[2]));
  CHECK(rates.rates[3] == Approx(0.1));
  CHECK(std::isnan(rates.rates[5]));
  CHECK(rates.undefined == 1);
  CHECK(measures::growth_rates(x, *frame.panel(), measures::GrowthKind::log).rates[1] == Approx(std::log(1.1)));
}

TEST_CASE("the means of constant growth are that growth", "[growth]") {
  const auto frame = panel({1, 1, 1, 1}, {1, 2, 3, 4});
  const std::vector<double> x{1, 1.2, 1.44, 1.728};
  const auto s = measures::growth_summaries(x, *frame.panel(), 0, 100).front();
  CHECK(s.count == 3);
  CHECK(s.arithmetic == Approx(0.2));
  CHECK(s.geometric == Approx(0.2));
  CHECK(s.compound == Approx(0.2));
  const auto part = measures::growth_summaries(x, *frame.panel(), 1, 2).front();
  CHECK(part.count == 1);
  CHECK(part.first == 1.2);
}

TEST_CASE("without gaps the geometric mean is the compound rate, below the arithmetic mean", "[growth]") {
  const auto frame = panel({1, 1, 1, 1}, {1, 2, 3, 4});
  const std::vector<double> x{10, 14, 9, 20};
  const auto s = measures::growth_summaries(x, *frame.panel(), 0, 100).front();
  CHECK(s.geometric == Approx(s.compound));
  CHECK(s.geometric < s.arithmetic);
}

TEST_CASE("indices with the previous year as 100 are chained and rebased", "[deflate]") {
  const measures::PriceSeries yearly{{2014, 103}, {2015, 110}, {2016, 105}};
  const auto level = measures::chained(yearly);
  CHECK(level.at(2016) == Approx(100 * 1.1 * 1.05));
  const auto factor = measures::factors(level, 2015, "2015", "cpi");
  CHECK(factor.at(2014) == Approx(1.1));
  CHECK(factor.at(2015) == 1);
  CHECK_THROWS_AS(measures::chained({{2014, 103}, {2015, 103}, {2017, 103}}), core::Error);
  CHECK_THROWS_AS(measures::factors(level, 2013, "2013", "cpi"), core::Error);
  CHECK_THROWS_AS(measures::factors({{2013, 0}}, 2013, "2013", "cpi"), core::Error);
}
