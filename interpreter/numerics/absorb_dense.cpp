// S factorised densely, for small numbers of remaining coefficients.
#include "core/interrupt.hpp"
#include "numerics/absorb_preconditioner.hpp"
#include "numerics/absorb_schur.hpp"

#include <Eigen/Dense>

#include <cmath>

namespace numerics::absorption {
namespace {

class DenseCholesky : public Preconditioner {
 public:
  explicit DenseCholesky(const Reduced& reduced) : L_(dense_schur(reduced)) {
    core::poll();
    stands_ = semidefinite_cholesky(L_, reduced.gram(), null_pivot);
  }

  void apply(const Interleaved& r, Interleaved& z, int width) const override {
    z.resize(r.size());
    const Index size = L_.rows();
    Vector one(size);
    for (int c = 0; c < width; ++c) {  // one by one: a blocked solve of several columns would round differently
      for (Index j = 0; j < size; ++j) one[j] = stands_[std::size_t(j)] ? r[std::size_t(j * width + c)] : 0.0;
      L_.triangularView<Eigen::Lower>().solveInPlace(one);
      L_.triangularView<Eigen::Lower>().transpose().solveInPlace(one);
      for (Index j = 0; j < size; ++j) z[std::size_t(j * width + c)] = one[j];
    }
  }

 private:
  Matrix L_;
  std::vector<bool> stands_;
};

}  // namespace

std::vector<bool> semidefinite_cholesky(Matrix& S, const Vector& gram, double limit) {
  constexpr Index panel = 64;
  const Index size = S.cols();
  std::vector<bool> stands(std::size_t(size), true);
  for (Index first = 0; first < size; first += panel) {
    core::poll();
    const Index last = std::min(first + panel, size), rest = size - last;
    for (Index j = first; j < last; ++j) {
      auto below = S.col(j).tail(size - j);
      below.noalias() -= S.block(j, first, size - j, j - first) * S.row(j).segment(first, j - first).transpose();
      if (below[0] > limit * gram[j]) {
        below /= std::sqrt(below[0]);
      } else {
        stands[std::size_t(j)] = false;
        below.setZero();
        S.row(j).head(j).setZero();
        below[0] = 1;
      }
    }
    if (rest > 0) {
      const auto done = S.block(last, first, rest, last - first);
      S.bottomRightCorner(rest, rest).selfadjointView<Eigen::Lower>().rankUpdate(done, -1.0);
    }
  }
  return stands;
}

std::unique_ptr<Preconditioner> dense_cholesky(const Reduced& reduced) {
  return std::make_unique<DenseCholesky>(reduced);
}

}  // namespace numerics::absorption
