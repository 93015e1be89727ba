#include "numerics/dense.hpp"

#include "core/error.hpp"
#include "core/parallel.hpp"

#include <Eigen/Dense>

#include <cassert>
#include <string>

namespace numerics {
namespace {

constexpr Index block_rows = 4096;

/// Σ over blocks of rows of part(begin, count), in the order of the blocks.
template <class Part>
Matrix sum_of_blocks(Index n, Index rows, Index cols, const Part& part) {
  if (n <= block_rows) return n == 0 ? Matrix::Zero(rows, cols) : part(Index{0}, n);
  const auto blocks = static_cast<std::size_t>((n + block_rows - 1) / block_rows);
  std::vector<Matrix> parts(blocks);
  core::for_blocks(blocks, 1, [&](std::size_t b, std::size_t) {
    const Index begin = static_cast<Index>(b) * block_rows;
    parts[b] = part(begin, std::min(block_rows, n - begin));
  });
  Matrix sum = Matrix::Zero(rows, cols);
  for (const Matrix& one : parts) sum += one;
  return sum;
}

[[noreturn]] void singular(const char* what) {
  throw core::Error(std::string("the matrix of ") + what + " is singular").hint("drop what is collinear or constant");
}

Eigen::LLT<Matrix> factor_spd(const Matrix& S, const char* what) {
  assert(S.rows() == S.cols());
  Eigen::LLT<Matrix> llt(S);
  const double largest = S.rows() == 0 ? 1 : S.diagonal().cwiseAbs().maxCoeff();
  if (llt.info() != Eigen::Success) singular(what);
  for (Index j = 0; j < S.rows(); ++j) {
    const double pivot = llt.matrixLLT()(j, j);
    if (!(pivot * pivot > 1e-14 * std::min(largest, S(j, j)))) singular(what);
  }
  return llt;
}

Eigen::FullPivLU<Matrix> factor(const Matrix& A, const char* what) {
  assert(A.rows() == A.cols());
  Eigen::FullPivLU<Matrix> lu(A);
  lu.setThreshold(1e-14);
  if (!A.allFinite() || !lu.isInvertible()) singular(what);
  return lu;
}

}  // namespace

Matrix product(const Matrix& A, const Matrix& B) {
  assert(A.cols() == B.rows());
  return A * B;
}

Vector product(const Matrix& A, const Vector& x) {
  assert(A.cols() == x.size());
  return A * x;
}

Matrix crossprod(const Matrix& A, const Matrix& B) {
  assert(A.rows() == B.rows());
  return sum_of_blocks(A.rows(), A.cols(), B.cols(), [&](Index begin, Index count) -> Matrix {
    return A.middleRows(begin, count).transpose() * B.middleRows(begin, count);
  });
}

Matrix crossprod(const Matrix& A) {
  Matrix S = crossprod(A, A);
  S.triangularView<Eigen::StrictlyUpper>() = S.transpose();
  return S;
}

Vector crossprod(const Matrix& A, const Vector& x) {
  assert(A.rows() == x.size());
  return sum_of_blocks(A.rows(), A.cols(), 1, [&](Index begin, Index count) -> Matrix {
    return A.middleRows(begin, count).transpose() * x.segment(begin, count);
  });
}

Matrix crossprod(const Matrix& A, const Vector& w, const Matrix& B) {
  if (w.size() == 0) return crossprod(A, B);
  assert(A.rows() == w.size() && A.rows() == B.rows());
  return sum_of_blocks(A.rows(), A.cols(), B.cols(), [&](Index begin, Index count) -> Matrix {
    const Matrix weighted = w.segment(begin, count).asDiagonal() * B.middleRows(begin, count);
    return A.middleRows(begin, count).transpose() * weighted;
  });
}

Matrix scale_rows(const Matrix& A, const Vector& w) {
  if (w.size() == 0) return A;
  assert(A.rows() == w.size());
  return w.asDiagonal() * A;
}

Matrix group_sums(const Matrix& A, const Codes& codes, Index groups) {
  assert(A.rows() == static_cast<Index>(codes.size()));
  Matrix sums = Matrix::Zero(groups, A.cols());
  core::for_blocks(static_cast<std::size_t>(A.cols()), 1, [&](std::size_t j, std::size_t) {
    const auto column = static_cast<Index>(j);
    for (std::size_t i = 0; i < codes.size(); ++i)
      if (codes[i] >= 0) sums(codes[i], column) += A(static_cast<Index>(i), column);
  });
  return sums;
}

Matrix solve_spd(const Matrix& S, const Matrix& B, const char* what) { return factor_spd(S, what).solve(B); }

Matrix inverse_spd(const Matrix& S, const char* what) {
  Matrix inverse = factor_spd(S, what).solve(Matrix::Identity(S.rows(), S.cols()));
  inverse.triangularView<Eigen::StrictlyUpper>() = inverse.transpose();
  return inverse;
}

Matrix solve(const Matrix& A, const Matrix& B, const char* what) { return factor(A, what).solve(B); }

Matrix inverse(const Matrix& A, const char* what) { return factor(A, what).inverse(); }

double log_det_spd(const Matrix& S, const char* what) {
  return 2 * factor_spd(S, what).matrixLLT().diagonal().array().log().sum();
}

Matrix cholesky(const Matrix& S, const char* what) { return factor_spd(S, what).matrixL(); }

SymmetricEigen symmetric_eigen(const Matrix& S) {
  const Eigen::SelfAdjointEigenSolver<Matrix> solver(S);
  if (solver.info() != Eigen::Success) throw core::Error("the eigenvalues of a matrix did not converge");
  return {solver.eigenvalues(), solver.eigenvectors()};
}

Svd svd(const Matrix& A) {
  const Eigen::BDCSVD<Matrix> solver(A, Eigen::ComputeThinU | Eigen::ComputeThinV);
  if (solver.info() != Eigen::Success) throw core::Error("the singular values of a matrix did not converge");
  return {solver.matrixU(), solver.singularValues(), solver.matrixV()};
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
