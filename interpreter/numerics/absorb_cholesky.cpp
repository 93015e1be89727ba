#include "numerics/absorb_cholesky.hpp"

#include "core/error.hpp"
#include "core/interrupt.hpp"

#include <cholmod.h>
#include <Eigen/Dense>

#include <algorithm>
#include <cmath>
#include <numeric>

namespace numerics::absorption {
namespace {

/// CHOLMOD's workspace, and what it hands out, released with it.
struct Cholmod {
  Cholmod() {
    cholmod_start(&common);
    common.print = 0;
    common.supernodal = CHOLMOD_SIMPLICIAL;  // its supernodes use BLAS, whose digits depend on the library
    common.final_ll = false;
    common.nmethods = 1;
    common.method[0].ordering = CHOLMOD_AMD;
    common.postorder = true;
    common.dbound = null_pivot;
  }
  Cholmod(const Cholmod&) = delete;
  Cholmod& operator=(const Cholmod&) = delete;
  ~Cholmod() {
    cholmod_free_factor(&factor, &common);
    cholmod_finish(&common);
  }
  cholmod_common common{};
  cholmod_factor* factor = nullptr;
};

}  // namespace

std::unique_ptr<SparseFactor> factorise(Schur& S, double most_flops) {
  auto result = std::make_unique<SparseFactor>();
  result->starts.push_back(0);
  if (S.inner == 0) return result;
  Cholmod cholmod;
  cholmod_sparse F{};
  F.nrow = F.ncol = std::size_t(S.inner);
  F.nzmax = S.rows.size();
  F.p = S.starts.data();
  F.i = S.rows.data();
  F.x = S.values.data();
  F.stype = -1;  // the lower triangle
  F.itype = CHOLMOD_INT;
  F.xtype = CHOLMOD_REAL;
  F.dtype = CHOLMOD_DOUBLE;
  F.sorted = F.packed = 1;
  cholmod.factor = cholmod_analyze(&F, &cholmod.common);
  const auto no_memory = [] {
    return core::Error("not enough memory to factorise the fixed effects").hint("leave the strategy to 'automatic'");
  };
  if (!cholmod.factor) throw no_memory();
  if (cholmod.common.fl > most_flops) return nullptr;
  core::poll();
  cholmod_factorize(&F, cholmod.factor, &cholmod.common);
  const cholmod_factor& L = *cholmod.factor;
  if (L.xtype != CHOLMOD_REAL || L.minor < L.n) throw no_memory();

  const auto* p = static_cast<const int*>(L.p);
  const auto* count = static_cast<const int*>(L.nz);
  const auto* i = static_cast<const int*>(L.i);
  const auto* x = static_cast<const double*>(L.x);
  const auto* order = static_cast<const int*>(L.Perm);
  result->order.assign(order, order + L.n);
  result->inverse_pivots.resize(Index(L.n));
  const auto entries = std::size_t(std::accumulate(count, count + L.n, std::int64_t{0}));
  result->rows.reserve(entries);
  result->values.reserve(entries);
  for (std::size_t j = 0; j < L.n; ++j) {
    const double pivot = x[p[j]];  // CHOLMOD raised one below the bound to it
    const bool null = !(pivot > null_pivot);
    result->inverse_pivots[Index(j)] = null ? 0 : 1 / pivot;
    if (!null) {
      result->rows.insert(result->rows.end(), i + p[j] + 1, i + p[j] + count[j]);
      result->values.insert(result->values.end(), x + p[j] + 1, x + p[j] + count[j]);
    }
    result->starts.push_back(std::int64_t(result->rows.size()));
  }
  return result;
}

std::vector<bool> semidefinite_cholesky(Matrix& S, double limit) {
  constexpr Index panel = 64;
  const Index size = S.cols();
  std::vector<bool> stands(std::size_t(size), true);
  for (Index first = 0; first < size; first += panel) {
    core::poll();
    const Index last = std::min(first + panel, size), rest = size - last;
    for (Index j = first; j < last; ++j) {
      auto below = S.col(j).tail(size - j);
      below.noalias() -= S.block(j, first, size - j, j - first) * S.row(j).segment(first, j - first).transpose();
      if (below[0] > limit) {
        below /= std::sqrt(below[0]);
      } else {
        stands[std::size_t(j)] = false;
        below.setZero();
        S.row(j).head(j).setZero();
        below[0] = 1;
      }
    }
    if (rest > 0)
      S.bottomRightCorner(rest, rest)
          .selfadjointView<Eigen::Lower>()
          .rankUpdate(S.block(last, first, rest, last - first), -1.0);
  }
  return stands;
}

}  // namespace numerics::absorption
