// Spatial models on data with known truth, and against numbers that can be had otherwise.
#include "core/error.hpp"
#include "data/csv.hpp"
#include "estimators/spatial/choice.hpp"
#include "estimators/spatial/impacts.hpp"
#include "estimators/spatial/lm_tests.hpp"
#include "numerics/dense.hpp"
#include "panel_data.hpp"
#include "spatial/builders.hpp"

#include <algorithm>

using test::coef;
using test::near;
using test::se;

namespace {

using spatial::Index;
using spatial::Link;
using spatial::Matrix;
using spatial::Vector;
using spatial::Weights;
using spatial::WeightsPtr;

/// Rook neighbours on a torus: every unit has four, and its own id.
WeightsPtr torus(std::uint32_t side) {
  std::vector<Link> links;
  std::vector<std::string> ids;
  for (std::uint32_t r = 0; r < side; ++r)
    for (std::uint32_t c = 0; c < side; ++c) {
      const std::uint32_t at = r * side + c;
      ids.push_back("u" + std::to_string(at));
      for (const auto& [a, b] :
           {std::pair{(r + 1) % side, c}, {(r + side - 1) % side, c}, {r, (c + 1) % side}, {r, (c + side - 1) % side}})
        links.push_back({at, a * side + b, 1});
    }
  Weights W = spatial::standardised(spatial::from_links(ids, links, "torus"), spatial::Standard::row);
  W.id_column = "unit";
  return std::make_shared<const Weights>(std::move(W));
}

/// y = ρWy + x + g Wx + a_i + d_t + u, u = λWu + ε.
data::Frame simulated(const Weights& W, int periods, double rho, double lambda, double g, std::uint64_t seed,
                      bool effects) {
  const auto n = static_cast<Index>(W.units());
  const Matrix I = Matrix::Identity(n, n), D = spatial::dense(W);
  const Matrix A = numerics::inverse(I - rho * D), B = numerics::inverse(I - lambda * D);
  numerics::Random random(seed);
  Vector a(n);
  for (double& v : a) v = effects ? random.normal() : 0;
  std::vector<std::string> unit;
  std::vector<std::int64_t> year;
  std::vector<double> x, y;
  for (int t = 0; t < periods; ++t) {
    Vector xs(n), e(n);
    for (double& v : xs) v = random.normal();
    for (double& v : e) v = random.normal();
    const double d = effects ? random.normal() : 0;
    const Vector mean = xs + g * numerics::product(D, xs) + a + Vector::Constant(n, d + 1) + numerics::product(B, e);
    const Vector ys = numerics::product(A, mean);
    for (Index i = 0; i < n; ++i) {
      unit.push_back(W.ids[static_cast<std::size_t>(i)]);
      year.push_back(2000 + t);
      x.push_back(xs[i]);
      y.push_back(ys[i]);
    }
  }
  const data::Frame frame = data::Frame("made")
                                .with("unit", data::Column::texts(unit))
                                .with("year", data::Column::integers(year))
                                .with("x", data::Column::reals(x))
                                .with("y", data::Column::reals(y));
  return periods > 1 ? frame.with_panel("unit", "year") : frame;
}

results::Fit fit(const std::string& name, const data::Frame& frame, const std::string& formula, const WeightsPtr& W,
                 const test::Settings& settings = {}) {
  for (const estimators::Estimator* estimator : estimators::registry()) {
    if (estimator->record.name != name) continue;
    estimators::Request request;
    request.frame = frame;
    request.formula = formula::parse(formula);
    request.args = {W};
    for (const auto& [key, value] : settings) request.options.set(key, value);
    return estimator->fit(request);
  }
  throw core::Error("no estimator " + name);
}

}  // namespace

TEST_CASE("spatial models recover what made the data") {
  const WeightsPtr W = torus(20);
  const results::Fit lag = fit("sar", simulated(*W, 1, 0.6, 0, 0, 1, false), "y ~ x", W);
  CHECK(std::abs(coef(lag, "rho") - 0.6) < 4 * se(lag, "rho"));
  CHECK(std::abs(coef(lag, "x") - 1) < 4 * se(lag, "x"));
  const results::Fit error = fit("sem", simulated(*W, 1, 0, 0.6, 0, 2, false), "y ~ x", W);
  CHECK(std::abs(coef(error, "lambda") - 0.6) < 4 * se(error, "lambda"));
  const results::Fit durbin = fit("sdm", simulated(*W, 1, -0.5, 0, 0.7, 3, false), "y ~ x", W);
  CHECK(std::abs(coef(durbin, "rho") + 0.5) < 4 * se(durbin, "rho"));
  CHECK(std::abs(coef(durbin, "W*x") - 0.7) < 4 * se(durbin, "W*x"));
  const results::Fit both = fit("sac", simulated(*W, 1, 0.4, 0.4, 0, 4, false), "y ~ x", W);
  CHECK(std::abs(coef(both, "rho") - 0.4) < 4 * se(both, "rho"));
  CHECK(std::abs(coef(both, "lambda") - 0.4) < 4 * se(both, "lambda"));
  const results::Fit instruments = fit("stsls", simulated(*W, 1, 0.6, 0, 0, 5, false), "y ~ x", W);
  CHECK(std::abs(coef(instruments, "rho") - 0.6) < 4 * se(instruments, "rho"));
  const results::Fit moments =
      fit("gs2sls", simulated(*W, 1, 0.4, 0.5, 0, 6, false), "y ~ x", W, {{"moments", std::string("het")}});
  CHECK(std::abs(moments.stat("lambda") - 0.5) < 0.25);
}

TEST_CASE("the methods of the log-determinant give the same estimate") {
  const WeightsPtr W = torus(18);
  const data::Frame frame = simulated(*W, 1, 0.5, 0, 0, 8, false);
  const results::Fit eigen = fit("sar", frame, "y ~ x", W, {{"logdet", std::string("eigen")}});
  const results::Fit cholesky = fit("sar", frame, "y ~ x", W, {{"logdet", std::string("cholesky")}});
  const results::Fit random = fit("sar", frame, "y ~ x", W, {{"logdet", std::string("chebyshev")}});
  CHECK(coef(cholesky, "rho") == Approx(coef(eigen, "rho")).margin(1e-8));
  CHECK(cholesky.stat("loglik") == Approx(eigen.stat("loglik")).margin(1e-6));
  CHECK(coef(random, "rho") == Approx(coef(eigen, "rho")).margin(0.02));
}

TEST_CASE("impacts are those of the inverse written out") {
  const WeightsPtr W = torus(14);
  const results::Fit m = fit("sdm", simulated(*W, 1, 0.4, 0, 0.5, 9, false), "y ~ x", W);
  const estimators::Impacts made = estimators::impacts(m, 400, 3);
  const Index n = 196;
  const Matrix D = spatial::dense(*W), I = Matrix::Identity(n, n);
  const Matrix S =
      numerics::product(numerics::inverse(I - coef(m, "rho") * D), Matrix(coef(m, "x") * I + coef(m, "W*x") * D));
  CHECK_THAT(made.rows[0].direct, near(S.trace() / n));
  CHECK_THAT(made.rows[0].total, near(S.sum() / n));
  CHECK(made.rows[0].sim_total == Approx(made.rows[0].se_total).epsilon(0.2));
}

TEST_CASE("Lee and Yu's transformation takes the bias away") {
  const WeightsPtr W = torus(5);
  double direct = 0, transformed = 0, direct_s2 = 0, transformed_s2 = 0;
  constexpr int reps = 60;
  for (int r = 0; r < reps; ++r) {
    const data::Frame frame = simulated(*W, 5, 0.5, 0, 0, 100 + static_cast<std::uint64_t>(r), true);
    const results::Fit plain = fit("sar", frame, "y ~ x", W, {{"fe", test::terms("unit + year")}});
    const results::Fit ly = fit("sar", frame, "y ~ x", W, {{"fe", test::terms("unit + year")}, {"lee_yu", true}});
    direct += coef(plain, "rho") / reps;
    transformed += coef(ly, "rho") / reps;
    direct_s2 += plain.stat("sigma2") / reps;
    transformed_s2 += ly.stat("sigma2") / reps;
  }
  CHECK(std::abs(transformed - 0.5) < 0.035);
  CHECK(std::abs(direct - 0.5) > std::abs(transformed - 0.5));
  CHECK(std::abs(transformed_s2 - 1) < 0.08);
  CHECK(direct_s2 < 0.85);
}

TEST_CASE(
    "a panel with unit effects by demeaning has the coefficients of Lee and Yu's transformation, and less variance") {
  const WeightsPtr W = torus(5);
  const data::Frame frame = simulated(*W, 4, 0.3, 0, 0, 50, true);
  const results::Fit plain = fit("sar", frame, "y ~ x", W, {{"fe", test::terms("unit")}});
  const results::Fit ly = fit("sar", frame, "y ~ x", W, {{"fe", test::terms("unit")}, {"lee_yu", true}});
  CHECK(coef(plain, "rho") == Approx(coef(ly, "rho")).margin(1e-7));
  CHECK(ly.stat("sigma2") == Approx(plain.stat("sigma2") * 4 / 3).epsilon(1e-6));
}

namespace {

/// y_t = ρWy_t + τy_{t−1} + ηWy_{t−1} + x + a + d_t + ε, after 60 periods that are thrown away.
data::Frame dynamic_panel(const Weights& W, int periods, double rho, double tau, double eta, bool time,
                          std::uint64_t seed) {
  const auto n = static_cast<Index>(W.units());
  const Matrix D = spatial::dense(W), A = numerics::inverse(Matrix(Matrix::Identity(n, n) - rho * D));
  numerics::Random random(seed);
  Vector a(n), before = Vector::Zero(n);
  for (double& v : a) v = random.normal();
  std::vector<std::string> unit;
  std::vector<std::int64_t> year;
  std::vector<double> x, y;
  for (int t = -60; t <= periods; ++t) {
    Vector xs(n), e(n);
    for (double& v : xs) v = random.normal();
    for (double& v : e) v = random.normal();
    const double d = time ? random.normal() : 0;
    const Vector now = numerics::product(
        A, Vector(tau * before + eta * numerics::product(D, before) + xs + a + e + Vector::Constant(n, d)));
    before = now;
    for (Index i = 0; i < n && t >= 0; ++i) {
      unit.push_back(W.ids[static_cast<std::size_t>(i)]);
      year.push_back(2000 + t);
      x.push_back(xs[i]);
      y.push_back(now[i]);
    }
  }
  return data::Frame("made")
      .with("unit", data::Column::texts(unit))
      .with("year", data::Column::integers(year))
      .with("x", data::Column::reals(x))
      .with("y", data::Column::reals(y))
      .with_panel("unit", "year");
}

}  // namespace

TEST_CASE("the correction of dynamic panels takes most of the bias away") {
  const WeightsPtr W = torus(6);
  constexpr int reps = 60;
  const auto mean_bias = [&](const std::string& formula, const test::Settings& settings, bool time) {
    Vector bias = Vector::Zero(4);  // L.y, W*L.y, rho, sigma2
    for (int r = 0; r < reps; ++r) {
      const data::Frame frame = dynamic_panel(*W, 10, 0.3, 0.4, 0.1, time, 700 + static_cast<std::uint64_t>(r));
      const results::Fit m = fit("sar", frame, formula, W, settings);
      bias[0] += (coef(m, "L.y") - 0.4) / reps;
      bias[1] += (coef(m, "W*L.y") - 0.1) / reps;
      bias[2] += (coef(m, "rho") - 0.3) / reps;
      bias[3] += (m.stat("sigma2") - 1) / reps;
    }
    return bias;
  };
  for (const bool time : {false, true}) {
    const test::Settings fe = {{"fe", test::terms(time ? "unit + year" : "unit")}};
    test::Settings corrected = fe, transformed = fe;
    corrected.emplace_back("dynamic", std::string("both"));
    transformed = corrected;
    transformed.emplace_back("lee_yu", true);
    const Vector after = mean_bias("y ~ x", corrected, time), ly = mean_bias("y ~ x", transformed, time);
    CAPTURE(time, after.transpose(), ly.transpose());
    // Without correction the bias of L.y is near -(1 + tau)/T: -0.1 or more.
    CHECK(std::abs(after[0]) < 0.03);
    CHECK(std::abs(ly[0]) < 0.03);
    CHECK(std::abs(after[1]) < 0.05);
    CHECK(std::abs(ly[1]) < 0.05);
    CHECK(std::abs(after[2]) < 0.05);
    CHECK(std::abs(ly[2]) < 0.05);
    CHECK(std::abs(after[3]) < 0.06);
    CHECK(std::abs(ly[3]) < 0.06);
  }
}

TEST_CASE("without the correction a lagged outcome is biased, and the note says so") {
  const WeightsPtr W = torus(6);
  double bias = 0;
  constexpr int reps = 40;
  for (int r = 0; r < reps; ++r) {
    const data::Frame frame = dynamic_panel(*W, 10, 0.3, 0.4, 0, false, 700 + static_cast<std::uint64_t>(r));
    const results::Fit m = fit("sar", frame, "y ~ L.y + x", W, {{"fe", test::terms("unit")}});
    bias += (coef(m, "L.y") - 0.4) / reps;
    if (r == 0)
      CHECK(std::any_of(m.notes.begin(), m.notes.end(),
                        [](const std::string& note) { return note.find("dynamic=") != std::string::npos; }));
  }
  CHECK(bias < -0.05);
}

TEST_CASE("after Lee and Yu's transformation the test of a spatial error left keeps its size") {
  const WeightsPtr W = torus(6);
  constexpr int reps = 100;
  int rejected = 0;
  for (int r = 0; r < reps; ++r) {
    const data::Frame frame = simulated(*W, 6, 0.3, 0, 0, 500 + static_cast<std::uint64_t>(r), true);
    const results::Fit m = fit("sar", frame, "y ~ x", W, {{"fe", test::terms("unit + year")}, {"lee_yu", true}});
    for (const inference::Test& test : m.tests)
      if (test.name == "spatial error left (LM)") rejected += test.p < 0.1;
  }
  CHECK(rejected <= 20);
  CHECK(rejected >= 2);
}

TEST_CASE("long-run impacts are those of the inverse written out") {
  const WeightsPtr W = torus(6);
  const data::Frame frame = dynamic_panel(*W, 20, 0.2, 0.2, 0.1, false, 77);
  const results::Fit m = fit("sdm", frame, "y ~ x", W, {{"fe", test::terms("unit")}, {"dynamic", std::string("both")}});
  const Index n = 36;
  const Matrix D = spatial::dense(*W), I = Matrix::Identity(n, n);
  const auto written = [&](double tau, double eta) {
    return numerics::product(numerics::inverse(Matrix((1 - tau) * I - (coef(m, "rho") + eta) * D)),
                             Matrix(coef(m, "x") * I + coef(m, "W*x") * D));
  };
  const estimators::Impacts short_run = estimators::impacts(m, 0, 1), long_run = estimators::impacts(m, 400, 1, true);
  REQUIRE(long_run.rows.size() == 1);
  const Matrix S = written(0, 0), L = written(coef(m, "L.y"), coef(m, "W*L.y"));
  CHECK_THAT(short_run.rows[0].direct, near(S.trace() / n));
  CHECK_THAT(long_run.rows[0].direct, near(L.trace() / n));
  CHECK_THAT(long_run.rows[0].total, near(L.sum() / n));
  CHECK(long_run.rows[0].sim_total == Approx(long_run.rows[0].se_total).epsilon(0.35));
  CHECK_THROWS_AS(estimators::impacts(fit("sdm", frame, "y ~ x", W), 0, 1, true), core::Error);
}

TEST_CASE("the matrix exponential recovers what made the data, and its impacts are the exponential written out") {
  const WeightsPtr W = torus(14);
  const auto n = static_cast<Index>(W->units());
  const Matrix D = spatial::dense(*W);
  const auto exponential = [&](double c) {
    Matrix term = Matrix::Identity(n, n), sum = term;
    for (int j = 1; j < 40; ++j) {
      term = c / j * numerics::product(D, term);
      sum += term;
    }
    return sum;
  };
  data::Frame frame = simulated(*W, 1, 0, 0, 0, 21, false);
  const std::vector<double> noise = frame.at("y")->numbers();
  const Vector made = numerics::product(exponential(0.8), Vector(Eigen::Map<const Vector>(noise.data(), n)));
  frame = frame.without("y").with("y", data::Column::reals({made.data(), made.data() + n}));
  const results::Fit m = fit("mess", frame, "y ~ x", W);
  CHECK(std::abs(coef(m, "alpha") + 0.8) < 4 * se(m, "alpha"));
  CHECK(std::abs(coef(m, "x") - 1) < 4 * se(m, "x"));
  const estimators::Impacts impacts = estimators::impacts(m, 0, 1);
  const Matrix S = coef(m, "x") * exponential(-coef(m, "alpha"));
  CHECK_THAT(impacts.rows[0].direct, near(S.trace() / static_cast<double>(n)));
  CHECK_THAT(impacts.rows[0].total, near(S.sum() / static_cast<double>(n)));
}

TEST_CASE("standard errors of lambda by moments are the spread of lambda") {
  const WeightsPtr W = torus(12);
  for (const char* moments : {"homoskedastic", "het"}) {
    constexpr int reps = 60;
    double sum = 0, square = 0, errors = 0;
    for (int r = 0; r < reps; ++r) {
      const data::Frame frame = simulated(*W, 1, 0, 0.5, 0, 900 + static_cast<std::uint64_t>(r), false);
      const results::Fit m = fit("gmerror", frame, "y ~ x", W, {{"moments", std::string(moments)}});
      sum += m.stat("lambda") / reps;
      square += std::pow(m.stat("lambda"), 2) / reps;
      errors += m.stat("lambda_se") / reps;
    }
    CAPTURE(moments, sum);
    CHECK(errors == Approx(std::sqrt(square - sum * sum)).epsilon(0.25));
  }
}

TEST_CASE("the test of Anselin and Kelejian keeps its size, and finds a spatial error") {
  const WeightsPtr W = torus(12);
  int false_alarms = 0, found = 0;
  constexpr int reps = 100;
  for (int r = 0; r < reps; ++r) {
    const auto p = [&](double lambda) {
      return fit("stsls", simulated(*W, 1, 0.4, lambda, 0, 300 + static_cast<std::uint64_t>(r), false), "y ~ x", W)
          .tests.at(0)
          .p;
    };
    false_alarms += p(0) < 0.1;
    found += p(0.6) < 0.1;
  }
  CHECK(false_alarms <= 20);
  CHECK(found >= 40);
}

TEST_CASE("weights by period: the same W in every period is the one W; a period without one is named") {
  const WeightsPtr W = torus(5);
  const data::Frame frame = simulated(*W, 4, 0.4, 0, 0.3, 31, true);
  std::vector<std::pair<std::string, WeightsPtr>> periods;
  for (int t = 0; t < 4; ++t) periods.emplace_back(std::to_string(2000 + t), W);
  const auto all = std::make_shared<const Weights>(spatial::over_time(periods));
  const test::Settings fe = {{"fe", test::terms("unit")}};
  const results::Fit one = fit("sdm", frame, "y ~ x", W, fe), same = fit("sdm", frame, "y ~ x", all, fe);
  CHECK(coef(same, "rho") == Approx(coef(one, "rho")).margin(1e-9));
  CHECK(same.stat("loglik") == Approx(one.stat("loglik")).epsilon(1e-10));
  periods.pop_back();
  CHECK_THROWS_WITH(fit("sdm", frame, "y ~ x", std::make_shared<const Weights>(spatial::over_time(periods)), fe),
                    Catch::Contains("no weights for period 2003"));
  CHECK_THROWS_AS(fit("sar", frame, "y ~ x", all, {{"fe", test::terms("unit")}, {"lee_yu", true}}), core::Error);
}

TEST_CASE("weights by period recover rho where neighbours change") {
  const WeightsPtr W = torus(8), other = std::make_shared<const Weights>([&] {
                                   Weights two = spatial::standardised(spatial::with_self(spatial::product(*W, *W), 0),
                                                                       spatial::Standard::row);
                                   two.id_column = "unit";
                                   return two;
                                 }());
  const data::Frame a = simulated(*W, 2, 0.5, 0, 0, 41, false), b = simulated(*other, 2, 0.5, 0, 0, 42, false);
  // Years 2000 and 2001 of the first, then the same units in 2002 and 2003 of the second.
  std::vector<std::string> unit;
  std::vector<std::int64_t> year;
  std::vector<double> x = a.at("x")->numbers(), y = a.at("y")->numbers();
  for (const auto& [from, first] : {std::pair{&a, 2000}, {&b, 2002}})
    for (std::size_t r = 0; r < from->rows(); ++r) {
      unit.push_back(from->at("unit")->text(r));
      year.push_back(first + static_cast<std::int64_t>(r / W->units()));
    }
  for (const auto& [to, name] : {std::pair{&x, "x"}, {&y, "y"}}) {
    const std::vector<double> more = b.at(name)->numbers();
    to->insert(to->end(), more.begin(), more.end());
  }
  const data::Frame frame = data::Frame("made")
                                .with("unit", data::Column::texts(unit))
                                .with("year", data::Column::integers(year))
                                .with("x", data::Column::reals(x))
                                .with("y", data::Column::reals(y))
                                .with_panel("unit", "year");
  const auto all =
      std::make_shared<const Weights>(spatial::over_time({{"2000", W}, {"2001", W}, {"2002", other}, {"2003", other}}));
  const results::Fit m = fit("sar", frame, "y ~ x", all);
  CHECK(std::abs(coef(m, "rho") - 0.5) < 4 * se(m, "rho"));
  CHECK(std::abs(coef(m, "x") - 1) < 4 * se(m, "x"));
}

TEST_CASE("what is near treatment is told apart from treatment") {
  const WeightsPtr W = torus(10);
  const auto n = static_cast<Index>(W->units());
  numerics::Random random(5);
  std::vector<std::string> unit;
  std::vector<std::int64_t> year;
  std::vector<double> d, y;
  Vector ever(n);
  for (double& v : ever) v = random.uniform() < 0.3;
  for (int t = 0; t < 6; ++t) {
    const Vector treated = t >= 3 ? ever : Vector(Vector::Zero(n)), exposure = spatial::lag(*W, treated);
    for (Index i = 0; i < n; ++i) {
      unit.push_back(W->ids[static_cast<std::size_t>(i)]);
      year.push_back(2000 + t);
      d.push_back(treated[i]);
      y.push_back(2 * treated[i] + 1.5 * exposure[i] + std::sin(static_cast<double>(i)) + t + 0.3 * random.normal());
    }
  }
  const data::Frame frame = data::Frame("made")
                                .with("unit", data::Column::texts(unit))
                                .with("year", data::Column::integers(year))
                                .with("d", data::Column::reals(d))
                                .with("y", data::Column::reals(y))
                                .with_panel("unit", "year");
  const test::Settings fe = {{"fe", test::terms("unit + year")}};
  const results::Fit m = fit("spatial_did", frame, "y ~ d", W, fe);
  CHECK(std::abs(coef(m, "d") - 2) < 4 * se(m, "d"));
  CHECK(std::abs(coef(m, "exposure") - 1.5) < 4 * se(m, "exposure"));
  test::Settings apart = fe;
  apart.emplace_back("by_treatment", true);
  const results::Fit s = fit("spatial_did", frame, "y ~ d", W, apart);
  CHECK(std::abs(coef(s, "exposure_treated") - 1.5) < 4 * se(s, "exposure_treated"));
  CHECK(std::abs(coef(s, "exposure_untreated") - 1.5) < 4 * se(s, "exposure_untreated"));
  CHECK_THROWS_WITH(fit("spatial_did", frame.with("half", data::Column::reals(y)), "y ~ half", W, fe),
                    Catch::Contains("not 0/1"));
}

TEST_CASE("the choice of a model finds the one that made the data") {
  const WeightsPtr W = torus(16);
  const auto chosen = [&](double rho, double lambda, double g, std::uint64_t seed) {
    estimators::Request request;
    request.frame = simulated(*W, 1, rho, lambda, g, seed, false);
    request.formula = formula::parse("y ~ x");
    request.args = {W};
    return estimators::choose_spatial(request, 0.01).model;
  };
  CHECK(chosen(0.5, 0, 0, 61) == "sar");
  CHECK(chosen(0, 0.6, 0, 62) == "sem");
  CHECK(chosen(0.5, 0, 1, 63) == "sdm");
  CHECK(chosen(0, 0, 0, 64) == "ols");
}

TEST_CASE("a sample that is not the units of W is an error that names one") {
  const WeightsPtr W = torus(4);
  const data::Frame frame = simulated(*W, 1, 0.3, 0, 0, 60, false);
  std::vector<std::uint32_t> some = {0, 1, 2, 3, 4, 5};
  CHECK_THROWS_WITH(fit("sar", frame.take(some), "y ~ x", W), Catch::Contains("W has 16 units but the sample has 6"));
  CHECK_THROWS_AS(fit("sar", frame, "y ~ x", W, {{"fe", test::terms("unit")}}), core::Error);
  CHECK_THROWS_AS(fit("sar", frame, "y ~ x", nullptr), core::Error);
}
