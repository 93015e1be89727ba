// Fixed-length confidence intervals over smooth trends: with θ = l'τ and δ in SD(M),
//   a + v'β̂ ± σ_v cv_α(b_v / σ_v),   v = (v_pre, l),  σ_v² = v'Σv,  b_v = the largest |v'δ| over SD(M),
// cv_α(t): the 1 − α quantile of |N(t, 1)|; v_pre makes the length least. SD(M) is symmetric, so that a = 0.
// A path in SD(M) is a line and bends: δ_t = s t + Σ_c e_c h_c(t), |e_c| ≤ M, with h_c(t) = (t − c)+ for c ≥ 0 and
// (c − t)+ for c < 0. The bias is finite when Σ v_t t = 0, and then b_v = M (Σ_{c ≥ 0} |u_c| + Σ_{c < 0} |w_c|), where
// u depends on l alone and w = Σ_t v_t (c − t)+ stands in for v_pre. Least variance for a given bias is then a lasso in
// w, and its multiplier is searched for the shortest interval. Source: Rambachan & Roth (2023), Review of Economic
// Studies 90(5), section 4.1; Armstrong & Kolesár (2018). Peers:  HonestDiD (R), which simulates cv and searches a
// grid.
#include "estimators/did/honest_intervals.hpp"
#include "numerics/dense.hpp"
#include "numerics/distributions.hpp"

#include <algorithm>
#include <cmath>

namespace estimators {
namespace {

/// The 1 − alpha quantile of |N(t, 1)|.
double folded_quantile(double t, double alpha) {
  double low = 0, high = t + numerics::normal_quantile(1 - alpha / 2);
  for (int step = 0; step < 200 && high - low > 1e-15 * high; ++step) {
    const double c = (low + high) / 2;
    const double outside = numerics::normal_cdf(t - c) + numerics::normal_cdf(-c - t);
    (outside > alpha ? low : high) = c;
  }
  return (low + high) / 2;
}

/// Variance c + 2g'w + w'Hw and bias M (u + ‖w‖₁) of the estimators, and v_pre = q + B w.
struct Estimators {
  Matrix B, H;
  Vector q, g, l;
  double c = 0, u = 0;
};

Estimators estimators_of(const EventPath& path, const Vector& l) {
  const Index K = path.before, P = path.after;
  Matrix G = Matrix::Zero(K, K);  // v_pre to (w, Σ v_t t)
  for (Index row = 0; row + 1 < K; ++row) {
    const Index c = -1 - row;
    for (Index t = -K; t < c; ++t) G(row, path.at(t)) = static_cast<double>(c - t);
  }
  for (Index t = -K; t < 0; ++t) G(K - 1, path.at(t)) = static_cast<double>(t);
  const Matrix inverse = numerics::inverse(G, "periods before treatment");
  Estimators out;
  double slope = 0;
  for (Index t = 1; t <= P; ++t) slope += l[t - 1] * static_cast<double>(t);
  out.l = l;
  out.B = inverse.leftCols(K - 1);
  out.q = -slope * inverse.col(K - 1);
  for (Index c = 0; c < P; ++c) {
    double u = 0;
    for (Index t = c + 1; t <= P; ++t) u += l[t - 1] * static_cast<double>(t - c);
    out.u += std::abs(u);
  }
  Vector fixed(K + P);
  fixed << out.q, l;
  const Matrix with_pre = path.vcov.topRows(K);
  out.c = fixed.dot(numerics::product(path.vcov, fixed));
  out.g = numerics::crossprod(out.B, numerics::product(with_pre, fixed));
  out.H = numerics::crossprod(out.B, numerics::product(Matrix(path.vcov.topLeftCorner(K, K)), out.B));
  return out;
}

/// argmin ½ w'Hw + g'w + lambda ‖w‖₁ by coordinate descent from `w`, then exactly on the coordinates in use.
Vector lasso(const Estimators& e, double lambda, Vector w) {
  const Index k = w.size();
  const auto soft = [&](double z) { return z > lambda ? z - lambda : z < -lambda ? z + lambda : 0; };
  for (int sweep = 0; sweep < 20000; ++sweep) {
    double moved = 0, size = 0;
    for (Index j = 0; j < k; ++j) {
      if (!(e.H(j, j) > 0)) continue;
      const double rest = e.g[j] + e.H.row(j).dot(w) - e.H(j, j) * w[j];
      const double next = soft(-rest) / e.H(j, j);
      moved = std::max(moved, std::abs(next - w[j]));
      size = std::max(size, std::abs(next));
      w[j] = next;
    }
    if (moved <= 1e-14 * size) break;
  }
  std::vector<Index> use;
  for (Index j = 0; j < k; ++j)
    if (w[j] != 0) use.push_back(j);
  if (use.empty()) return w;
  const auto m = static_cast<Index>(use.size());
  Matrix H(m, m);
  Vector right(m);
  for (Index i = 0; i < m; ++i) {
    const Index a = use[static_cast<std::size_t>(i)];
    right[i] = -e.g[a] - std::copysign(lambda, w[a]);
    for (Index j = 0; j < m; ++j) H(i, j) = e.H(a, use[static_cast<std::size_t>(j)]);
  }
  const Vector exact = numerics::solve_psd(H, right);
  for (Index i = 0; i < m; ++i)
    if (exact[i] * w[use[static_cast<std::size_t>(i)]] <= 0) return w;
  for (Index i = 0; i < m; ++i) w[use[static_cast<std::size_t>(i)]] = exact[i];
  return w;
}

double half_length(const Estimators& e, const Vector& w, double M, double alpha) {
  const double variance = e.c + 2 * e.g.dot(w) + w.dot(numerics::product(e.H, w));
  const double sd = std::sqrt(std::max(variance, 0.0)), bias = M * (e.u + w.cwiseAbs().sum());
  return sd > 0 ? sd * folded_quantile(bias / sd, alpha) : bias;
}

}  // namespace

HonestInterval fixed_length_interval(const EventPath& path, const Vector& weights, double M, double alpha) {
  const Estimators e = estimators_of(path, weights);
  const Index k = e.B.cols();
  Vector w = Vector::Zero(k);
  if (k > 0) {
    // λ from 0 (least variance) to where w is 0 (least bias): the length falls, then rises.
    const double top = e.g.cwiseAbs().maxCoeff();
    Vector start = lasso(e, 0, Vector::Zero(k));
    const auto length_at = [&](double share) {
      start = lasso(e, share * top, start);
      return half_length(e, start, M, alpha);
    };
    const double golden = (std::sqrt(5.0) - 1) / 2;
    double low = 0, high = M > 0 ? 1 : 0;
    double left = high - golden * (high - low), right = low + golden * (high - low);
    double at_left = length_at(left), at_right = length_at(right);
    for (int step = 0; step < 70 && high - low > 1e-12; ++step) {
      if (at_left <= at_right) {
        high = right;
        right = left;
        at_right = at_left;
        left = high - golden * (high - low);
        at_left = length_at(left);
      } else {
        low = left;
        left = right;
        at_left = at_right;
        right = low + golden * (high - low);
        at_right = length_at(right);
      }
    }
    w = lasso(e, (low + high) / 2 * top, start);
    const Vector none = Vector::Zero(k);
    if (half_length(e, none, M, alpha) < half_length(e, w, M, alpha)) w = none;
  }
  const Vector before = e.q + numerics::product(e.B, w);
  const double middle = before.dot(path.estimates.head(path.before)) + e.l.dot(path.estimates.tail(path.after));
  const double half = half_length(e, w, M, alpha);
  return {middle - half, middle + half};
}

}  // namespace estimators
