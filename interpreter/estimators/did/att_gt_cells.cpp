#include "estimators/did/att_gt_cells.hpp"

#include "core/error.hpp"
#include "core/interrupt.hpp"
#include "core/parallel.hpp"

#include <algorithm>
#include <cmath>
#include <tuple>
#include <utility>

namespace estimators::att {
namespace {

/// Cohorts that are not treated in period `time` and before, and not g itself.
std::vector<std::int64_t> controls_of(const Members& members, const Choices& c, std::int64_t g, std::int64_t time) {
  std::vector<std::int64_t> out;
  for (const auto& [cohort, list] : members) {
    const bool free = cohort == never_treated || (c.not_yet && cohort != g && cohort > time + c.anticipation);
    if (free) out.push_back(cohort);
  }
  return out;
}

/// Rank of the last period before treatment of g and its anticipation; −1: none.
std::int32_t last_before(const Staggered& s, const Choices& c, std::int64_t g) {
  std::int32_t rank = -1;
  for (std::int32_t r = 0; r < s.period_count(); ++r)
    if (s.times[static_cast<std::size_t>(r)] + c.anticipation < g) rank = r;
  return rank;
}

/// Outcomes and covariates by unit and period, for panels: columns of outcomes over units, NaN where a unit is missing.
struct Wide {
  Matrix Y;                       ///< units×periods
  std::vector<std::int32_t> row;  ///< units·periods, unit after unit: position in the sample, −1 missing
};

Wide widen(const Staggered& s) {
  const auto periods = static_cast<std::size_t>(s.period_count());
  Wide wide{Matrix::Constant(s.unit_count, static_cast<Index>(periods), std::nan("")), {}};
  wide.row.assign(static_cast<std::size_t>(s.unit_count) * periods, -1);
  for (std::size_t i = 0; i < s.units.size(); ++i) {
    wide.Y(s.units[i], s.periods[i]) = s.problem.columns(static_cast<Index>(i), 0);
    wide.row[static_cast<std::size_t>(s.units[i]) * periods + static_cast<std::size_t>(s.periods[i])] =
        static_cast<std::int32_t>(i);
  }
  return wide;
}

class Estimation {
 public:
  Estimation(const Staggered& s, const Choices& c, const Members& members, Vector weights)
      : s_(s), c_(c), members_(members), weights_(std::move(weights)), covariates_(s.problem.exogenous > 1) {
    if (s.panel && c.unbalanced != Choices::Unbalanced::sections) wide_ = widen(s);
  }

  /// Fills a column of influence functions for each cell. Cells that share groups and base share what does not depend
  /// on the outcome.
  std::vector<Outcome> run(const std::vector<Cell>& cells, Matrix& influence) const {
    std::vector<Outcome> outcomes(cells.size());
    std::map<std::tuple<std::int64_t, std::int32_t, std::vector<std::int64_t>>, std::vector<std::size_t>> alike;
    for (std::size_t j = 0; j < cells.size(); ++j) alike[{cells[j].g, cells[j].base, cells[j].controls}].push_back(j);
    std::vector<std::vector<std::size_t>> tasks;
    for (auto& [key, list] : alike) tasks.push_back(std::move(list));
    bool stopped = false;
    core::for_blocks(tasks.size(), 1, [&](std::size_t task, std::size_t) {
      try {
        estimate(cells, tasks[task], outcomes, influence);
      } catch (const core::Interrupted&) {
#pragma omp atomic write
        stopped = true;
      }
    });
    if (stopped) throw core::Interrupted();
    core::poll();
    return outcomes;
  }

 private:
  void estimate(const std::vector<Cell>& cells, const std::vector<std::size_t>& task, std::vector<Outcome>& outcomes,
                Matrix& influence) const {
    const Cell& first = cells[task.front()];
    const auto fail_all = [&](const std::string& why) {
      for (const std::size_t j : task) outcomes[j].failure = why;
    };
    if (first.base < 0) return fail_all("no period before treatment");
    if (first.controls.empty()) return fail_all("no control units");
    if (wide_.Y.size() == 0) {
      for (const std::size_t j : task) sections(cells[j], outcomes[j], influence.col(static_cast<Index>(j)));
      return;
    }
    if (!covariates_) {
      for (const std::size_t j : task) means(cells[j], outcomes[j], influence.col(static_cast<Index>(j)));
      return;
    }
    if (c_.unbalanced == Choices::Unbalanced::pairs && !s_.balanced) {
      for (const std::size_t j : task) adjusted(cells, {j}, outcomes, influence);
      return;
    }
    adjusted(cells, task, outcomes, influence);
  }

  double weight(std::int32_t unit) const { return weights_.size() == 0 ? 1 : weights_[unit]; }
  double change(const Cell& cell, std::int32_t unit) const { return wide_.Y(unit, cell.t) - wide_.Y(unit, cell.base); }

  /// Without covariates every method is the difference of two means of changes.
  void means(const Cell& cell, Outcome& outcome, Eigen::Ref<Vector> influence) const {
    const auto group = [&](const std::vector<std::int64_t>& cohorts) {
      double total = 0, sum = 0;
      for (const std::int64_t g : cohorts)
        for (const std::int32_t u : members_.at(g)) {
          const double d = change(cell, u);
          if (std::isnan(d)) continue;
          total += weight(u);
          sum += weight(u) * d;
        }
      return std::pair(total, total > 0 ? sum / total : std::nan(""));
    };
    const auto fill = [&](const std::vector<std::int64_t>& cohorts, double total, double mean, double sign) {
      const double n = static_cast<double>(s_.unit_count);
      for (const std::int64_t g : cohorts)
        for (const std::int32_t u : members_.at(g)) {
          const double d = change(cell, u);
          if (!std::isnan(d)) influence[u] = sign * n * weight(u) * (d - mean) / total;
        }
    };
    const auto [treated_total, treated] = group({cell.g});
    const auto [control_total, control] = group(cell.controls);
    if (!(treated_total > 0)) return fail(outcome, "no treated units in both periods");
    if (!(control_total > 0)) return fail(outcome, "no control units in both periods");
    outcome.att = treated - control;
    fill({cell.g}, treated_total, treated, 1);
    fill(cell.controls, control_total, control, -1);
  }

  static void fail(Outcome& outcome, std::string why) { outcome.failure = std::move(why); }

  /// Units of a cell that are there in both periods, treated first.
  std::vector<std::int32_t> units_of(const Cell& cell, Index& treated) const {
    std::vector<std::int32_t> units;
    const auto take = [&](std::int64_t g) {
      for (const std::int32_t u : members_.at(g))
        if (!std::isnan(change(cell, u))) units.push_back(u);
    };
    take(cell.g);
    treated = static_cast<Index>(units.size());
    for (const std::int64_t g : cell.controls) take(g);
    return units;
  }

  void adjusted(const std::vector<Cell>& cells, const std::vector<std::size_t>& task, std::vector<Outcome>& outcomes,
                Matrix& influence) const {
    Index treated = 0;
    const std::vector<std::int32_t> units = units_of(cells[task.front()], treated);
    const auto m = static_cast<Index>(units.size());
    const Index k = s_.problem.exogenous;
    const auto fail_all = [&](const std::string& why) {
      for (const std::size_t j : task) outcomes[j].failure = why;
    };
    if (treated == 0) return fail_all("no treated units in both periods");
    if (treated == m) return fail_all("no control units in both periods");
    Vector D = Vector::Zero(m), w(weights_.size() == 0 ? 0 : m);
    D.head(treated).setOnes();
    Matrix X(m, k);
    const auto periods = static_cast<std::size_t>(s_.period_count());
    for (Index i = 0; i < m; ++i) {
      const auto u = static_cast<std::size_t>(units[static_cast<std::size_t>(i)]);
      X.row(i) = s_.problem.columns.row(wide_.row[u * periods + static_cast<std::size_t>(cells[task.front()].base)])
                     .segment(1, k);
      if (w.size() > 0) w[i] = weights_[static_cast<Index>(u)];
    }
    try {
      const PanelDid did(std::move(D), std::move(X), std::move(w), c_.method);
      const double scale = static_cast<double>(s_.unit_count) / static_cast<double>(m);
      Vector changes(m);
      for (const std::size_t j : task) {
        for (Index i = 0; i < m; ++i) changes[i] = change(cells[j], units[static_cast<std::size_t>(i)]);
        const TwoByTwo one = did(changes);
        outcomes[j].att = one.att;
        outcomes[j].trimmed = one.trimmed;
        for (Index i = 0; i < m; ++i)
          influence(units[static_cast<std::size_t>(i)], static_cast<Index>(j)) = scale * one.influence[i];
      }
    } catch (const core::Error& error) {
      fail_all(error.message());
    }
  }

  /// Repeated cross-sections: rows of both periods; influence functions add up within units.
  void sections(const Cell& cell, Outcome& outcome, Eigen::Ref<Vector> influence) const {
    std::vector<std::int32_t> rows;
    Index treated = 0;
    const auto take = [&](std::int64_t g) {
      for (const std::int32_t i : members_.at(g)) {
        const std::int32_t t = s_.periods[static_cast<std::size_t>(i)];
        if (t == cell.t || t == cell.base) rows.push_back(i);
      }
    };
    take(cell.g);
    treated = static_cast<Index>(rows.size());
    for (const std::int64_t g : cell.controls) take(g);
    const auto m = static_cast<Index>(rows.size());
    const Index k = s_.problem.exogenous;
    const Vector& row_weights = s_.problem.weights();
    Vector y(m), post(m), D = Vector::Zero(m), w(row_weights.size() == 0 ? 0 : m);
    Matrix X(m, k);
    D.head(treated).setOnes();
    for (Index i = 0; i < m; ++i) {
      const Index row = rows[static_cast<std::size_t>(i)];
      y[i] = s_.problem.columns(row, 0);
      post[i] = s_.periods[static_cast<std::size_t>(row)] == cell.t;
      X.row(i) = s_.problem.columns.row(row).segment(1, k);
      if (w.size() > 0) w[i] = row_weights[row];
    }
    for (const double d : {0.0, 1.0})
      for (const double p : {0.0, 1.0})
        if (((D.array() == d) && (post.array() == p)).count() == 0)
          return fail(outcome, std::string("no ") + (d == 1 ? "treated" : "control") + " rows in one of the periods");
    try {
      const TwoByTwo one = sections_did(y, post, D, X, w, c_.method);
      outcome.att = one.att;
      outcome.trimmed = one.trimmed;
      const double scale = static_cast<double>(influence.size()) / static_cast<double>(m);
      for (Index i = 0; i < m; ++i)
        influence[s_.units[static_cast<std::size_t>(rows[static_cast<std::size_t>(i)])]] += scale * one.influence[i];
    } catch (const core::Error& error) {
      fail(outcome, error.message());
    }
  }

  const Staggered& s_;
  const Choices& c_;
  const Members& members_;
  Vector weights_;  ///< of units; empty for 1
  bool covariates_;
  Wide wide_;
};

}  // namespace

std::vector<std::int64_t> cohorts_to_estimate(const Staggered& s, const Choices& c) {
  std::vector<std::int64_t> out;
  for (const auto& [g, count] : s.cohort_sizes())
    if (g > s.times.front() + c.anticipation) out.push_back(g);
  return out;
}

std::vector<Cell> cells_to_estimate(const Staggered& s, const Choices& c, const Members& members,
                                    const std::vector<std::int64_t>& cohorts, std::int32_t periods) {
  std::vector<Cell> cells;
  for (const std::int64_t g : cohorts) {
    const std::int32_t before = last_before(s, c, g);
    for (std::int32_t t = c.universal ? 0 : 1; t < periods; ++t) {
      const bool treated = s.times[static_cast<std::size_t>(t)] >= g;
      Cell cell{g, t, c.universal || treated ? before : t - 1, false, {}};
      cell.reference = cell.base == t;
      const std::int64_t later = s.times[static_cast<std::size_t>(std::max(t, cell.base))];
      cell.controls = controls_of(members, c, g, later);
      cells.push_back(std::move(cell));
    }
  }
  return cells;
}

std::vector<Outcome> estimate_cells(const Staggered& s, const Choices& c, const Members& members, const Vector& weights,
                                    const std::vector<Cell>& cells, Matrix& influence) {
  return Estimation(s, c, members, weights).run(cells, influence);
}

}  // namespace estimators::att
