// Spatial models on data with known truth, and against numbers that can be had otherwise.
#include "core/error.hpp"
#include "data/csv.hpp"
#include "estimators/spatial/impacts.hpp"
#include "estimators/spatial/lm_tests.hpp"
#include "numerics/dense.hpp"
#include "panel_data.hpp"
#include "spatial/builders.hpp"

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

TEST_CASE("a sample that is not the units of W is an error that names one") {
  const WeightsPtr W = torus(4);
  const data::Frame frame = simulated(*W, 1, 0.3, 0, 0, 60, false);
  std::vector<std::uint32_t> some = {0, 1, 2, 3, 4, 5};
  CHECK_THROWS_WITH(fit("sar", frame.take(some), "y ~ x", W), Catch::Contains("W has 16 units but the sample has 6"));
  CHECK_THROWS_AS(fit("sar", frame, "y ~ x", W, {{"fe", test::terms("unit")}}), core::Error);
  CHECK_THROWS_AS(fit("sar", frame, "y ~ x", nullptr), core::Error);
}
