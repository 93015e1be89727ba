#include "numerics/absorb_gradient.hpp"

#include "core/interrupt.hpp"
#include "core/parallel.hpp"

#include <algorithm>
#include <cmath>

namespace numerics::absorption {
namespace {

constexpr std::size_t block = 16'384;

/// Folds term(j, c) over j for each column by blocks of fixed size.
template <class Term, class Fold>
PerColumn folded(std::size_t size, int width, const Term& term, const Fold& fold) {
  std::vector<PerColumn> parts((size + block - 1) / block, PerColumn{});
  core::for_blocks(size, block, [&](std::size_t begin, std::size_t end) {
    PerColumn& part = parts[begin / block];
    for (std::size_t j = begin; j < end; ++j)
      for (int c = 0; c < width; ++c) part[std::size_t(c)] = fold(part[std::size_t(c)], term(j, c));
  });
  PerColumn total{};
  for (const PerColumn& part : parts)
    for (std::size_t c = 0; c < max_width; ++c) total[c] = fold(total[c], part[c]);
  return total;
}

}  // namespace

GradientResult conjugate_gradient(const Reduced& reduced, const Preconditioner& preconditioner, Interleaved& r,
                                  Interleaved& u, int width, const Demand& demand, Workspace& work) {
  const auto size = std::size_t(reduced.size()), w = std::size_t(width);
  GradientResult result;
  std::vector<double> scale(size);
  for (std::size_t j = 0; j < size; ++j) {
    const double gram = reduced.gram()[Index(j)];
    scale[j] = gram > 0 ? 1 / std::sqrt(gram) : 0;
  }
  const auto largest = [&] {
    return folded(
        size, width, [&](std::size_t j, int c) { return std::abs(r[j * w + std::size_t(c)]) * scale[j]; },
        [](double a, double b) { return std::max(a, b); });
  };
  const auto dot = [&](const Interleaved& a, const Interleaved& b) {
    return folded(
        size, width, [&](std::size_t j, int c) { return a[j * w + std::size_t(c)] * b[j * w + std::size_t(c)]; },
        [](double sum, double term) { return sum + term; });
  };
  std::array<bool, max_width> stopped{};
  const auto all_stopped = [&] {
    const PerColumn now = largest();
    bool all = true;
    for (std::size_t c = 0; c < w; ++c) {
      result.converged[c] = result.converged[c] || now[c] <= demand.residual[c];
      stopped[c] = stopped[c] || result.converged[c] || result.iterations[c] >= demand.iterations[c];
      all = all && stopped[c];
    }
    return all;
  };

  if (all_stopped()) return result;
  Interleaved z, p, q;
  preconditioner.apply(r, z, width);
  p = z;
  PerColumn rz = dot(r, z);
  for (int iteration = 1;; ++iteration) {
    core::poll();
    reduced.apply(p, q, width, work);
    const PerColumn curvature = dot(p, q);
    PerColumn alpha{};
    for (std::size_t c = 0; c < w; ++c) {
      if (stopped[c]) continue;
      alpha[c] = curvature[c] > 0 ? rz[c] / curvature[c] : 0;
      result.iterations[c] = iteration;
    }
    core::for_blocks(size, block, [&](std::size_t begin, std::size_t end) {
      for (std::size_t j = begin * w; j < end * w; j += w)
        for (std::size_t c = 0; c < w; ++c) {
          u[j + c] += alpha[c] * p[j + c];
          r[j + c] -= alpha[c] * q[j + c];
        }
    });
    if (all_stopped()) return result;
    preconditioner.apply(r, z, width);
    const PerColumn next = dot(r, z);
    PerColumn beta{};
    for (std::size_t c = 0; c < w; ++c) beta[c] = !stopped[c] && rz[c] > 0 ? next[c] / rz[c] : 0;
    core::for_blocks(size, block, [&](std::size_t begin, std::size_t end) {
      for (std::size_t j = begin * w; j < end * w; j += w)
        for (std::size_t c = 0; c < w; ++c) p[j + c] = z[j + c] + beta[c] * p[j + c];
    });
    rz = next;
  }
}

}  // namespace numerics::absorption
