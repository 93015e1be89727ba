#include "results/fit.hpp"

#include "core/error.hpp"
#include "numerics/least_squares.hpp"

#include <nlohmann/json.hpp>

#include <catch2/catch.hpp>

#include <cmath>
#include <limits>

using numerics::Index;
using numerics::Matrix;
using numerics::Vector;
using results::Fit;

namespace {

/// A sample with one cluster variable, "city".
class CitySample : public results::Sample {
 public:
  inference::VcovData vcov_data(const inference::VcovSpec& spec) const override {
    inference::VcovData out;
    for (const std::string& name : spec.cluster) {
      if (name != "city") throw core::Error("no column '" + name + "'").word(name);
      out.clusters.push_back({0, 0, 1, 1, 2, 2, 3, 3});
      out.nests.push_back({true});
    }
    return out;
  }
};

/// y on x, log(z), a year dummy and a constant.
Fit example() {
  Matrix X(8, 4);
  X << 1, 0.1, 0, 1, 2, 0.4, 1, 1, 3, 0.2, 0, 1, 4, 0.9, 1, 1, 5, 0.3, 0, 1, 6, 0.8, 1, 1, 7, 0.1, 0, 1, 8, 0.6, 1, 1;
  const Vector y = (Vector(8) << 1.2, 2.9, 3.1, 4.2, 4.8, 6.9, 6.4, 8.8).finished();
  const auto ls = numerics::least_squares(X, y);
  Fit fit;
  fit.command = "feols";
  fit.call = "feols(y ~ x + log(z) + i.year)";
  fit.depvar = "y";
  fit.names = {"x", "log(z)", "i(year)::2014", "_cons"};
  fit.collinear = {"w"};
  fit.coef = ls.coef;
  fit.bread = ls.bread;
  fit.scores = ls.residuals.asDiagonal() * X;
  fit.residuals = ls.residuals;
  fit.nobs = 8;
  fit.rss = ls.rss;
  fit.rank = 4;
  fit.constant = 3;
  fit.sample = std::make_shared<CitySample>();
  fit.set_stat("r2", 0.1);
  return results::vcov_as(fit, inference::parse_vcov("iid"));
}

/// Message, hints and the marked text of what `call` throws.
template <class Call>
std::string error(const Call& call) {
  try {
    call();
  } catch (const core::Error& e) {
    std::string out = e.message();
    if (e.caret()) out += " <" + e.caret()->text.substr(e.caret()->offset, e.caret()->length) + ">";
    for (const std::string& hint : e.hints()) out += " | " + hint;
    return out;
  }
  return "no error";
}

}  // namespace

TEST_CASE("statistics and coefficients by name") {
  Fit fit = example();
  CHECK(fit.stat("r2") == 0.1);
  CHECK(std::isnan(fit.stat("r2_within")));
  fit.set_stat("r2", 0.2);
  CHECK(fit.stats.size() == 1);
  CHECK(fit.stat("r2") == 0.2);
  CHECK(fit.position("log(z)") == 1);
  CHECK(error([&] { fit.position("log(s)"); }).find("no coefficient 'log(s)' | did you mean 'log(z)'?") == 0);
  CHECK(error([&] { fit.position("w"); }) == "no coefficient 'w': it was dropped as collinear");
}

TEST_CASE("the covariance is switched after the fit") {
  const Fit fit = example();
  CHECK(fit.vcov.df_t == 4);
  CHECK(fit.se(0) == Approx(std::sqrt(fit.rss / 4 * fit.bread(0, 0))).epsilon(1e-14));
  const Fit clustered = results::vcov_as(fit, inference::parse_vcov("cluster city"));
  CHECK(clustered.vcov.label == "clustered by city (4)");
  CHECK(clustered.vcov.df_t == 3);
  CHECK(clustered.coef == fit.coef);
  CHECK(fit.vcov.label == "iid");
  CHECK(error([&] { results::vcov_as(fit, inference::parse_vcov("cluster cty")); }) == "no column 'cty'");
  CHECK(error([&] { results::vcov_as(fit, inference::parse_vcov("HC3")); }) ==
        "vcov 'HC3' needs leverages, which 'feols' does not have | use vcov=\"hetero\"");
  Fit bare = fit;
  bare.scores.resize(0, 0);
  CHECK(error([&] { results::vcov_as(bare, inference::parse_vcov("hetero")); }) ==
        "'feols' leaves no scores, so its covariance cannot be changed after the fit");
}

TEST_CASE("nested fixed effects leave K, as the sample says") {
  Fit fit = example();
  fit.fe.push_back({.name = "city", .level_names = {}, .levels = 4, .redundant = 0});
  fit.constant = -1;
  CHECK(results::vcov_as(fit, inference::parse_vcov("cluster city")).vcov.K == 5);
  fit.fe[0].slopes = 2;  // a dimension of two intercepts and two slopes: the slopes stay
  CHECK(results::vcov_as(fit, inference::parse_vcov("cluster city")).vcov.K == 7);
}

TEST_CASE("the coefficient table holds estimates with intervals of its level") {
  const Fit fit = example();
  const auto table = results::coefficient_table(fit, 0.9);
  REQUIRE(table.size() == 4);
  CHECK(table[1].name == "log(z)");
  CHECK(table[1].estimate.value == fit.coef[1]);
  CHECK(table[1].estimate.high == Approx(fit.coef[1] + fit.se(1) * inference::t_quantile(0.95, 4)).epsilon(1e-14));
}

TEST_CASE("hypotheses in words") {
  const Fit fit = example();
  const auto one = results::test(fit, {"x = log(z)"});
  Vector gap = Vector::Zero(4);
  gap[0] = 1;
  gap[1] = -1;
  const double t = gap.dot(fit.coef) / std::sqrt(gap.dot(fit.vcov.matrix * gap));
  CHECK(one.statistic == Approx(t * t).epsilon(1e-12));
  CHECK(one.name == "x = log(z)");
  CHECK(results::test(fit, {"x"}).name == "x = 0");
  CHECK(results::test(fit, {"2*x - 1 = 2 log(z) - 1"}).statistic == Approx(t * t).epsilon(1e-12));
  CHECK(results::test(fit, {"(x - log(z)) / 3 == 0"}).statistic == Approx(t * t).epsilon(1e-12));
  const auto joint = results::test(fit, {"x = log(z) = 0"});
  CHECK(joint.df1 == 2);
  CHECK(joint.statistic == Approx(results::test(fit, {"x", "log(z)"}).statistic).epsilon(1e-12));
  CHECK(results::test(fit, {"i(year)::2014 = 0.5"}).df1 == 1);
  CHECK(results::test(fit, {"`i(year)::2014` = [x]"}).df1 == 1);
}

TEST_CASE("a combination of coefficients") {
  const Fit fit = example();
  const auto e = results::lincom(fit, "x + 2*log(z) - 3");
  CHECK(e.value == Approx(fit.coef[0] + 2 * fit.coef[1] - 3).epsilon(1e-14));
  const auto& V = fit.vcov.matrix;
  CHECK(e.se == Approx(std::sqrt(V(0, 0) + 4 * V(1, 1) + 4 * V(0, 1))).epsilon(1e-13));
}

TEST_CASE("the longest coefficient name is meant") {
  Fit fit = example();
  fit.names = {"treat", "treat:post", "post", "a-b"};
  const auto value = [&](const std::string& text) { return results::lincom(fit, text).value; };
  CHECK(value("treat:post") == fit.coef[1]);
  CHECK(value("treat + post") == Approx(fit.coef[0] + fit.coef[2]).epsilon(1e-15));
  CHECK(value("a-b") == fit.coef[3]);
  CHECK(value("- -treat") == fit.coef[0]);
  CHECK(error([&] { value("treated"); }).find("no coefficient 'treated' <treated> | did you mean 'treat'?") == 0);
}

TEST_CASE("mistakes in a hypothesis are marked") {
  const Fit fit = example();
  const auto tested = [&](const std::string& text) { return error([&] { results::test(fit, {text}); }); };
  CHECK(tested("x = log(s)").find("no coefficient 'log(s)' <log(s)> | did you mean 'log(z)'?") == 0);
  CHECK(tested("w = 0") == "no coefficient 'w': it was dropped as collinear <w>");
  CHECK(tested("x * log(z) = 0") == "a combination is linear: it cannot multiply two coefficients <*>");
  CHECK(tested("2 / x = 1") == "a combination is linear: it cannot divide by a coefficient </>");
  CHECK(tested("x / 0 = 1") == "division by zero </>");
  CHECK(tested("x +") == "the combination ends too early <>");
  CHECK(tested("x = 1 ]") == "unexpected ']' <]>");
  CHECK(tested("(x = 1") == "unexpected '=' <=>");
  CHECK(tested("1 = 1") == "the hypothesis holds no coefficient <1 = 1>");
  CHECK(tested("`x = 1") == "no closing '`' <`>");
  CHECK(error([&] { results::test(fit, {}); }).find("no hypothesis to test") == 0);
  CHECK(error([&] { results::lincom(fit, "3"); }) == "the combination holds no coefficient <3>");
}

TEST_CASE("json holds every number at full precision") {
  Fit fit = example();
  fit.coef[0] = 0.1 + 0.2;
  fit.notes = {"2 rows dropped"};
  fit.set_stat("nothing", std::numeric_limits<double>::quiet_NaN());
  fit.vcov.df_t = std::numeric_limits<double>::infinity();
  fit.tests.push_back({.name = "first-stage F", .statistic = 12, .distribution = "F", .df1 = 1, .df2 = 4, .p = 0.01});
  fit.provenance["seed"] = "7";
  fit.first_stages.push_back(std::make_shared<Fit>(example()));
  const auto j = nlohmann::json::parse(results::json(fit));
  CHECK(j["call"] == "feols(y ~ x + log(z) + i.year)");
  CHECK(j["coefficients"]["x"]["estimate"].get<double>() == fit.coef[0]);
  CHECK(j["coefficients"]["log(z)"]["se"].get<double>() == fit.se(1));
  CHECK(j["vcov"]["matrix"][1][2].get<double>() == fit.vcov.matrix(1, 2));
  CHECK(j["vcov"]["df_t"] == "inf");
  CHECK(j["vcov"]["ssc"]["like"] == "moontide");
  CHECK(j["stats"]["nothing"].is_null());
  CHECK(j["tests"][0]["df2"] == 4);
  CHECK(j["notes"][0] == "2 rows dropped");
  CHECK(j["collinear"][0] == "w");
  CHECK(j["provenance"]["seed"] == "7");
  CHECK(j["first_stages"][0]["vcov"]["type"] == "iid");
}
