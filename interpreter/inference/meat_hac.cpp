#include "core/error.hpp"
#include "core/interrupt.hpp"
#include "inference/meat.hpp"

#include <Eigen/Dense>

#include <algorithm>
#include <cassert>
#include <cmath>
#include <numeric>

namespace inference {
namespace {

/// Rows in the order of (unit, time).
struct Series {
  std::vector<Index> order;
  std::vector<std::int32_t> unit;  ///< by place in the order
  std::vector<std::int64_t> time;
};

Series in_order(Index n, const Codes& units, const std::vector<std::int64_t>& times) {
  assert(times.size() == static_cast<std::size_t>(n) && (units.empty() || units.size() == times.size()));
  Series s;
  s.order.resize(static_cast<std::size_t>(n));
  std::iota(s.order.begin(), s.order.end(), Index{0});
  const auto unit = [&](Index i) { return units.empty() ? 0 : units[static_cast<std::size_t>(i)]; };
  const auto time = [&](Index i) { return times[static_cast<std::size_t>(i)]; };
  std::sort(s.order.begin(), s.order.end(), [&](Index a, Index b) {
    return unit(a) != unit(b) ? unit(a) < unit(b) : time(a) != time(b) ? time(a) < time(b) : a < b;
  });
  for (const Index i : s.order) {
    s.unit.push_back(unit(i));
    s.time.push_back(time(i));
    const std::size_t at = s.unit.size() - 1;
    if (at > 0 && s.unit[at] == s.unit[at - 1] && s.time[at] == s.time[at - 1])
      throw core::Error(units.empty() ? "the series has two rows in one period" : "a unit has two rows in one period")
          .hint("serial correlation needs one row per unit and period: declare the panel with panel(unit, time)");
  }
  return s;
}

/// Γ_l = Σ s_i s_j' over rows i and j of a unit, j being l periods before i; rows already in order.
Matrix autocovariance(const Matrix& rows, const Series& s, int l) {
  core::poll();
  Matrix lagged = Matrix::Zero(rows.rows(), rows.cols());
  std::size_t back = 0;
  for (std::size_t i = 0; i < s.time.size(); ++i) {  // `back` trails i: the first row not before (unit, time − l)
    while (s.unit[back] < s.unit[i] || (s.unit[back] == s.unit[i] && s.time[back] < s.time[i] - l)) ++back;
    if (s.unit[back] != s.unit[i] || s.time[back] != s.time[i] - l) continue;
    lagged.row(static_cast<Index>(i)) = rows.row(static_cast<Index>(back));
  }
  return rows.transpose() * lagged;
}

/// Σ_l weight (Γ_l + Γ_l') for l = 1 … lag.
Matrix autocovariances(const Matrix& rows, const Series& s, int lag) {
  Matrix meat = Matrix::Zero(rows.cols(), rows.cols());
  for (int l = 1; l <= lag; ++l) {
    const Matrix gamma = autocovariance(rows, s, l);
    meat += (1 - static_cast<double>(l) / (lag + 1)) * (gamma + gamma.transpose());
  }
  return meat;
}

Matrix reordered(const Matrix& scores, const Series& s) {
  Matrix rows(scores.rows(), scores.cols());
  for (std::size_t i = 0; i < s.order.size(); ++i) rows.row(static_cast<Index>(i)) = scores.row(s.order[i]);
  return rows;
}

}  // namespace

std::vector<std::int64_t> periods(const std::vector<std::int64_t>& times) {
  std::vector<std::int64_t> out = times;
  std::sort(out.begin(), out.end());
  out.erase(std::unique(out.begin(), out.end()), out.end());
  return out;
}

Matrix meat_serial(const Matrix& scores, const Codes& units, const std::vector<std::int64_t>& times, int lag) {
  const Series s = in_order(scores.rows(), units, times);
  return autocovariances(reordered(scores, s), s, lag);
}

int lag_newey_west(const Matrix& scores, const Codes& units, const std::vector<std::int64_t>& times, Index constant) {
  const Series s = in_order(scores.rows(), units, times);
  const auto T = static_cast<double>(periods(times).size());
  Vector sum = scores.rowwise().sum();
  if (constant >= 0 && scores.cols() > 1) sum -= scores.col(constant);
  const Matrix ordered = reordered(sum, s);
  double s0 = ordered.squaredNorm(), s1 = 0;
  const int m = static_cast<int>(std::min(std::floor(4 * std::pow(T / 100, 2.0 / 9)), T - 1));
  for (int l = 1; l <= m; ++l) {
    const double sigma = autocovariance(ordered, s, l)(0, 0);
    s0 += 2 * sigma;
    s1 += 2 * l * sigma;
  }
  if (s1 == 0) return 0;
  const double bandwidth = 1.1447 * std::cbrt(s1 / s0 * (s1 / s0)) * std::cbrt(T);
  return static_cast<int>(std::min(std::floor(bandwidth), T - 1));
}

Matrix meat_newey_west(const Matrix& scores, const Codes& units, const std::vector<std::int64_t>& times, int lag) {
  return meat_rows(scores, {}) + meat_serial(scores, units, times, lag);
}

namespace {

/// Sums of scores per period of `distinct`.
Matrix sums_per_period(const Matrix& scores, const std::vector<std::int64_t>& times,
                       const std::vector<std::int64_t>& distinct) {
  Matrix sums = Matrix::Zero(static_cast<Index>(distinct.size()), scores.cols());
  for (std::size_t i = 0; i < times.size(); ++i) {
    const auto at = std::lower_bound(distinct.begin(), distinct.end(), times[i]) - distinct.begin();
    sums.row(at) += scores.row(static_cast<Index>(i));
  }
  return sums;
}

}  // namespace

int lag_driscoll_kraay(const Matrix& scores, const std::vector<std::int64_t>& times, Index constant) {
  const std::vector<std::int64_t> distinct = periods(times);
  return lag_newey_west(sums_per_period(scores, times, distinct), {}, distinct, constant);
}

Matrix meat_driscoll_kraay(const Matrix& scores, const std::vector<std::int64_t>& times, int lag) {
  const std::vector<std::int64_t> distinct = periods(times);
  return meat_newey_west(sums_per_period(scores, times, distinct), {}, distinct, lag);
}

}  // namespace inference
