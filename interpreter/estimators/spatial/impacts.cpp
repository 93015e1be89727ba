#include "estimators/spatial/impacts.hpp"

#include "core/error.hpp"
#include "core/interrupt.hpp"
#include "core/text.hpp"
#include "estimators/spatial/dynamic.hpp"
#include "estimators/spatial/model.hpp"
#include "numerics/dense.hpp"
#include "numerics/random.hpp"
#include "spatial/spectrum.hpp"

#include <algorithm>
#include <cmath>

namespace estimators {
namespace {

/// tr(A⁻¹)/N, tr(WA⁻¹)/N, ι'A⁻¹ι/N, ι'WA⁻¹ι/N, A = I − ρW.
struct Multipliers {
  double a = 1, b = 0, t = 1, tw = 1;
};

/// A⁻¹ι: by W's rows when they sum to one, else by x = ι + ρWx, or densely where that does not converge.
Vector inverse_of_ones(const spatial::Weights& W, double rho, bool rows_one) {
  const auto n = static_cast<Index>(W.units());
  const Vector ones = Vector::Ones(n);
  if (rows_one) return ones / (1 - rho);
  Vector x = ones;
  for (int i = 0; i < 3000; ++i) {
    Vector next = ones + rho * spatial::lag(W, x);
    const double change = (next - x).cwiseAbs().maxCoeff();
    x = std::move(next);
    if (!std::isfinite(change) || change > 1e12) break;
    if (change <= 1e-15 * x.cwiseAbs().maxCoeff()) return x;
  }
  if (n > 3000) throw core::Error("the total impact did not converge: rho is too near its bound");
  const Matrix A = Matrix::Identity(n, n) - rho * spatial::dense(W);
  return numerics::solve(A, ones, "I - rho W").col(0);
}

/// A⁻¹ = e^{−αW} of the matrix exponential: tr e^{−αW} from the eigenvalues, e^{−αW}ι as a series.
class Exponentials {
 public:
  explicit Exponentials(const SpatialContext& c) : c_(c) {
    for (const StackedWeights::Part& part : c.W.parts()) {
      if (part.W->units() > most)
        throw core::Error("impacts of mess take " + std::to_string(most) + " units at most: they need all eigenvalues");
      eigenvalues_.push_back(spatial::eigenvalues(*part.W));
    }
  }
  Multipliers at(double alpha) const {
    const double rows = static_cast<double>(c_.W.rows());
    Multipliers m{.a = 0, .b = 0, .t = 0, .tw = 0};
    for (std::size_t p = 0; p < eigenvalues_.size(); ++p) {
      const StackedWeights::Part& part = c_.W.parts()[p];
      for (const std::complex<double>& w : eigenvalues_[p]) {
        const std::complex<double> e = std::exp(-alpha * w);
        m.a += part.periods * e.real() / rows;
        m.b += part.periods * (w * e).real() / rows;
      }
      Vector term = Vector::Ones(static_cast<Index>(part.W->units())), sum = term;
      for (int j = 1; j < 200 && term.cwiseAbs().maxCoeff() > 1e-18; ++j) {
        term = -alpha / j * spatial::lag(*part.W, term);
        sum += term;
      }
      m.t += part.periods * sum.sum() / rows;
      m.tw += part.periods * spatial::lag(*part.W, sum).sum() / rows;
    }
    return m;
  }

 private:
  static constexpr std::size_t most = 3000;
  const SpatialContext& c_;
  std::vector<spatial::ComplexVector> eigenvalues_;
};

class Effectiveness {
 public:
  explicit Effectiveness(const SpatialContext& c) : c_(c) {
    if (c.exponential) {
      exponentials_ = std::make_unique<Exponentials>(c);
      return;
    }
    if (!c.logdet) own_ = std::make_shared<const StackedLogDet>(c.W, "auto");
    for (const StackedWeights::Part& part : c.W.parts()) {
      const Vector sums = spatial::row_sums(*part.W);
      rows_one_.push_back((sums.array() - 1).abs().maxCoeff() < 1e-12);
      mean_rows_.push_back(sums.mean());
    }
  }
  spatial::Interval interval() const {
    if (exponentials_) return {.low = -1e6, .high = 1e6, .open_low = true, .open_high = true};
    return logdet().interval();
  }

  Multipliers at(double rho) const {
    if (exponentials_) return exponentials_->at(rho);
    const double rows = static_cast<double>(c_.W.rows());
    Multipliers m;
    m.b = logdet().trace(rho) / rows;
    m.a = 1 + rho * m.b;
    m.t = m.tw = 0;
    for (std::size_t p = 0; p < c_.W.parts().size(); ++p) {
      const auto& part = c_.W.parts()[p];
      const Vector s = inverse_of_ones(*part.W, rho, rows_one_[p]);
      m.t += part.periods * s.sum() / rows;
      m.tw += part.periods * (rows_one_[p] ? s.sum() : spatial::lag(*part.W, s).sum()) / rows;
    }
    return m;
  }

 private:
  const StackedLogDet& logdet() const { return c_.logdet ? *c_.logdet : *own_; }

  const SpatialContext& c_;
  std::unique_ptr<Exponentials> exponentials_;
  std::shared_ptr<const StackedLogDet> own_;
  std::vector<bool> rows_one_;
  std::vector<double> mean_rows_;
};

struct Places {
  Index beta, lagged;  // −1: none
};

/// Where the parameters of the inverse stand among the coefficients; −1: none. tau and eta only for the long run.
struct Inverse {
  Index rho = -1, tau = -1, eta = -1;
  double value(const Vector& coef, Index at) const { return at < 0 ? 0 : coef[at]; }
  double scale(const Vector& coef) const { return 1 / (1 - value(coef, tau)); }
  /// (1 − τ)I − (ρ + η)W = (I − rW)/scale.
  double r(const Vector& coef) const { return (value(coef, rho) + value(coef, eta)) * scale(coef); }
};

}  // namespace

void require_admissible(double rho, const SpatialContext& c, const std::string& what) {
  const spatial::Interval ends =
      c.logdet ? c.logdet->interval() : spatial::admissible(spatial::spectrum_range(c.W.whole()));
  if (ends.holds(rho)) return;
  throw core::Error(what + ": rho = " + core::significant(rho, 5) +
                    " is not admissible (I - rho W is regular for rho " + spatial::in_words(ends) +
                    "), and effects that spread with it have no sum")
      .hint(
          "the instruments are weak or the model is wrong: sar keeps rho inside; other regressors or weights may help");
}

Impacts impacts(const results::Fit& fit, int reps, std::uint64_t seed, bool long_run) {
  const SpatialContext& c = spatial_context(fit, "impacts");
  Impacts out;
  out.reps = reps;
  out.seed = seed;
  const auto find = [&](const std::string& name) {
    const auto at = std::find(fit.names.begin(), fit.names.end(), name);
    return at == fit.names.end() ? Index{-1} : static_cast<Index>(at - fit.names.begin());
  };
  Inverse inverse{.rho = find(c.exponential ? "alpha" : "rho")};
  if (long_run && c.own_lag.empty() && c.spatial_lag.empty())
    throw core::Error("the model has no past: its impacts are those of the long run already")
        .hint("sar(f, W, fe=\"unit\", dynamic=\"both\")")
        .word("run");
  if (long_run) {
    if (!c.own_lag.empty()) inverse.tau = find(c.own_lag);
    if (!c.spatial_lag.empty()) inverse.eta = find(c.spatial_lag);
    const double root = largest_root(c.W.whole(), inverse.value(fit.coef, inverse.rho),
                                     inverse.value(fit.coef, inverse.tau), inverse.value(fit.coef, inverse.eta));
    if (root >= 1)
      throw core::Error("the process is not stable (largest root " + core::significant(root, 4) +
                        "): there is no long run")
          .word("run");
  }
  std::vector<Places> places;
  for (std::size_t j = 0; j < fit.names.size(); ++j) {
    const std::string& name = fit.names[j];
    if (static_cast<Index>(j) == fit.constant || name == "rho" || name == "alpha" || name == "lambda" || name == "phi")
      continue;
    if (name == c.own_lag || name == c.spatial_lag) continue;
    if (std::find(c.dummies.begin(), c.dummies.end(), name) != c.dummies.end()) continue;
    if (name.rfind("W*", 0) == 0) {
      if (find(name.substr(2)) < 0) {  // its plain twin was dropped
        places.push_back({-1, static_cast<Index>(j)});
        out.rows.push_back({.name = name.substr(2)});
      }
      continue;
    }
    places.push_back({static_cast<Index>(j), find("W*" + name)});
    out.rows.push_back({.name = name});
  }
  if (inverse.rho < 0 && std::none_of(places.begin(), places.end(), [](const Places& p) { return p.lagged >= 0; }))
    out.notes.emplace_back("No spatial lag of the outcome or of a regressor: nothing spills over");
  const Effectiveness effects(c);
  const auto evaluate = [&](const Multipliers& m, const Vector& coef, std::size_t r, double* to) {
    const double b = places[r].beta < 0 ? 0 : coef[places[r].beta],
                 g = places[r].lagged < 0 ? 0 : coef[places[r].lagged];
    to[0] = b * m.a + g * m.b;
    to[2] = b * m.t + g * m.tw;
    to[1] = to[2] - to[0];
  };
  const auto multipliers = [&](const Vector& coef) {
    Multipliers m = effects.at(inverse.r(coef));
    for (double* part : {&m.a, &m.b, &m.t, &m.tw}) *part *= inverse.scale(coef);
    return m;
  };
  const spatial::Interval ends = effects.interval();
  const double r_now = inverse.r(fit.coef);
  if (inverse.rho >= 0 && !c.exponential && c.W.constant()) require_admissible(r_now, c, "impacts");
  const Multipliers at = multipliers(fit.coef);
  const double h =
      std::min({1e-4, (ends.high - r_now) / 4, (r_now - ends.low) / 4}) / std::max(1.0, inverse.scale(fit.coef));
  struct Moved {
    Index at;
    Multipliers up, down;
  };
  std::vector<Moved> moved;
  for (const Index j : {inverse.rho, inverse.tau, inverse.eta}) {
    if (j < 0) continue;
    Vector up = fit.coef, down = fit.coef;
    up[j] += h;
    down[j] -= h;
    moved.push_back({j, multipliers(up), multipliers(down)});
  }
  const Matrix& V = fit.vcov.matrix;
  for (std::size_t r = 0; r < out.rows.size(); ++r) {
    double value[3];
    evaluate(at, fit.coef, r, value);
    Matrix J = Matrix::Zero(3, fit.coef.size());
    if (places[r].beta >= 0) J.col(places[r].beta) << at.a, at.t - at.a, at.t;
    if (places[r].lagged >= 0) J.col(places[r].lagged) << at.b, at.tw - at.b, at.tw;
    for (const Moved& m : moved) {
      double above[3], below[3];
      evaluate(m.up, fit.coef, r, above);
      evaluate(m.down, fit.coef, r, below);
      for (Index e = 0; e < 3; ++e) J(e, m.at) = (above[e] - below[e]) / (2 * h);
    }
    const Vector variance = (J * V * J.transpose()).diagonal();
    Impact& row = out.rows[r];
    row.direct = value[0];
    row.indirect = value[1];
    row.total = value[2];
    row.se_direct = std::sqrt(std::max(0.0, variance[0]));
    row.se_indirect = std::sqrt(std::max(0.0, variance[1]));
    row.se_total = std::sqrt(std::max(0.0, variance[2]));
    row.sim_direct = row.sim_indirect = row.sim_total = std::nan("");
  }
  if (reps <= 0) return out;
  const numerics::SymmetricEigen e = numerics::symmetric_eigen(V);
  const Matrix root = e.vectors * e.values.cwiseMax(0).cwiseSqrt().asDiagonal();
  Matrix sums = Matrix::Zero(static_cast<Index>(out.rows.size()), 3), squares = sums;
  core::Progress progress("impacts", static_cast<std::uint64_t>(reps));
  for (int d = 0; d < reps; ++d) {
    numerics::Random random(seed, static_cast<std::uint64_t>(d));
    Vector coef;
    int tries = 0;
    do {
      Vector z(fit.coef.size());
      for (Index j = 0; j < z.size(); ++j) z[j] = random.normal();
      coef = fit.coef + root * z;
      out.redrawn += tries > 0;
      if (++tries > 1000)
        throw core::Error("rho lies so near its bound that draws of it fall beyond it")
            .hint("the delta method's standard errors need no draws: reps=0");
    } while (inverse.rho >= 0 &&
             !(inverse.r(coef) > ends.low && inverse.r(coef) < ends.high && inverse.value(coef, inverse.tau) < 1));
    const Multipliers m = inverse.rho < 0 ? at : multipliers(coef);
    for (std::size_t r = 0; r < out.rows.size(); ++r) {
      double value[3];
      evaluate(m, coef, r, value);
      for (Index k = 0; k < 3; ++k) {
        sums(static_cast<Index>(r), k) += value[k];
        squares(static_cast<Index>(r), k) += value[k] * value[k];
      }
    }
    progress.step();
  }
  for (std::size_t r = 0; r < out.rows.size(); ++r) {
    const auto sd = [&](Index k) {
      const double n = reps, mean = sums(static_cast<Index>(r), k) / n;
      return std::sqrt(std::max(0.0, (squares(static_cast<Index>(r), k) - n * mean * mean) / (n - 1)));
    };
    out.rows[r].sim_direct = sd(0);
    out.rows[r].sim_indirect = sd(1);
    out.rows[r].sim_total = sd(2);
  }
  return out;
}

}  // namespace estimators
