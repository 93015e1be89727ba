// Sparse Cholesky of the reduced system: CHOLMOD factorises the sparse part, the border follows densely.
#include "core/error.hpp"
#include "core/interrupt.hpp"
#include "numerics/absorb_preconditioner.hpp"
#include "numerics/absorb_schur.hpp"
#include "numerics/absorb_sparse_schur.hpp"

#include <cholmod.h>
#include <Eigen/Dense>

#include <cmath>

namespace numerics::absorption {
namespace {

/// CHOLMOD's workspace, and what it hands out, released with it.
struct Cholmod {
  Cholmod() {
    cholmod_l_start(&common);
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
    cholmod_l_free_factor(&factor, &common);
    cholmod_l_finish(&common);
  }
  cholmod_common common{};
  cholmod_factor* factor = nullptr;
};

/// P F P' = L Δ L' with L unit lower triangular, by columns.
struct Factor {
  std::vector<std::int64_t> starts;
  std::vector<std::int32_t> rows, order;  ///< order: F's index of each pivot
  std::vector<double> values;
  Vector inverse_pivots;  ///< 0 where the pivot is rounding

  Index size() const { return Index(order.size()); }
  /// x (size × width, in pivot order) becomes L⁻¹x.
  template <int width>
  void forward(double* x) const {
    for (std::size_t j = 0; j < order.size(); ++j) {
      double pivot[width];
      for (int c = 0; c < width; ++c) pivot[c] = x[j * width + std::size_t(c)];
      for (std::int64_t p = starts[j]; p < starts[j + 1]; ++p) {
        double* to = x + std::size_t(rows[std::size_t(p)]) * width;
        const double value = values[std::size_t(p)];
        for (int c = 0; c < width; ++c) to[c] -= value * pivot[c];
      }
    }
  }
  /// x becomes L'⁻¹x.
  template <int width>
  void backward(double* x) const {
    for (std::size_t j = order.size(); j-- > 0;) {
      double sum[width] = {};
      for (std::int64_t p = starts[j]; p < starts[j + 1]; ++p) {
        const double* from = x + std::size_t(rows[std::size_t(p)]) * width;
        const double value = values[std::size_t(p)];
        for (int c = 0; c < width; ++c) sum[c] += value * from[c];
      }
      for (int c = 0; c < width; ++c) x[j * width + std::size_t(c)] -= sum[c];
    }
  }
};

/// Empty if CHOLMOD's own count says that more than `most_flops` are needed.
std::unique_ptr<Factor> factorise(SparseSchur& S, double most_flops) {
  Cholmod cholmod;
  std::vector<SuiteSparse_long> rows(S.rows.begin(), S.rows.end()), starts(S.starts.begin(), S.starts.end());
  cholmod_sparse F{};
  F.nrow = F.ncol = std::size_t(S.inner);
  F.nzmax = rows.size();
  F.p = starts.data();
  F.i = rows.data();
  F.x = S.values.data();
  F.stype = -1;
  F.itype = CHOLMOD_LONG;
  F.xtype = CHOLMOD_REAL;
  F.dtype = CHOLMOD_DOUBLE;
  F.sorted = F.packed = 1;
  cholmod.factor = cholmod_l_analyze(&F, &cholmod.common);
  if (!cholmod.factor) throw core::Error("not enough memory to order the fixed effects");
  if (cholmod.common.fl > most_flops) return nullptr;
  core::poll();
  cholmod_l_factorize(&F, cholmod.factor, &cholmod.common);
  const cholmod_factor& L = *cholmod.factor;
  if (L.xtype == CHOLMOD_PATTERN || L.minor < L.n)
    throw core::Error("not enough memory to factorise the fixed effects");

  auto result = std::make_unique<Factor>();
  const auto* p = static_cast<const SuiteSparse_long*>(L.p);
  const auto* count = static_cast<const SuiteSparse_long*>(L.nz);
  const auto* i = static_cast<const SuiteSparse_long*>(L.i);
  const auto* x = static_cast<const double*>(L.x);
  const auto* order = static_cast<const SuiteSparse_long*>(L.Perm);
  result->order.assign(order, order + L.n);
  result->inverse_pivots.resize(Index(L.n));
  result->starts.push_back(0);
  for (std::size_t j = 0; j < L.n; ++j) {
    const double pivot = x[p[j]];
    const bool null = !(pivot > null_pivot);
    result->inverse_pivots[Index(j)] = null ? 0 : 1 / pivot;
    for (auto e = p[j] + 1; !null && e < p[j] + count[j]; ++e) {
      result->rows.push_back(std::int32_t(i[e]));
      result->values.push_back(x[e]);
    }
    result->starts.push_back(std::int64_t(result->rows.size()));
  }
  return result;
}

class SparseCholesky : public Preconditioner {
 public:
  SparseCholesky(const Reduced& reduced, SparseSchur S, std::unique_ptr<Factor> factor)
      : factor_(std::move(factor)),
        scale_(reduced.gram().unaryExpr([](double g) { return g > 0 ? 1 / std::sqrt(g) : 0.0; })),
        inner_(S.inner),
        border_(S.border) {
    if (border_ == 0) return;
    // W = L⁻¹PB' by strips of rows of B, then E − W'Δ⁻¹W.
    W_.resize(border_, inner_);  // stored transposed: one pivot's border entries side by side
    std::vector<double> strip(std::size_t(inner_) * max_width);
    for (Index first = 0; first < border_; first += max_width) {
      core::poll();
      const auto width = std::min<Index>(max_width, border_ - first);
      for (Index j = 0; j < inner_; ++j)
        for (Index c = 0; c < max_width; ++c)
          strip[std::size_t(j * max_width + c)] = c < width ? S.B(first + c, factor_->order[std::size_t(j)]) : 0.0;
      factor_->forward<max_width>(strip.data());
      for (Index j = 0; j < inner_; ++j)
        for (Index c = 0; c < width; ++c) W_(first + c, j) = strip[std::size_t(j * max_width + c)];
    }
    E_ = std::move(S.E);
    constexpr Index block = 512;
    for (Index first = 0; first < inner_; first += block) {
      const Index length = std::min(block, inner_ - first);
      const auto part = W_.middleCols(first, length);
      const Matrix scaled = part * factor_->inverse_pivots.segment(first, length).asDiagonal();
      E_.triangularView<Eigen::Lower>() -= scaled * part.transpose();
    }
    stands_ = semidefinite_cholesky(E_, Vector::Ones(border_), null_pivot);
  }

  void apply(const Interleaved& r, Interleaved& z, int width) const override {
    with_width(width, [&](auto w) { solve<w.value>(r, z); });
  }

 private:
  template <int width>
  void solve(const Interleaved& r, Interleaved& z) const {
    const auto w = std::size_t(width);
    Interleaved x(std::size_t(inner_) * w);
    for (std::size_t j = 0; j < std::size_t(inner_); ++j)
      for (std::size_t c = 0; c < w; ++c) {
        const auto from = std::size_t(factor_->order[j]);
        x[j * w + c] = r[from * w + c] * scale_[Index(from)];
      }
    factor_->template forward<width>(x.data());
    for (std::size_t j = 0; j < std::size_t(inner_); ++j)
      for (std::size_t c = 0; c < w; ++c) x[j * w + c] *= factor_->inverse_pivots[Index(j)];
    z.resize(r.size());
    Vector e(border_);
    for (std::size_t c = 0; border_ > 0 && c < w; ++c) {
      const Eigen::Map<const Vector, 0, Eigen::InnerStride<>> mine(x.data() + c, inner_, Eigen::InnerStride<>(width));
      for (Index j = 0; j < border_; ++j) e[j] = r[std::size_t(inner_ + j) * w + c] * scale_[inner_ + j];
      e.noalias() -= W_ * mine;
      for (Index j = 0; j < border_; ++j)
        if (!stands_[std::size_t(j)]) e[j] = 0;
      E_.triangularView<Eigen::Lower>().solveInPlace(e);
      E_.triangularView<Eigen::Lower>().transpose().solveInPlace(e);
      for (Index j = 0; j < border_; ++j) z[std::size_t(inner_ + j) * w + c] = e[j] * scale_[inner_ + j];
      const Vector back = factor_->inverse_pivots.cwiseProduct(W_.transpose() * e);
      for (std::size_t j = 0; j < std::size_t(inner_); ++j) x[j * w + c] -= back[Index(j)];
    }
    factor_->template backward<width>(x.data());
    for (std::size_t j = 0; j < std::size_t(inner_); ++j)
      for (std::size_t c = 0; c < w; ++c) {
        const auto to = std::size_t(factor_->order[j]);
        z[to * w + c] = x[j * w + c] * scale_[Index(to)];
      }
  }

  std::unique_ptr<Factor> factor_;
  Vector scale_;
  Index inner_, border_;
  Matrix W_, E_;
  std::vector<bool> stands_;
};

}  // namespace

std::unique_ptr<Preconditioner> sparse_cholesky(const Reduced& reduced, double most_flops) {
  SparseSchur S = sparse_schur(reduced);
  std::unique_ptr<Factor> factor = factorise(S, most_flops);
  if (!factor) return nullptr;
  return std::make_unique<SparseCholesky>(reduced, std::move(S), std::move(factor));
}

}  // namespace numerics::absorption
