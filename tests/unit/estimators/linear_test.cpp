#include "core/error.hpp"
#include "panel_data.hpp"

using test::coef;
using test::fit;
using test::near;
using test::noted;
using test::se;
using test::terms;
using test::vcov;

TEST_CASE("a regression on one column is the ratio of covariance and variance") {
  const data::Frame frame =
      data::Frame("four").with("x", data::Column::reals({1, 2, 3, 4})).with("y", data::Column::reals({1, 3, 2, 6}));
  const results::Fit m = fit("ols", frame, "y ~ x");
  CHECK_THAT(coef(m, "x"), near(1.4));
  CHECK_THAT(coef(m, "_cons"), near(-0.5));
  // residuals 0.1, 0.7, −1.7, 0.9: RSS 4.2, TSS 14
  CHECK_THAT(m.rss, near(4.2));
  CHECK_THAT(m.stat("r2"), near(0.7));
  CHECK_THAT(m.stat("r2_adj"), near(1 - (4.2 / 2) / (14.0 / 3)));
  CHECK_THAT(m.stat("rmse"), near(std::sqrt(2.1)));
  CHECK_THAT(m.stat("rmse_n"), near(std::sqrt(1.05)));
  CHECK_THAT(se(m, "x"), near(std::sqrt(2.1 / 5)));
  CHECK_THAT(m.stat("F"), near(1.96 / 0.42));
  CHECK_THAT(m.stat("loglik"), near(-2 * (1 + std::log(2 * 3.14159265358979323846) + std::log(1.05))));
  CHECK_THAT(m.stat("aic"), near(-2 * m.stat("loglik") + 4));
  CHECK(m.constant == 1);
  CHECK(m.nobs == 4);
}

TEST_CASE("absorbed fixed effects give what dummies give") {
  const data::Frame frame = test::panel();
  const std::string kind = GENERATE("iid", "hetero", "hc2", "hc3");
  const bool weighted = GENERATE(false, true);
  test::Settings absorbed = {{"fe", terms("unit + year")}, {"vcov", vcov(kind)}}, dummies = {{"vcov", vcov(kind)}};
  if (weighted) {
    absorbed.emplace_back("weights", test::weights(formula::WeightKind::analytic, "w"));
    dummies.emplace_back("weights", test::weights(formula::WeightKind::analytic, "w"));
  }
  const results::Fit a = fit("feols", frame, "y ~ d + x", absorbed);
  const results::Fit b = fit("feols", frame, "y ~ d + x + i.unit + i.year", dummies);
  for (const std::string name : {"d", "x"}) {
    CHECK_THAT(coef(a, name), near(coef(b, name)));
    CHECK_THAT(se(a, name), near(se(b, name)));
  }
  CHECK(a.names == std::vector<std::string>{"d", "x"});
  for (const std::string stat : {"r2", "r2_adj", "rmse", "rss", "loglik", "aic", "bic"}) {
    CHECK_THAT(a.stat(stat), near(b.stat(stat)));
  }
}

TEST_CASE("leverage includes varying slopes") {
  const data::Frame frame = test::panel();
  const results::Fit a = fit("feols", frame, "y ~ d + x", {{"fe", terms("unit[z] + year")}, {"vcov", vcov("hc3")}});
  const results::Fit b = fit("feols", frame, "y ~ d + x + i.unit + i.unit:z + i.year", {{"vcov", vcov("hc3")}});
  CHECK_THAT(coef(a, "d"), near(coef(b, "d")));
  CHECK_THAT(se(a, "d"), near(se(b, "d")));
}

TEST_CASE("a fixed effect nested in the cluster is not counted") {
  const data::Frame frame = test::panel();
  const results::Fit m = fit("feols", frame, "y ~ x", {{"fe", terms("unit + year")}, {"vcov", vcov("cluster unit")}});
  CHECK(m.vcov.K == 7);  // x, 6 years; the 8 units are nested
  CHECK(m.vcov.df_t == 7);
  const results::Fit full = results::vcov_as(m, vcov("cluster unit"), inference::ssc_preset("stata"));
  CHECK(full.vcov.K == 14);
  CHECK_THAT(se(full, "x") / se(m, "x"), near(std::sqrt((48.0 - 7) / (48.0 - 14))));
}

TEST_CASE("frequency weights are repeated rows") {
  const data::Frame frame = test::panel();
  std::vector<std::uint32_t> repeated;
  for (std::uint32_t row = 0; row < frame.rows(); ++row) {
    for (int k = 0; k < static_cast<int>(frame.at("f")->number(row)); ++k) repeated.push_back(row);
  }
  const std::string kind = GENERATE("iid", "hetero", "hc3", "cluster unit");
  const results::Fit a = fit("feols", frame, "y ~ d + x",
                             {{"fe", terms("unit + year")},
                              {"weights", test::weights(formula::WeightKind::frequency, "f")},
                              {"vcov", vcov(kind)}});
  const results::Fit b =
      fit("feols", frame.take(repeated), "y ~ d + x", {{"fe", terms("unit + year")}, {"vcov", vcov(kind)}});
  CHECK(a.nobs == static_cast<double>(repeated.size()));
  CHECK_THAT(coef(a, "d"), near(coef(b, "d")));
  CHECK_THAT(se(a, "d"), near(se(b, "d")));
  for (const std::string stat : {"r2", "r2_adj", "r2_within", "rmse", "rss", "loglik", "bic"}) {
    CHECK_THAT(a.stat(stat), near(b.stat(stat)));
  }
}

TEST_CASE("analytic weights do not depend on their scale; probability weights are robust") {
  const data::Frame frame = test::panel();
  const results::Fit a = fit("ols", frame, "y ~ x", {{"weights", test::weights(formula::WeightKind::analytic, "w")}});
  const results::Fit b =
      fit("ols", frame, "y ~ x", {{"weights", test::weights(formula::WeightKind::analytic, "100*w")}});
  CHECK_THAT(a.rss, near(b.rss));
  CHECK_THAT(se(a, "x"), near(se(b, "x")));
  CHECK_THAT(a.weights.sum(), near(48));
  const results::Fit p =
      fit("ols", frame, "y ~ x", {{"weights", test::weights(formula::WeightKind::probability, "w")}});
  CHECK(p.vcov.spec.kind == inference::VcovKind::hc1);
  CHECK_THAT(coef(p, "x"), near(coef(a, "x")));
}

TEST_CASE("terms that cannot be told apart are dropped by name") {
  data::Frame frame = test::panel();
  std::vector<double> area;
  for (const std::int32_t code : data::group(*frame.at("unit")).codes) area.push_back(1000 + code * code);
  frame = frame.with("area", data::Column::reals(std::move(area)));
  const results::Fit m = fit("feols", frame, "y ~ area + x + I(2*x) + d", {{"fe", terms("unit + year")}});
  CHECK(m.names == std::vector<std::string>{"x", "d"});
  CHECK(noted(m.notes, "absorbed by the fixed effects, dropped: area"));
  CHECK(noted(m.notes, "collinear with earlier terms, dropped: I(2*x)"));
  CHECK(m.collinear.size() == 2);
  CHECK_THROWS_WITH(m.position("area"), Catch::Contains("dropped"));
}

TEST_CASE("singletons go, and are counted, unless they are to be kept") {
  data::Frame frame = test::panel();
  std::vector<std::string> cell(frame.rows(), "rest");
  cell[5] = "alone";
  frame = frame.with("cell", data::Column::texts(cell));
  const results::Fit m = fit("feols", frame, "y ~ x", {{"fe", terms("unit + cell")}});
  CHECK(m.nobs == 47);
  CHECK(noted(m.notes, "singleton"));
  CHECK(fit("feols", frame, "y ~ x", {{"fe", terms("unit + cell")}, {"keep_singletons", true}}).nobs == 48);
}

TEST_CASE("rows without a cluster leave the sample when the vcov asks for it, and are an error later") {
  data::Frame frame = test::panel();
  std::vector<double> region(frame.rows(), 1);
  for (std::size_t i = 0; i < region.size(); ++i) region[i] = static_cast<double>(i % 5);
  region[3] = std::nan("");
  frame = frame.with("region", data::Column::reals(std::move(region)));
  CHECK(fit("ols", frame, "y ~ x", {{"vcov", vcov("cluster region")}}).nobs == 47);
  const results::Fit m = fit("ols", frame, "y ~ x");
  CHECK(m.nobs == 48);
  CHECK_THROWS_WITH(results::vcov_as(m, vcov("cluster region")),
                    Catch::Contains("cluster variable 'region' is missing in 1 row"));
  CHECK_THROWS_WITH(results::vcov_as(m, vcov("cluster regoin")), Catch::Contains("regoin"));
  CHECK_THROWS_WITH(results::vcov_as(m, vcov("dk 2")), Catch::Contains("no panel"));
  CHECK_THROWS_WITH(results::vcov_as(m, vcov("conley 100")), Catch::Contains("coordinates"));
}

TEST_CASE("the constant beside fixed effects, as reghdfe and as xtreg report it") {
  const data::Frame frame = test::panel();
  const std::string kind = GENERATE("iid", "hetero", "cluster unit");
  const auto with = [&](const std::string& fe, const std::string& formula, const std::string& cons) {
    return fit("feols", frame, formula, {{"fe", terms(fe)}, {"cons", cons}, {"vcov", vcov(kind)}});
  };
  const results::Fit reghdfe = with("unit + year", "y ~ x", "reghdfe");
  CHECK_THAT(coef(reghdfe, "_cons"), near(reghdfe.fitted.mean() - coef(reghdfe, "x") * [&] {
               double mean = 0;
               for (std::size_t i = 0; i < frame.rows(); ++i) mean += frame.at("x")->number(i) / 48;
               return mean;
             }()));
  const results::Fit none = fit("feols", frame, "y ~ x", {{"fe", terms("unit + year")}, {"vcov", vcov(kind)}});
  CHECK_THAT(se(reghdfe, "x"), near(se(none, "x")));
  CHECK_THAT(reghdfe.stat("r2_within_adj"), near(none.stat("r2_within_adj")));
  CHECK(reghdfe.vcov.K == none.vcov.K);

  // xtreg's constant is that of the regression with year dummies, one fixed effect absorbed.
  const results::Fit xtreg = with("unit + year", "y ~ x", "xtreg");
  const results::Fit dummies = with("unit", "y ~ x + i.year", "reghdfe");
  CHECK_THAT(coef(xtreg, "_cons"), near(coef(dummies, "_cons")));
  CHECK_THAT(se(xtreg, "_cons"), near(se(dummies, "_cons")));
  CHECK_THAT(xtreg.vcov.matrix(0, 1), near(dummies.vcov.matrix(0, dummies.constant)));
}

TEST_CASE("a fit names its data, and the same data name the same") {
  const results::Fit a = fit("ols", test::panel(), "y ~ x");
  const results::Fit b = fit("ols", test::panel(), "y ~ x");
  const results::Fit c = fit("ols", test::panel(8, 6, 8), "y ~ x");
  CHECK(a.provenance.at("data") == b.provenance.at("data"));
  CHECK(a.provenance.at("data") != c.provenance.at("data"));
}

TEST_CASE("more parameters than rows is an error") {
  const data::Frame frame = test::panel(2, 2);
  CHECK_THROWS_WITH(fit("feols", frame, "y ~ x + z", {{"fe", terms("unit + year")}}),
                    Catch::Contains("no degrees of freedom"));
}
