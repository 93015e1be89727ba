// Eigenvalues of symmetric matrices, of numerics/dense.hpp.
#include "core/error.hpp"
#include "numerics/dense.hpp"

#include <Eigen/Eigenvalues>

#include <cmath>

namespace numerics {

SymmetricEigen symmetric_eigen(const Matrix& S) {
  const Eigen::SelfAdjointEigenSolver<Matrix> solver(S);
  if (solver.info() != Eigen::Success) throw core::Error("the eigenvalues of a matrix did not converge");
  return {solver.eigenvalues(), solver.eigenvectors()};
}

Matrix pseudo_inverse(const Matrix& S, double tol, Index* rank) {
  const SymmetricEigen eigen = symmetric_eigen(S);
  const double largest = S.rows() == 0 ? 0 : eigen.values.cwiseAbs().maxCoeff();
  Vector inverted = Vector::Zero(eigen.values.size());
  Index kept = 0;
  for (Index j = 0; j < inverted.size(); ++j) {
    if (std::abs(eigen.values[j]) <= tol * largest) continue;
    inverted[j] = 1 / eigen.values[j];
    ++kept;
  }
  if (rank) *rank = kept;
  return eigen.vectors * inverted.asDiagonal() * eigen.vectors.transpose();
}

double quadratic_form(const Vector& b, const Matrix& S, double tol, Index* rank) {
  return b.dot(pseudo_inverse(S, tol, rank) * b);
}

}  // namespace numerics
