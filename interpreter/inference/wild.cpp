#include "inference/wild.hpp"

#include "core/error.hpp"
#include "core/interrupt.hpp"
#include "core/near.hpp"
#include "core/parallel.hpp"
#include "numerics/dense.hpp"
#include "numerics/random.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>
#include <limits>

namespace inference {
namespace {

constexpr std::size_t draws_at_once = 256;

const std::vector<std::string>& names() {
  static const std::vector<std::string> all = {"rademacher", "webb", "mammen", "normal"};
  return all;
}

double weight(WildWeights kind, numerics::Random& random) {
  switch (kind) {
    case WildWeights::rademacher:
      return random.below(2) == 0 ? -1 : 1;
    case WildWeights::webb: {
      static const std::array<double, 6> points = {-std::sqrt(1.5), -1, -std::sqrt(0.5),
                                                   std::sqrt(0.5),  1,  std::sqrt(1.5)};
      return points[random.below(6)];
    }
    case WildWeights::mammen: {  // the golden ratio's two points
      const double root = std::sqrt(5.0);
      return random.uniform() < (root + 1) / (2 * root) ? (1 - root) / 2 : (1 + root) / 2;
    }
    case WildWeights::normal:
      return random.normal();
  }
  return 1;
}

/// Draws whose t is beyond the observed one. Draws that equal it but for rounding (v and −v of all clusters) are not.
double share_beyond(const std::vector<double>& draws, double t, bool equal_tailed) {
  double beyond = 0, below = 0, above = 0, total = 0;
  const double margin = 1e-10 * std::abs(t) + 1e-300;
  for (const double draw : draws) {
    if (std::isnan(draw)) continue;
    total += 1;
    beyond += std::abs(draw) > std::abs(t) + margin;
    below += draw < t - margin;
    above += draw > t + margin;
  }
  if (total == 0) return std::nan("");
  return equal_tailed ? std::min(1.0, 2 * std::min(below, above) / total) : beyond / total;
}

/// Where p(r) crosses 1 − level going from `from` (p above) by steps of `step`; ±infinity when it does not.
double crossing(const std::function<double(double)>& p, double from, double step, double alpha) {
  double inside = from, outside = from + step;
  int doublings = 0;
  while (p(outside) > alpha) {
    inside = outside;
    step *= 2;
    outside += step;
    core::poll();
    if (++doublings > 30)
      return step > 0 ? std::numeric_limits<double>::infinity() : -std::numeric_limits<double>::infinity();
  }
  for (int i = 0; i < 50 && std::abs(outside - inside) > 1e-9 * std::abs(step); ++i) {
    const double middle = (inside + outside) / 2;
    (p(middle) > alpha ? inside : outside) = middle;
    core::poll();
  }
  return (inside + outside) / 2;
}

void require_variance(double variance) {
  if (!(variance > 0))
    throw core::Error("the clustered variance of the estimate is not positive, so there is no t to bootstrap")
        .hint("cluster one way: boottest(…, cluster=city)");
}

/// Calls body(begin, v of these draws) over blocks of draws.
template <class Body>
void over_draws(const Matrix& v, const Body& body) {
  core::for_blocks(static_cast<std::size_t>(v.cols()), draws_at_once, [&](std::size_t begin, std::size_t end) {
    if (core::interrupt_requested()) return;
    body(static_cast<Index>(begin), Matrix(v.middleCols(static_cast<Index>(begin), static_cast<Index>(end - begin))));
  });
  core::poll();
}

}  // namespace

WildWeights wild_weights(const std::string& name) {
  for (std::size_t i = 0; i < names().size(); ++i)
    if (names()[i] == name) return static_cast<WildWeights>(i);
  throw core::Error("no wild weights are called '" + name + "'").hint(core::did_you_mean(name, names(), "weights"));
}

std::string wild_name(WildWeights weights) { return names()[static_cast<std::size_t>(weights)]; }

Matrix wild_draws(WildWeights weights, Index groups, int reps, std::uint64_t seed, bool& enumerated) {
  enumerated = weights == WildWeights::rademacher && groups < 31 && (std::int64_t{1} << groups) <= reps;
  const Index draws = enumerated ? Index{1} << groups : reps;
  Matrix v(groups, draws);
  core::for_blocks(static_cast<std::size_t>(draws), draws_at_once, [&](std::size_t begin, std::size_t end) {
    for (std::size_t b = begin; b < end; ++b) {
      numerics::Random random(seed, b);
      for (Index g = 0; g < groups; ++g)
        v(g, static_cast<Index>(b)) = enumerated ? ((b >> g) & 1 ? -1 : 1) : weight(weights, random);
    }
  });
  return v;
}

Matrix WildMap::apply(const Matrix& v) const {
  Matrix out = cross.size() > 0 ? numerics::product(cross, v) : numerics::scale_rows(v, m);
  if (left.cols() > 0) out -= numerics::product(left, numerics::product(right, v));
  return out;
}

WildTest wild_test(const WildOls& model, const Matrix& v, const WildQuestion& question) {
  const Index B = v.cols();
  Vector a(B), b(B), p0 = Vector::Zero(B), p1 = Vector::Zero(B), p2 = Vector::Zero(B);
  over_draws(v, [&](Index begin, const Matrix& block) {
    const Index count = block.cols();
    a.segment(begin, count) = numerics::crossprod(block, model.residual.m);
    b.segment(begin, count) = numerics::crossprod(block, model.restriction.m);
    const auto add = [&](const WildMap& residual, const WildMap& restriction, double factor) {
      const Matrix cu = residual.apply(block), cz = restriction.apply(block);
      p0.segment(begin, count) += factor * cu.colwise().squaredNorm().transpose();
      p1.segment(begin, count) += factor * cu.cwiseProduct(cz).colwise().sum().transpose();
      p2.segment(begin, count) += factor * cz.colwise().squaredNorm().transpose();
    };
    if (model.terms.empty()) add(model.residual, model.restriction, 1);
    for (const WildTerm& term : model.terms) add(term.residual, term.restriction, term.factor);
  });
  double observed = model.terms.empty() ? model.residual.m.squaredNorm() : 0;
  for (const WildTerm& term : model.terms) observed += term.factor * term.residual.cross.rowwise().sum().squaredNorm();
  require_variance(observed);
  const double root = std::sqrt(question.factor), norm = std::sqrt(observed);
  const auto t_at = [&](double r) { return (model.estimate - r) / (root * norm); };
  const auto draws_at = [&](double r) {
    const double delta = question.null_imposed ? model.estimate - r : 0;
    std::vector<double> t(static_cast<std::size_t>(B));
    for (Index i = 0; i < B; ++i) {
      const double variance = p0[i] + 2 * delta * p1[i] + delta * delta * p2[i];
      t[static_cast<std::size_t>(i)] =
          variance > 0 ? (a[i] + delta * b[i]) / (root * std::sqrt(variance)) : std::nan("");
    }
    return t;
  };
  WildTest out;
  out.t = t_at(question.r);
  out.draws = draws_at(question.r);
  out.p = share_beyond(out.draws, out.t, question.equal_tailed);
  if (!question.interval) return out;
  const auto p = [&](double r) {
    return share_beyond(question.null_imposed ? draws_at(r) : out.draws, t_at(r), question.equal_tailed);
  };
  const double se = root * norm;
  out.low = crossing(p, model.estimate, -2 * se, 1 - question.level);
  out.high = crossing(p, model.estimate, 2 * se, 1 - question.level);
  return out;
}

namespace {

/// Σ over the draws' clusters, all weights 1.
Vector plain_sums(const WildMap& map) { return map.cross.size() > 0 ? Vector(map.cross.rowwise().sum()) : map.m; }

/// a y + b d + Z c. The left factor is the same for all residuals.
WildMap combine(const std::vector<WildMap>& maps, double a, double b, const Vector& c) {
  WildMap out = maps[0];
  const auto scale_add = [&](double before, double factor, const WildMap& other) {
    out.m = before * out.m + factor * other.m;
    out.cross = before * out.cross + factor * other.cross;
    out.right = before * out.right + factor * other.right;
  };
  scale_add(a, b, maps[1]);
  for (Index j = 0; j < c.size(); ++j) scale_add(1, c[j], maps[static_cast<std::size_t>(j + 2)]);
  return out;
}

/// What one term of the variance sums, at one null value.
struct WildIvScores {
  double factor = 1;
  std::vector<WildMap> u, d;  ///< per instrument: of the structural and the reduced-form residual
  Matrix fitted;              ///< z_lc'Z_c π: clusters × instruments

  WildIvScores(const WildIvMaps& maps, double f, double r, const Vector& pi) : factor(f) {
    const Index L = pi.size();
    for (const std::vector<WildMap>& of_instrument : maps) {
      u.push_back(combine(of_instrument, 1, -r, Vector::Zero(L)));
      d.push_back(combine(of_instrument, 0, 1, -pi));
      Vector sum = pi[0] * plain_sums(of_instrument[2]);
      for (Index j = 1; j < L; ++j) sum += pi[j] * plain_sums(of_instrument[static_cast<std::size_t>(j + 2)]);
      fitted.conservativeResize(sum.size(), fitted.cols() + 1);
      fitted.rightCols(1) = sum;
    }
  }

  /// Adds factor · Σ_c (first'[z_c'(u* − shift d*)])² of each draw. first: L×B; shift: B.
  void add_squares(const Matrix& block, const Matrix& first, const Vector& shift, Vector& square) const {
    Matrix score = Matrix::Zero(fitted.rows(), block.cols());
    for (std::size_t l = 0; l < u.size(); ++l) {
      const auto at = static_cast<Index>(l);
      Matrix fall = d[l].apply(block);
      fall.colwise() += Vector(fitted.col(at));
      Matrix part = u[l].apply(block);
      part.array() -= fall.array().rowwise() * shift.transpose().array();
      score.array() += part.array().rowwise() * first.row(at).array();
    }
    square += factor * Vector(score.colwise().squaredNorm().transpose());
  }
};

/// The bootstrap of an IV estimate at one null value.
struct WildIvAt {
  const WildIv& model;
  Vector pi;                             ///< of the reduced form under the null, efficient
  std::vector<WildIvScores> own, terms;  ///< of the draws' clusters (one); of the variance when it is another

  WildIvAt(const WildIv& given, double r) : model(given) {
    const Index L = model.zz.rows();
    // d on Z and ũ = y − r d.
    const Vector zu = model.yz - r * model.dz;
    const double uu = model.yy - 2 * r * model.yd + r * r * model.dd, ud = model.yd - r * model.dd;
    Matrix S(L + 1, L + 1);
    S.topLeftCorner(L, L) = model.zz;
    S.col(L).head(L) = zu;
    S.row(L).head(L) = zu.transpose();
    S(L, L) = uu;
    Vector s(L + 1);
    s.head(L) = model.dz;
    s[L] = ud;
    pi = numerics::solve_spd(S, s, "instruments and structural residuals").col(0).head(L);
    own.emplace_back(model.maps, 1, r, pi);
    for (const WildIvTerm& term : model.terms) terms.emplace_back(term.maps, term.factor, r, pi);
  }

  /// t of each draw, without the small-sample factor; NaN where its variance is not positive.
  std::vector<double> draws(const Matrix& v) const {
    const Index L = model.zz.rows();
    const Matrix inverse = numerics::inverse_spd(model.zz, "instruments");
    const Vector zd0 = numerics::product(model.zz, pi);
    std::vector<double> out(static_cast<std::size_t>(v.cols()));
    over_draws(v, [&](Index begin, const Matrix& block) {
      const Index B = block.cols();
      Matrix zd(L, B), zu(L, B);
      for (Index l = 0; l < L; ++l) {
        const auto at = static_cast<std::size_t>(l);
        zd.row(l) = numerics::crossprod(block, own[0].d[at].m).transpose().array() + zd0[l];
        zu.row(l) = numerics::crossprod(block, own[0].u[at].m).transpose();
      }
      const Matrix first = numerics::product(inverse, zd);
      const Vector den = first.cwiseProduct(zd).colwise().sum().transpose();
      const Vector shift = first.cwiseProduct(zu).colwise().sum().transpose().cwiseQuotient(den);
      Vector square = Vector::Zero(B);
      for (const WildIvScores& scores : terms.empty() ? own : terms) scores.add_squares(block, first, shift, square);
      for (Index b = 0; b < B; ++b)
        out[static_cast<std::size_t>(begin + b)] =
            square[b] > 0 ? shift[b] * den[b] / std::sqrt(square[b]) : std::nan("");
    });
    return out;
  }
};

/// (β̂ − r)/se without the small-sample factor.
double observed_t(const WildIv& model, double r) {
  const Vector pi = numerics::solve_spd(model.zz, model.dz, "instruments").col(0);
  const double den = pi.dot(model.dz);
  double square = 0;
  const auto add = [&](const WildIvMaps& maps, double factor) {
    Vector score = Vector::Zero(plain_sums(maps[0][0]).size());
    for (std::size_t l = 0; l < maps.size(); ++l)
      score += pi[static_cast<Index>(l)] * (plain_sums(maps[l][0]) - model.estimate * plain_sums(maps[l][1]));
    square += factor * score.squaredNorm();
  };
  if (model.terms.empty()) add(model.maps, 1);
  for (const WildIvTerm& term : model.terms) add(term.maps, term.factor);
  require_variance(square);
  return (model.estimate - r) * den / std::sqrt(square);
}

}  // namespace

WildTest wild_test(const WildIv& model, const Matrix& v, const WildQuestion& question) {
  const double root = std::sqrt(question.factor);
  WildTest out;
  const double t = observed_t(model, question.r);
  out.t = t / root;
  out.draws = WildIvAt(model, question.r).draws(v);
  out.p = share_beyond(out.draws, t, question.equal_tailed);
  if (question.interval) {
    const auto p = [&](double r) {
      return share_beyond(WildIvAt(model, r).draws(v), observed_t(model, r), question.equal_tailed);
    };
    const double se = std::abs((model.estimate - question.r) / t);
    const double step = std::isfinite(se) && se > 0 ? se : 1 / std::abs(observed_t(model, model.estimate - 1));
    out.low = crossing(p, model.estimate, -2 * step, 1 - question.level);
    out.high = crossing(p, model.estimate, 2 * step, 1 - question.level);
  }
  for (double& draw : out.draws) draw /= root;
  return out;
}

}  // namespace inference
