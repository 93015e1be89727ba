// Logit and probit against their first-order conditions and closed forms.
#include "estimators/glm/binary.hpp"

#include "core/error.hpp"
#include "numerics/random.hpp"

#include <catch2/catch.hpp>
#include <cmath>

using estimators::Binary;
using estimators::fit_binary;
using estimators::Link;
using numerics::Index;
using numerics::Matrix;
using numerics::Vector;

namespace {

struct Draws {
  Vector y;
  Matrix X;
};

Draws draws(Index n, Link link) {
  numerics::Random random(11);
  Draws d{Vector(n), Matrix(n, 2)};
  for (Index i = 0; i < n; ++i) {
    d.X(i, 0) = random.normal();
    d.X(i, 1) = 1;
    d.y[i] = random.uniform() < estimators::link_probability(0.8 * d.X(i, 0) - 0.3, link) ? 1 : 0;
  }
  return d;
}

}  // namespace

TEST_CASE("Binary models solve their first-order conditions and find the truth") {
  for (const Link link : {Link::logit, Link::probit}) {
    const Draws d = draws(4000, link);
    const Binary m = fit_binary(d.y, d.X, {}, {.link = link});
    REQUIRE(m.converged);
    CHECK(m.separated.empty());
    CHECK(m.scores.colwise().sum().cwiseAbs().maxCoeff() < 1e-8);
    CHECK(m.coef[0] == Approx(0.8).margin(4 * std::sqrt(m.bread(0, 0))));
    CHECK(m.coef[1] == Approx(-0.3).margin(4 * std::sqrt(m.bread(1, 1))));
    CHECK(m.loglik > m.loglik_null);
  }
}

TEST_CASE("A binary model of a constant gives the share, and weights repeat rows") {
  const Vector y = (Vector(5) << 1, 0, 0, 0, 1).finished();
  const Matrix one = Matrix::Ones(5, 1);
  const Binary logit = fit_binary(y, one);
  CHECK(logit.coef[0] == Approx(std::log(0.4 / 0.6)).epsilon(1e-12));
  CHECK(logit.loglik == Approx(logit.loglik_null).epsilon(1e-12));
  CHECK(logit.bread(0, 0) == Approx(1 / (5 * 0.24)).epsilon(1e-12));
  const Vector w = (Vector(5) << 2, 1, 1, 1, 1).finished();
  CHECK(fit_binary(y, one, w).fitted[0] == Approx(0.5).epsilon(1e-12));
}

TEST_CASE("A binary model names what it cannot fit") {
  Draws d = draws(50, Link::logit);
  for (Index i = 0; i < 50; ++i) d.y[i] = d.X(i, 0) > 0 ? 1 : 0;
  CHECK(fit_binary(d.y, d.X).separated.size() == 50);
  // Quasi-separation: a dummy that is 1 only where y is 1.
  d = draws(50, Link::logit);
  Matrix X(50, 3);
  X << d.X, Vector::Zero(50);
  Index ones = 0;
  for (Index i = 0; i < 50 && ones < 4; ++i)
    if (d.y[i] == 1) X(i, 2) = static_cast<double>(++ones > 0);
  CHECK(fit_binary(d.y, X).separated.size() == 4);
  CHECK_THROWS_AS(fit_binary(Vector::Ones(50), d.X), core::Error);
  Matrix twice(50, 3);
  twice << d.X, d.X.col(0) * 2;
  CHECK(fit_binary(d.y, twice).dropped == std::vector<Index>{2});
}
