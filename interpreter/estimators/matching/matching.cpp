#include "estimators/matching/matching.hpp"

#include "core/error.hpp"
#include "core/interrupt.hpp"
#include "core/parallel.hpp"
#include "numerics/dense.hpp"
#include "numerics/random.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace estimators {
namespace {

using numerics::Index;
using numerics::Matrix;
using numerics::Vector;

std::vector<Index> group(const Vector& treat, double value) {
  std::vector<Index> out;
  for (Index i = 0; i < treat.size(); ++i)
    if (treat[i] == value) out.push_back(i);
  return out;
}

double distance(const Matrix& points, Index a, Index b) {
  return points.cols() == 1 ? std::abs(points(a, 0) - points(b, 0)) : (points.row(a) - points.row(b)).norm();
}

/// Distances that differ by less are equal: their digits are rounding.
double tie(double d) { return 1e-10 * d + 1e-13; }

/// Rows of a group sorted by a score, to find neighbours from the middle out; or all of them when there is no order.
class Pool {
 public:
  Pool(const Matrix& points, std::vector<Index> rows)
      : points_(points), rows_(std::move(rows)), free_(rows_.size(), true) {
    if (points.cols() == 1)
      std::stable_sort(rows_.begin(), rows_.end(), [&](Index a, Index b) { return points(a, 0) < points(b, 0); });
  }

  /// Up to k nearest to row i (not i itself), ties to the first row of the data; those at the last distance all, when
  /// `ties`. `within` > 0: no farther.
  std::vector<std::pair<double, Index>> nearest(Index i, int k, double within, bool ties, bool only_free) const {
    std::vector<std::pair<double, Index>> found;
    const auto consider = [&](std::size_t at) {
      const Index j = rows_[at];
      if (j == i || (only_free && !free_[at])) return std::numeric_limits<double>::quiet_NaN();
      const double d = distance(points_, i, j);
      if (within <= 0 || d <= within) found.emplace_back(d, j);
      return d;
    };
    if (points_.cols() == 1) {
      const double x = points_(i, 0);
      const auto middle = static_cast<std::size_t>(
          std::lower_bound(rows_.begin(), rows_.end(), x, [&](Index a, double v) { return points_(a, 0) < v; }) -
          rows_.begin());
      // Outward on both sides, past the k-th distance so that ties are seen.
      std::vector<double> kept;
      const auto walk = [&](std::size_t from, bool up) {
        int seen = 0;
        double last = -1;
        for (std::size_t at = from; up ? at < rows_.size() : at-- > 0; up ? ++at : at) {
          const double d = consider(at);
          if (std::isnan(d)) continue;
          if (within > 0 && d > within) break;
          if (seen >= k && d > last + tie(last)) break;
          ++seen;
          if (seen <= k) last = d;
        }
      };
      walk(middle, true);
      walk(middle, false);
    } else {
      for (std::size_t at = 0; at < rows_.size(); ++at) consider(at);
    }
    std::sort(found.begin(), found.end());
    for (std::size_t from = 0; from < found.size();) {  // rows at one distance in the order of the data
      std::size_t to = from + 1;
      while (to < found.size() && found[to].first - found[to - 1].first <= tie(found[to].first)) ++to;
      std::sort(found.begin() + static_cast<std::ptrdiff_t>(from), found.begin() + static_cast<std::ptrdiff_t>(to),
                [](const auto& a, const auto& b) { return a.second < b.second; });
      from = to;
    }
    if (found.size() > static_cast<std::size_t>(k)) {
      std::size_t keep = static_cast<std::size_t>(k);
      const double last = found[keep - 1].first;
      while (ties && keep < found.size() && found[keep].first <= last + tie(last)) ++keep;
      found.resize(keep);
    }
    return found;
  }
  void take(Index row) {
    for (std::size_t at = 0; at < rows_.size(); ++at)
      if (rows_[at] == row) free_[at] = false;
  }
  const std::vector<Index>& rows() const { return rows_; }

 private:
  const Matrix& points_;
  std::vector<Index> rows_;
  std::vector<bool> free_;
};

double kernel_weight(const std::string& kernel, double u) {
  if (kernel == "normal") return std::exp(-u * u / 2);
  if (std::abs(u) > 1) return 0;
  if (kernel == "epanechnikov") return 1 - u * u;
  if (kernel == "biweight") return (1 - u * u) * (1 - u * u);
  if (kernel == "tricube") return std::pow(1 - std::abs(u * u * u), 3);
  return 1;  // uniform
}

Partners all_within(const Matrix& points, Index i, const std::vector<Index>& others, const MatchRules& rules) {
  Partners out;
  double total = 0;
  for (const Index j : others) {
    const double d = distance(points, i, j);
    const double w = rules.method == MatchMethod::radius      ? (d <= rules.caliper ? 1 : 0)
                     : rules.caliper > 0 && d > rules.caliper ? 0
                                                              : kernel_weight(rules.kernel, d / rules.bandwidth);
    if (w <= 0) continue;
    out.emplace_back(j, w);
    total += w;
  }
  for (auto& [row, share] : out) share /= total;
  return out;
}

std::vector<Index> in_order(const std::vector<Index>& rows, const Matrix& points, const MatchRules& rules) {
  std::vector<Index> out = rows;
  if (rules.order == MatchOrder::random) {
    numerics::Random random(rules.seed);
    random.shuffle(out);
  } else if (points.cols() == 1 && rules.order != MatchOrder::data) {
    const double sign = rules.order == MatchOrder::largest ? -1 : 1;
    std::stable_sort(out.begin(), out.end(),
                     [&](Index a, Index b) { return sign * points(a, 0) < sign * points(b, 0); });
  }
  return out;
}

/// Partners of each of `targets` among `others`.
void find_partners(const Matrix& points, const std::vector<Index>& targets, const std::vector<Index>& others,
                   const MatchRules& rules, std::vector<Partners>& out) {
  if (rules.method != MatchMethod::nearest) {
    core::for_blocks(targets.size(), 64, [&](std::size_t begin, std::size_t end) {
      for (std::size_t i = begin; i < end && !core::interrupt_requested(); ++i)
        out[static_cast<std::size_t>(targets[i])] = all_within(points, targets[i], others, rules);
    });
    core::poll();
    return;
  }
  Pool pool(points, others);
  if (rules.replace) {
    core::for_blocks(targets.size(), 64, [&](std::size_t begin, std::size_t end) {
      for (std::size_t i = begin; i < end && !core::interrupt_requested(); ++i) {
        const auto found = pool.nearest(targets[i], rules.k, rules.caliper, rules.all_ties, false);
        for (const auto& [d, j] : found)
          out[static_cast<std::size_t>(targets[i])].emplace_back(j, 1.0 / static_cast<double>(found.size()));
      }
    });
    core::poll();
    return;
  }
  // Without replacement: a first partner for everyone, then a second, …
  for (int round = 0; round < rules.k; ++round)
    for (const Index i : in_order(targets, points, rules)) {
      core::poll();
      if (static_cast<int>(out[static_cast<std::size_t>(i)].size()) < round) continue;
      const auto found = pool.nearest(i, 1, rules.caliper, false, true);
      if (found.empty()) continue;
      pool.take(found[0].second);
      out[static_cast<std::size_t>(i)].emplace_back(found[0].second, 1);
    }
  for (const Index i : targets)
    for (auto& [row, share] : out[static_cast<std::size_t>(i)])
      share = 1.0 / static_cast<double>(out[static_cast<std::size_t>(i)].size());
}

void count(Matched& m, const Vector& treat) {
  m.treated = m.controls = 0;
  for (Index i = 0; i < treat.size(); ++i)
    if (m.weights[i] > 0) ++(treat[i] == 1 ? m.treated : m.controls);
}

/// The weights of a group multiplied so that those above zero average to 1.
void scale_group(Vector& weights, const Vector& treat, double value) {
  double sum = 0, number = 0;
  for (Index i = 0; i < treat.size(); ++i)
    if (treat[i] == value && weights[i] > 0) {
      sum += weights[i];
      number += 1;
    }
  if (sum > 0)
    for (Index i = 0; i < treat.size(); ++i)
      if (treat[i] == value) weights[i] *= number / sum;
}

double weighted_mean(const Vector& x, const Vector& treat, const Vector& weights, double value) {
  double sum = 0, total = 0;
  for (Index i = 0; i < x.size(); ++i) {
    if (treat[i] != value) continue;
    const double w = weights.size() > 0 ? weights[i] : 1;
    sum += w * x[i];
    total += w;
  }
  return sum / total;
}

/// MatchIt's and R's weighted variance: Σw(x − x̄)² · Σw/((Σw)² − Σw²).
double weighted_variance(const Vector& x, const Vector& treat, const Vector& weights, double value) {
  const double mean = weighted_mean(x, treat, weights, value);
  double sum = 0, total = 0, squares = 0;
  for (Index i = 0; i < x.size(); ++i) {
    if (treat[i] != value) continue;
    const double w = weights.size() > 0 ? weights[i] : 1;
    sum += w * (x[i] - mean) * (x[i] - mean);
    total += w;
    squares += w * w;
  }
  return sum * total / (total * total - squares);
}

/// σ²_i: the sample variance of y over the row and the J nearest of its group (all of them at the J-th distance).
/// Source: Abadie, Drukker, Herr & Imbens (2004), Stata Journal 4(3).
Vector own_group_variance(const Vector& treat, const Vector& y, const Matrix& points, int J) {
  Vector out(y.size());
  for (const double value : {0.0, 1.0}) {
    const Pool pool(points, group(treat, value));
    core::for_blocks(pool.rows().size(), 64, [&](std::size_t begin, std::size_t end) {
      for (std::size_t at = begin; at < end && !core::interrupt_requested(); ++at) {
        const Index i = pool.rows()[at];
        const auto found = pool.nearest(i, J, 0, true, false);
        const auto m = static_cast<double>(found.size());
        double mean = y[i], square = 0;
        for (const auto& [d, j] : found) mean += y[j];
        mean /= m + 1;
        square = (y[i] - mean) * (y[i] - mean);
        for (const auto& [d, j] : found) square += (y[j] - mean) * (y[j] - mean);
        out[i] = found.empty() ? 0 : square / m;
      }
    });
    core::poll();
  }
  return out;
}

}  // namespace

Matched match_rows(const Vector& treat, const Matrix& points, const MatchRules& rules) {
  const std::vector<Index> treated = group(treat, 1), controls = group(treat, 0);
  if (treated.empty() || controls.empty()) throw core::Error("matching needs treated and untreated rows");
  if (rules.estimand == Estimand::ate && rules.method == MatchMethod::nearest && !rules.replace)
    throw core::Error("the average effect on all matches both ways, so that rows must be used again")
        .hint("replace=true, or estimand=\"att\"")
        .word("estimand");
  Matched out;
  out.partners.resize(static_cast<std::size_t>(treat.size()));
  out.weights = Vector::Zero(treat.size());
  if (rules.estimand != Estimand::atc) find_partners(points, treated, controls, rules, out.partners);
  if (rules.estimand != Estimand::att) find_partners(points, controls, treated, rules, out.partners);
  for (std::size_t i = 0; i < out.partners.size(); ++i) {
    if (out.partners[i].empty()) continue;
    out.weights[static_cast<Index>(i)] += 1;
    for (const auto& [row, share] : out.partners[i]) out.weights[row] += share;
  }
  if (rules.estimand == Estimand::att) scale_group(out.weights, treat, 0);
  if (rules.estimand == Estimand::atc) scale_group(out.weights, treat, 1);
  count(out, treat);
  return out;
}

Matched match_strata(const Vector& treat, numerics::Codes strata, Estimand estimand) {
  std::int32_t levels = 0;
  for (const std::int32_t s : strata) levels = std::max(levels, s + 1);
  std::vector<double> n1(static_cast<std::size_t>(levels)), n0(static_cast<std::size_t>(levels));
  for (std::size_t i = 0; i < strata.size(); ++i)
    if (strata[i] >= 0) ++(treat[static_cast<Index>(i)] == 1 ? n1 : n0)[static_cast<std::size_t>(strata[i])];
  Matched out;
  out.weights = Vector::Zero(treat.size());
  for (std::size_t i = 0; i < strata.size(); ++i) {
    if (strata[i] < 0) continue;
    const auto s = static_cast<std::size_t>(strata[i]);
    if (n1[s] == 0 || n0[s] == 0) {
      strata[i] = -1;
      continue;
    }
    const bool treated = treat[static_cast<Index>(i)] == 1;
    const double all = n1[s] + n0[s];
    out.weights[static_cast<Index>(i)] = estimand == Estimand::ate   ? all / (treated ? n1[s] : n0[s])
                                         : estimand == Estimand::att ? (treated ? 1 : n1[s] / n0[s])
                                                                     : (treated ? n0[s] / n1[s] : 1);
  }
  out.strata = std::move(strata);
  if (estimand != Estimand::atc) scale_group(out.weights, treat, 0);
  if (estimand != Estimand::att) scale_group(out.weights, treat, 1);
  count(out, treat);
  return out;
}

Matrix mahalanobis_points(const Vector& treat, const Matrix& X) {
  Matrix centred = X;
  for (Index j = 0; j < X.cols(); ++j) {
    const double m1 = weighted_mean(X.col(j), treat, {}, 1), m0 = weighted_mean(X.col(j), treat, {}, 0);
    for (Index i = 0; i < X.rows(); ++i) centred(i, j) -= treat[i] == 1 ? m1 : m0;
  }
  const Matrix S = numerics::crossprod(centred) / static_cast<double>(X.rows() - 2);
  const numerics::SymmetricEigen eigen = numerics::symmetric_eigen(S);
  if (!(eigen.values[0] > 1e-12 * eigen.values[eigen.values.size() - 1]))
    throw core::Error("the covariance of the covariates is singular: drop what is constant or collinear");
  const Vector scale = eigen.values.cwiseSqrt().cwiseInverse();
  return numerics::product(X, Matrix(eigen.vectors * scale.asDiagonal()));
}

numerics::Codes score_classes(const Vector& treat, const Vector& score, int classes, Estimand estimand) {
  std::vector<double> of;
  for (Index i = 0; i < score.size(); ++i)
    if (estimand == Estimand::ate || treat[i] == (estimand == Estimand::att ? 1 : 0)) of.push_back(score[i]);
  std::sort(of.begin(), of.end());
  std::vector<double> breaks;
  for (int c = 1; c < classes; ++c) {  // R's type 7
    const double h = static_cast<double>(of.size() - 1) * c / classes;
    const auto low = static_cast<std::size_t>(std::floor(h));
    const double next = of[std::min(low + 1, of.size() - 1)];
    breaks.push_back(of[low] + (h - std::floor(h)) * (next - of[low]));
  }
  numerics::Codes out(static_cast<std::size_t>(score.size()));
  for (Index i = 0; i < score.size(); ++i)
    out[static_cast<std::size_t>(i)] =
        static_cast<std::int32_t>(std::upper_bound(breaks.begin(), breaks.end(), score[i]) - breaks.begin());
  return out;
}

MatchEffect match_effect(const Vector& treat, const Vector& y, const Matrix& points, const Matched& matched,
                         const MatchRules& rules, int neighbours) {
  MatchEffect out;
  const Vector& w = matched.weights;
  out.estimate = weighted_mean(y, treat, w, 1) - weighted_mean(y, treat, w, 0);
  if (!matched.strata.empty()) {  // Σ_s share_s² (s1²/n1 + s0²/n0)
    std::int32_t levels = 0;
    for (const std::int32_t s : matched.strata) levels = std::max(levels, s + 1);
    double variance = 0, total = 0;
    for (std::int32_t s = 0; s < levels; ++s) {
      double n[2] = {0, 0}, sum[2] = {0, 0}, square[2] = {0, 0};
      for (std::size_t i = 0; i < matched.strata.size(); ++i) {
        if (matched.strata[i] != s) continue;
        const auto g = treat[static_cast<Index>(i)] == 1 ? 1 : 0;
        const double value = y[static_cast<Index>(i)];
        n[g] += 1;
        sum[g] += value;
        square[g] += value * value;
      }
      if (n[0] == 0 || n[1] == 0) continue;
      const double share = rules.estimand == Estimand::att   ? n[1]
                           : rules.estimand == Estimand::atc ? n[0]
                                                             : n[0] + n[1];
      total += share;
      for (int g = 0; g < 2; ++g)
        if (n[g] > 1) variance += share * share * (square[g] - sum[g] * sum[g] / n[g]) / (n[g] - 1) / n[g];
    }
    out.se = std::sqrt(variance) / total;
    out.how = "within strata; strata with one treated or control row add nothing";
    return out;
  }
  double number = 0, spread = 0;
  for (std::size_t i = 0; i < matched.partners.size(); ++i) {
    if (matched.partners[i].empty()) continue;
    double other = 0;
    for (const auto& [row, share] : matched.partners[i]) other += share * y[row];
    const double sign = treat[static_cast<Index>(i)] == 1 ? 1 : -1;
    const double gap = sign * (y[static_cast<Index>(i)] - other) - out.estimate;
    spread += gap * gap;
    number += 1;
  }
  if (rules.method == MatchMethod::nearest && !rules.replace) {
    out.se = std::sqrt(spread) / number;
    out.how = "of matched pairs (Abadie and Spiess 2022)";
    return out;
  }
  Vector used = Vector::Zero(y.size()), squares = Vector::Zero(y.size());  // K/M and Σ share²
  for (std::size_t i = 0; i < matched.partners.size(); ++i)
    for (const auto& [row, share] : matched.partners[i]) {
      used[row] += share;
      squares[row] += share * share;
    }
  const Vector sigma2 = own_group_variance(treat, y, points, neighbours);
  double extra = 0;
  for (Index i = 0; i < y.size(); ++i) {
    if (rules.estimand == Estimand::ate)
      extra += (used[i] * used[i] + 2 * used[i] - squares[i]) * sigma2[i];
    else
      extra += (used[i] * used[i] - squares[i]) * sigma2[i];
  }
  out.se = std::sqrt(spread + extra) / number;
  out.how = "Abadie and Imbens (2006), conditional variances from " + std::to_string(neighbours) +
            (neighbours == 1 ? " neighbour" : " neighbours");
  return out;
}

double score_adjustment(const Vector& treat, const Vector& y, const Matrix& X, const Vector& score,
                        const Vector& density, const Matrix& bread, double effect, Estimand estimand, int neighbours) {
  const Index n = y.size(), k = X.cols();
  const Matrix points = score;
  const Pool of[2] = {Pool(points, group(treat, 0)), Pool(points, group(treat, 1))};
  // Means of y and covariances of X and y near the score of row i, in each group.
  const auto local = [&](Index i, int g, double& mean, Vector& covariance) {
    auto found = of[g].nearest(i, neighbours, 0, true, false);
    if (treat[i] == g) found.emplace_back(0, i);
    const auto m = static_cast<double>(found.size());
    Vector mx = Vector::Zero(k);
    mean = 0;
    for (const auto& [d, j] : found) {
      mx += X.row(j).transpose() / m;
      mean += y[j] / m;
    }
    covariance = Vector::Zero(k);
    for (const auto& [d, j] : found) covariance += (X.row(j).transpose() - mx) * (y[j] - mean) / (m - 1);
  };
  Vector c = Vector::Zero(k), slope = Vector::Zero(k);
  const double n1 = treat.sum(), base = estimand == Estimand::ate ? static_cast<double>(n) : n1;
  const Matrix covariates = X;
  for (Index i = 0; i < n; ++i) {
    core::poll();
    double mean[2];
    Vector covariance[2];
    for (int g = 0; g < 2; ++g) local(i, g, mean[g], covariance[g]);
    const double p = score[i], f = density[i];
    if (estimand == Estimand::ate) {
      c += f * (covariance[1] / p + covariance[0] / (1 - p)) / base;
    } else {
      const Vector own = X.row(i).transpose() * (f * (mean[1] - mean[0] - effect));
      c += (own + f * (covariance[1] + p / (1 - p) * covariance[0])) / base;
      slope += own / base;
    }
  }
  double adjustment = -c.dot(numerics::product(bread, c));
  if (estimand != Estimand::ate) adjustment += slope.dot(numerics::product(bread, slope));
  return adjustment;
}

Balance balance_of(const Vector& x, const Vector& treat, const Vector& weights, Estimand estimand) {
  Balance out;
  out.mean_treated = weighted_mean(x, treat, weights, 1);
  out.mean_control = weighted_mean(x, treat, weights, 0);
  bool binary = true;
  for (const double value : x) binary = binary && (value == 0 || value == 1);
  const auto variance = [&](double g) {
    if (!binary) return weighted_variance(x, treat, {}, g);
    const double m = weighted_mean(x, treat, {}, g);
    return m * (1 - m);
  };
  const double v1 = variance(1), v0 = variance(0);
  const double sd = std::sqrt(estimand == Estimand::att ? v1 : estimand == Estimand::atc ? v0 : (v1 + v0) / 2);
  out.difference = (out.mean_treated - out.mean_control) / sd;
  if (out.mean_treated == out.mean_control) out.difference = 0;
  out.variance_ratio =
      binary ? std::nan("") : weighted_variance(x, treat, weights, 1) / weighted_variance(x, treat, weights, 0);
  if (binary) {
    out.ks = out.ecdf_mean = std::abs(out.mean_treated - out.mean_control);
    return out;
  }
  std::vector<Index> order(static_cast<std::size_t>(x.size()));
  std::iota(order.begin(), order.end(), Index{0});
  std::sort(order.begin(), order.end(), [&](Index a, Index b) { return x[a] < x[b]; });
  double total[2] = {0, 0}, cumulated[2] = {0, 0}, sum = 0, number = 0;
  for (Index i = 0; i < x.size(); ++i) total[treat[i] == 1] += weights.size() > 0 ? weights[i] : 1;
  for (std::size_t at = 0; at < order.size(); ++at) {
    const Index i = order[at];
    cumulated[treat[i] == 1] += weights.size() > 0 ? weights[i] : 1;
    if (at + 1 < order.size() && x[order[at + 1]] == x[i]) continue;
    const double gap = std::abs(cumulated[1] / total[1] - cumulated[0] / total[0]);
    out.ks = std::max(out.ks, gap);
    sum += gap;
    number += 1;
  }
  out.ecdf_mean = sum / number;
  return out;
}

double effective_size(const Vector& weights, const Vector& treat, double value) {
  double sum = 0, squares = 0;
  for (Index i = 0; i < treat.size(); ++i)
    if (treat[i] == value) {
      sum += weights[i];
      squares += weights[i] * weights[i];
    }
  return squares > 0 ? sum * sum / squares : 0;
}

}  // namespace estimators
