#include "numerics/sparse_cholesky.hpp"

#include "core/error.hpp"

#include <cholmod.h>

#include <cmath>
#include <mutex>

namespace numerics {

struct SparseCholesky::State {
  SparsePattern pattern;
  mutable cholmod_common common{};
  cholmod_factor* symbolic = nullptr;
  mutable std::mutex lock;

  cholmod_sparse view(double* values) {
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
};

SparseCholesky::SparseCholesky(SparsePattern pattern) : state_(std::make_unique<State>()) {
  State& s = *state_;
  s.pattern = std::move(pattern);
  cholmod_start(&s.common);
  s.common.print = 0;
  s.common.supernodal = CHOLMOD_SIMPLICIAL;  // supernodes use BLAS, whose digits depend on the library
  s.common.final_ll = false;
  s.common.nmethods = 2;  // minimum degree and nested dissection: the one with less fill
  s.common.method[0].ordering = CHOLMOD_AMD;
  s.common.method[1].ordering = CHOLMOD_METIS;
  s.common.postorder = true;
  cholmod_sparse M = s.view(nullptr);
  s.symbolic = cholmod_analyze(&M, &s.common);
  if (!s.symbolic)
    throw core::Error("not enough memory to factorise I - rho W").hint("logdet=\"chebyshev\" needs little");
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
    cholmod_sparse M = s.view(values.data());
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
