// Lanczos: Golub & Van Loan (2013), section 10.1; Ritz values of an unorthogonalised run repeat but do not leave the
// spectrum, and its ends converge first.
#include "spatial/spectrum.hpp"

#include "core/interrupt.hpp"
#include "numerics/dense.hpp"
#include "numerics/random.hpp"

#include <Eigen/Eigenvalues>
#include <algorithm>
#include <cmath>

namespace spatial {
namespace {

/// √d_i w_ij /√d_j: symmetric.
Weights symmetric_twin(const Weights& W, const Vector& d) {
  Weights T = W;
  for (std::size_t i = 0; i < W.units(); ++i)
    for (std::size_t p = W.start[i]; p < W.start[i + 1]; ++p)
      T.value[p] *= std::sqrt(d[static_cast<Index>(i)] / d[W.to[p]]);
  return T;
}

Spectrum lanczos(const Weights& T) {
  const auto n = static_cast<Index>(T.units());
  const Index steps = std::min<Index>(n, 120);
  numerics::Random random(20240607);
  Vector v(n), before = Vector::Zero(n);
  for (Index i = 0; i < n; ++i) v[i] = random.normal();
  v /= v.norm();
  Matrix tri = Matrix::Zero(steps, steps);
  Index made = 0;
  double beta = 0;
  for (Index k = 0; k < steps; ++k) {
    core::poll();
    Vector w = lag(T, v) - beta * before;
    const double alpha = v.dot(w);
    w -= alpha * v;
    tri(k, k) = alpha;
    made = k + 1;
    beta = w.norm();
    if (beta < 1e-12 || k + 1 == steps) break;
    tri(k, k + 1) = tri(k + 1, k) = beta;
    before = v;
    v = w / beta;
  }
  const Vector ritz = numerics::symmetric_eigen(tri.topLeftCorner(made, made)).values;
  return {.low = ritz[0], .high = ritz[made - 1], .exact = false, .real = true};
}

}  // namespace

ComplexVector eigenvalues(const Weights& W) {
  ComplexVector out;
  if (const auto d = symmetrising(W)) {
    const Eigen::SelfAdjointEigenSolver<Matrix> solver(dense(symmetric_twin(W, *d)), Eigen::EigenvaluesOnly);
    for (const double value : solver.eigenvalues()) out.emplace_back(value, 0);
    return out;
  }
  const Eigen::EigenSolver<Matrix> solver(dense(W), false);
  for (const auto& value : solver.eigenvalues()) out.push_back(value);
  return out;
}

Spectrum spectrum_range(const Weights& W) {
  Spectrum s;
  if (W.units() == 0) return s;
  if (W.units() <= most_dense) {
    const ComplexVector values = eigenvalues(W);
    s.low = s.high = values[0].real();
    for (const auto& value : values) {
      s.low = std::min(s.low, value.real());
      s.high = std::max(s.high, value.real());
      s.real = s.real && std::abs(value.imag()) < 1e-12;
    }
    return s;
  }
  if (const auto d = symmetrising(W)) {
    s = lanczos(symmetric_twin(W, *d));
    if (W.standard == Standard::row) s.high = 1;
    return s;
  }
  Weights magnitude = W;
  for (double& w : magnitude.value) w = std::abs(w);
  const double bound = row_sums(magnitude).maxCoeff();
  return {.low = -bound, .high = bound, .exact = false, .real = false};
}

Interval admissible(const Spectrum& s) {
  constexpr double tiny = 1e-6;
  return {s.low < -tiny ? 1 / s.low : -1 / tiny, s.high > tiny ? 1 / s.high : 1 / tiny};
}

}  // namespace spatial
