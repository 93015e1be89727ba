#include "estimators/predict.hpp"

#include "core/error.hpp"
#include "panel_data.hpp"

using estimators::predict;
using estimators::Prediction;
using test::coef;
using test::fit;
using test::near;
using test::terms;

TEST_CASE("fitted values are xb plus the fixed effects, and residuals are the rest") {
  const data::Frame frame = test::panel();
  const std::string fe = GENERATE("unit + year", "unit[z] + year", "unit[[z]]");
  const results::Fit m = fit("feols", frame, "y ~ d + x", {{"fe", terms(fe)}});
  const std::vector<double> xb = predict(m, Prediction::xb), effects = predict(m, Prediction::fixed_effects),
                            fitted = predict(m, Prediction::fitted), residuals = predict(m, Prediction::residuals);
  for (std::size_t i = 0; i < frame.rows(); ++i) {
    CHECK_THAT(xb[i] + effects[i], Catch::Matchers::WithinAbs(fitted[i], 1e-10));
    CHECK_THAT(fitted[i] + residuals[i], Catch::Matchers::WithinAbs(frame.at("y")->number(i), 1e-10));
    CHECK_THAT(fitted[i], Catch::Matchers::WithinAbs(m.fitted[static_cast<numerics::Index>(i)], 1e-10));
  }
}

TEST_CASE("recovered fixed effects are the coefficients of dummies, up to the level") {
  const data::Frame frame = test::panel();
  const results::Fit absorbed = fit("feols", frame, "y ~ d + x", {{"fe", terms("unit + year")}});
  const results::Fit dummies = fit("feols", frame, "y ~ d + x + i.unit + i.year");
  const std::vector<estimators::EffectValues> effects = estimators::fixed_effects(absorbed);
  REQUIRE(effects.size() == 2);
  CHECK(effects[0].name == "unit");
  CHECK(effects[1].columns == std::vector<std::string>{""});
  for (std::size_t level = 1; level < effects[0].levels.size(); ++level) {
    const double contrast = effects[0].values(static_cast<numerics::Index>(level), 0) - effects[0].values(0, 0);
    CHECK_THAT(contrast, Catch::Matchers::WithinAbs(
                             coef(dummies, "i.unit::" + effects[0].levels[level]) -
                                 (effects[0].levels[0] == "u0" ? 0 : coef(dummies, "i.unit::" + effects[0].levels[0])),
                             1e-9));
  }
  CHECK(effects[1].values(0, 0) == 0);
  CHECK_THROWS_WITH(estimators::fixed_effects(dummies), Catch::Contains("absorbed no fixed effects"));
}

TEST_CASE("new rows are predicted by their levels; unknown levels are missing") {
  const data::Frame frame = test::panel();
  const results::Fit m = fit("feols", frame, "y ~ d + x", {{"fe", terms("unit + year")}});
  const data::Frame rows = data::Frame("new")
                               .with("unit", data::Column::texts({"u2", "u99"}))
                               .with("year", data::Column::integers({4, 4}))
                               .with("d", data::Column::integers({1, 1}))
                               .with("x", data::Column::reals({0.5, 0.5}))
                               .with("y", data::Column::reals({2, 2}));
  const std::vector<double> fitted = predict(m, Prediction::fitted, &rows);
  const std::vector<double> effects = predict(m, Prediction::fixed_effects);
  const std::size_t same_cell = 2 * 6 + 3;
  CHECK_THAT(fitted[0], near(coef(m, "d") + 0.5 * coef(m, "x") + effects[same_cell]));
  CHECK(std::isnan(fitted[1]));
  CHECK_THAT(predict(m, Prediction::xb, &rows)[1], near(coef(m, "d") + 0.5 * coef(m, "x")));
  CHECK_THAT(predict(m, Prediction::residuals, &rows)[0], near(2 - fitted[0]));
  CHECK_THROWS_WITH(predict(m, Prediction::xb,
                            [] {
                              static const data::Frame empty = data::Frame("e").with("q", data::Column::reals({1}));
                              return &empty;
                            }()),
                    Catch::Contains("no column"));
}

TEST_CASE("rows outside the sample are predicted too, their residuals are missing") {
  const data::Frame frame = test::panel();
  const results::Fit m = fit("ols", frame, "y ~ x", {{"where", terms("year > 2")}});
  const std::vector<double> xb = predict(m, Prediction::xb), residuals = predict(m, Prediction::residuals);
  CHECK_THAT(xb[0], near(coef(m, "_cons") + coef(m, "x") * frame.at("x")->number(0)));
  CHECK(std::isnan(residuals[0]));
  CHECK_FALSE(std::isnan(residuals[2]));
}

TEST_CASE("an instrumented regressor predicts with its own values, an event study with its dummies") {
  const data::Frame frame = test::panel().with_panel("unit", "year");
  const results::Fit iv = fit("feols", frame, "y ~ d | unit + year | x ~ z");
  const std::vector<double> xb = predict(iv, Prediction::xb);
  CHECK_THAT(xb[5], near(coef(iv, "x") * frame.at("x")->number(5) + coef(iv, "d") * frame.at("d")->number(5)));
  const results::Fit es =
      fit("event_study", frame, "y ~ x", {{"cohort", terms("cohort")}, {"fe", terms("unit + year")}});
  const std::vector<double> event = predict(es, Prediction::xb, &frame);
  const std::size_t row = 6 + 3;  // unit 1, year 4: one year after its cohort
  CHECK_THAT(event[row], near(coef(es, "x") * frame.at("x")->number(row) + coef(es, "event::1")));
}

TEST_CASE("what can be predicted has names") {
  CHECK(estimators::parse_prediction("xbd") == Prediction::fitted);
  CHECK_THROWS_WITH(estimators::parse_prediction("residual"), Catch::Contains("residual"));
}
