// Linear systems of numerics/dense.hpp.
#include "core/error.hpp"
#include "numerics/dense.hpp"

#include <Eigen/Cholesky>
#include <Eigen/LU>

#include <cassert>
#include <string>

namespace numerics {
namespace {

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

Matrix solve_spd(const Matrix& S, const Matrix& B, const char* what) { return factor_spd(S, what).solve(B); }

Matrix inverse_spd(const Matrix& S, const char* what) {
  Matrix inverse = factor_spd(S, what).solve(Matrix::Identity(S.rows(), S.cols()));
  inverse.triangularView<Eigen::StrictlyUpper>() = inverse.transpose();
  return inverse;
}

Matrix solve_psd(const Matrix& S, const Matrix& B) { return Eigen::LDLT<Matrix>(S).solve(B); }

Vector solve_psd(const Matrix& S, const Vector& b) { return Eigen::LDLT<Matrix>(S).solve(b); }

Matrix solve_lower(const Matrix& L, const Matrix& B, bool transposed) {
  assert(L.rows() == L.cols() && L.rows() == B.rows());
  if (transposed) return L.transpose().triangularView<Eigen::Upper>().solve(B);
  return L.triangularView<Eigen::Lower>().solve(B);
}

Matrix solve(const Matrix& A, const Matrix& B, const char* what) { return factor(A, what).solve(B); }

Matrix inverse(const Matrix& A, const char* what) { return factor(A, what).inverse(); }

double log_det_spd(const Matrix& S, const char* what) {
  return 2 * factor_spd(S, what).matrixLLT().diagonal().array().log().sum();
}

Matrix cholesky(const Matrix& S, const char* what) { return factor_spd(S, what).matrixL(); }

}  // namespace numerics
