#include "report/etable.hpp"

#include "core/error.hpp"
#include "unit/report/by_hand.hpp"

#include <catch2/catch.hpp>

#include <cmath>

using by_hand::shared;
using by_hand::simple;
using by_hand::with_constant;
using report::EtableOptions;
using results::Fit;

namespace {

std::string message_of(const EtableOptions& options) {
  try {
    report::etable({shared(simple("ser", 0.0123))}, options);
  } catch (const core::Error& error) {
    return error.message() + (error.hints().empty() ? "" : " | " + error.hints()[0]);
  }
  return "";
}

}  // namespace

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
  options.depvar = options.fe_rows = false;
  options.vcov_row = false;
  options.order = {"treat*"};
  options.below = {"ci"};
  options.level = 0.9;
  options.digits = {.decimals = 2};
  options.stars = report::star_rules({0.001});
  for (const char* name : {"nobs", "clusters", "F", "F_p", "loglik", "r2_adj"}) options.stats.push_back({.name = name});
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
  options.below = {"t"};
  const report::Table t = report::etable({shared(simple("ser", 0.0123))}, options);
  CHECK(t.body[3].cells[1].text == "(2.73)");
  CHECK(t.body[2].cells[1].stars.empty());
  CHECK(t.notes == std::vector<std::string>{"t statistics in parentheses"});
  options.below = {"p"};
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
  options.stats = {{.name = "r2_witin"}};
  CHECK_THAT(message_of(options), Catch::StartsWith("stats: no result has a statistic 'r2_witin' | did you mean "
                                                    "'r2_within'?  statistics: nobs, r2, r2_adj"));
  options = {};
  options.headers = {"a", "b"};
  CHECK(message_of(options) == "headers has 2 entries for 1 model");
  options = {};
  options.extra = {{"Controls", {}}};
  CHECK(message_of(options) == "the row 'Controls' has 0 entries for 1 model");
  options = {};
  options.below = {"sd"};
  CHECK(message_of(options) == "below is 'sd', not one of se, t, p, ci | did you mean 'se'?  choices: se, t, p, ci");
  options = {};
  options.stars = {{"*", 5}};
  CHECK(message_of(options) == "stars holds 5, which is not a p-value between 0 and 1");
  CHECK_THROWS_WITH(report::etable({}, {}), "there is no result to put in the table");
}

namespace {

/// The rows that a table prints, without its rules.
/// The table as comma-separated text, numbers in brackets without what keeps spreadsheets from reading them.
std::string body_of(const report::Table& table) {
  std::string text = report::render_csv(table);
  for (const auto& [from, to] : {std::pair<std::string, std::string>{"\"=\"\"(", "("}, {")\"\"\"", ")"}})
    for (std::size_t at = text.find(from); at != std::string::npos; at = text.find(from, at))
      text.replace(at, from.size(), to);
  return text;
}

EtableOptions bare() {
  EtableOptions options;
  options.depvar = options.fe_rows = false;
  options.vcov_row = false;
  options.stats = {{.name = "nobs"}};
  options.stars = {};
  return options;
}

}  // namespace

TEST_CASE("a table in the style of Chinese journals") {
  EtableOptions options;
  options.style = "cn";
  options.title = "表2 基准回归结果";
  options.labels = {
      {"did", "试验区政策"}, {"treat:post", "处理×时期"}, {"ser", "产业升级"}, {"city", "城市"}, {"year", "年份"}};
  options.stats = {{.name = "nobs"}, {.name = "r2"}, {.name = "r2_within"}};
  options.notes = {"数据来源：作者整理。"};
  CHECK("\n" + report::render_text(
                   report::etable({shared(simple("ser", 0.0123)), shared(simple("ser", 0.008))}, options)) ==
        R"(
表2 基准回归结果
━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━
                      产业升级
              ────────────────────────
                  (1)          (2)
──────────────────────────────────────
试验区政策      0.0123***    0.0080*
               (0.0045)     (0.0045)
处理×时期     -10.2500***  -10.2500***
               (2.5000)     (2.5000)
──────────────────────────────────────
城市固定效应      是           是
年份固定效应      是           是
──────────────────────────────────────
观测值           1,410        1,410
R²              0.9123       0.9123
组内R²          0.0456       0.0456
━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━
注：括号内为聚类到城市层面的稳健标准误；***、**、*分别表示在1%、5%、10%的水平上
显著。
数据来源：作者整理。
)");
}

TEST_CASE("marks of any kind at any threshold, after the estimate or after its standard error") {
  EtableOptions options = bare();
  options.stars = {{"†", 0.1}, {"‡", 0.01}};
  report::Table table = report::etable({shared(simple("ser", 0.0123)), shared(simple("ser", 0.008))}, options);
  CHECK(table.body[0].cells[1].stars == "‡");
  CHECK(table.body[0].cells[2].stars == "†");
  CHECK(table.notes[0] == "† p<0.1, ‡ p<0.01");
  options.stars_on_se = true;
  table = report::etable({shared(simple("ser", 0.0123))}, options);
  CHECK(table.body[0].cells[1].stars.empty());
  CHECK(table.body[1].cells[1].stars == "‡");
}

TEST_CASE("decimals by kind, by statistic and by coefficient") {
  EtableOptions options = bare();
  options.digits = {.decimals = 3};
  options.formats = {
      {"se", {.decimals = 2}}, {"treat*", {.decimals = 1}}, {"nobs", {.decimals = 1}}, {"r2", {.decimals = 2}}};
  options.stats = {{.name = "nobs"}, {.name = "r2"}, {.name = "r2_adj", .label = "Adj.", .format = {{.decimals = 1}}}};
  CHECK(body_of(report::etable({shared(simple("ser", 1.5))}, options)) ==
        ",(1)\ndid,1.500\n,(0.0045)\ntreat × post,-10.2\n,(2.5)\nObservations,1410.0\nR²,0.91\nAdj.,0.9\n");
}

TEST_CASE("significant digits as estout's a3") {
  const auto text = [](double value) { return report::formatted(value, {.decimals = 3, .adaptive = true}); };
  CHECK(text(1.746559) == "1.747");
  CHECK(text(-49.51222) == "-49.51");
  CHECK(text(1946.0687) == "1946.1");
  CHECK(text(0.0057813) == "0.00578");
  CHECK(text(0) == "0.000");
  CHECK(report::parse_number_format("%9.2f").decimals == 2);
  CHECK(report::parse_number_format("a2").adaptive);
  CHECK_THROWS_WITH(report::parse_number_format("x"), "'x' is no number format");
}

TEST_CASE("coefficients are renamed into one row, grouped under headings, or shown as a word") {
  EtableOptions options = bare();
  Fit other = simple("ser", 2);
  other.names = {"policy", "treat:post"};
  options.rename = {{"policy", "did"}};
  options.coef_groups = {{"Policy", {"did"}}};
  options.indicate = {{"Controls", {"treat*"}}};
  CHECK(body_of(report::etable({shared(simple("ser", 1.5)), shared(with_constant()), shared(other)}, options)) ==
        ",(1),(2),(3)\nPolicy,,,\n\"  did\",1.5000,,2.0000\n,(0.0045),,(0.0045)\nx,,3.0000,\n,,(2.5000),\n"
        "Constant,,1.2e-05,\n,,(0.0045),\nControls,Yes,No,Yes\nObservations,\"1,410\",\"1,410\",\"1,410\"\n");
  options.yes_no = {"√", ""};
  CHECK(report::etable({shared(simple("ser", 1.5)), shared(other)}, options).body[3].cells[1].text == "√");
  options.rename = {{"treat:post", "did"}};
  CHECK(message_of(options) == "rename: two coefficients of model 1 would be called 'did'");
  options.rename = {{"polici", "did"}};
  CHECK_THAT(message_of(options), Catch::StartsWith("rename: there is no coefficient 'polici'"));
}

TEST_CASE("rows of the user's own stand where they are put, and rules stay where they were") {
  EtableOptions options = bare();
  options.fe_rows = true;
  options.extra = {{"A", {"a"}, "top"},    {"B", {"b"}, "after did"}, {"C", {"c"}, "before stats"},
                   {"D", {"d"}, "bottom"}, {"E", {"e"}, "before fe"}, {"F", {"f"}}};
  const report::Table table = report::etable({shared(simple("ser", 1.5))}, options);
  CHECK(body_of(table) ==
        ",(1)\nA,a\ndid,1.5000\n,(0.0045)\nB,b\ntreat × post,-10.2500\n,(2.5000)\nF,f\nE,e\n"
        "city fixed effects,Yes\nyear fixed effects,Yes\nC,c\nObservations,\"1,410\"\nD,d\n");
  CHECK(table.body[6].rule_above);
  CHECK(table.body[10].rule_above);
  CHECK_FALSE(table.body[11].rule_above);
  options.extra = {{"A", {"a"}, "after dod"}};
  CHECK_THAT(message_of(options), Catch::StartsWith("extra: no row of the table is about 'dod' | did you mean 'did'?"));
  options.extra = {{"A", {"a"}, "somewhere"}};
  CHECK_THAT(message_of(options), Catch::Contains("at is \"top\", \"bottom\""));
}

TEST_CASE("headings over columns, numbers beside headers, several numbers below") {
  EtableOptions options = bare();
  options.groups = {{"All", 2}, {"Some", 1}};
  options.headers = {"a", "b", "c"};
  options.numbers = true;
  options.below = {"t", "p"};
  const auto fit = shared(simple("ser", 1.5));
  const report::Table table = report::etable({fit, fit, fit}, options);
  REQUIRE(table.header.size() == 3);
  CHECK(table.header[0].cells[1].span == 2);
  CHECK(table.header[2].cells[3].text == "(3)");
  CHECK(table.body[1].cells[1].text == "(333.33)");
  CHECK(table.body[2].cells[1].text == "[0.0000]");
  CHECK(table.notes == std::vector<std::string>{"t statistics in parentheses", "p-values in brackets"});
  options.groups = {{"All", 2}};
  CHECK(message_of(options) == "headers has 3 entries for 1 model");
  options.headers.clear();
  CHECK(message_of(options) == "groups are over 2 columns, the table has 1 model");
}

TEST_CASE("exponentiated and standardised coefficients, with their standard errors") {
  EtableOptions options = bare();
  options.exponentiate = true;
  report::Table table = report::etable({shared(simple("ser", 0.5))}, options);
  CHECK(table.body[0].cells[1].value == Approx(std::exp(0.5)).epsilon(1e-14));
  CHECK(table.body[1].cells[1].value == Approx(std::exp(0.5) * 0.0045).epsilon(1e-12));
  CHECK(table.notes[0] == "Exponentiated coefficients");
  options.exponentiate = false;
  options.standardise = {{{"did", 2.0}}};
  table = report::etable({shared(simple("ser", 0.5))}, options);
  CHECK(table.body[0].cells[1].value == 1.0);
  CHECK(table.body[1].cells[1].value == Approx(0.009).epsilon(1e-14));
  for (const report::Row& row : table.body) CHECK(row.cells[0].text != "Constant");
}

TEST_CASE("the mean of the dependent variable comes from the sample") {
  Fit fit = simple("ser", 0.5);
  fit.fitted.resize(3);
  fit.residuals.resize(3);
  fit.fitted << 1, 2, 3;
  fit.residuals << 0.5, -0.5, 3;
  EtableOptions options = bare();
  options.stats = {{.name = "depvar_mean"}, {.name = "depvar_sd"}};
  const report::Table table = report::etable({shared(fit)}, options);
  CHECK(table.body[4].cells[1].value == 3);
  CHECK(table.body[5].cells[1].value == Approx(std::sqrt(6.75)).epsilon(1e-14));
}

TEST_CASE("panels: tables under each other, headers only where they differ") {
  EtableOptions options = bare();
  options.depvar = true;
  const report::Table a = report::etable({shared(simple("ser", 1.5))}, options);
  const report::Table b = report::etable({shared(simple("rat", 2.5))}, options);
  const report::Table both = report::stack({a, b}, {"Panel A", "Panel B"});
  CHECK(body_of(both) ==
        ",ser\n,(1)\nPanel A,\ndid,1.5000\n,(0.0045)\ntreat × post,-10.2500\n,(2.5000)\nObservations,\"1,410\"\n"
        "Panel B,\n,rat\n,(1)\ndid,2.5000\n,(0.0045)\ntreat × post,-10.2500\n,(2.5000)\nObservations,\"1,410\"\n");
  CHECK(both.body[6].rule_above);
  CHECK(both.notes == a.notes);
  CHECK(report::stack({a, a}, {}).body.size() == 2 * a.body.size());
  CHECK_THROWS_WITH(report::stack({a, b}, {"A"}), "1 title for 2 tables");
  CHECK_THROWS_WITH(report::stack({}, {}), "there is no table to stack");
}
