#include "estimators/did/decomposition.hpp"

#include "core/error.hpp"
#include "core/text.hpp"
#include "estimators/did/cohort_period.hpp"
#include "estimators/did/units.hpp"
#include "formula/evaluate.hpp"

#include <algorithm>
#include <cmath>
#include <map>

namespace estimators {
namespace {

/// Mean outcomes of cohorts by period.
struct CohortMeans {
  std::int64_t cohort = 0;
  std::string name;
  double share = 0, treated = 0;  ///< of units; of periods
  Vector y;                       ///< periods
};

std::vector<CohortMeans> cohort_means(const Staggered& s) {
  const auto periods = static_cast<Index>(s.period_count());
  std::map<std::int64_t, CohortMeans> by_cohort;
  for (std::size_t u = 0; u < s.cohorts.size(); ++u) {
    CohortMeans& c = by_cohort[std::max(s.cohorts[u], s.times.front())];
    c.share += 1.0 / static_cast<double>(s.unit_count);
  }
  for (auto& [g, c] : by_cohort) {
    c.cohort = g;
    c.name = g == never_treated ? "never" : g <= s.times.front() ? "always" : s.name_of(g);
    c.y = Vector::Zero(periods);
    double after = 0;
    for (const std::int64_t t : s.times) after += g != never_treated && t >= g;
    c.treated = after / static_cast<double>(periods);
  }
  for (std::size_t i = 0; i < s.units.size(); ++i) {
    CohortMeans& c = by_cohort[std::max(s.cohorts[static_cast<std::size_t>(s.units[i])], s.times.front())];
    c.y[s.periods[i]] += s.problem.columns(static_cast<Index>(i), 0) / (c.share * static_cast<double>(s.unit_count));
  }
  std::vector<CohortMeans> out;
  for (auto& [g, c] : by_cohort) out.push_back(std::move(c));
  return out;
}

/// Change of the mean from the periods in [begin, middle) to those in [middle, end).
double change(const Staggered& s, const CohortMeans& c, std::int64_t begin, std::int64_t middle, std::int64_t end) {
  double before = 0, after = 0, n_before = 0, n_after = 0;
  for (std::size_t r = 0; r < s.times.size(); ++r) {
    if (s.times[r] < begin || s.times[r] >= end) continue;
    (s.times[r] < middle ? before : after) += c.y[static_cast<Index>(r)];
    (s.times[r] < middle ? n_before : n_after) += 1;
  }
  return after / n_after - before / n_before;
}

void add_pair(const Staggered& s, const CohortMeans& early, const CohortMeans& late, std::vector<Comparison>& out) {
  const std::int64_t first = s.times.front(), end = s.times.back() + 1;
  const double together = early.share + late.share, share = early.share / together;
  const double balance = share * (1 - share);
  const auto add = [&](const CohortMeans& treated, const CohortMeans& control, const char* type, std::int64_t from,
                       std::int64_t at, std::int64_t to, double weight) {
    out.push_back({treated.name, control.name, type,
                   change(s, treated, from, at, to) - change(s, control, from, at, to), weight});
  };
  const double Dk = early.treated, Dl = late.treated;
  const bool always = early.cohort <= first, never = late.cohort == never_treated;
  if (always && never) return;  // neither changes
  if (never) {
    add(early, late, "treated and never treated", first, early.cohort, end,
        together * together * balance * Dk * (1 - Dk));
  } else if (always) {
    add(late, early, "later and always treated", first, late.cohort, end,
        together * together * balance * Dl * (1 - Dl));
  } else {
    const double before = together * (1 - Dl), after = together * Dk;
    add(early, late, "earlier and later treated", first, early.cohort, late.cohort,
        before * before * balance * (Dk - Dl) / (1 - Dl) * (1 - Dk) / (1 - Dl));
    add(late, early, "later and earlier treated", early.cohort, late.cohort, end,
        after * after * balance * Dl / Dk * (Dk - Dl) / Dk);
  }
}

/// Pairs of cohorts when covariates are partialled out, and what compares units of one cohort.
void add_controlled(const Staggered& s, const std::vector<CohortMeans>& cohorts, std::vector<Comparison>& out) {
  const Index n = s.n(), k = s.problem.exogenous - (s.problem.constant ? 1 : 0), periods = s.period_count();
  Matrix columns(n, 2 + k);  // y, treatment, covariates: balanced, so effects are means by unit and period
  columns.col(0) = s.problem.columns.col(0);
  columns.rightCols(k) = s.problem.columns.middleCols(1, k);
  std::map<std::int64_t, Index> place;
  for (std::size_t c = 0; c < cohorts.size(); ++c) place[cohorts[c].cohort] = static_cast<Index>(c);
  std::vector<Index> cell(static_cast<std::size_t>(n));
  for (std::size_t i = 0; i < cell.size(); ++i) {
    const std::int64_t g = std::max(s.cohorts[static_cast<std::size_t>(s.units[i])], s.times.front());
    const std::int64_t t = s.times[static_cast<std::size_t>(s.periods[i])];
    columns(static_cast<Index>(i), 1) = g != never_treated && t >= g;
    cell[i] = place[g] * periods + s.periods[i];
  }
  const auto two_ways = [&](Eigen::Ref<Vector> v) {
    Vector unit = Vector::Zero(s.unit_count), period = Vector::Zero(periods);
    const double all = v.mean();
    for (std::size_t i = 0; i < cell.size(); ++i) {
      unit[s.units[i]] += v[static_cast<Index>(i)] / static_cast<double>(periods);
      period[s.periods[i]] += v[static_cast<Index>(i)] / static_cast<double>(s.unit_count);
    }
    for (std::size_t i = 0; i < cell.size(); ++i)
      v[static_cast<Index>(i)] += all - unit[s.units[i]] - period[s.periods[i]];
  };
  numerics::LeastSquaresOptions options;  // a covariate that the effects absorb leaves rounding
  options.reference_norms = columns.rightCols(k).colwise().norm().transpose();
  for (Index j = 0; j < columns.cols(); ++j) two_ways(columns.col(j));
  const Vector d = numerics::least_squares(columns.rightCols(k), columns.col(1), {}, options).residuals;
  if (!(d.squaredNorm() > 1e-12 * static_cast<double>(n)))
    throw core::Error("covariates and fixed effects absorb the treatment").hint("cohorts: " + s.cohort_table());
  const Index cells = static_cast<Index>(cohorts.size()) * periods;
  Vector d_mean = Vector::Zero(cells), y_mean = Vector::Zero(cells), rows = Vector::Zero(cells);
  for (std::size_t i = 0; i < cell.size(); ++i) {
    d_mean[cell[i]] += d[static_cast<Index>(i)];
    y_mean[cell[i]] += columns(static_cast<Index>(i), 0);
    rows[cell[i]] += 1;
  }
  d_mean = d_mean.cwiseQuotient(rows);
  y_mean = y_mean.cwiseQuotient(rows);
  double within = 0, within_product = 0;
  for (std::size_t i = 0; i < cell.size(); ++i) {
    const double off = d[static_cast<Index>(i)] - d_mean[cell[i]];
    within += off * off;
    within_product += off * columns(static_cast<Index>(i), 0);
  }
  if (within > 1e-12 * d.squaredNorm())
    out.push_back({"each", "each", "within cohorts", within_product / within, within});
  for (std::size_t a = 0; a < cohorts.size(); ++a)
    for (std::size_t b = a + 1; b < cohorts.size(); ++b) {
      const CohortMeans &early = cohorts[a], &late = cohorts[b];
      const Vector dd = d_mean.segment(static_cast<Index>(a) * periods, periods) -
                        d_mean.segment(static_cast<Index>(b) * periods, periods);
      const Vector yy = y_mean.segment(static_cast<Index>(a) * periods, periods) -
                        y_mean.segment(static_cast<Index>(b) * periods, periods);
      const double squares = dd.squaredNorm();
      if (!(squares > 0)) continue;
      const bool always = early.cohort <= s.times.front(), never = late.cohort == never_treated;
      const char* type = never    ? (always ? "always and never treated" : "treated and never treated")
                         : always ? "later and always treated"
                                  : "treated at different times";
      out.push_back({always && !never ? late.name : early.name, always && !never ? early.name : late.name, type,
                     dd.dot(yy) / squares, early.share * late.share * static_cast<double>(s.unit_count) * squares});
    }
}

/// treatment= as a cohort: the first period in which it is 1.
Request with_cohort(const Request& request) {
  if (!request.options.has("treatment")) return request;
  if (request.options.has("cohort")) throw core::Error("give cohort= or treatment=, not both").word("treatment");
  const auto tree = request.options.get<formula::Tree>("treatment");
  const std::string name = formula::print(tree);
  Request plain = request;
  Settings settings = read_settings(request, "bacon");
  formula::Parts parts = read_formula(request, settings);
  default_staggered_vcov(request, settings);
  settings.design.complete.push_back(tree);
  const Staggered s = read_units(request, settings, parts);
  const std::vector<double> values = formula::evaluate_numbers(tree, request.frame);
  const std::vector<double> times = request.frame.at(s.time)->numbers();
  std::vector<double> first(static_cast<std::size_t>(s.unit_count), std::nan(""));
  const auto each = [&](const auto& act) {
    for (std::size_t i = 0; i < s.units.size(); ++i) {
      const std::uint32_t row = s.problem.context->rows[i];
      act(row, first[static_cast<std::size_t>(s.units[i])]);
    }
  };
  each([&](std::uint32_t row, double& own) {
    if (values[row] != 0 && values[row] != 1)
      throw core::Error("treatment= is 0 or 1, not " + core::shortest(values[row])).word(name);
    if (values[row] != 1) return;
    if (times[row] == 0)
      throw core::Error("a " + s.time + " called 0 cannot be a cohort").hint("count periods from 1").word(name);
    if (!(own <= times[row])) own = times[row];
  });
  each([&](std::uint32_t row, double& own) {
    if (values[row] == 0 && times[row] >= own)
      throw core::Error("treatment '" + name + "' ends in " + s.unit + " " + request.frame.at(s.unit)->text(row) +
                        ": the decomposition takes treatments that stay")
          .hint("dcdh(y ~ 1, treatment) takes treatments that end")
          .word(name);
  });
  std::vector<double> cohort(request.frame.rows(), std::nan(""));
  each([&](std::uint32_t row, double& own) { cohort[row] = own; });
  const std::string column = "first period of " + name;
  plain.frame = request.frame.with(column, data::Column::reals(std::move(cohort)));
  plain.options.set("cohort", formula::name(column));
  return plain;
}

Staggered read_bare(const Request& request, const std::string& command, Settings& settings, formula::Parts& parts) {
  settings = read_settings(request, command);
  parts = read_formula(request, settings);
  default_staggered_vcov(request, settings);
  return read_staggered(request, settings, parts);
}

}  // namespace

BaconDecomposition bacon(const Request& given) {
  Settings settings;
  formula::Parts parts;
  const Request request = with_cohort(given);
  const Staggered s = read_bare(request, "bacon", settings, parts);
  if (s.problem.weights().size() > 0) throw core::Error("bacon takes no weights").word("weights");
  if (!s.balanced)
    throw core::Error("the decomposition needs a balanced panel, and some " + s.unit + " lacks some " + s.time)
        .hint("restrict the sample with where= to units or periods that are complete");
  const std::vector<CohortMeans> cohorts = cohort_means(s);
  BaconDecomposition out;
  out.depvar = s.problem.y_name;
  if (!parts.exogenous.empty()) {
    add_controlled(s, cohorts, out.comparisons);
  } else {
    for (std::size_t a = 0; a < cohorts.size(); ++a)
      for (std::size_t b = a + 1; b < cohorts.size(); ++b) add_pair(s, cohorts[a], cohorts[b], out.comparisons);
  }
  double total = 0;
  for (const Comparison& c : out.comparisons) total += c.weight;
  if (!(total > 0))
    throw core::Error("nothing to decompose: one cohort, and no unit treated later or never")
        .hint("cohorts by first treated " + s.time + ": " + s.cohort_table());
  for (Comparison& c : out.comparisons) {
    c.weight /= total;
    out.twfe += c.weight * c.estimate;
  }
  std::stable_sort(out.comparisons.begin(), out.comparisons.end(),
                   [](const Comparison& a, const Comparison& b) { return a.type < b.type; });
  out.notes = s.problem.notes;
  out.notes.push_back("cohorts by first treated " + s.time + ": " + s.cohort_table());
  if (!parts.exogenous.empty())
    out.notes.emplace_back(
        "with covariates a pair of cohorts is one comparison over all periods; within cohorts: units of one cohort "
        "whose covariates part, compared in the same period");
  return out;
}

TwfeWeights twfe_weights(const Request& request) {
  Settings settings = read_settings(request, "twfe_weights");
  formula::Parts parts = read_formula(request, settings);
  take_unit_and_time(request, settings, parts);
  default_staggered_vcov(request, settings);
  const Staggered s = read_staggered(request, settings, parts);
  const Index n = s.n(), k = s.problem.exogenous;
  Matrix columns(n, 2 + k);  // y, treatment, covariates
  columns.col(0) = s.problem.columns.col(0);
  columns.rightCols(k) = s.problem.columns.middleCols(1, k);
  std::vector<std::uint8_t> treated(static_cast<std::size_t>(n));
  for (std::size_t i = 0; i < treated.size(); ++i) {
    const std::int64_t g = s.cohorts[static_cast<std::size_t>(s.units[i])];
    treated[i] = g != never_treated && s.times[static_cast<std::size_t>(s.periods[i])] >= g;
    columns(static_cast<Index>(i), 1) = treated[i];
  }
  const Vector& w = s.problem.weights();
  numerics::Absorber(s.problem.context->fe, w).apply(columns);
  Vector residual = columns.col(1);
  if (k > 0) residual = numerics::least_squares(columns.rightCols(k), columns.col(1), w).residuals;
  const auto weight = [&](Index i) { return w.size() == 0 ? 1 : w[i]; };
  double total = 0, squares = 0, product = 0;
  for (Index i = 0; i < n; ++i) {
    squares += weight(i) * residual[i] * residual[i];
    product += weight(i) * residual[i] * columns(i, 0);
    if (treated[static_cast<std::size_t>(i)]) total += weight(i) * residual[i];
  }
  if (!(squares > 1e-12 * static_cast<double>(n)))
    throw core::Error("the fixed effects absorb the treatment").hint("cohorts: " + s.cohort_table());
  TwfeWeights out;
  out.beta = product / squares;
  out.depvar = s.problem.y_name;
  struct Sum {
    double weight = 0, size = 0;
    std::int64_t rows = 0;
  };
  std::map<std::pair<std::int64_t, std::int32_t>, Sum> cells;
  // A cell of the sensitivity measures is a row: a unit in a period.
  std::vector<std::pair<double, double>> rows;  // relative weight W/share, share of treated
  double treated_total = 0;
  for (Index i = 0; i < n; ++i)
    if (treated[static_cast<std::size_t>(i)]) treated_total += weight(i);
  for (std::size_t i = 0; i < treated.size(); ++i) {
    if (!treated[i]) continue;
    const auto at = static_cast<Index>(i);
    const double W = weight(at) * residual[at] / total;
    Sum& sum = cells[{s.cohorts[static_cast<std::size_t>(s.units[i])], s.periods[i]}];
    sum.weight += W;
    ++sum.rows;
    (W >= 0 ? out.positive : out.negative) += 1;
    if (W < 0) out.negative_sum += W;
    const double share = weight(at) / treated_total;
    rows.emplace_back(W / share, share);
  }
  for (const auto& [key, sum] : cells)
    out.cells.push_back({key.first <= s.times.front() ? "always" : s.name_of(key.first),
                         s.period_names[static_cast<std::size_t>(key.second)], sum.weight, sum.rows});
  double variance = 0;
  for (const auto& [relative, share] : rows) variance += share * (relative - 1) * (relative - 1);
  out.sigma = variance > 0 ? std::abs(out.beta) / std::sqrt(variance) : std::numeric_limits<double>::infinity();
  out.sigma_sign = std::nan("");
  if (out.negative > 0) {
    std::sort(rows.begin(), rows.end(), [](const auto& a, const auto& b) { return a.first > b.first; });
    // Sums over the k-th to the last by falling relative weight: P share, S weight, T share·relative².
    const std::size_t count = rows.size();
    std::vector<double> P(count + 1, 0), S(count + 1, 0), T(count + 1, 0);
    for (std::size_t i = count; i-- > 0;) {
      P[i] = P[i + 1] + rows[i].second;
      S[i] = S[i + 1] + rows[i].second * rows[i].first;
      T[i] = T[i + 1] + rows[i].second * rows[i].first * rows[i].first;
    }
    for (std::size_t i = 0; i < count; ++i) {
      if (!(rows[i].first < -S[i] / (1 - P[i]))) continue;
      out.sigma_sign = std::abs(out.beta) / std::sqrt(T[i] + S[i] * S[i] / (1 - P[i]));
      break;
    }
  }
  out.notes = s.problem.notes;
  out.notes.push_back("cohorts by first treated " + s.time + ": " + s.cohort_table());
  return out;
}

}  // namespace estimators
