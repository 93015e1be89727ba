#include "numerics/sparse_cholesky.hpp"

#include "core/error.hpp"

#include <cholmod.h>

#include <cmath>
#include <mutex>

namespace numerics {

namespace {

cholmod_sparse view(SparsePattern& pattern, double* values) {
  cholmod_sparse M{};
  M.nrow = M.ncol = pattern.size();
  M.nzmax = pattern.rows.size();
  M.p = pattern.starts.data();
  M.i = pattern.rows.data();
  M.x = values;
  M.stype = -1;  // the lower triangle
  M.itype = CHOLMOD_INT;
  M.xtype = values ? CHOLMOD_REAL : CHOLMOD_PATTERN;
  M.dtype = CHOLMOD_DOUBLE;
  M.sorted = M.packed = 1;
  return M;
}

/// The order and the elimination tree. `common` is started here.
cholmod_factor* analysed(SparsePattern& pattern, cholmod_common& common) {
  cholmod_start(&common);
  common.print = 0;
  common.supernodal = CHOLMOD_SIMPLICIAL;  // supernodes use BLAS, whose digits depend on the library
  common.final_ll = false;
  common.nmethods = 2;  // minimum degree and nested dissection: the one with less fill
  common.method[0].ordering = CHOLMOD_AMD;
  common.method[1].ordering = CHOLMOD_METIS;
  common.postorder = true;
  cholmod_sparse M = view(pattern, nullptr);
  cholmod_factor* symbolic = cholmod_analyze(&M, &common);
  if (symbolic) return symbolic;
  cholmod_finish(&common);
  throw core::Error("not enough memory to factorise I - rho W").hint("logdet=\"chebyshev\" needs little");
}

}  // namespace

std::vector<int> elimination_order(SparsePattern pattern) {
  cholmod_common common{};
  cholmod_factor* symbolic = analysed(pattern, common);
  const auto* order = static_cast<const int*>(symbolic->Perm);
  std::vector<int> out(order, order + pattern.size());
  cholmod_free_factor(&symbolic, &common);
  cholmod_finish(&common);
  return out;
}

struct SparseCholesky::State {
  SparsePattern pattern;
  mutable cholmod_common common{};
  cholmod_factor* symbolic = nullptr;
  mutable std::mutex lock;
};

SparseCholesky::SparseCholesky(SparsePattern pattern) : state_(std::make_unique<State>()) {
  State& s = *state_;
  s.pattern = std::move(pattern);
  s.symbolic = analysed(s.pattern, s.common);
}

SparseCholesky::~SparseCholesky() {
  cholmod_free_factor(&state_->symbolic, &state_->common);
  cholmod_finish(&state_->common);
}

std::optional<double> SparseCholesky::log_det(std::vector<double> values) const {
  State& s = *state_;
  // Each call works on a factor and a workspace of its own, so that several run side by side.
  cholmod_common common = cholmod_common{};
  cholmod_start(&common);
  common.print = 0;
  common.supernodal = CHOLMOD_SIMPLICIAL;
  common.final_ll = false;
  common.quick_return_if_not_posdef = true;
  cholmod_factor* L;
  {
    const std::scoped_lock guard(s.lock);
    L = cholmod_copy_factor(s.symbolic, &s.common);
  }
  std::optional<double> result;
  if (L) {
    cholmod_sparse M = view(s.pattern, values.data());
    cholmod_factorize(&M, L, &common);
    if (common.status == CHOLMOD_OK && L->xtype == CHOLMOD_REAL && L->minor == L->n) {
      const auto* p = static_cast<const int*>(L->p);
      const auto* x = static_cast<const double*>(L->x);
      double sum = 0;
      bool positive = true;
      for (std::size_t j = 0; j < L->n && positive; ++j) {
        positive = x[p[j]] > 0;
        sum += std::log(x[p[j]]);
      }
      if (positive) result = sum;
    }
    cholmod_free_factor(&L, &common);
  }
  cholmod_finish(&common);
  return result;
}

}  // namespace numerics
