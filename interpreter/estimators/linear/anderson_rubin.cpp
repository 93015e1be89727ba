#include "core/numbers.hpp"
#include "core/text.hpp"
#include "estimators/linear/iv_tests.hpp"

#include <cmath>
#include <limits>
#include <numbers>
#include <utility>
#include "numerics/dense.hpp"

namespace estimators {
namespace {

using core::infinity;

/// AR(b) = n-free Wald statistic of Z in the regression of y − x b on Z, over L: a ratio of polynomials in b.
struct Statistic {
  Vector zy, zx;      ///< Z'y, Z'x
  Matrix yy, xy, xx;  ///< covariance of Z'(y − x b): yy − b xy + b² xx
  Matrix scale;       ///< the covariance when it is σ²(b) · scale (iid); empty otherwise
  double syy = 0, sxy = 0, sxx = 0;

  Matrix covariance(double b) const {
    if (scale.size() > 0) return (syy - 2 * b * sxy + b * b * sxx) * scale;
    return yy - b * xy + b * b * xx;
  }
  double at(double b) const {
    const Vector g = zy - b * zx;
    return g.dot(numerics::solve_psd(covariance(b), g)) / static_cast<double>(zy.size());
  }
  double at_infinity() const {
    const Matrix V = scale.size() > 0 ? Matrix(sxx * scale) : xx;
    return zx.dot(numerics::solve_psd(V, zx)) / static_cast<double>(zx.size());
  }
};

Statistic statistic_of(const Instrumented& iv, const FirstStageRules& rules) {
  const Index L = iv.Z.cols();
  const Matrix Q = numerics::crossprod(iv.Z);
  Statistic s;
  s.zy = numerics::crossprod(iv.Z, iv.y);
  s.zx = numerics::crossprod(iv.Z, Vector(iv.X.col(0)));
  const Vector ry = iv.y - numerics::product(iv.Z, numerics::solve_psd(Q, s.zy));
  const Vector rx = iv.X.col(0) - numerics::product(iv.Z, numerics::solve_psd(Q, s.zx));
  if (iv.settings.vcov.kind == inference::VcovKind::iid) {
    s.scale = rules.factor / iv.problem.context->nobs * Q;
    s.syy = ry.squaredNorm();
    s.sxy = ry.dot(rx);
    s.sxx = rx.squaredNorm();
    return s;
  }
  Matrix scores(iv.Z.rows(), 2 * L);
  scores.leftCols(L) = iv.Z.array().colwise() * ry.array();
  scores.rightCols(L) = iv.Z.array().colwise() * rx.array();
  const Matrix V = rules.factor * moment_covariance(iv, scores);
  s.yy = V.topLeftCorner(L, L);
  s.xy = V.topRightCorner(L, L) + V.bottomLeftCorner(L, L);
  s.xx = V.bottomRightCorner(L, L);
  return s;
}

/// The value that F(df1, df2) exceeds with probability alpha; chi2(df1)/df1 when df2 is infinite.
double critical_value(double alpha, double df1, double df2) {
  const auto tail = [&](double f) {
    return std::isfinite(df2) ? inference::f_upper(f, df1, df2) : inference::chi2_upper(f * df1, df1);
  };
  double low = 0, high = 1;
  while (tail(high) > alpha) high *= 2;
  for (int step = 0; step < 200 && high - low > 1e-15 * high; ++step) {
    const double middle = (low + high) / 2;
    (tail(middle) > alpha ? low : high) = middle;
  }
  return (low + high) / 2;
}

using AcceptanceSet = std::vector<std::pair<double, double>>;

/// {b : c2 b² + c1 b + c0 ≤ 0}.
AcceptanceSet quadratic_set(double c2, double c1, double c0) {
  const double discriminant = c1 * c1 - 4 * c2 * c0;
  if (discriminant < 0) return c2 < 0 ? AcceptanceSet{{-infinity, infinity}} : AcceptanceSet{};
  const double q = -(c1 + std::copysign(std::sqrt(discriminant), c1)) / 2;  // no cancellation
  double a = q / c2, b = c0 / q;
  if (a > b) std::swap(a, b);
  if (c2 < 0) return {{-infinity, a}, {b, infinity}};
  return {{a, b}};
}

/// {b : AR(b) ≤ critical} on b = centre + width·tan θ, crossings refined by bisection.
AcceptanceSet grid_set(const Statistic& s, double critical, double centre, double width) {
  constexpr int points = 4000;
  const auto position = [&](int i) {
    return centre + width * std::tan(std::numbers::pi * (static_cast<double>(i) / points - 0.5));
  };
  const auto crossing = [&](double low, double high, bool low_inside) {
    for (int step = 0; step < 200 && high - low > 1e-14 * (std::abs(low) + std::abs(high)); ++step) {
      const double middle = (low + high) / 2;
      (((s.at(middle) <= critical) == low_inside) ? low : high) = middle;
    }
    return (low + high) / 2;
  };
  AcceptanceSet set;
  const bool outer = s.at_infinity() <= critical;
  bool inside = outer;
  double start = -infinity, previous = -infinity;
  for (int i = 1; i < points; ++i) {
    const double b = position(i);
    const bool now = s.at(b) <= critical;
    if (now != inside) {
      const double edge = i == 1 ? b : crossing(previous, b, inside);
      if (now)
        start = edge;
      else
        set.emplace_back(start, edge);
      inside = now;
    }
    previous = b;
  }
  if (inside) set.emplace_back(start, outer ? infinity : previous);
  return set;
}

std::string print(const AcceptanceSet& set) {
  if (set.empty()) return "empty: no value agrees with all instruments";
  if (set.size() == 1 && std::isinf(set.front().first) && std::isinf(set.front().second)) {
    return "the whole line: the instruments are too weak to say anything";
  }
  std::string text;
  for (const auto& [low, high] : set) {
    if (!text.empty()) text += " and ";
    text += std::isinf(low) ? "(-inf, " : "[" + core::significant(low, 6) + ", ";
    text += std::isinf(high) ? "inf)" : core::significant(high, 6) + "]";
  }
  return text;
}

}  // namespace

void add_anderson_rubin(const Instrumented& iv, double coefficient, double se, results::Fit& fit) {
  const auto L = static_cast<double>(iv.Z.cols());
  const FirstStageRules rules = first_stage_rules(iv);
  const Statistic s = statistic_of(iv, rules);
  const double critical = critical_value(1 - iv.settings.level, L, rules.df);
  const double at_zero = s.at(0);
  inference::Test test{.name = "Anderson-Rubin: " + iv.endogenous_names.front() + " = 0",
                       .statistic = at_zero,
                       .distribution = "F",
                       .df1 = L,
                       .df2 = rules.df,
                       .p = 1};
  if (std::isfinite(rules.df)) {
    test.p = inference::f_upper(at_zero, L, rules.df);
  } else {
    test.statistic = at_zero * L;
    test.distribution = "chi2";
    test.df2 = 0;
    test.p = inference::chi2_upper(test.statistic, L);
  }
  fit.tests.push_back(test);

  AcceptanceSet set;
  if (s.scale.size() > 0) {  // g'Q⁻¹g ≤ c σ²(b)
    const Vector Vx = numerics::solve_psd(s.scale, s.zx), Vy = numerics::solve_psd(s.scale, s.zy);
    const double c = critical * L;
    set = quadratic_set(s.zx.dot(Vx) - c * s.sxx, -2 * (s.zx.dot(Vy) - c * s.sxy), s.zy.dot(Vy) - c * s.syy);
  } else if (s.zy.size() == 1) {  // g² ≤ c V(b)
    set = quadratic_set(s.zx[0] * s.zx[0] - critical * s.xx(0, 0), -2 * s.zx[0] * s.zy[0] + critical * s.xy(0, 0),
                        s.zy[0] * s.zy[0] - critical * s.yy(0, 0));
  } else {
    set = grid_set(s, critical, coefficient, se);
  }
  fit.notes.push_back("Anderson-Rubin " + core::shortest(100 * iv.settings.level) + " % confidence set for " +
                      iv.endogenous_names.front() + " (valid with weak instruments): " + print(set));
  if (set.size() == 1) {
    fit.set_stat("ar_low", set.front().first);
    fit.set_stat("ar_high", set.front().second);
  }
}

}  // namespace estimators
