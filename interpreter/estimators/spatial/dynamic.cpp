#include "estimators/spatial/dynamic.hpp"

#include "core/error.hpp"
#include "core/text.hpp"
#include "numerics/dense.hpp"

#include <algorithm>
#include <cmath>

namespace estimators {
namespace {

constexpr Index most_units = 1000;

Index column_of(const SpatialModel& m, const std::string& name) {
  const auto at = std::find(m.names.begin(), m.names.end(), name);
  return name.empty() || at == m.names.end() ? Index{-1} : static_cast<Index>(at - m.names.begin());
}

/// c over (b, ρ, σ²).
Vector score_bias(const SpatialModel& m, bool lee_yu, double counted, const Dynamics& at) {
  const bool by_unit = m.effects == Effects::unit || m.effects == Effects::both;
  const bool by_time = m.effects == Effects::time || m.effects == Effects::both;
  const double N = static_cast<double>(m.units), T = static_cast<double>(m.periods);
  const Index k = m.X.cols(), own = column_of(m, m.context->own_lag), spatial = column_of(m, m.context->spatial_lag);
  const double tau = own < 0 ? 0 : at.beta[own], eta = spatial < 0 ? 0 : at.beta[spatial];
  const Matrix W = spatial::dense(m.context->W.whole());
  const Matrix I = Matrix::Identity(m.units, m.units);
  const Matrix G = numerics::product(W, numerics::inverse(I - at.rho * W, "I - rho W"));
  // tr(JA) = tr A − ι'Aι/N.
  const auto trace = [&](const Matrix& A) { return A.trace() - (by_time ? A.sum() / N : 0); };
  Vector c = Vector::Zero(k + 2);
  const double T_left = by_unit ? T - 1 : T;
  const double T_counted = lee_yu && by_unit ? T - 1 : T;
  c[k] = T_counted * (lee_yu && by_time ? trace(G) : G.trace()) - T_left * trace(G);
  c[k + 1] = (counted - T_left * (by_time ? N - 1 : N)) / (2 * at.sigma2);
  if (!by_unit) return c;
  const Matrix P = numerics::inverse((1 - tau) * I - (at.rho + eta) * W, "I - tau - (rho + eta) W");
  const Matrix WP = numerics::product(W, P);
  if (own >= 0) c[own] = trace(P);
  if (spatial >= 0) c[spatial] = trace(WP);
  c[k] += tau * trace(numerics::product(G, P)) + eta * trace(numerics::product(G, WP));
  return c;
}

}  // namespace

double largest_root(const spatial::Weights& W, double rho, double tau, double eta) {
  double largest = 0;
  for (const std::complex<double>& w : spatial::eigenvalues(W))
    largest = std::max(largest, std::abs(tau + eta * w) / std::abs(1.0 - rho * w));
  return largest;
}

void require_dynamic(const SpatialModel& m) {
  if (m.effects == Effects::random)
    throw core::Error("a dynamic spatial panel with random effects is not there: the first period depends on them")
        .hint("fe=\"unit\" or \"both\"")
        .word("dynamic");
  if (!m.balanced) throw core::Error("a dynamic spatial panel must be balanced").word("dynamic");
  spatial::require_constant(m.context->W.whole(), "a dynamic spatial panel");
  if (m.periods < 2) throw core::Error("a dynamic spatial panel needs three periods or more").word("dynamic");
  if (m.units > most_units)
    throw core::Error("the bias correction of dynamic panels takes " + std::to_string(most_units) +
                      " units at most: it needs dense matrices of them")
        .word("dynamic");
}

std::string correct_bias(const SpatialModel& m, bool lee_yu, double counted, const std::function<Matrix()>& inverse,
                         Dynamics& at) {
  const Index own = column_of(m, m.context->own_lag), spatial = column_of(m, m.context->spatial_lag);
  const auto root = [&] {
    return largest_root(m.context->W.whole(), at.rho, own < 0 ? 0 : at.beta[own], spatial < 0 ? 0 : at.beta[spatial]);
  };
  if (m.effects == Effects::none)
    return "no effects, no bias to correct; largest root of the process " + core::significant(root(), 4);
  if (const double before = root(); before >= 1)
    return "the process is not stable (largest root " + core::significant(before, 4) +
           "): the bias correction supposes that it is, and was not made";
  const Index k = at.beta.size();
  const Vector before = at.beta;
  const double rho = at.rho;
  const Vector move = inverse() * score_bias(m, lee_yu, counted, at);
  at.beta += move.head(k);
  at.rho += move[k];
  at.sigma2 += move[k + 1];
  std::string note = "bias correction of Yu, de Jong and Lee: ";
  const auto add = [&](const std::string& name, double from, double to) {
    note += name + " " + core::significant(from, 4) + " -> " + core::significant(to, 4) + ", ";
  };
  if (own >= 0) add(m.context->own_lag, before[own], at.beta[own]);
  if (spatial >= 0) add(m.context->spatial_lag, before[spatial], at.beta[spatial]);
  add("rho", rho, at.rho);
  const double after = root();
  note += "largest root of the process " + core::significant(after, 4);
  if (after >= 1) note += ": not stable, long-run effects do not exist";
  return note;
}

}  // namespace estimators
