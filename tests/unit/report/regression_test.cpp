#include "report/regression.hpp"

#include "report/patterns.hpp"
#include "report/plots.hpp"
#include "report/statistics.hpp"
#include "unit/report/by_hand.hpp"

#include <catch2/catch.hpp>

#include <limits>

using results::Fit;

using by_hand::simple;
using by_hand::with_constant;

TEST_CASE("the summary says what was estimated, on what, and what was dropped") {
  Fit fit = simple("ser", 0.012345678);
  fit.tests = {
      {.name = "First-stage F (x)", .statistic = 23.41, .distribution = "F", .df1 = 2, .df2 = 100, .p = 0.00001},
      {.name = "Sargan", .statistic = 1.2, .distribution = "chi2", .df1 = 1, .p = 0.273}};
  fit.notes = {"2 rows dropped: missing ser",
               "collinear with earlier terms, dropped: retail, fin_dev, and some more names that fill the line"};
  fit.vcov.notes = {"few clusters"};
  CHECK("\n" + report::summary(fit) == R"(
OLS, 2 absorbed fixed effects
ser ~ did + lngdp | city + year

Observations                    1,410      R²             0.9123
Absorbed city               41 levels      Adjusted R²    0.9000
Absorbed year  10 levels, 1 redundant      Within R²      0.0456
                                           Root MSE      0.12346
                                           F(2, 40)         5.67
                                           p-value of F    0.007
Standard errors: clustered by city (41); t with 40 degrees of freedom
━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━
ser         Coefficient  Std. error    t      p        95% interval
────────────────────────────────────────────────────────────────────────
did           0.012346    0.004500    2.74  0.009    0.003251   0.021441
treat:post  -10.250       2.500      -4.10  0.000  -15.303     -5.197
━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━
First-stage F (x)  F(2, 100) = 23.41  p = 0.000
Sargan             χ²(1) = 1.20       p = 0.273
Note: 2 rows dropped: missing ser
Note: collinear with earlier terms, dropped: retail, fin_dev, and some more
      names that fill the line
Note: few clusters
)");
}

TEST_CASE("a Wald test and z where there are no degrees of freedom") {
  Fit fit = with_constant();
  fit.stats = {{"F", 5}, {"F_df1", 2}, {"F_df2", std::numeric_limits<double>::infinity()}, {"F_p", 0.0067}};
  const std::string text = report::summary(fit);
  CHECK_THAT(text, Catch::Contains("Wald χ²(2)     10.00"));
  CHECK_THAT(text, Catch::Contains("p-value of χ²  0.007"));
  CHECK_THAT(text, Catch::Contains("; normal distribution\n"));
  CHECK_THAT(text, Catch::Contains("Std. error   z "));
  CHECK_THAT(text, !Catch::Contains("\x1b"));
  CHECK_THAT(report::summary(fit, {.color = true}), Catch::StartsWith("\x1b[1mOLS"));
}

TEST_CASE("the number of decimals follows the standard error") {
  Fit fit = simple("ser", 123456.789);
  fit.vcov.matrix.diagonal() << 1200.0 * 1200.0, 1e-24;
  const report::Table table = report::coefficient_table(fit, 0.9);
  CHECK(table.header[0].cells.back().text == "90% interval");
  CHECK(table.body[0].cells[1].text == "123456.8");
  CHECK(table.body[0].cells[2].text == "1200.0");
  CHECK(table.body[1].cells[2].text == "1e-12");
}

TEST_CASE("patterns: names, wildcards, and names that hold a wildcard") {
  CHECK(report::matches("did", "did"));
  CHECK_FALSE(report::matches("did", "did2"));
  CHECK(report::matches("ln*", "lngdp"));
  CHECK(report::matches("*::20?4", "i(year)::2014"));
  CHECK_FALSE(report::matches("*::20?4", "i(year)::2013"));
  CHECK(report::matches("*a*b*", "xxaxxaxb"));
  CHECK_FALSE(report::matches("*a*b", "xxaxxbx"));
  CHECK(report::matches("城?", "城市"));
  CHECK(report::matches("x*z", "x*z"));
  CHECK(report::choose({"a", "b1", "b2", "c"}, {}, {"a"}, {"c", "b*"}) == std::vector<std::string>{"c", "b1", "b2"});
}

TEST_CASE("a coefplot has a row per coefficient, the first on top, without the constant") {
  report::CoefplotOptions options;
  options.labels = {{"did", "试点"}};
  const report::Figure figure = report::coefplot(simple("ser", 0.5), options);
  REQUIRE(figure.series.size() == 1);
  CHECK(figure.series[0].horizontal);
  CHECK(figure.series[0].x == std::vector<double>{0.5, -10.25});
  CHECK(figure.series[0].y == std::vector<double>{2, 1});
  // 0.5 ± t(0.975, 40) · 0.0045; the quantile from R's qt.
  CHECK(figure.series[0].high[0] == Approx(0.5 + 2.021075390306273 * 0.0045).epsilon(1e-12));
  CHECK(figure.y_ticks[0].second == "试点");
  const report::Figure rest = report::coefplot(with_constant());
  CHECK(rest.y_ticks.size() == 1);
  options.drop = {"*"};
  CHECK_THROWS_WITH(report::coefplot(simple("ser", 0.5), options), "no coefficients left to plot");
}

TEST_CASE("an event-study fit plots its event times and the reference period") {
  Fit fit = simple("ser", 0.5);
  CHECK_THROWS_WITH(report::event_study_plot(fit), "'feols' has no coefficients by event time");
  fit.event_times = {-2, std::numeric_limits<double>::quiet_NaN()};
  fit.event_reference = -1;
  const report::Figure figure = report::event_study_plot(fit);
  CHECK(figure.series[0].x == std::vector<double>{-2, -1});
  CHECK(figure.series[1].y == std::vector<double>{0.5});
  CHECK(figure.series[1].high[0] == Approx(0.5 + 2.021075390306273 * 0.0045).epsilon(1e-12));
  CHECK(figure.series[2].x == std::vector<double>{-1});
  CHECK(figure.y_label == "Effect on ser");
}
