// Two-by-two estimators: equalities between them, influence functions against leaving rows out, bias and coverage.
#include "estimators/did/two_by_two.hpp"

#include "core/error.hpp"
#include "estimators/did/multiplier.hpp"
#include "numerics/random.hpp"

#include <catch2/catch.hpp>
#include <cmath>

using estimators::DidMethod;
using estimators::PanelDid;
using estimators::TwoByTwo;
using numerics::Index;
using numerics::Matrix;
using numerics::Vector;

namespace {

constexpr double truth = 1;
constexpr DidMethod methods[] = {DidMethod::dr, DidMethod::improved, DidMethod::ipw, DidMethod::horvitz_thompson,
                                 DidMethod::reg};

struct Panel {
  Vector before, after, treated;
  Matrix X;
};

/// x moves both treatment and trends: without it the effect is biased.
Panel draw(Index n, std::uint64_t seed) {
  numerics::Random random(seed);
  Panel p{Vector(n), Vector(n), Vector(n), Matrix(n, 2)};
  for (Index i = 0; i < n; ++i) {
    const double x = random.normal();
    p.X(i, 0) = x;
    p.X(i, 1) = 1;
    p.treated[i] = random.uniform() < 1 / (1 + std::exp(-0.5 * x)) ? 1 : 0;
    p.before[i] = x + random.normal();
    p.after[i] = p.before[i] + 0.8 * x + truth * p.treated[i] + random.normal();
  }
  return p;
}

struct Sections {
  Vector y, post, treated;
  Matrix X;
};

Sections stacked(const Panel& p) {
  const Index n = p.treated.size();
  Sections s{Vector(2 * n), Vector(2 * n), Vector(2 * n), Matrix(2 * n, 2)};
  s.y << p.before, p.after;
  s.post << Vector::Zero(n), Vector::Ones(n);
  s.treated << p.treated, p.treated;
  s.X << p.X, p.X;
  return s;
}

Vector without(const Vector& v, Index row) {
  Vector out(v.size() - 1);
  out << v.head(row), v.tail(v.size() - row - 1);
  return out;
}

Matrix without(const Matrix& X, Index row) {
  Matrix out(X.rows() - 1, X.cols());
  out << X.topRows(row), X.bottomRows(X.rows() - row - 1);
  return out;
}

}  // namespace

TEST_CASE("two-by-two estimators without covariates are the difference of two mean changes") {
  const Panel p = draw(200, 3);
  const Vector change = p.after - p.before;
  const double n1 = p.treated.sum(), n0 = 200 - n1;
  const double want = p.treated.dot(change) / n1 - (1 - p.treated.array()).matrix().dot(change) / n0;
  for (const DidMethod method : methods) {
    const TwoByTwo one = PanelDid(p.treated, Matrix::Ones(200, 1), {}, method)(change);
    CHECK(one.att == Approx(want).epsilon(1e-10));
    CHECK(std::abs(one.influence.mean()) < 1e-10);
  }
}

TEST_CASE("weights repeat units in two-by-two estimators") {
  const Panel p = draw(60, 4);
  const Vector w = (Vector(60) << Vector::Constant(20, 2), Vector::Ones(40)).finished();
  Vector change(80), treated(80);
  Matrix X(80, 2);
  change << (p.after - p.before).head(20), p.after - p.before;
  treated << p.treated.head(20), p.treated;
  X << p.X.topRows(20), p.X;
  for (const DidMethod method : methods)
    CHECK(PanelDid(p.treated, p.X, w, method)(p.after - p.before).att ==
          Approx(PanelDid(treated, X, {}, method)(change).att).epsilon(1e-8));
}

TEST_CASE("a panel read as repeated cross-sections has the same estimates") {
  const Panel p = draw(300, 5);
  const Sections s = stacked(p);
  for (const DidMethod method : {DidMethod::dr, DidMethod::ipw, DidMethod::reg, DidMethod::improved})
    CHECK(sections_did(s.y, s.post, s.treated, s.X, {}, method).att ==
          Approx(PanelDid(p.treated, p.X, {}, method)(p.after - p.before).att).epsilon(1e-8));
}

TEST_CASE("influence functions are what leaving out a row changes") {
  const Panel p = draw(250, 6);
  const Vector change = p.after - p.before;
  const Sections s = stacked(p);
  for (const DidMethod method : methods) {
    const TwoByTwo panel = PanelDid(p.treated, p.X, {}, method)(change);
    const TwoByTwo rows = sections_did(s.y, s.post, s.treated, s.X, {}, method);
    const double size = std::sqrt(panel.influence.squaredNorm() / 250),
                 scale = std::sqrt(rows.influence.squaredNorm() / 500);
    double worst = 0, worst_rows = 0;
    for (Index i = 0; i < 250; i += 7) {
      const double left = PanelDid(without(p.treated, i), without(p.X, i), {}, method)(without(change, i)).att;
      worst = std::max(worst, std::abs(249 * (panel.att - left) - panel.influence[i]) / size);
      const double left_rows =
          sections_did(without(s.y, i), without(s.post, i), without(s.treated, i), without(s.X, i), {}, method).att;
      worst_rows = std::max(worst_rows, std::abs(499 * (rows.att - left_rows) - rows.influence[i]) / scale);
    }
    CHECK(worst < 0.15);
    CHECK(worst_rows < 0.2);
  }
}

TEST_CASE("two-by-two estimators find the effect, and their intervals cover it") {
  constexpr int draws = 200;
  constexpr Index n = 300;
  for (const DidMethod method : methods) {
    double sum = 0, squares = 0;
    int covered = 0;
    for (int r = 0; r < draws; ++r) {
      const Panel p = draw(n, static_cast<std::uint64_t>(1000 + r));
      const TwoByTwo one = PanelDid(p.treated, p.X, {}, method)(p.after - p.before);
      const double se = std::sqrt(one.influence.squaredNorm()) / static_cast<double>(n);
      sum += one.att;
      squares += one.att * one.att;
      covered += std::abs(one.att - truth) <= 1.96 * se;
    }
    const double mean = sum / draws, sd = std::sqrt(squares / draws - mean * mean);
    CHECK(std::abs(mean - truth) < 4 * sd / std::sqrt(double(draws)));
    CHECK(covered >= 0.95 * draws - 4 * std::sqrt(0.95 * 0.05 * draws));
    CHECK(covered <= 0.95 * draws + 4 * std::sqrt(0.95 * 0.05 * draws));
  }
}

TEST_CASE("two-by-two estimators refuse covariates that separate") {
  const Panel p = draw(50, 8);
  Matrix X = p.X;
  X.col(0) = 2 * p.treated.array() - 1;
  CHECK_THROWS_AS(PanelDid(p.treated, X, {}, DidMethod::dr), core::Error);
}

TEST_CASE("the multiplier bootstrap gives the influence functions' standard errors") {
  numerics::Random random(9);
  Matrix psi(400, 3);
  for (double& v : psi.reshaped()) v = random.normal();
  psi.col(2).setZero();
  const auto boot = estimators::multiplier_bootstrap(psi, {}, 4999, 11, 0.95);
  for (const Index j : {0, 1}) {
    const double se = psi.col(j).norm() / 400;
    CHECK(boot.se[j] == Approx(se).epsilon(0.06));  // 4 Monte-Carlo standard errors of a quartile range
  }
  CHECK(boot.se[2] == 0);
  CHECK(boot.critical == Approx(2.236).epsilon(0.03));  // max of two independent |z|
  numerics::Codes pairs(400);
  for (std::size_t i = 0; i < 400; ++i) pairs[i] = static_cast<std::int32_t>(i / 2);
  Matrix twice(800, 3);
  twice << psi, psi;
  numerics::Codes same(800);
  for (std::size_t i = 0; i < 800; ++i) same[i] = static_cast<std::int32_t>(i % 400);
  CHECK(estimators::multiplier_bootstrap(twice, same, 999, 11, 0.95).se[0] ==
        Approx(estimators::multiplier_bootstrap(psi, {}, 999, 11, 0.95).se[0]).epsilon(1e-12));
}
