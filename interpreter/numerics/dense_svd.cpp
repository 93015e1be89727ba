// Singular values and orthogonal bases, of numerics/dense.hpp.
#include "core/error.hpp"
#include "numerics/dense.hpp"

#include <Eigen/SVD>

#include <cassert>

namespace numerics {

Svd svd(const Matrix& A) {
  const Eigen::BDCSVD<Matrix> solver(A, Eigen::ComputeThinU | Eigen::ComputeThinV);
  if (solver.info() != Eigen::Success) throw core::Error("the singular values of a matrix did not converge");
  return {solver.matrixU(), solver.singularValues(), solver.matrixV()};
}

Matrix orthogonal_complement(const Matrix& A) {
  const Index n = A.rows(), k = A.cols();
  assert(n >= k);
  const Eigen::HouseholderQR<Matrix> qr(A);
  Matrix Q = Matrix::Zero(n, n - k);
  Q.bottomRows(n - k).setIdentity();
  return qr.householderQ() * Q;
}

}  // namespace numerics
