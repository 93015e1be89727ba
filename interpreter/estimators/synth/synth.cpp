#include "estimators/synth/synth.hpp"

#include "core/error.hpp"
#include "core/interrupt.hpp"
#include "core/parallel.hpp"
#include "core/text.hpp"
#include "numerics/dense.hpp"
#include "numerics/simplex.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <numeric>

namespace estimators {
namespace {

using numerics::Index;
using numerics::Matrix;
using numerics::Vector;

/// Nelder and Mead's simplex search, from a start; deterministic.
Vector nelder_mead(const std::function<double(const Vector&)>& f, const Vector& start, int most) {
  const Index k = start.size();
  std::vector<Vector> x = {start};
  for (Index j = 0; j < k; ++j) {
    Vector v = start;
    v[j] += 1;
    x.push_back(v);
  }
  std::vector<double> y;
  for (const Vector& v : x) y.push_back(f(v));
  for (int evaluation = 0; evaluation < most;) {
    std::vector<std::size_t> order(x.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return y[a] < y[b]; });
    const std::size_t best = order.front(), worst = order.back(), second = order[order.size() - 2];
    if (y[worst] - y[best] <= 1e-12 * (std::abs(y[best]) + 1e-12)) break;
    Vector centre = Vector::Zero(k);
    for (std::size_t i = 0; i < x.size(); ++i)
      if (i != worst) centre += x[i] / static_cast<double>(k);
    const auto try_at = [&](double t) {
      Vector v = centre + t * (x[worst] - centre);
      const double value = f(v);
      ++evaluation;
      return std::make_pair(v, value);
    };
    const auto reflected = try_at(-1);
    auto chosen = reflected;
    bool shrink = false;
    if (reflected.second < y[best]) {
      const auto further = try_at(-2);
      if (further.second < reflected.second) chosen = further;
    } else if (reflected.second >= y[second]) {
      chosen = reflected.second < y[worst] ? try_at(-0.5) : try_at(0.5);
      shrink = chosen.second >= std::min(reflected.second, y[worst]);
    }
    if (!shrink) {
      x[worst] = chosen.first;
      y[worst] = chosen.second;
      continue;
    }
    for (std::size_t i = 0; i < x.size(); ++i) {
      if (i == best) continue;
      x[i] = (x[best] + x[i]) / 2;
      y[i] = f(x[i]);
      ++evaluation;
    }
  }
  return x[static_cast<std::size_t>(std::min_element(y.begin(), y.end()) - y.begin())];
}

struct SynthProblem {
  const Matrix& Y;
  const Matrix& P;  ///< N×k, scaled predictors
  Index unit, start;
  std::vector<Index> donors;

  Vector weights(const Vector& v) const {
    const Index k = P.cols(), J = static_cast<Index>(donors.size());
    Matrix A(k, J);
    Vector b(k);
    for (Index r = 0; r < k; ++r) {
      const double root = std::sqrt(v[r]);
      b[r] = root * P(unit, r);
      for (Index j = 0; j < J; ++j) A(r, j) = root * P(donors[static_cast<std::size_t>(j)], r);
    }
    return numerics::simplex_least_squares(A, b);
  }
  Vector path(const Vector& w) const {
    Vector out = Vector::Zero(Y.cols());
    for (std::size_t j = 0; j < donors.size(); ++j) out += w[static_cast<Index>(j)] * Y.row(donors[j]).transpose();
    return out;
  }
  double loss(const Vector& w) const {
    return (Y.row(unit).transpose() - path(w)).head(start).squaredNorm() / static_cast<double>(start);
  }
};

/// exp(x)/Σ: V positive and summing to 1.
Vector shares(const Vector& x) {
  Vector v = (x.array() - x.maxCoeff()).cwiseMax(-40).exp();
  return v / v.sum();
}

/// V of the regression of each period's outcome before on the predictors: diag(B B'), scaled.
Vector regression_v(const SynthProblem& p) {
  const Index k = p.P.cols();
  std::vector<Index> units = p.donors;
  units.push_back(p.unit);
  Matrix X(static_cast<Index>(units.size()), k + 1), Z(X.rows(), p.start);
  for (std::size_t i = 0; i < units.size(); ++i) {
    X.row(static_cast<Index>(i)) << 1, p.P.row(units[i]);
    Z.row(static_cast<Index>(i)) = p.Y.row(units[i]).head(p.start);
  }
  const Matrix B = numerics::product(numerics::pseudo_inverse(numerics::crossprod(X)), numerics::crossprod(X, Z));
  Vector v = B.bottomRows(k).rowwise().squaredNorm();
  v = v.cwiseMax(1e-12 * v.maxCoeff());
  return v / v.sum();
}

SynthFit solve(const SynthProblem& p, bool nested) {
  SynthFit out;
  out.unit = p.unit;
  out.donors = p.donors;
  const Index k = p.P.cols();
  const Vector equal = Vector::Constant(k, 1 / static_cast<double>(k));
  const Vector regression = regression_v(p);
  const auto loss = [&](const Vector& x) { return p.loss(p.weights(shares(x))); };
  if (!nested) {
    out.v = regression;
  } else if (k == 1) {
    out.v = equal;
  } else {
    double best = 0;
    const int most = static_cast<int>(60 * k + 200);
    for (const Vector& start : {equal, regression}) {
      Vector x = nelder_mead(loss, start.array().log(), most);
      x = nelder_mead(loss, x, most);  // a fresh simplex, so that a collapsed one is left
      const double value = loss(x);
      if (out.v.size() == 0 || value < best) {
        best = value;
        out.v = shares(x);
      }
    }
  }
  out.weights = p.weights(out.v);
  for (Index j = 0; j < out.weights.size(); ++j)
    if (out.weights[j] < 1e-6) out.weights[j] = 0;
  out.weights /= out.weights.sum();
  out.path = p.path(out.weights);
  out.gap = p.Y.row(p.unit).transpose() - out.path;
  const Index after = p.Y.cols() - p.start;
  out.rmspe_before = std::sqrt(out.gap.head(p.start).squaredNorm() / static_cast<double>(p.start));
  out.rmspe_after = std::sqrt(out.gap.tail(after).squaredNorm() / static_cast<double>(after));
  out.effect = out.gap.tail(after).mean();
  return out;
}

std::vector<Index> all_but(Index N, Index unit, Index also = -1) {
  std::vector<Index> out;
  for (Index i = 0; i < N; ++i)
    if (i != unit && i != also) out.push_back(i);
  return out;
}

Matrix scaled(const std::vector<SynthPredictor>& predictors, Index N) {
  Matrix P(N, static_cast<Index>(predictors.size()));
  for (std::size_t r = 0; r < predictors.size(); ++r) {
    const Vector& x = predictors[r].values;
    const double sd = std::sqrt((x.array() - x.mean()).square().sum() / static_cast<double>(N - 1));
    if (!(sd > 1e-12 * (std::abs(x.mean()) + 1e-300)))
      throw core::Error("predictor '" + predictors[r].name + "' is the same for every unit").word(predictors[r].name);
    P.col(static_cast<Index>(r)) = x / sd;
  }
  return P;
}

}  // namespace

std::vector<SynthPredictor> synth_predictors(const PanelMatrix& panel, Index start, const std::vector<Index>& lags,
                                             Index from) {
  std::vector<SynthPredictor> out;
  const Index N = panel.Y.rows();
  for (std::size_t j = 0; j < panel.X.size(); ++j) {
    SynthPredictor p{panel.x_names[j], Vector::Zero(N)};
    for (Index i = 0; i < N; ++i) {
      double sum = 0, n = 0;
      for (Index s = from; s < start; ++s)
        if (!std::isnan(panel.X[j](i, s))) {
          sum += panel.X[j](i, s);
          n += 1;
        }
      if (n == 0)
        throw core::Error("predictor '" + p.name + "' is missing for " + panel.units[static_cast<std::size_t>(i)] +
                          " in every period before treatment")
            .word(p.name);
      p.values[i] = sum / n;
    }
    out.push_back(std::move(p));
  }
  std::vector<Index> periods = lags;
  if (periods.empty() && out.empty())
    for (Index s = from; s < start; ++s) periods.push_back(s);
  for (const Index s : periods) {
    if (s >= start)
      throw core::Error("the outcome of " + panel.periods[static_cast<std::size_t>(s)] +
                        " is no predictor: treatment begins in " + panel.periods[static_cast<std::size_t>(start)])
          .word("lags");
    out.push_back({panel.y_name + "(" + panel.periods[static_cast<std::size_t>(s)] + ")", panel.Y.col(s)});
  }
  return out;
}

Synth synth(const PanelMatrix& panel, const std::vector<SynthPredictor>& predictors, const SynthOptions& options) {
  const Index N = panel.Y.rows(), T = panel.Y.cols();
  if (options.start < 2 || options.start >= T)
    throw core::Error("treatment must begin after the second and before the last period").word("at");
  if (N < 3) throw core::Error("a synthetic control needs at least two donors");
  const Matrix P = scaled(predictors, N);
  Synth out;
  core::Progress progress("synth", static_cast<std::uint64_t>(options.placebo ? N : 1));
  out.fit = solve({panel.Y, P, options.treated, options.start, all_but(N, options.treated)}, options.nested);
  progress.step();
  const auto k = static_cast<Index>(predictors.size());
  out.predictors.resize(k, 3);
  for (Index r = 0; r < k; ++r) {
    const Vector& x = predictors[static_cast<std::size_t>(r)].values;
    double synthetic = 0, mean = 0;
    for (std::size_t j = 0; j < out.fit.donors.size(); ++j) {
      synthetic += out.fit.weights[static_cast<Index>(j)] * x[out.fit.donors[j]];
      mean += x[out.fit.donors[j]] / static_cast<double>(out.fit.donors.size());
    }
    out.predictors.row(r) << x[options.treated], synthetic, mean;
  }
  const auto many = [&](std::size_t count, const std::function<SynthFit(std::size_t)>& one) {
    std::vector<SynthFit> fits(count);
    for (std::size_t first = 0; first < count; first += 8) {
      const std::size_t width = std::min<std::size_t>(8, count - first);
      core::for_blocks(width, 1, [&](std::size_t i, std::size_t) {
        if (!core::interrupt_requested()) fits[first + i] = one(first + i);
      });
      core::poll();
    }
    return fits;
  };
  if (options.placebo) {
    const std::vector<Index> units = out.fit.donors;
    out.placebos = many(units.size(), [&](std::size_t i) {
      return solve({panel.Y, P, units[i], options.start, all_but(N, units[i])}, options.nested);
    });
    double as_large = 1;
    for (const SynthFit& fit : out.placebos) as_large += fit.ratio() >= out.fit.ratio() * (1 - 1e-12);
    out.p = as_large / static_cast<double>(N);
    for (Index s = options.start; s < T; ++s) {
      double count = 1;
      for (const SynthFit& fit : out.placebos)
        count +=
            std::abs(fit.gap[s]) / fit.rmspe_before >= std::abs(out.fit.gap[s]) / out.fit.rmspe_before * (1 - 1e-12);
      out.p_period.push_back(count / static_cast<double>(N));
    }
  }
  if (options.leave_one_out) {
    std::vector<Index> weighted;
    for (std::size_t j = 0; j < out.fit.donors.size(); ++j)
      if (out.fit.weights[static_cast<Index>(j)] > 1e-4) weighted.push_back(out.fit.donors[j]);
    if (N > 3)
      out.without = many(weighted.size(), [&](std::size_t i) {
        return solve({panel.Y, P, options.treated, options.start, all_but(N, options.treated, weighted[i])},
                     options.nested);
      });
  }
  if (options.placebo_start >= 0) {
    if (options.placebo_start < 2 || options.placebo_start >= options.start)
      throw core::Error("a placebo in time begins after the second period and before the treatment").word("placebo_at");
    const Matrix before = panel.Y.leftCols(options.start);
    PanelMatrix shorter = panel;
    shorter.Y = before;
    for (Matrix& x : shorter.X) x = Matrix(x.leftCols(options.start));
    std::vector<Index> lags;
    for (Index s = 0; s < options.placebo_start; ++s)
      if (std::any_of(predictors.begin(), predictors.end(), [&](const SynthPredictor& p) {
            return p.name == panel.y_name + "(" + panel.periods[static_cast<std::size_t>(s)] + ")";
          }))
        lags.push_back(s);
    const Matrix earlier = scaled(synth_predictors(shorter, options.placebo_start, lags, 0), N);
    out.in_time =
        solve({before, earlier, options.treated, options.placebo_start, all_but(N, options.treated)}, options.nested);
  }
  return out;
}

}  // namespace estimators
