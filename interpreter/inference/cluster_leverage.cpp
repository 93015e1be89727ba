#include "inference/cluster_leverage.hpp"

#include "core/error.hpp"
#include "core/interrupt.hpp"
#include "core/text.hpp"
#include "numerics/dense.hpp"

#include <algorithm>
#include <cmath>

namespace inference {
namespace {

constexpr double singular_block = 1 - 1e-9;
constexpr Index most_columns = 2000;

/// M^(1/2) P f(λ) P'M^(1/2) with P, λ of M^(1/2) U_g'U_g M^(1/2): the B of A_g = I + U_g B U_g'.
/// f(λ) = ((1 − λ)^power − 1)/λ, power −1/2 or −1; where λ is 1 the pseudo-inverse gives −1.
Matrix adjustment(const ClusterBlocks& blocks, const Matrix& gram, double power, bool& full) {
  const numerics::SymmetricEigen eigen =
      numerics::symmetric_eigen(numerics::product(blocks.root, numerics::product(gram, blocks.root)));
  Vector f(eigen.values.size());
  for (Index i = 0; i < f.size(); ++i) {
    const double l = eigen.values[i];
    if (l > singular_block) {
      f[i] = -1;
      full = true;
    } else if (l < 1e-8) {
      f[i] = -power;  // the limit, so that tiny eigenvalues are not divided by
    } else {
      f[i] = (std::pow(1 - l, power) - 1) / l;
    }
  }
  const Matrix root = numerics::product(blocks.root, eigen.vectors);
  return numerics::product(Matrix(root * f.asDiagonal()), Matrix(root.transpose()));
}

}  // namespace

ClusterBlocks cluster_blocks(Matrix U, const Vector& e, const Vector& weights, const Codes& clusters, Index k) {
  const Index q = U.cols();
  if (q > most_columns)
    throw core::Error("cr2 and cr3 need the hat matrix, and " + core::grouped(q) +
                      " columns that are not nested in the clusters are too many")
        .hint("use vcov=cluster(…)")
        .word("vcov");
  Vector r = e;
  if (weights.size() > 0) {
    const Vector root = weights.cwiseSqrt();
    U = numerics::scale_rows(U, root);
    r.array() *= root.array();
  }
  const std::int32_t groups = clusters.empty() ? 0 : *std::max_element(clusters.begin(), clusters.end()) + 1;
  if (groups < 2) throw core::Error("clusters: there are fewer than two").word("vcov");
  ClusterBlocks out;
  out.k = k;
  out.scores = numerics::group_sums(numerics::scale_rows(U, r), clusters, groups);
  std::vector<std::vector<Index>> members(static_cast<std::size_t>(groups));
  for (std::size_t i = 0; i < clusters.size(); ++i)
    members[static_cast<std::size_t>(clusters[i])].push_back(static_cast<Index>(i));
  Matrix total = Matrix::Zero(q, q);
  for (const std::vector<Index>& rows : members) {
    core::poll();
    Matrix block(static_cast<Index>(rows.size()), q);
    for (std::size_t i = 0; i < rows.size(); ++i) block.row(static_cast<Index>(i)) = U.row(rows[i]);
    out.gram.push_back(numerics::crossprod(block));
    out.rows.push_back(static_cast<double>(rows.size()));
    total += out.gram.back();
  }
  // Scaled to a unit diagonal: whether a direction is there does not depend on units.
  Vector scale(q);
  for (Index j = 0; j < q; ++j) scale[j] = total(j, j) > 0 ? 1 / std::sqrt(total(j, j)) : 0;
  const Matrix scaled = scale.asDiagonal() * total * scale.asDiagonal();
  const Matrix inverse = numerics::pseudo_inverse(scaled, 1e-10);
  out.inverse = scale.asDiagonal() * inverse * scale.asDiagonal();
  const numerics::SymmetricEigen eigen = numerics::symmetric_eigen(out.inverse);
  const Vector roots = eigen.values.cwiseMax(0).cwiseSqrt();
  out.root = numerics::product(Matrix(eigen.vectors * roots.asDiagonal()), Matrix(eigen.vectors.transpose()));
  return out;
}

LeverageVcov leverage_vcov(const ClusterBlocks& blocks, bool jackknife, const Matrix& combinations) {
  const Index q = blocks.inverse.rows(), k = blocks.k, m = combinations.cols();
  const Matrix wanted = numerics::product(Matrix(blocks.inverse.leftCols(k)), combinations);  // M c
  const auto groups = static_cast<Index>(blocks.gram.size());
  const double power = jackknife ? -1 : -0.5;
  LeverageVcov out;
  Matrix adjusted(groups, q);
  Matrix diagonal(groups, m);                                                // ‖p_g‖² of each combination
  std::vector<Matrix> ends(static_cast<std::size_t>(m), Matrix(groups, q));  // U_g'p_g
  for (Index g = 0; g < groups; ++g) {
    core::poll();
    const Matrix& gram = blocks.gram[static_cast<std::size_t>(g)];
    bool full = false;
    const Matrix B = adjustment(blocks, gram, power, full);
    out.full += full;
    const Vector s = blocks.scores.row(g).transpose();
    adjusted.row(g) = (s + numerics::product(gram, numerics::product(B, s))).transpose();
    const Matrix b = wanted + numerics::product(B, numerics::product(gram, wanted));
    const Matrix c = numerics::product(gram, b);
    for (Index j = 0; j < m; ++j) {
      diagonal(g, j) = b.col(j).dot(c.col(j));
      ends[static_cast<std::size_t>(j)].row(g) = c.col(j).transpose();
    }
  }
  const Matrix influence = numerics::product(adjusted, Matrix(blocks.inverse.leftCols(k)));  // G×k
  out.matrix = numerics::crossprod(influence);
  if (jackknife) out.matrix *= static_cast<double>(groups - 1) / static_cast<double>(groups);
  out.df.resize(m);
  for (Index j = 0; j < m; ++j) {  // P = diag(d) − C M C'
    const Matrix CR = numerics::product(ends[static_cast<std::size_t>(j)], blocks.root);
    const Vector own = CR.rowwise().squaredNorm();
    const Vector d = diagonal.col(j);
    const double trace = d.sum() - own.sum();
    const double square = d.squaredNorm() - 2 * d.dot(own) + numerics::crossprod(CR).squaredNorm();
    out.df[j] = trace * trace / square;
  }
  return out;
}

ClusterInfluence cluster_influence(const ClusterBlocks& blocks, const Vector& coef, Index j) {
  const auto groups = static_cast<Index>(blocks.gram.size());
  ClusterInfluence out{Vector(groups), Vector(groups), Vector(groups)};
  const Vector row = blocks.inverse.col(j);
  for (Index g = 0; g < groups; ++g) {
    core::poll();
    const Matrix& gram = blocks.gram[static_cast<std::size_t>(g)];
    out.leverage[g] = blocks.inverse.cwiseProduct(gram).sum();
    out.partial[g] = row.dot(numerics::product(gram, row)) / blocks.inverse(j, j);
    bool full = false;
    const Matrix B = adjustment(blocks, gram, -1, full);
    const Vector s = blocks.scores.row(g).transpose();
    out.without[g] = coef[j] - row.dot(s + numerics::product(gram, numerics::product(B, s)));
    if (full && out.partial[g] > singular_block) out.without[g] = std::nan("");
  }
  return out;
}

}  // namespace inference
