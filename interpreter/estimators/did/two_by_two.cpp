#include "estimators/did/two_by_two.hpp"

#include "core/error.hpp"
#include "core/near.hpp"
#include "estimators/glm/binary.hpp"
#include "numerics/dense.hpp"

#include <algorithm>
#include <cmath>

namespace estimators {
namespace {

using numerics::Index;
using numerics::Matrix;
using numerics::Vector;

constexpr double trim_from = 0.995;  ///< as DRDID

/// Coefficients of a step before the estimate, and how each row moves them: row i adds
/// n · bread · x_i · lever_i to n(estimate − truth).
struct Step {
  Vector coef;
  Matrix bread;
  Vector lever;
};

Vector ones_if_empty(const Vector& weights, Index n) { return weights.size() == 0 ? Vector(Vector::Ones(n)) : weights; }

/// Least squares of y on X with weights that may be zero; `bread` of the same weights, or empty to find it here.
Step regress_rows(const Vector& y, const Matrix& X, const Vector& weights, const Matrix& bread) {
  Step step;
  step.bread = bread.size() > 0 ? bread : numerics::inverse_spd(numerics::crossprod(X, weights, X), "covariates");
  step.coef = step.bread * numerics::crossprod(X, Vector(weights.cwiseProduct(y)));
  const Vector e = y - numerics::product(X, step.coef);  // once more on the residual: the digits the inverse lost
  step.coef += step.bread * numerics::crossprod(X, Vector(weights.cwiseProduct(e)));
  step.lever = weights.cwiseProduct(y - numerics::product(X, step.coef));
  return step;
}

struct Propensity {
  Vector odds;  ///< n: p/(1 − p); 0 where trimmed
  Step step;    ///< empty lever: its estimation adds nothing
  Index trimmed = 0;
};

[[noreturn]] void separated() {
  throw core::Error("the covariates tell treated from untreated perfectly: no propensity score")
      .hint("use fewer covariates, or method=\"reg\"");
}

[[noreturn]] void unreachable() {
  throw core::Error(
      "no weights of the untreated give them the averages of the treated in the covariates: those lie "
      "outside what the untreated reach")
      .hint("method=\"dr\" or \"reg\", or fewer covariates");
}

Propensity odds_of(const Vector& p, const Vector& treated) {
  Propensity out;
  out.odds.resize(p.size());
  for (Index i = 0; i < p.size(); ++i) {
    const double score = std::min(p[i], 1 - 1e-6);
    const bool out_of_support = treated[i] == 0 && score >= trim_from;
    out.trimmed += out_of_support;
    out.odds[i] = out_of_support ? 0 : score / (1 - score);
  }
  return out;
}

Propensity by_logit(const Vector& treated, const Matrix& X, const Vector& weights) {
  const Binary logit = fit_binary(treated, X, weights);
  if (!logit.converged || !logit.separated.empty()) separated();
  if (!logit.dropped.empty()) throw core::Error("the covariates are collinear");
  Propensity out = odds_of(logit.fitted, treated);
  out.step = {logit.coef, logit.bread, weights.cwiseProduct(treated - logit.fitted)};
  return out;
}

/// Inverse probability tilting: γ with Σ w (1 − D) exp(x'γ) x = Σ w D x, by Newton's method on the convex
/// Σ w {(1 − D) exp(x'γ) − D x'γ}. Source: Graham, Pinto & Egel (2012), Review of Economic Studies 79(3).
Propensity by_tilting(const Vector& treated, const Matrix& X, const Vector& weights) {
  const Vector untreated = 1 - treated.array();
  const Vector wd = weights.cwiseProduct(treated), wc = weights.cwiseProduct(untreated);
  const Binary logit = fit_binary(treated, X, weights);
  if (!logit.separated.empty()) separated();
  if (!logit.dropped.empty()) throw core::Error("the covariates are collinear");
  Vector gamma = logit.coef;
  const auto loss = [&](const Vector& index) { return (wc.array() * index.array().exp()).sum() - wd.dot(index); };
  Vector index = numerics::product(X, gamma);
  bool done = false;
  for (int step = 0; step < 200 && !done; ++step) {
    const Vector tilt = wc.array() * index.array().exp();
    const Vector gradient = numerics::crossprod(X, Vector(wd - tilt));
    if (!index.allFinite() || !(tilt.maxCoeff() < 1e12 * (1 + wd.sum()))) unreachable();
    const Vector move = numerics::solve_psd(numerics::crossprod(X, tilt, X), gradient);
    const double now = loss(index), decrement = gradient.dot(move);
    done = decrement <= 1e-24 * (1 + wd.sum());
    double length = 1;
    Vector next = numerics::product(X, Vector(gamma + move));
    for (int halved = 0; halved < 40 && !(loss(next) <= now + 1e-12 * std::abs(now)); ++halved) {
      length /= 2;
      next = numerics::product(X, Vector(gamma + length * move));
    }
    gamma += length * move;
    index = std::move(next);
    if (decrement <= 1e-20 * (1 + wd.sum())) done = true;
  }
  const Vector missed = numerics::crossprod(X, Vector(wd - Vector(wc.array() * index.array().exp())));
  const Vector size = numerics::crossprod(Matrix(X.cwiseAbs()), wd);
  if (!done || !(missed.array().abs() <= 1e-8 * size.array()).all()) unreachable();
  Vector p(index.size());
  for (Index i = 0; i < p.size(); ++i) p[i] = link_probability(index[i], Link::logit);
  return odds_of(p, treated);
}

/// Σ_i of one mean after another: E_w[v] = Σ w v / Σ w, with the rows' influence on it.
class Means {
 public:
  Means(const Matrix& X) : X_(X), out_{0, Vector::Zero(X.rows()), 0} {}

  /// Adds sign · E_w[v]. `steps`: v moves with x'coef of these, times their number.
  struct Depends {
    const Step* step;
    double slope;
  };
  void add(double sign, const Vector& w, const Vector& v, std::initializer_list<Depends> steps = {},
           const Step* odds = nullptr) {
    add_over(sign, w, v, w, steps, odds);
  }
  /// The same with another denominator: Σ w v / Σ d.
  void add_over(double sign, const Vector& w, const Vector& v, const Vector& d, std::initializer_list<Depends> steps,
                const Step* odds) {
    const double total = d.mean();
    if (!(total > 0)) throw core::Error("a group is empty in one of the periods");
    const double value = w.dot(v) / d.sum();
    out_.att += sign * value;
    out_.influence.array() += sign / total * (w.array() * v.array() - value * d.array());
    for (const Depends& depends : steps) {
      if (depends.step->lever.size() == 0) continue;
      move(sign * depends.slope / total, *depends.step, numerics::crossprod(X_, w));
    }
    if (odds != nullptr && odds->lever.size() > 0) {
      const bool own = &w == &d;
      const Vector shifted = own ? Vector(w.array() * (v.array() - value)) : Vector(w.cwiseProduct(v));
      move(sign / total, *odds, numerics::crossprod(X_, shifted));
    }
  }
  TwoByTwo take() { return std::move(out_); }

 private:
  /// What estimating `step` adds, where the mean's derivative by its coefficients is `slopes`/n.
  void move(double factor, const Step& step, const Vector& slopes) {
    const Vector direction = step.bread * slopes;
    out_.influence.array() += factor * numerics::product(X_, direction).array() * step.lever.array();
  }
  const Matrix& X_;
  TwoByTwo out_;
};

Propensity propensity(DidMethod method, const Vector& treated, const Matrix& X, const Vector& weights) {
  if (method == DidMethod::reg) return {};
  return method == DidMethod::improved ? by_tilting(treated, X, weights) : by_logit(treated, X, weights);
}

}  // namespace

struct PanelDid::State {
  Vector treated;
  Matrix X;
  Vector weights;
  DidMethod method;
  Propensity ps;
  Vector w1, w0;  ///< of treated, of untreated
  Vector ols;     ///< weights of the regression among the untreated
  Matrix ols_bread;
};

PanelDid::PanelDid(Vector treated, Matrix X, Vector weights, DidMethod method) : state_(std::make_unique<State>()) {
  State& s = *state_;
  s.weights = ones_if_empty(weights, treated.size());
  s.treated = std::move(treated);
  s.X = std::move(X);
  s.method = method;
  s.ps = propensity(method, s.treated, s.X, s.weights);
  const Vector untreated = s.weights.array() * (1 - s.treated.array());
  s.w1 = s.weights.cwiseProduct(s.treated);
  if (method != DidMethod::reg) s.w0 = untreated.cwiseProduct(s.ps.odds);
  s.ols = method == DidMethod::improved ? s.w0 : untreated;
  if (method == DidMethod::dr || method == DidMethod::improved || method == DidMethod::reg)
    s.ols_bread = numerics::inverse_spd(numerics::crossprod(s.X, s.ols, s.X), "covariates");
}
PanelDid::~PanelDid() = default;
PanelDid::PanelDid(PanelDid&&) noexcept = default;

TwoByTwo PanelDid::operator()(const Vector& change) const {
  const State& s = *state_;
  Means means(s.X);
  const Step* odds = s.method == DidMethod::reg ? nullptr : &s.ps.step;
  if (s.method == DidMethod::ipw) {
    means.add(1, s.w1, change);
    means.add(-1, s.w0, change, {}, odds);
  } else if (s.method == DidMethod::horvitz_thompson) {
    means.add(1, s.w1, change);
    means.add_over(-1, s.w0, change, s.w1, {}, odds);
  } else {
    Step ols = regress_rows(change, s.X, s.ols, s.ols_bread);
    const Vector predicted = numerics::product(s.X, ols.coef);
    if (s.method == DidMethod::reg) {
      means.add(1, s.w1, change);
      means.add(-1, s.w1, predicted, {{&ols, 1}});
    } else {
      if (s.method == DidMethod::improved) ols.lever.resize(0);  // tilting and weighting leave it without effect
      const Vector rest = change - predicted;
      means.add(1, s.w1, rest, {{&ols, -1}});
      means.add(-1, s.w0, rest, {{&ols, -1}}, odds);
    }
  }
  TwoByTwo out = means.take();
  out.trimmed = s.ps.trimmed;
  return out;
}

TwoByTwo sections_did(const Vector& y, const Vector& post, const Vector& treated, const Matrix& X,
                      const Vector& weights_given, DidMethod method) {
  const Vector weights = ones_if_empty(weights_given, y.size());
  const Vector pre = 1 - post.array(), untreated = 1 - treated.array();
  const Vector d = weights.cwiseProduct(treated), d1 = d.cwiseProduct(post), d0 = d.cwiseProduct(pre);
  const Vector c = weights.cwiseProduct(untreated);
  const Propensity ps = propensity(method, treated, X, weights);
  const Step* odds = method == DidMethod::reg ? nullptr : &ps.step;
  const Vector tilted = method == DidMethod::reg ? Vector() : Vector(c.cwiseProduct(ps.odds));
  Means means(X);
  if (method == DidMethod::reg) {
    const Step c1 = regress_rows(y, X, c.cwiseProduct(post), {}), c0 = regress_rows(y, X, c.cwiseProduct(pre), {});
    means.add(1, d1, y);
    means.add(-1, d0, y);
    means.add(-1, d, numerics::product(X, Vector(c1.coef - c0.coef)), {{&c1, 1}, {&c0, -1}});
  } else if (method == DidMethod::ipw) {
    means.add(1, d1, y);
    means.add(-1, d0, y);
    means.add(-1, tilted.cwiseProduct(post), y, {}, odds);
    means.add(1, tilted.cwiseProduct(pre), y, {}, odds);
  } else if (method == DidMethod::horvitz_thompson) {
    // Σ w (D − odds (1 − D)) (post − λ)/(λ(1 − λ)) y / Σ w D, λ the share of post; its own estimation is part of it.
    const double share = weights.dot(post) / weights.sum();
    const Vector time = (post.array() - share) / (share * (1 - share));
    const Vector signed_weight = d - tilted, value = time.cwiseProduct(y);
    means.add_over(1, d, value, d, {}, nullptr);
    means.add_over(-1, tilted, value, d, {}, odds);
    TwoByTwo out = means.take();
    const Vector by_share = (signed_weight.array() * y.array()) *
                            (-share * (1 - share) - (post.array() - share) * (1 - 2 * share)) /
                            std::pow(share * (1 - share), 2);
    const double slope = by_share.sum() / d.sum();
    out.influence.array() += slope * weights.array() / weights.mean() * (post.array() - share);
    out.trimmed = ps.trimmed;
    return out;
  } else {
    const Vector& base = method == DidMethod::improved ? tilted : c;
    Step c1 = regress_rows(y, X, base.cwiseProduct(post), {}), c0 = regress_rows(y, X, base.cwiseProduct(pre), {});
    Step t1 = regress_rows(y, X, d1, {}), t0 = regress_rows(y, X, d0, {});
    if (method == DidMethod::improved)
      for (Step* step : {&c1, &c0, &t1, &t0}) step->lever.resize(0);
    const Vector y1 = y - numerics::product(X, c1.coef), y0 = y - numerics::product(X, c0.coef);
    const Vector gap1 = numerics::product(X, Vector(t1.coef - c1.coef));
    const Vector gap0 = numerics::product(X, Vector(t0.coef - c0.coef));
    means.add(1, d1, y1, {{&c1, -1}});
    means.add(-1, d0, y0, {{&c0, -1}});
    means.add(-1, tilted.cwiseProduct(post), y1, {{&c1, -1}}, odds);
    means.add(1, tilted.cwiseProduct(pre), y0, {{&c0, -1}}, odds);
    means.add(1, d, gap1, {{&t1, 1}, {&c1, -1}});
    means.add(-1, d1, gap1, {{&t1, 1}, {&c1, -1}});
    means.add(-1, d, gap0, {{&t0, 1}, {&c0, -1}});
    means.add(1, d0, gap0, {{&t0, 1}, {&c0, -1}});
  }
  TwoByTwo out = means.take();
  out.trimmed = ps.trimmed;
  return out;
}

DidMethod did_method(const std::string& word) {
  if (word == "dr" || word == "dripw" || word == "trad") return DidMethod::dr;
  if (word == "imp" || word == "drimp") return DidMethod::improved;
  if (word == "stdipw") return DidMethod::ipw;
  if (word == "ipw") return DidMethod::horvitz_thompson;
  if (word == "reg") return DidMethod::reg;
  throw core::Error("no method '" + word + "'")
      .hint(core::did_you_mean(word, {"dr", "imp", "ipw", "stdipw", "reg"}, "methods"))
      .word(word);
}

}  // namespace estimators
