#include "estimators/spatial/impacts.hpp"

#include "core/error.hpp"
#include "core/interrupt.hpp"
#include "core/text.hpp"
#include "estimators/spatial/model.hpp"
#include "numerics/dense.hpp"
#include "numerics/random.hpp"

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

class Effectiveness {
 public:
  explicit Effectiveness(const SpatialContext& c) : c_(c) {
    if (!c.logdet) own_ = std::make_shared<const StackedLogDet>(c.W, "auto");
    for (const StackedWeights::Part& part : c.W.parts()) {
      const Vector sums = spatial::row_sums(*part.W);
      rows_one_.push_back((sums.array() - 1).abs().maxCoeff() < 1e-12);
      mean_rows_.push_back(sums.mean());
    }
  }
  const StackedLogDet& logdet() const { return c_.logdet ? *c_.logdet : *own_; }

  Multipliers at(double rho) const {
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
  const SpatialContext& c_;
  std::shared_ptr<const StackedLogDet> own_;
  std::vector<bool> rows_one_;
  std::vector<double> mean_rows_;
};

struct Places {
  Index beta, lagged;  // −1: none
};

}  // namespace

Impacts impacts(const results::Fit& fit, int reps, std::uint64_t seed) {
  const SpatialContext& c = spatial_context(fit, "impacts");
  Impacts out;
  out.reps = reps;
  out.seed = seed;
  const auto find = [&](const std::string& name) {
    const auto at = std::find(fit.names.begin(), fit.names.end(), name);
    return at == fit.names.end() ? Index{-1} : static_cast<Index>(at - fit.names.begin());
  };
  const Index rho_at = find("rho");
  const double rho = rho_at < 0 ? 0 : fit.coef[rho_at];
  std::vector<Places> places;
  for (std::size_t j = 0; j < fit.names.size(); ++j) {
    const std::string& name = fit.names[j];
    if (static_cast<Index>(j) == fit.constant || name == "rho" || name == "lambda" || name == "phi") continue;
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
  if (rho_at < 0 && std::none_of(places.begin(), places.end(), [](const Places& p) { return p.lagged >= 0; }))
    out.notes.emplace_back("No spatial lag of the outcome or of a regressor: nothing spills over");
  const Effectiveness effects(c);
  const auto evaluate = [&](const Multipliers& m, const Vector& coef, std::size_t r, double* to) {
    const double b = places[r].beta < 0 ? 0 : coef[places[r].beta],
                 g = places[r].lagged < 0 ? 0 : coef[places[r].lagged];
    to[0] = b * m.a + g * m.b;
    to[2] = b * m.t + g * m.tw;
    to[1] = to[2] - to[0];
  };
  const Multipliers at = effects.at(rho);
  const spatial::Interval ends = effects.logdet().interval();
  const double h = std::min({1e-4, (ends.high - rho) / 4, (rho - ends.low) / 4});
  const Multipliers up = effects.at(rho + h), down = effects.at(rho - h);
  const Matrix& V = fit.vcov.matrix;
  for (std::size_t r = 0; r < out.rows.size(); ++r) {
    double value[3], above[3], below[3];
    evaluate(at, fit.coef, r, value);
    evaluate(up, fit.coef, r, above);
    evaluate(down, fit.coef, r, below);
    Matrix J = Matrix::Zero(3, fit.coef.size());
    if (places[r].beta >= 0) J.col(places[r].beta) << at.a, at.t - at.a, at.t;
    if (places[r].lagged >= 0) J.col(places[r].lagged) << at.b, at.tw - at.b, at.tw;
    if (rho_at >= 0)
      for (Index e = 0; e < 3; ++e) J(e, rho_at) = (above[e] - below[e]) / (2 * h);
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
    } while (rho_at >= 0 && !(coef[rho_at] > ends.low && coef[rho_at] < ends.high));
    const Multipliers m = rho_at < 0 ? at : effects.at(coef[rho_at]);
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
