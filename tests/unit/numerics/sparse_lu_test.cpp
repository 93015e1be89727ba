#include "numerics/sparse_lu.hpp"

#include "numerics/dense.hpp"
#include "numerics/random.hpp"

#include <Eigen/LU>
#include <catch2/catch.hpp>
#include <cmath>

using numerics::Matrix;
using numerics::SparseLU;
using numerics::SparseRows;

namespace {

/// A sparse matrix with about `links` entries a row beside the diagonal, which dominates its rows; and its values.
std::pair<SparseRows, std::vector<double>> dominant(int n, int links, Matrix& dense) {
  numerics::Random random(7, static_cast<std::uint64_t>(n));
  dense = Matrix::Zero(n, n);
  for (int i = 0; i < n; ++i) {
    for (int k = 0; k < links; ++k)
      dense(i, static_cast<int>(random.bits() % static_cast<std::uint64_t>(n))) = random.normal();
    dense(i, i) = (i % 2 ? -1 : 1) * (dense.row(i).cwiseAbs().sum() + 1);
  }
  SparseRows rows;
  std::vector<double> values;
  rows.starts.push_back(0);
  for (int i = 0; i < n; ++i) {
    for (int j = 0; j < n; ++j) {
      if (dense(i, j) == 0) continue;
      rows.columns.push_back(j);
      values.push_back(dense(i, j));
    }
    rows.starts.push_back(rows.columns.size());
  }
  return {rows, values};
}

}  // namespace

TEST_CASE("the log-determinant of a sparse LU is that of the dense one") {
  for (const int n : {1, 2, 17, 60, 150}) {
    Matrix dense;
    const auto [rows, values] = dominant(n, 3, dense);
    const SparseLU lu(rows);
    const double expected = Eigen::PartialPivLU<Matrix>(dense).matrixLU().diagonal().cwiseAbs().array().log().sum();
    CHECK(*lu.log_abs_det(values) == Approx(expected).epsilon(1e-13));
    CHECK(*lu.log_abs_det(values) == *lu.log_abs_det(values));
  }
}

TEST_CASE("a sparse LU without pivot has no log-determinant") {
  const SparseRows rows{.starts = {0, 2, 4}, .columns = {0, 1, 0, 1}};
  const SparseLU lu(rows);
  CHECK_FALSE(lu.log_abs_det({1, 2, 2, 4}));
  CHECK_FALSE(lu.log_abs_det({1, 2, 2, std::nan("")}));
  CHECK(*lu.log_abs_det({1, 2, 3, 4}) == Approx(std::log(2.0)));
}
