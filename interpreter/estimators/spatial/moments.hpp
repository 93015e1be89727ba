// λ of a spatial error, u = λWu + ε, from moments of its residuals when variances are equal.
#pragma once

#include "estimators/spatial/model.hpp"

#include <functional>

namespace estimators {

struct ErrorMoments {
  double lambda = 0, sigma2 = 0;
};
/// The least point of f within the interval: a grid, then golden section.
double least_point(const std::function<double(double)>& f, const spatial::Interval& ends);

/// Kelejian & Prucha (1999): with v = Wu, w = Wv, three equations in λ and σ²,
///   u'u = 2λ u'v − λ² v'v + nσ²,  v'v = 2λ v'w − λ² w'w + σ² n tr(W'W)/N,  u'v = λ(u'w + v'v) − λ² v'w.
/// n: rows that carry information; of within residuals Q0u of a panel N(T − 1), their first three moments in Kapoor,
/// Kelejian & Prucha (2007).
ErrorMoments homoskedastic_moments(const StackedWeights& W, const Vector& u, double n, const spatial::Interval& ends);

/// Random unit effects filtered like the errors: u = λWu + ε, ε = μ_i + v_it, Q0 and Q1 the projections on deviations
/// from and on unit means; σ1² = σv² + Tσμ². The six moments of Q0ε and Q1ε, weighted by diag(σv⁴/(T − 1), σ1⁴) ⊗ T_W
/// of the first three alone. Source: Kapoor, Kelejian & Prucha (2007), J. Econometrics 140, section 3.
struct PanelMoments {
  double lambda = 0, sigma2_v = 0, sigma2_1 = 0;
};
PanelMoments panel_moments(const StackedWeights& W, const Vector& u, Index units, Index periods,
                           const spatial::Interval& ends);

}  // namespace estimators
