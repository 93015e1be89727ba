#include "numerics/simplex.hpp"

#include "core/error.hpp"
#include "core/interrupt.hpp"
#include "numerics/dense.hpp"

#include <cmath>
#include <limits>
#include <vector>

namespace numerics {
namespace {

/// Minimum over Σ w = 1 of the coordinates in use, signs free. Plain Cholesky: the sets are small and change often.
Vector on_plane(const Matrix& H, const Vector& c, const std::vector<Index>& use) {
  const auto m = static_cast<Index>(use.size());
  Matrix L(m, m);
  for (Index i = 0; i < m; ++i)
    for (Index j = 0; j <= i; ++j) {
      double s = H(use[static_cast<std::size_t>(i)], use[static_cast<std::size_t>(j)]);
      for (Index k = 0; k < j; ++k) s -= L(i, k) * L(j, k);
      L(i, j) = i == j ? std::sqrt(std::max(s, 1e-300)) : s / L(j, j);
    }
  Vector a(m), e(m);
  for (Index i = 0; i < m; ++i) {
    double s = c[use[static_cast<std::size_t>(i)]], t = 1;
    for (Index k = 0; k < i; ++k) {
      s -= L(i, k) * a[k];
      t -= L(i, k) * e[k];
    }
    a[i] = s / L(i, i);
    e[i] = t / L(i, i);
  }
  for (Index i = m; i-- > 0;) {
    for (Index k = i + 1; k < m; ++k) {
      a[i] -= L(k, i) * a[k];
      e[i] -= L(k, i) * e[k];
    }
    a[i] /= L(i, i);
    e[i] /= L(i, i);
  }
  return a + (1 - a.sum()) / e.sum() * e;
}

}  // namespace

Vector simplex_minimum(const Matrix& given, const Vector& c) {
  const Index J = c.size();
  if (J == 0) throw core::Error("no donor is left to weigh");
  Matrix H = given;
  const double size = std::max(H.diagonal().mean(), 1e-300);
  for (Index j = 0; j < J; ++j) H(j, j) += 1e-11 * size;
  Vector w = Vector::Zero(J);
  Index best = 0;
  for (Index j = 1; j < J; ++j)
    if (H(j, j) - 2 * c[j] < H(best, best) - 2 * c[best]) best = j;
  w[best] = 1;
  std::vector<Index> use = {best};
  std::vector<bool> used(static_cast<std::size_t>(J), false);
  used[static_cast<std::size_t>(best)] = true;
  const double tolerance = 1e-12 * (size + c.cwiseAbs().maxCoeff());
  for (Index round = 0; round < 20 * J + 100; ++round) {
    Vector g = -c;
    for (const Index j : use) g += w[j] * H.col(j);
    double level = 0;
    for (const Index j : use) level += w[j] * g[j];
    Index enter = -1;
    double least = level - tolerance;
    for (Index j = 0; j < J; ++j)
      if (!used[static_cast<std::size_t>(j)] && g[j] < least) {
        least = g[j];
        enter = j;
      }
    if (enter < 0) break;
    use.push_back(enter);
    used[static_cast<std::size_t>(enter)] = true;
    while (true) {
      const Vector s = on_plane(H, c, use);
      double step = 1;
      for (std::size_t i = 0; i < use.size(); ++i) {
        const double from = w[use[i]], to = s[static_cast<Index>(i)];
        if (to <= 0 && from - to > 0) step = std::min(step, from / (from - to));
      }
      for (std::size_t i = 0; i < use.size(); ++i) w[use[i]] += step * (s[static_cast<Index>(i)] - w[use[i]]);
      if (step >= 1) break;
      std::vector<Index> kept;
      for (const Index j : use) {
        if (w[j] > 1e-14) {
          kept.push_back(j);
        } else {
          w[j] = 0;
          used[static_cast<std::size_t>(j)] = false;
        }
      }
      if (kept.size() == use.size() || kept.empty()) break;
      use = kept;
    }
  }
  w = w.cwiseMax(0);
  return w / w.sum();
}

Vector simplex_least_squares(const Matrix& A, const Vector& b, double ridge) {
  Matrix H = crossprod(A);
  for (Index j = 0; j < H.rows(); ++j) H(j, j) += ridge;
  return simplex_minimum(H, crossprod(A, b));
}

}  // namespace numerics
