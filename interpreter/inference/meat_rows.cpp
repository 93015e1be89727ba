#include "core/parallel.hpp"
#include "inference/meat.hpp"

#include <Eigen/Dense>

namespace inference {
namespace {

constexpr std::size_t block = 4096;

/// Σ over blocks of part(begin, count), added in the order of the blocks.
template <class Part>
Matrix blocked_sum(Index n, Index k, const Part& part) {
  const auto rows = static_cast<std::size_t>(n);
  std::vector<Matrix> parts((rows + block - 1) / block);
  core::for_blocks(rows, block, [&](std::size_t begin, std::size_t end) {
    parts[begin / block] = part(static_cast<Index>(begin), static_cast<Index>(end - begin));
  });
  Matrix total = Matrix::Zero(k, k);
  for (const Matrix& m : parts) total += m;
  return total;
}

}  // namespace

Matrix meat_rows(const Matrix& scores, const Vector& factor) {
  return blocked_sum(scores.rows(), scores.cols(), [&](Index begin, Index count) -> Matrix {
    const auto rows = scores.middleRows(begin, count);
    if (factor.size() == 0) return rows.transpose() * rows;
    return rows.transpose() * (factor.segment(begin, count).asDiagonal() * rows);
  });
}

Matrix meat_groups(const Matrix& scores, const Codes& codes, std::int32_t groups) {
  const Index k = scores.cols();
  Matrix sums = Matrix::Zero(groups, k);
  core::for_blocks(static_cast<std::size_t>(k), 1, [&](std::size_t j, std::size_t) {
    double* sum = sums.col(static_cast<Index>(j)).data();
    const double* s = scores.col(static_cast<Index>(j)).data();
    for (std::size_t i = 0; i < codes.size(); ++i) sum[codes[i]] += s[i];
  });
  return meat_rows(sums, {});
}

}  // namespace inference
