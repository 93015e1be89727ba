// Restrictions on differences in trends, and intervals where they are known in closed form.
#include "estimators/did/honest_intervals.hpp"
#include "estimators/did/honest_restrictions.hpp"

#include "inference/tests.hpp"

#include <catch2/catch.hpp>
#include <cmath>

using estimators::ConditionalTests;
using estimators::Direction;
using estimators::EventPath;
using estimators::fixed_length_interval;
using estimators::HonestInterval;
using estimators::Matrix;
using estimators::Polyhedron;
using estimators::RestrictionSet;
using estimators::TrendRestriction;
using estimators::Vector;

namespace {

EventPath path(int before, int after) {
  EventPath p;
  p.before = before;
  p.after = after;
  p.estimates = Vector::LinSpaced(before + after, -0.4, 1.1);
  p.vcov = Matrix::Identity(before + after, before + after) * 0.04;
  p.vcov.array() += 0.01;
  for (int t = -before; t <= after; ++t)
    if (t != 0) p.events.push_back(t - 1);
  return p;
}

Vector vector(std::initializer_list<double> values) {
  Vector out(static_cast<numerics::Index>(values.size()));
  numerics::Index i = 0;
  for (const double v : values) out[i++] = v;
  return out;
}

bool holds(const EventPath& p, const RestrictionSet& set, double M, const Vector& delta) {
  for (const Polyhedron& one : estimators::polyhedra(p, set, M))
    if ((one.A * delta - one.d).maxCoeff() <= 1e-12) return true;
  return false;
}

}  // namespace

TEST_CASE("smoothness bounds the change of slope") {
  const EventPath p = path(2, 2);
  const RestrictionSet set{TrendRestriction::smoothness};
  const Vector line = vector({-2, -1, 1, 2}), bend = vector({0, 0, 1, 2});
  CHECK(holds(p, set, 0, line));
  CHECK(holds(p, set, 1, bend));
  CHECK_FALSE(holds(p, set, 0.99, bend));
}

TEST_CASE("relative magnitudes compare steps after treatment with the largest before") {
  const EventPath p = path(2, 2);
  const RestrictionSet set{TrendRestriction::relative};
  const Vector delta = vector({1.5, 0.5, 0.9, 1.8});  // steps −1, −0.5 before; 0.9, 0.9 after
  CHECK(holds(p, set, 0.9, delta));
  CHECK_FALSE(holds(p, set, 0.89, delta));
  CHECK(holds(p, set, 0, vector({1.5, 0.5, 0, 0})));
  const RestrictionSet positive{TrendRestriction::relative, Direction::positive};
  CHECK(holds(p, positive, 2, delta));
  CHECK_FALSE(holds(p, positive, 2, vector({1.5, 0.5, -0.1, 0})));
}

TEST_CASE("one period on either side: the fixed-length interval extrapolates the line") {
  const EventPath p = path(1, 1);
  const double estimate = p.estimates[1] + p.estimates[0];  // less a slope of −δ₋₁
  const double se = std::sqrt(p.vcov(0, 0) + p.vcov(1, 1) + 2 * p.vcov(0, 1));
  const HonestInterval line = fixed_length_interval(p, vector({1}), 0, 0.05);
  const double z = inference::normal_quantile(0.975);
  CHECK((line.low + line.high) / 2 == Approx(estimate).margin(1e-7));
  CHECK((line.high - line.low) / 2 == Approx(z * se).epsilon(1e-6));
  // With a bias of at most M the half length solves P(|N(M/s, 1)| ≤ c) = 0.95.
  const HonestInterval bent = fixed_length_interval(p, vector({1}), 2 * se, 0.05);
  const double c = (bent.high - bent.low) / (2 * se);
  CHECK(inference::normal_cdf(c - 2) - inference::normal_cdf(-c - 2) == Approx(0.95).epsilon(1e-6));
}

TEST_CASE("conditional tests accept the estimate when trends are parallel, and widen with M") {
  const EventPath p = path(3, 1);
  const RestrictionSet set{TrendRestriction::relative};
  estimators::ConditionalOptions options;
  options.hybrid = false;
  double width = 0;
  for (const double M : {0.0, 0.5, 1.0}) {
    ConditionalTests tests(p, set, M, vector({1}), 0.05, options);
    CHECK(tests.accepts(p.estimates[3]));
    CHECK_FALSE(tests.accepts(p.estimates[3] + 20));
    const HonestInterval interval = tests.invert();
    CHECK(interval.high - interval.low > width);
    width = interval.high - interval.low;
  }
}
