#include "core/error.hpp"
#include "panel_data.hpp"

#include <Eigen/Dense>

using numerics::Index;
using numerics::Matrix;
using numerics::Vector;
using test::coef;
using test::fit;
using test::near;
using test::noted;
using test::se;
using test::terms;
using test::test_called;
using test::vcov;

namespace {

Vector demeaned(const data::Frame& frame, const std::string& name) {
  const std::vector<double> values = frame.at(name)->numbers();
  Vector out = Eigen::Map<const Vector>(values.data(), static_cast<Index>(values.size()));
  out.array() -= out.mean();
  return out;
}

Matrix symmetric_power(const Matrix& S, double power) {
  const Eigen::SelfAdjointEigenSolver<Matrix> eigen(S);
  return eigen.eigenvectors() * eigen.eigenvalues().array().pow(power).matrix().asDiagonal() *
         eigen.eigenvectors().transpose();
}

/// Kleibergen & Paap (2006), equations as printed, for two endogenous regressors: slow, with the Kronecker products.
double rk(const Matrix& X, const Matrix& Z, bool wald) {
  const Index n = X.rows(), p = X.cols(), k = Z.cols(), q = p - 1;
  const auto size = static_cast<double>(n);
  const Matrix F = symmetric_power(X.transpose() * X / size, -0.5), G = symmetric_power(Z.transpose() * Z / size, -0.5);
  const Matrix theta = G * (Z.transpose() * X / size) * F;
  const Eigen::JacobiSVD<Matrix> svd(theta, Eigen::ComputeFullU | Eigen::ComputeFullV);
  const Matrix U = svd.matrixU(), V = svd.matrixV();
  const Matrix u12 = U.topRightCorner(q, k - q), u22 = U.bottomRightCorner(k - q, k - q);
  const Matrix v12 = V.topRightCorner(q, p - q), v22 = V.bottomRightCorner(p - q, p - q);
  Matrix stackU(k, k - q), stackV(p, p - q);
  stackU << u12, u22;
  stackV << v12, v22;
  const Matrix A = stackU * u22.inverse() * symmetric_power(u22 * u22.transpose(), 0.5);
  const Matrix B = symmetric_power(v22 * v22.transpose(), 0.5) * v22.transpose().inverse() * stackV.transpose();
  const Matrix E = wald ? Matrix(X - Z * (Z.transpose() * Z).inverse() * (Z.transpose() * X)) : X;
  Matrix S = Matrix::Zero(k * p, k * p);
  for (Index i = 0; i < n; ++i) {
    Vector v(k * p);
    for (Index j = 0; j < p; ++j) v.segment(j * k, k) = E(i, j) * Z.row(i).transpose();
    S += v * v.transpose() / size;
  }
  Matrix FG(k * p, k * p), BA((k - q) * (p - q), k * p);
  for (Index a = 0; a < p; ++a) {
    for (Index b = 0; b < p; ++b) FG.block(a * k, b * k, k, k) = F(a, b) * G;
  }
  for (Index b = 0; b < p; ++b) BA.middleCols(b * k, k) = B(0, b) * A.transpose();
  const Matrix W = FG * S * FG.transpose() / size;
  const Vector lambda = BA * Eigen::Map<const Vector>(theta.data(), k * p);
  return lambda.dot((BA * W * BA.transpose()).inverse() * lambda);
}

}  // namespace

TEST_CASE("with one instrument 2SLS is a ratio of covariances, and LIML is 2SLS") {
  const data::Frame frame = test::panel();
  const Vector y = demeaned(frame, "y"), x = demeaned(frame, "x"), z = demeaned(frame, "z");
  const results::Fit a = fit("feols", frame, "y ~ 1 | x ~ z");
  CHECK_THAT(coef(a, "x"), near(z.dot(y) / z.dot(x)));
  CHECK(a.names == std::vector<std::string>{"x", "_cons"});
  const results::Fit b = fit("feols", frame, "y ~ 1 | x ~ z", {{"method", std::string("liml")}});
  CHECK_THAT(coef(b, "x"), near(coef(a, "x")));
  CHECK_THAT(b.stat("kappa"), near(1));
  const Vector u = y - coef(a, "x") * x;
  CHECK_THAT(a.rss, near(u.squaredNorm()));
  const double projected = std::pow(z.dot(x), 2) / z.squaredNorm();
  CHECK_THAT(se(a, "x"), near(std::sqrt(u.squaredNorm() / 46 / projected)));
}

TEST_CASE("instruments with absorbed fixed effects give what dummies give") {
  const data::Frame frame = test::panel();
  const std::string method = GENERATE("2sls", "liml");
  const std::string kind = GENERATE("iid", "hetero", "cluster unit");
  // No small-sample factor: effects nested in the cluster are not counted when absorbed, dummies are.
  const test::Settings settings = {{"method", method}, {"vcov", vcov(kind)}, {"ssc", std::string("none")}};
  const results::Fit a = fit("feols", frame, "y ~ d | unit + year | x ~ z + z2", settings);
  const results::Fit b = fit("feols", frame, "y ~ d + i.unit + i.year | x ~ z + z2", settings);
  for (const std::string name : {"x", "d"}) {
    CHECK_THAT(coef(a, name), near(coef(b, name)));
    CHECK_THAT(se(a, name), near(se(b, name)));
  }
  const std::string over = kind == "iid" ? "Sargan" : "Hansen J";
  for (const std::string& name : {std::string("Kleibergen-Paap rk LM"), over}) {
    CHECK_THAT(test_called(a, name).statistic, Catch::Matchers::WithinRel(test_called(b, name).statistic, 1e-7));
  }
  CHECK_THAT(a.stat("kleibergen_paap_F"), Catch::Matchers::WithinRel(b.stat("kleibergen_paap_F"), 1e-7));
  if (kind != "iid") return;
  CHECK_THAT(a.stat("cragg_donald_F"), near(b.stat("cragg_donald_F")));
  CHECK_THAT(a.stat("ar_low"), Catch::Matchers::WithinRel(b.stat("ar_low"), 1e-8));
  CHECK_THAT(test_called(a, "Wu-Hausman").statistic, near(test_called(b, "Wu-Hausman").statistic));
}

TEST_CASE("LIML is the k-class estimator at its own kappa, and moves away from OLS") {
  const data::Frame frame = test::panel();
  const results::Fit liml = fit("feols", frame, "y ~ 1 | x ~ z + z2", {{"method", std::string("liml")}});
  const double kappa = liml.stat("kappa");
  CHECK(kappa > 1);
  Matrix Z(48, 2);
  Z << demeaned(frame, "z"), demeaned(frame, "z2");
  const Vector y = demeaned(frame, "y"), x = demeaned(frame, "x");
  const Matrix M =
      Matrix::Identity(48, 48) - kappa * (Matrix::Identity(48, 48) - Z * (Z.transpose() * Z).inverse() * Z.transpose());
  CHECK_THAT(coef(liml, "x"), near(x.dot(M * y) / x.dot(M * x)));
  // kappa is where the k-class objective u'M_1 u / u'M_Z u is least: its derivative at the estimate vanishes.
  const Vector u = y - coef(liml, "x") * x;
  const Vector mu = u - Z * ((Z.transpose() * Z).inverse() * (Z.transpose() * u));
  CHECK_THAT(u.squaredNorm() / u.dot(mu), Catch::Matchers::WithinRel(kappa, 1e-9));
}

TEST_CASE("first stages are fits of their own, and their F is the test of the instruments") {
  const data::Frame frame = test::panel();
  const results::Fit m = fit("feols", frame, "y ~ d | unit | x ~ z + z2", {{"vcov", vcov("hetero")}});
  REQUIRE(m.first_stages.size() == 1);
  const results::Fit direct = fit("feols", frame, "x ~ d + z + z2", {{"fe", terms("unit")}, {"vcov", vcov("hetero")}});
  const results::Fit& stage = *m.first_stages.front();
  CHECK(stage.depvar == "x");
  for (const std::string name : {"d", "z", "z2"}) {
    CHECK_THAT(coef(stage, name), near(coef(direct, name)));
    CHECK_THAT(se(stage, name), near(se(direct, name)));
  }
  CHECK_THAT(stage.stat("r2_within"), near(direct.stat("r2_within")));
  const inference::Test wald = results::test(direct, {"z = 0", "z2 = 0"});
  CHECK_THAT(test_called(m, "first-stage F: x").statistic, near(wald.statistic));
  CHECK_THAT(m.stat("kleibergen_paap_F"), near(wald.statistic));  // one endogenous regressor: they are the same
}

TEST_CASE("Kleibergen-Paap agrees with the paper's formula for two endogenous regressors") {
  data::Frame frame = test::panel(12, 6);
  std::vector<double> x2 = frame.at("w")->numbers(), z = frame.at("z")->numbers();
  for (std::size_t i = 0; i < x2.size(); ++i) x2[i] += 0.4 * z[i] * z[i];
  frame = frame.with("x2", data::Column::reals(x2));
  std::vector<double> z3(z.size());
  for (std::size_t i = 0; i < z3.size(); ++i) z3[i] = std::abs(z[i]) + 0.2 * frame.at("z2")->number(i);
  frame = frame.with("z3", data::Column::reals(z3));
  const results::Fit m =
      fit("feols", frame, "y ~ 1 | x + x2 ~ z + z2 + z3", {{"vcov", vcov("hc0")}, {"ssc", std::string("none")}});
  Matrix X(72, 2), Z(72, 3);
  X << demeaned(frame, "x"), demeaned(frame, "x2");
  Z << demeaned(frame, "z"), demeaned(frame, "z2"), demeaned(frame, "z3");
  CHECK_THAT(test_called(m, "Kleibergen-Paap rk LM").statistic, Catch::Matchers::WithinRel(rk(X, Z, false), 1e-9));
  CHECK(test_called(m, "Kleibergen-Paap rk LM").df1 == 2);
  CHECK_THAT(m.stat("kleibergen_paap_F"), Catch::Matchers::WithinRel(rk(X, Z, true) / 3, 1e-9));
}

TEST_CASE("the Anderson-Rubin set ends where the test rejects") {
  const data::Frame frame = test::panel(12, 6);
  const std::string kind = GENERATE("iid", "hetero", "cluster unit");
  const std::string instruments = GENERATE("z", "z + z2");
  const results::Fit m = fit("feols", frame, "y ~ 1 | unit | x ~ " + instruments, {{"vcov", vcov(kind)}});
  REQUIRE(std::isfinite(m.stat("ar_low")));
  for (const std::string end : {"ar_low", "ar_high"}) {
    std::vector<double> e = frame.at("y")->numbers();
    for (std::size_t i = 0; i < e.size(); ++i) e[i] -= m.stat(end) * frame.at("x")->number(i);
    const results::Fit reduced = fit("feols", frame.with("e", data::Column::reals(e)), "e ~ " + instruments,
                                     {{"fe", terms("unit")}, {"vcov", vcov(kind)}});
    CHECK_THAT(reduced.stat("F_p"), Catch::Matchers::WithinRel(0.05, 1e-7));
  }
  CHECK(m.stat("ar_low") < coef(m, "x"));
  CHECK(m.stat("ar_high") > coef(m, "x"));
}

TEST_CASE("useless instruments give a set that says so") {
  data::Frame frame = test::panel(12, 6);
  numerics::Random random(99);
  std::vector<double> noise(frame.rows());
  for (double& value : noise) value = random.normal();
  frame = frame.with("noise", data::Column::reals(noise));
  const results::Fit m = fit("feols", frame, "y ~ d | unit | x ~ noise");
  CHECK_FALSE((std::isfinite(m.stat("ar_low")) && std::isfinite(m.stat("ar_high"))));
  CHECK(noted(m.notes, "confidence set"));
}

TEST_CASE("models that are not identified are errors") {
  const data::Frame frame = test::panel();
  CHECK_THROWS_WITH(fit("feols", frame, "y ~ z | x ~ I(2*z)"), Catch::Contains("not identified"));
  CHECK_THROWS_WITH(fit("feols", frame, "y ~ 1 | x + w ~ z"),
                    Catch::Contains("2 endogenous regressors, 1 excluded instrument"));
  CHECK_THROWS_WITH(fit("feols", frame, "y ~ 1 | x ~ z", {{"vcov", vcov("hc3")}}),
                    Catch::Contains("is defined for least squares"));
}
