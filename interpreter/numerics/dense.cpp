#include "numerics/dense.hpp"

#include "core/parallel.hpp"

#include <cassert>
#include <string>

namespace numerics {
namespace {

constexpr Index panel_rows = 4096;

/// Σ over blocks of rows of part(begin, count), in the order of the blocks.
template <class Part>
Matrix sum_of_blocks(Index n, Index rows, Index cols, const Part& part) {
  if (n <= panel_rows) return n == 0 ? Matrix::Zero(rows, cols) : part(Index{0}, n);
  const auto blocks = static_cast<std::size_t>((n + panel_rows - 1) / panel_rows);
  std::vector<Matrix> parts(blocks);
  core::for_blocks(blocks, 1, [&](std::size_t b, std::size_t) {
    const Index begin = static_cast<Index>(b) * panel_rows;
    parts[b] = part(begin, std::min(panel_rows, n - begin));
  });
  Matrix sum = Matrix::Zero(rows, cols);
  for (const Matrix& one : parts) sum += one;
  return sum;
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

Matrix sandwich(const Matrix& A, const Matrix& S) {
  assert(A.cols() == S.rows() && S.rows() == S.cols());
  const Matrix out = A * S * A.transpose();
  return (out + out.transpose()) / 2;
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

}  // namespace numerics
