#include "numerics/absorb.hpp"
#include "core/error.hpp"
#include "core/interrupt.hpp"
#include "core/parallel.hpp"
#include "numerics/absorb_preconditioner.hpp"
#include "numerics/absorb_schur.hpp"

#include <Eigen/Dense>
#include <catch2/catch.hpp>

#include <cmath>
#include <random>

using numerics::AbsorbedDegrees;
using numerics::Absorber;
using numerics::AbsorbOptions;
using numerics::AbsorbReport;
using numerics::AbsorbStrategy;
using numerics::Codes;
using numerics::FixedEffect;
using numerics::Index;
using numerics::Matrix;
using numerics::Vector;

namespace {

using Generator = std::mt19937_64;  // its stream is fixed by the standard; the distributions are written out here

double uniform(Generator& g) { return double(g() >> 11) * 0x1p-53; }
double about_zero(Generator& g) { return uniform(g) + uniform(g) + uniform(g) + uniform(g) - 2; }

/// Codes 0 … levels − 1, every level used (the first rows take one each).
Codes random_codes(Generator& g, Index n, Index levels) {
  Codes codes(static_cast<std::size_t>(n));
  for (Index i = 0; i < n; ++i)
    codes[std::size_t(i)] = std::int32_t(i < levels ? i : Index(g() % std::uint64_t(levels)));
  return codes;
}
FixedEffect effect(Codes codes) {
  const std::int32_t levels = *std::max_element(codes.begin(), codes.end()) + 1;
  return {std::move(codes), levels, true, {}};
}
Matrix random_columns(Generator& g, Index n, Index k) {
  Matrix x(n, k);
  for (Index j = 0; j < k; ++j)
    for (Index i = 0; i < n; ++i) x(i, j) = 10.0 * double(j) + about_zero(g);
  return x;
}
Vector random_weights(Generator& g, Index n) {
  Vector w(n);
  for (Index i = 0; i < n; ++i) w[i] = 0.2 + uniform(g);
  return w;
}
Vector trend(Generator& g, Index n) {
  Vector z(n);
  for (Index i = 0; i < n; ++i) z[i] = 2010 + std::floor(8 * uniform(g));
  return z;
}

Matrix dummies(const std::vector<FixedEffect>& effects) {
  Index columns = 0;
  for (const auto& e : effects) columns += e.levels * (Index(e.intercept) + Index(e.slopes.size()));
  const auto n = Index(effects[0].codes.size());
  Matrix D = Matrix::Zero(n, columns);
  Index offset = 0;
  for (const auto& e : effects) {
    const auto fill = [&](const Vector* slope) {
      for (Index i = 0; i < n; ++i) D(i, offset + e.codes[std::size_t(i)]) = slope ? (*slope)[i] : 1.0;
      offset += e.levels;
    };
    if (e.intercept) fill(nullptr);
    for (const Vector& slope : e.slopes) fill(&slope);
  }
  return D;
}

/// The plain twin: weighted least squares on the dummies by a complete orthogonal decomposition.
Matrix residuals_on_dummies(const std::vector<FixedEffect>& effects, const Vector& weights, const Matrix& x) {
  Vector root = Vector::Ones(x.rows());
  if (weights.size() > 0) root = weights.cwiseSqrt();
  Matrix D = root.asDiagonal() * dummies(effects);
  for (Index j = 0; j < D.cols(); ++j)
    if (D.col(j).norm() > 0) D.col(j).normalize();
  Eigen::ColPivHouseholderQR<Matrix> qr(D);
  qr.setThreshold(1e-9);
  const Matrix Q = Matrix(qr.householderQ()).leftCols(qr.rank());
  Matrix y = root.asDiagonal() * x;
  for (int round = 0; round < 2; ++round) y -= Q * (Q.transpose() * y).eval();
  return root.cwiseInverse().asDiagonal() * y;
}

double largest_difference(const Matrix& a, const Matrix& b) { return (a - b).cwiseAbs().maxCoeff(); }

AbsorbOptions forced(AbsorbStrategy strategy, double tol = 1e-8) {
  AbsorbOptions options;
  options.strategy = strategy;
  options.tol = tol;
  return options;
}

/// Firms in a row: each joined to the next by one worker who moved, so that the graph is a path.
std::vector<FixedEffect> chain(Index firms, Index workers_per_firm, Index years) {
  Codes worker, firm, year;
  for (Index f = 0; f < firms; ++f)
    for (Index w = 0; w < workers_per_firm; ++w)
      for (Index t = 0; t < years; ++t) {
        worker.push_back(std::int32_t(f * workers_per_firm + w));
        const bool moved = w == 0 && t >= years / 2 && f + 1 < firms;
        firm.push_back(std::int32_t(moved ? f + 1 : f));
        year.push_back(std::int32_t(t));
      }
  return {effect(worker), effect(firm), effect(year)};
}

struct Case {
  std::string name;
  std::vector<FixedEffect> effects;
};
std::vector<Case> cases(Generator& g) {
  const Index n = 240;
  std::vector<Case> result;
  const FixedEffect a = effect(random_codes(g, n, 40)), b = effect(random_codes(g, n, 12)),
                    c = effect(random_codes(g, n, 7)), d = effect(random_codes(g, n, 5));
  result.push_back({"two dimensions", {a, b}});
  result.push_back({"three dimensions", {b, a, c}});
  result.push_back({"four dimensions", {d, b, a, c}});
  FixedEffect islands = b;  // three components: levels of a and b meet only within a third of the rows
  FixedEffect sea = a;
  for (Index i = 0; i < n; ++i) {
    const auto row = std::size_t(i);
    const auto part = std::int32_t(i % 3);
    islands.codes[row] = part * 4 + std::int32_t(g() % 4);
    sea.codes[row] = part * 13 + std::int32_t(g() % 13);
  }
  for (std::int32_t l = 0; l < 12; ++l) islands.codes[std::size_t(l / 4 + 3 * (l % 4))] = l;
  for (std::int32_t l = 0; l < 39; ++l) sea.codes[std::size_t(l / 13 + 3 * (l % 13))] = l;
  sea.levels = 39;
  result.push_back({"three components", {sea, islands}});
  FixedEffect slopes = a;
  slopes.slopes = {trend(g, n), random_columns(g, n, 1).col(0)};
  result.push_back({"largest dimension with slopes", {slopes, b}});
  FixedEffect small_slopes = c;
  small_slopes.slopes = {trend(g, n)};
  result.push_back({"small dimension with a slope", {a, small_slopes, d}});
  FixedEffect only = c;
  only.intercept = false;
  only.slopes = {random_columns(g, n, 1).col(0)};
  result.push_back({"a slope alone", {a, only}});
  FixedEffect degenerate = a;  // the slope is constant within the first levels, and level 0 has one row
  Vector z = trend(g, n);
  for (Index i = 0; i < n; ++i) {
    auto& code = degenerate.codes[std::size_t(i)];
    if (i > 0 && code == 0) code = 1;
    if (code < 5) z[i] = 3;
  }
  degenerate.slopes = {z, 2 * z};
  result.push_back({"degenerate slopes", {degenerate, b}});
  return result;
}

}  // namespace

TEST_CASE("every strategy leaves the residual of a regression on dummies") {
  Generator g(1);
  for (const Case& one : cases(g))
    for (const bool weighted : {false, true})
      for (const auto strategy : {AbsorbStrategy::automatic, AbsorbStrategy::direct, AbsorbStrategy::conjugate_gradient,
                                  AbsorbStrategy::alternating_projections}) {
        const Index n = Index(one.effects[0].codes.size());
        const Vector weights = weighted ? random_weights(g, n) : Vector();
        Matrix x = random_columns(g, n, 6);
        const Matrix expected = residuals_on_dummies(one.effects, weights, x);
        INFO(one.name << ", weighted " << weighted << ", strategy " << int(strategy));
        // tol 1e-13: what is compared is the arithmetic, not where an iteration was stopped
        const AbsorbReport report = Absorber(one.effects, weights, forced(strategy, 1e-13)).apply(x);
        CHECK(largest_difference(x, expected) < 1e-10);
        CHECK(report.residual <= 1e-13);
      }
}

TEST_CASE("one dimension has a closed form") {
  Generator g(2);
  const Index n = 120;
  FixedEffect a = effect(random_codes(g, n, 15));
  for (const bool sloped : {false, true})
    for (const bool weighted : {false, true}) {
      if (sloped) a.slopes = {trend(g, n)};
      const Vector weights = weighted ? random_weights(g, n) : Vector();
      Matrix x = random_columns(g, n, 3);
      const Matrix expected = residuals_on_dummies({a}, weights, x);
      const AbsorbReport report = Absorber({a}, weights).apply(x);
      CHECK(report.strategy == "one-way");
      CHECK(report.iterations == 0);
      CHECK(largest_difference(x, expected) < 1e-11);
    }
}

TEST_CASE("balanced dimensions have a closed form, with multiplicative weights too") {
  Generator g(3);
  Codes unit, time;
  for (std::int32_t i = 0; i < 9; ++i)
    for (std::int32_t t = 0; t < 6; ++t) {
      unit.push_back(i);
      time.push_back(t);
    }
  const Index n = Index(unit.size());
  Vector weights(n);
  for (Index i = 0; i < n; ++i)
    weights[i] = double(1 + unit[std::size_t(i)]) * std::pow(2.0, -double(time[std::size_t(i)]));
  for (const Vector& w : {Vector(), weights}) {
    Matrix x = random_columns(g, n, 5);
    const Matrix expected = residuals_on_dummies({effect(unit), effect(time)}, w, x);
    const AbsorbReport report = Absorber({effect(unit), effect(time)}, w).apply(x);
    CHECK(report.strategy == "balanced two-way");
    CHECK(largest_difference(x, expected) < 1e-12);
  }
  weights[7] *= 1.5;  // no longer multiplicative
  Matrix x = random_columns(g, n, 1);
  const Matrix expected = residuals_on_dummies({effect(unit), effect(time)}, weights, x);
  CHECK(Absorber({effect(unit), effect(time)}, weights).apply(x).strategy != "balanced two-way");
  CHECK(largest_difference(x, expected) < 1e-11);
  CHECK_THROWS_WITH(Absorber({effect(unit), effect(time)}, weights, forced(AbsorbStrategy::balanced_two_way)),
                    Catch::Contains("not proportional"));
}

TEST_CASE("no fixed effects leave columns alone") {
  Matrix x = Matrix::Constant(4, 2, 3.0);
  CHECK(Absorber({}, {}).apply(x).strategy == "none");
  CHECK(x == Matrix::Constant(4, 2, 3.0));
}

TEST_CASE("threads and neighbouring columns change no bit") {
  Generator g(4);
  const Index n = 70'000;  // more than one block of every kind
  FixedEffect firm = effect(random_codes(g, n, 900));
  FixedEffect sloped = effect(random_codes(g, n, 12));
  sloped.slopes = {trend(g, n)};
  const std::vector<std::vector<FixedEffect>> designs = {
      {effect(random_codes(g, n, 4000))},
      {effect(random_codes(g, n, 4000)), firm},
      {effect(random_codes(g, n, 4000)), firm, effect(random_codes(g, n, 20))},
      {effect(random_codes(g, n, 4000)), sloped}};
  const Matrix x = random_columns(g, n, 6);
  const int threads = core::threads();
  for (const auto& effects : designs)
    for (const auto strategy : {AbsorbStrategy::automatic, AbsorbStrategy::direct, AbsorbStrategy::conjugate_gradient,
                                AbsorbStrategy::alternating_projections}) {
      Matrix together = x;
      core::set_threads(1);
      Absorber(effects, {}, forced(strategy)).apply(together);
      core::set_threads(3);
      Matrix again = x;
      const Absorber absorber(effects, {}, forced(strategy));
      absorber.apply(again);
      CHECK(again == together);
      for (const Index j : {Index(0), Index(3), Index(5)}) {
        Matrix alone = x.col(j);
        absorber.apply(alone);
        CHECK(alone == together.col(j));
      }
      core::set_threads(threads);
    }
}

TEST_CASE("absorbing twice changes nothing") {
  Generator g(5);
  const Index n = 3000;
  const std::vector<FixedEffect> effects = {effect(random_codes(g, n, 200)), effect(random_codes(g, n, 40))};
  const Absorber absorber(effects, {}, forced(AbsorbStrategy::automatic, 1e-12));
  Matrix once = random_columns(g, n, 3);
  absorber.apply(once);
  Matrix twice = once;
  absorber.apply(twice);
  CHECK(largest_difference(once, twice) < 1e-12);
}

TEST_CASE("a path of firms converges") {
  Generator g(6);
  const auto effects = chain(300, 4, 6);
  const Index n = Index(effects[0].codes.size());
  for (const auto strategy : {AbsorbStrategy::automatic, AbsorbStrategy::direct, AbsorbStrategy::conjugate_gradient}) {
    // y is a sum of effects that differ most along the path, so that a slow method cannot hide
    Matrix x(n, 2);
    for (Index i = 0; i < n; ++i) {
      const auto row = std::size_t(i);
      x(i, 0) = std::sin(0.01 * effects[1].codes[row]) + 0.1 * effects[2].codes[row];
      x(i, 1) = x(i, 0) + about_zero(g);
    }
    const Vector noise = x.col(1) - x.col(0);
    const AbsorbReport report = Absorber(effects, {}, forced(strategy, 1e-12)).apply(x);
    CHECK(report.residual <= 1e-12);
    CHECK(x.col(0).cwiseAbs().maxCoeff() < 1e-8);
    Matrix alone = noise;
    Absorber(effects, {}, forced(AbsorbStrategy::direct)).apply(alone);
    CHECK(largest_difference(x.col(1), alone) < 1e-8);
  }
}

TEST_CASE("a column in the span of the dummies, a constant and a zero column leave nothing") {
  Generator g(7);
  const Index n = 500;
  const std::vector<FixedEffect> effects = {effect(random_codes(g, n, 60)), effect(random_codes(g, n, 9))};
  for (const auto strategy : {AbsorbStrategy::direct, AbsorbStrategy::conjugate_gradient}) {
    Matrix x(n, 4);
    for (Index i = 0; i < n; ++i) {
      x(i, 0) = 1e6 + effects[0].codes[std::size_t(i)];
      x(i, 1) = 0.1;
      x(i, 2) = 0;
      x(i, 3) = about_zero(g);
    }
    Absorber(effects, {}, forced(strategy)).apply(x);
    CHECK(x.col(0).norm() < 1e-5);
    CHECK(x.col(1).norm() < 1e-12);
    CHECK(x.col(2).norm() == 0);
    CHECK(x.col(3).norm() > 1);
  }
}

TEST_CASE("coefficients add up and are normalised") {
  Generator g(8);
  for (const Case& one : cases(g)) {
    INFO(one.name);
    const Index n = Index(one.effects[0].codes.size());
    const Matrix D = dummies(one.effects);
    Vector a(D.cols());
    for (Index j = 0; j < a.size(); ++j) a[j] = 1 + about_zero(g);
    const Vector sum = D * a;
    const auto recovered =
        Absorber(one.effects, random_weights(g, n), forced(AbsorbStrategy::automatic, 1e-13)).coefficients(sum);
    REQUIRE(recovered.size() == one.effects.size());
    Vector stacked(D.cols());
    Index offset = 0;
    for (const Matrix& part : recovered) {
      stacked.segment(offset, part.size()) = Eigen::Map<const Vector>(part.data(), part.size());
      offset += part.size();
    }
    CHECK((D * stacked - sum).cwiseAbs().maxCoeff() < 1e-7 * sum.cwiseAbs().maxCoeff());
    for (std::size_t d = 1; d < recovered.size(); ++d)
      if (one.effects[d].intercept && one.effects[0].intercept) CHECK(recovered[d](0, 0) == 0);
  }
}

TEST_CASE("redundant coefficients are counted as the rank of the dummies has them") {
  Generator g(9);
  for (const Case& one : cases(g)) {
    INFO(one.name);
    Matrix D = dummies(one.effects);
    for (Index j = 0; j < D.cols(); ++j)
      if (D.col(j).norm() > 0) D.col(j).normalize();
    Eigen::ColPivHouseholderQR<Matrix> qr(D);
    qr.setThreshold(1e-9);
    const AbsorbedDegrees degrees = numerics::absorbed_degrees(one.effects);
    CHECK(degrees.exact);
    CHECK(degrees.rank() == qr.rank());
    CHECK((degrees.rank() < D.cols()) == (one.name != "a slope alone"));
  }
}

TEST_CASE("beyond what is cheap the rank is a stated lower bound on redundancy") {
  Generator g(10);
  const Index n = 20'000;
  const std::vector<FixedEffect> effects = {effect(random_codes(g, n, 4000)), effect(random_codes(g, n, 3000)),
                                            effect(random_codes(g, n, 10))};
  const AbsorbedDegrees degrees = numerics::absorbed_degrees(effects);
  CHECK_FALSE(degrees.exact);
  CHECK(degrees.levels == std::vector<Index>{4000, 3000, 10});
  CHECK(degrees.redundant[0] == 0);
  CHECK(degrees.redundant[1] >= 1);
  CHECK(degrees.redundant[2] >= 1);
}

TEST_CASE("connected components of two groupings") {
  const auto [component, count] = numerics::connected_components({0, 0, 1, 2, 3}, 4, {0, 1, 1, 2, 3}, 4);
  CHECK(count == 3);
  CHECK(component == Codes{0, 0, 1, 2});
  // A long path, which a recursive search would not survive.
  Codes a, b;
  for (std::int32_t i = 0; i < 200'000; ++i) {
    a.push_back(i);
    b.push_back(i);
    a.push_back(i);
    b.push_back((i + 1) % 200'001);
  }
  CHECK(numerics::connected_components(a, 200'000, b, 200'001).second == 1);
}

TEST_CASE("singletons go one after another") {
  // Row 0 is alone in its first level; without it row 1 is alone in its second, and so on along the path.
  Codes a, b;
  for (std::int32_t i = 0; i < 5; ++i) {
    a.push_back(i);
    b.push_back(i);
    if (i < 4) {
      a.push_back(i + 1);
      b.push_back(i);
    }
  }
  a.insert(a.end(), {5, 5, 6, 6});
  b.insert(b.end(), {5, 5, 6, 6});
  std::vector<bool> expected(9, false);
  expected.insert(expected.end(), 4, true);
  CHECK(numerics::without_singletons({effect(a), effect(b)}) == expected);
  FixedEffect slope = effect({0, 1, 1});
  slope.intercept = false;
  slope.slopes = {Vector::Ones(3)};
  CHECK(numerics::without_singletons({slope}) == std::vector<bool>(3, true));
}

TEST_CASE("nesting") {
  CHECK(numerics::nested({0, 1, 2, 0}, 3, {0, 0, 1, 0}));
  CHECK_FALSE(numerics::nested({0, 1, 2, 0}, 3, {0, 0, 1, 1}));
}

TEST_CASE("what cannot be absorbed is an error") {
  Generator g(11);
  CHECK_THROWS_WITH(Absorber({effect({0, 1}), effect({0, 1, 1})}, {}), Catch::Contains("3 codes"));
  CHECK_THROWS_WITH(Absorber({effect({0, 1})}, Vector::Ones(3)), Catch::Contains("3 weights for 2 rows"));
  Matrix wrong = Matrix::Zero(3, 1);
  CHECK_THROWS_WITH(Absorber({effect({0, 1})}, {}).apply(wrong), Catch::Contains("3 rows"));
  Matrix infinite = Matrix::Constant(2, 1, std::numeric_limits<double>::infinity());
  CHECK_THROWS_WITH(Absorber({effect({0, 1})}, {}).apply(infinite), Catch::Contains("not finite"));

  const auto effects = chain(200, 3, 6);
  Matrix x = random_columns(g, Index(effects[0].codes.size()), 1);
  AbsorbOptions options = forced(AbsorbStrategy::alternating_projections);
  options.max_iterations = 3;
  try {
    Absorber(effects, {}, options).apply(x);
    FAIL("three sweeps cannot do");
  } catch (const core::Error& error) {
    CHECK_THAT(error.message(), Catch::Contains("could not be absorbed") && Catch::Contains("after 3 iterations"));
    REQUIRE_FALSE(error.hints().empty());
  }
}

TEST_CASE("Ctrl-C stops absorbing") {
  Generator g(12);
  const Index n = 2000;
  const Absorber absorber({effect(random_codes(g, n, 100)), effect(random_codes(g, n, 30))}, {});
  Matrix x = random_columns(g, n, 2);
  core::request_interrupt();
  CHECK_THROWS_AS(absorber.apply(x), core::Interrupted);
  core::clear_interrupt();
}

TEST_CASE("dense and sparse factors invert the reduced system") {
  using namespace numerics::absorption;
  Generator g(13);
  for (const Case& one : cases(g))
    for (const bool weighted : {false, true}) {
      INFO(one.name << ", weighted " << weighted);
      const Index n = Index(one.effects[0].codes.size());
      const Layers layers(one.effects, weighted ? random_weights(g, n) : Vector());
      const Reduced reduced(layers);
      Workspace work;
      for (const int width : {1, 3}) {
        Interleaved u(std::size_t(reduced.size() * width)), r, z, image;
        for (double& value : u) value = about_zero(g);
        reduced.apply(u, r, width, work);  // in the range of S
        for (const bool dense : {true, false}) {
          const auto factor = cholesky(reduced, dense ? 0 : inner_size(reduced), 1e9);
          REQUIRE(factor);
          factor->apply(r, z, width);
          reduced.apply(z, image, width, work);
          for (std::size_t j = 0; j < r.size(); ++j) CHECK(image[j] == Approx(r[j]).margin(1e-8));
        }
      }
      CHECK_FALSE(cholesky(reduced, reduced.size(), 0));
    }
}
