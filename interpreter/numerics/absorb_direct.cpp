// The reduced system inverted: a sparse factor of the large dimensions' part, a dense one of the border.
#include "core/interrupt.hpp"
#include "core/parallel.hpp"
#include "numerics/absorb_cholesky.hpp"
#include "numerics/absorb_preconditioner.hpp"

#include <Eigen/Dense>

#include <algorithm>

namespace numerics::absorption {
namespace {

class Cholesky : public Preconditioner {
 public:
  Cholesky(Schur S, std::unique_ptr<SparseFactor> factor)
      : factor_(std::move(factor)), scale_(std::move(S.scale)), inner_(S.inner), border_(S.border) {
    if (border_ == 0) return;
    reduce_border(S.B);
    E_ = std::move(S.E);
    constexpr Index block = 512;
    for (Index first = 0; first < inner_; first += block) {
      core::poll();
      const Index length = std::min(block, inner_ - first);
      const auto part = W_.middleCols(first, length);
      const Matrix scaled = part * factor_->inverse_pivots.segment(first, length).asDiagonal();
      E_.triangularView<Eigen::Lower>() -= scaled * part.transpose();
    }
    stands_ = semidefinite_cholesky(E_, null_pivot);
  }

  void apply(const Interleaved& r, Interleaved& z, int width) const override {
    with_width(width, [&](auto w) { solve<w.value>(r, z); });
  }

 private:
  /// W = B P'L'⁻¹: one pivot's border entries side by side.
  void reduce_border(const Matrix& B) {
    W_.resize(border_, inner_);
    core::for_blocks(std::size_t(border_), max_width, [&](std::size_t begin, std::size_t end) {
      const auto first = Index(begin), width = Index(end - begin);
      std::vector<double> strip(std::size_t(inner_) * max_width, 0.0);
      for (Index j = 0; j < inner_; ++j)
        for (Index c = 0; c < width; ++c)
          strip[std::size_t(j * max_width + c)] = B(first + c, factor_->order[std::size_t(j)]);
      factor_->forward<max_width>(strip.data());
      for (Index j = 0; j < inner_; ++j)
        for (Index c = 0; c < width; ++c) W_(first + c, j) = strip[std::size_t(j * max_width + c)];
    });
    core::poll();
  }

  /// One column of the border; x holds L⁻¹P r of the inner part before, and Δ⁻¹(that − W'z) after.
  void solve_border(std::size_t column, std::size_t width, const Interleaved& r, Interleaved& x, Interleaved& z) const {
    const auto at = [&](Index j) { return std::size_t(inner_ + j) * width + column; };
    Vector mine(inner_), e(border_);
    for (Index j = 0; j < inner_; ++j) mine[j] = x[std::size_t(j) * width + column];
    for (Index j = 0; j < border_; ++j) e[j] = r[at(j)] * scale_[inner_ + j];
    if (inner_ > 0) e.noalias() -= W_ * mine.cwiseProduct(factor_->inverse_pivots);
    for (Index j = 0; j < border_; ++j)
      if (!stands_[std::size_t(j)]) e[j] = 0;
    E_.triangularView<Eigen::Lower>().solveInPlace(e);
    E_.triangularView<Eigen::Lower>().transpose().solveInPlace(e);
    for (Index j = 0; j < border_; ++j) z[at(j)] = e[j] * scale_[inner_ + j];
    if (inner_ > 0) mine.noalias() -= W_.transpose() * e;
    for (Index j = 0; j < inner_; ++j) x[std::size_t(j) * width + column] = mine[j];
  }

  template <int width>
  void solve(const Interleaved& r, Interleaved& z) const {
    const auto inner = std::size_t(inner_);
    Interleaved x(inner * width);
    for (std::size_t j = 0; j < inner; ++j)
      for (std::size_t c = 0, from = std::size_t(factor_->order[j]); c < width; ++c)
        x[j * width + c] = r[from * width + c] * scale_[Index(from)];
    factor_->template forward<width>(x.data());
    z.resize(r.size());
    for (std::size_t c = 0; border_ > 0 && c < width; ++c) solve_border(c, width, r, x, z);
    for (std::size_t j = 0; j < inner; ++j)
      for (std::size_t c = 0; c < width; ++c) x[j * width + c] *= factor_->inverse_pivots[Index(j)];
    factor_->template backward<width>(x.data());
    for (std::size_t j = 0; j < inner; ++j)
      for (std::size_t c = 0, to = std::size_t(factor_->order[j]); c < width; ++c)
        z[to * width + c] = x[j * width + c] * scale_[Index(to)];
  }

  std::unique_ptr<SparseFactor> factor_;
  Vector scale_;
  Index inner_, border_;
  Matrix W_, E_;
  std::vector<bool> stands_;
};

}  // namespace

std::unique_ptr<Preconditioner> cholesky(const Reduced& reduced, Index inner, double most_flops) {
  Schur S = schur_complement(reduced, inner);
  std::unique_ptr<SparseFactor> factor = factorise(S, most_flops);
  if (!factor) return nullptr;
  return std::make_unique<Cholesky>(std::move(S), std::move(factor));
}

}  // namespace numerics::absorption
