#include "report/regression.hpp"

#include "core/error.hpp"
#include "report/patterns.hpp"
#include "report/plots.hpp"
#include "report/statistics.hpp"

#include <catch2/catch.hpp>

#include <limits>

using report::EtableOptions;
using results::Fit;

namespace {

Fit simple(const std::string& depvar, double effect) {
  Fit fit;
  fit.command = "feols";
  fit.title = "OLS, 2 absorbed fixed effects";
  fit.depvar = depvar;
  fit.formula = depvar + " ~ did + lngdp | city + year";
  fit.names = {"did", "treat:post"};
  fit.coef.resize(2);
  fit.coef << effect, -10.25;
  fit.vcov.matrix = numerics::Matrix::Zero(2, 2);
  fit.vcov.matrix.diagonal() << 0.0045 * 0.0045, 2.5 * 2.5;
  fit.vcov.df_t = 40;
  fit.vcov.label = "clustered by city (41)";
  fit.vcov.spec.kind = inference::VcovKind::cluster;
  fit.vcov.spec.cluster = {"city"};
  fit.vcov.groups = {41};
  fit.nobs = 1410;
  fit.rank = 2;
  results::AbsorbedEffect effect_of;
  effect_of.name = "city";
  effect_of.levels = 41;
  fit.fe.push_back(effect_of);
  effect_of.name = "year";
  effect_of.levels = 10;
  effect_of.redundant = 1;
  fit.fe.push_back(effect_of);
  fit.stats = {{"r2", 0.91234}, {"r2_adj", 0.9}, {"r2_within", 0.0456}, {"rmse", 0.1234567}, {"loglik", -123.456},
               {"F", 5.671},    {"F_df1", 2},    {"F_df2", 40},         {"F_p", 0.0068}};
  return fit;
}

std::shared_ptr<const Fit> shared(Fit fit) { return std::make_shared<const Fit>(std::move(fit)); }

Fit with_constant() {
  Fit fit = simple("rat", 0.037);
  fit.names = {"_cons", "x"};
  fit.coef << 0.00001234, 3;
  fit.fe.pop_back();
  fit.vcov.spec = {};
  fit.vcov.groups.clear();
  fit.vcov.df_t = std::numeric_limits<double>::infinity();
  fit.stats = {{"r2", 0.5}};
  return fit;
}

std::string message_of(const EtableOptions& options) {
  try {
    report::etable({shared(simple("ser", 0.0123))}, options);
  } catch (const core::Error& error) {
    return error.message() + (error.hints().empty() ? "" : " | " + error.hints()[0]);
  }
  return "";
}

}  // namespace

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

TEST_CASE("etable puts models side by side, merged by name, the constant last") {
  EtableOptions options;
  options.title = "Table 3";
  options.labels = {{"did", "Pilot zone"}, {"treat", "Treated"}, {"city", "City"}};
  options.notes = {"Controls as in the text"};
  options.extra = {{"Controls", {"No", "Yes", "Yes"}}};
  const report::Table table =
      report::etable({shared(simple("ser", 0.0123)), shared(simple("ser", 0.008)), shared(with_constant())}, options);
  CHECK("\n" + report::render_text(table) == R"(
Table 3
━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━
                              ser               rat
                    ────────────────────────
                        (1)          (2)        (3)
──────────────────────────────────────────────────────
Pilot zone            0.0123***    0.0080*
                     (0.0045)     (0.0045)
Treated × post      -10.2500***  -10.2500***
                     (2.5000)     (2.5000)
x                                              3.0000
                                              (2.5000)
Constant                                       1.2e-05
                                              (0.0045)
──────────────────────────────────────────────────────
Controls                No           Yes        Yes
City                    Yes          Yes        Yes
year fixed effects      Yes          Yes         No
Standard errors       by city      by city      IID
──────────────────────────────────────────────────────
Observations           1,410        1,410      1,410
R²                    0.9123       0.9123      0.5000
Within R²             0.0456       0.0456
━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━
* p<0.1, ** p<0.05, *** p<0.01
Standard errors in parentheses
Controls as in the text
)");
}

TEST_CASE("etable options: what stands below, stars, statistics, headers, order") {
  EtableOptions options;
  options.headers = {"基准"};
  options.depvar = options.fe_rows = options.vcov_row = false;
  options.order = {"treat*"};
  options.below = "ci";
  options.level = 0.9;
  options.digits = 2;
  options.stars = {0.001};
  options.stats = {"nobs", "clusters", "F", "F_p", "loglik", "r2_adj"};
  CHECK("\n" + report::render_text(report::etable({shared(simple("ser", 0.0123))}, options)) == R"(
━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━
                     基准
───────────────────────────────
treat × post        -10.25*
                [-14.46, -6.04]
did                   0.01
                 [0.00, 0.02]
───────────────────────────────
Observations         1,410
Clusters              41
F                     5.67
p-value of F          0.007
Log likelihood     -123.46
Adjusted R²           0.90
━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━
* p<0.001
90% confidence intervals in brackets
)");
  options.stars = {};
  options.below = "t";
  const report::Table t = report::etable({shared(simple("ser", 0.0123))}, options);
  CHECK(t.body[3].cells[1].text == "(2.73)");
  CHECK(t.body[2].cells[1].stars.empty());
  CHECK(t.notes == std::vector<std::string>{"t statistics in parentheses"});
  options.below = "p";
  CHECK(report::etable({shared(simple("ser", 0.0123))}, options).body[3].cells[1].text == "[0.009]");
}

TEST_CASE("an estimate that its decimals would round to zero keeps two digits") {
  EtableOptions options;
  options.keep = {"_cons"};
  const report::Table table = report::etable({shared(with_constant())}, options);
  CHECK(table.body[0].cells[1].text == "1.2e-05");
}

TEST_CASE("etable's errors say what to write instead") {
  EtableOptions options;
  options.keep = {"dod"};
  CHECK(message_of(options) ==
        "keep: no coefficient matches 'dod' | did you mean 'did'?  coefficients: did, treat:post");
  options = {};
  options.stats = {"r2_witin"};
  CHECK_THAT(message_of(options), Catch::StartsWith("stats: no result has a statistic 'r2_witin' | did you mean "
                                                    "'r2_within'?  statistics: nobs, r2, r2_adj"));
  options = {};
  options.headers = {"a", "b"};
  CHECK(message_of(options) == "headers has 2 entries for 1 model");
  options = {};
  options.extra = {{"Controls", {}}};
  CHECK(message_of(options) == "the row 'Controls' has 0 entries for 1 model");
  options = {};
  options.below = "sd";
  CHECK(message_of(options) == "below is 'sd', not one of se, t, p, ci | did you mean 'se'?  choices: se, t, p, ci");
  options = {};
  options.stars = {5};
  CHECK(message_of(options) == "stars holds 5, which is not a p-value between 0 and 1");
  CHECK_THROWS_WITH(report::etable({}, {}), "there is no result to put in the table");
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
