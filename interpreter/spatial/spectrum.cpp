// Lanczos: Golub & Van Loan (2013), section 10.1; Ritz values of an unorthogonalised run repeat but do not leave the
// spectrum, and its ends converge first.
#include "spatial/spectrum.hpp"

#include "core/interrupt.hpp"
#include "core/text.hpp"
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
  return {.low = ritz[0], .high = ritz[made - 1], .low_exact = false, .high_exact = false, .real = true};
}

/// Two classes of units with all links between them, none within: then −ω is an eigenvalue when ω is.
bool bipartite(const Weights& W) {
  std::vector<std::vector<std::uint32_t>> into(W.units());
  for (const Link& link : links_of(W)) into[link.to].push_back(link.from);
  std::vector<int> side(W.units(), 0);
  std::vector<std::uint32_t> next;
  for (std::uint32_t first = 0; first < W.units(); ++first) {
    if (side[first] != 0) continue;
    side[first] = 1;
    next.assign(1, first);
    while (!next.empty()) {
      const std::uint32_t i = next.back();
      next.pop_back();
      const auto across = [&](std::uint32_t j) {
        if (side[j] == 0) {
          side[j] = -side[i];
          next.push_back(j);
        }
        return side[j] == -side[i];
      };
      const auto out = W.neighbours(i);
      if (!std::all_of(out.begin(), out.end(), across) || !std::all_of(into[i].begin(), into[i].end(), across))
        return false;
    }
  }
  return true;
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
    if (W.standard == Standard::row) {
      s.high = 1;
      s.high_exact = true;
    }
    if (bipartite(W)) {
      s.low = -s.high;
      s.low_exact = s.high_exact;
    }
    return s;
  }
  Weights magnitude = W;
  for (double& w : magnitude.value) w = std::abs(w);
  const double bound = row_sums(magnitude).maxCoeff();
  return {.low = -bound,
          .high = bound,
          .low_exact = false,
          .high_exact = W.standard == Standard::row && (magnitude.value == W.value),
          .real = false};
}

Interval admissible(const Spectrum& s) {
  constexpr double far = 1e3, nothing = 1e-6;
  const double size = std::max(std::abs(s.low), std::abs(s.high));
  Interval out{.open_low = true, .open_high = true, .about_low = !s.low_exact, .about_high = !s.high_exact};
  if (size < 1e-12) return {.low = -far, .high = far, .open_low = true, .open_high = true};
  out.open_low = !(s.low < -nothing * size);
  out.open_high = !(s.high > nothing * size);
  out.low = out.open_low ? -far / size : 1 / s.low;
  out.high = out.open_high ? far / size : 1 / s.high;
  return out;
}

std::string in_words(const Interval& interval, int digits) {
  const std::string low = (interval.about_low ? "about " : "") + core::significant(interval.low, digits),
                    high = (interval.about_high ? "about " : "") + core::significant(interval.high, digits);
  if (interval.open_low && interval.open_high) return "anywhere";
  if (interval.open_low) return "below " + high;
  if (interval.open_high) return "above " + low;
  return "between " + low + " and " + high;
}

}  // namespace spatial
