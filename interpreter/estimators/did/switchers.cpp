// Units by their first treatment and its first change, and outcomes less what controls explain: θ_d from ΔY on ΔX and
// period effects over rows before any change, by first treatment d. See switch_effects.cpp.
#include "estimators/did/switchers.hpp"

#include "core/error.hpp"
#include "core/numbers.hpp"
#include "core/text.hpp"
#include "numerics/dense.hpp"

#include <algorithm>
#include <cmath>
#include <map>

namespace estimators {
namespace {

using core::nan;

Matrix spread(const Staggered& s, const Vector& values) {
  Matrix out = Matrix::Constant(s.unit_count, s.period_count(), nan);
  for (std::size_t i = 0; i < s.units.size(); ++i) out(s.units[i], s.periods[i]) = values[static_cast<Index>(i)];
  return out;
}

void find_change(SwitchPanel& panel, std::int32_t g, std::int64_t& unsure) {
  const std::int32_t T = panel.periods();
  std::int32_t last = -1;
  double first = nan;
  for (std::int32_t t = 0; t < T; ++t) {
    const double d = panel.treatment(g, t);
    if (std::isnan(d)) continue;
    if (last < 0) first = d;
    if (d != first) {
      const bool dated = last == t - 1;
      panel.change[static_cast<std::size_t>(g)] = dated ? t : T;
      panel.known[static_cast<std::size_t>(g)] = last + 1;
      panel.sign[static_cast<std::size_t>(g)] = static_cast<std::int8_t>(dated ? (d > first ? 1 : -1) : 0);
      unsure += !dated;
      return;
    }
    last = t;
  }
}

/// After a unit has been above and below its first treatment an effect has no sign.
std::int64_t leave_out_both_ways(SwitchPanel& panel) {
  std::int64_t rows = 0;
  for (std::int32_t g = 0; g < panel.units(); ++g) {
    double first = nan;
    bool above = false, below = false;
    for (std::int32_t t = 0; t < panel.periods(); ++t) {
      const double d = panel.treatment(g, t);
      if (std::isnan(d)) continue;
      if (std::isnan(first)) first = d;
      above |= d > first;
      below |= d < first;
      if (!above || !below) continue;
      panel.y(g, t) = nan;
      ++rows;
    }
  }
  return rows;
}

}  // namespace

SwitchPanel switch_panel(const Staggered& s, const Vector& treatment, const Codes& within, bool both_ways) {
  SwitchPanel panel;
  panel.y = spread(s, s.problem.y);
  panel.treatment = spread(s, treatment);
  const Vector& w = s.problem.weights();
  panel.weight = w.size() == 0 ? spread(s, Vector::Ones(s.n())) : spread(s, w);
  panel.weight = panel.weight.array().isNaN().select(0.0, panel.weight);
  const Index controls = s.problem.exogenous - (s.problem.constant ? 1 : 0);
  for (Index j = 0; j < controls; ++j) panel.controls.push_back(spread(s, s.problem.columns.col(1 + j)));
  const auto G = static_cast<std::size_t>(s.unit_count);
  panel.change.assign(G, s.period_count());
  panel.known.assign(G, s.period_count());
  panel.sign.assign(G, 0);
  std::int64_t unsure = 0;
  std::map<std::pair<double, std::int32_t>, std::int32_t> classes;
  for (std::int32_t g = 0; g < s.unit_count; ++g) {
    find_change(panel, g, unsure);
    double first = nan;
    for (std::int32_t t = 0; t < s.period_count() && std::isnan(first); ++t) first = panel.treatment(g, t);
    const std::int32_t stratum = within.empty() ? 0 : within[static_cast<std::size_t>(g)];
    const auto [at, fresh] = classes.emplace(std::pair(first, stratum), static_cast<std::int32_t>(classes.size()));
    if (fresh) panel.class_names.push_back(core::shortest(first));
    panel.classes.push_back(at->second);
  }
  panel.class_count = static_cast<std::int32_t>(classes.size());
  if (std::all_of(panel.sign.begin(), panel.sign.end(), [](std::int8_t sign) { return sign == 0; }))
    throw core::Error("treatment never changes within a " + s.unit + ": there is no switcher");
  if (!both_ways)
    if (const std::int64_t rows = leave_out_both_ways(panel); rows > 0)
      panel.notes.push_back(core::counted(rows, "row") +
                            " left out after a unit had been both above and below its first treatment");
  if (unsure > 0)
    panel.notes.push_back(core::counted(unsure, "unit") +
                          " whose change falls into a gap: controls before it, not switchers");
  return panel;
}

void take_changes(SwitchPanel& panel) {
  const auto changes = [](Matrix& values) {
    for (Index t = values.cols() - 1; t > 0; --t) values.col(t) -= values.col(t - 1);
    values.col(0).setConstant(nan);
  };
  changes(panel.y);
  for (Matrix& x : panel.controls) changes(x);
}

void take_out_controls(SwitchPanel& panel) {
  if (panel.controls.empty()) return;
  std::vector<Vector> thetas;
  const auto K = static_cast<Index>(panel.controls.size());
  for (std::int32_t c = 0; c < panel.class_count; ++c) {
    struct Row {
      std::int32_t g, t;
      double w;
    };
    std::vector<std::vector<Row>> by_period(static_cast<std::size_t>(panel.periods()));
    Index n = 0;
    for (std::int32_t g = 0; g < panel.units(); ++g) {
      if (panel.classes[static_cast<std::size_t>(g)] != c) continue;
      for (std::int32_t t = 1; t < panel.known[static_cast<std::size_t>(g)]; ++t) {
        bool there = !std::isnan(difference(panel.y, g, t, t - 1));
        for (const Matrix& x : panel.controls) there = there && !std::isnan(difference(x, g, t, t - 1));
        if (!there) continue;
        by_period[static_cast<std::size_t>(t)].push_back({g, t, panel.weight(g, t)});
        ++n;
      }
    }
    Matrix X(n, K);
    Vector y(n), w(n), scale(n);
    std::vector<std::int32_t> unit(static_cast<std::size_t>(n));
    Index at = 0;
    for (const auto& rows : by_period) {
      double total = 0, mean_y = 0;
      Vector mean_x = Vector::Zero(K);
      for (const Row& r : rows) {
        total += r.w;
        mean_y += r.w * difference(panel.y, r.g, r.t, r.t - 1);
        for (Index k = 0; k < K; ++k)
          mean_x[k] += r.w * difference(panel.controls[static_cast<std::size_t>(k)], r.g, r.t, r.t - 1);
      }
      if (!(total > 0)) total = 1;  // nobody of this period was drawn
      const auto count = static_cast<double>(rows.size());
      for (const Row& r : rows) {
        y[at] = difference(panel.y, r.g, r.t, r.t - 1) - mean_y / total;
        for (Index k = 0; k < K; ++k)
          X(at, k) = difference(panel.controls[static_cast<std::size_t>(k)], r.g, r.t, r.t - 1) - mean_x[k] / total;
        w[at] = r.w;
        scale[at] = count > 1 ? std::sqrt(count / (count - 1)) : 0;
        unit[static_cast<std::size_t>(at)] = r.g;
        ++at;
      }
    }
    Vector theta = Vector::Zero(K);
    Matrix influence = Matrix::Zero(panel.units(), K);
    if (n > K + 1) {
      const Matrix inverse = numerics::pseudo_inverse(numerics::crossprod(X, w, X));
      theta = numerics::product(inverse, numerics::crossprod(X, Vector(w.cwiseProduct(y))));
      const Vector rest = y - numerics::product(X, theta);
      for (Index i = 0; i < n; ++i)
        influence.row(unit[static_cast<std::size_t>(i)]) += w[i] * scale[i] * rest[i] * X.row(i);
      influence = numerics::product(influence, inverse);
    } else {
      panel.notes.push_back("no controls for units with first treatment " +
                            panel.class_names[static_cast<std::size_t>(c)] + ": too few rows before a change");
    }
    thetas.push_back(theta);
    panel.theta_influence.push_back(std::move(influence));
  }
  for (std::int32_t g = 0; g < panel.units(); ++g)
    for (Index k = 0; k < K; ++k)
      panel.y.row(g) -= thetas[static_cast<std::size_t>(panel.classes[static_cast<std::size_t>(g)])][k] *
                        panel.controls[static_cast<std::size_t>(k)].row(g);
}

}  // namespace estimators
