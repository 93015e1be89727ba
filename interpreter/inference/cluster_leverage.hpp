// Covariances that weigh each cluster by its leverage: CR2 (bias-reduced) and CR3 (jackknife), with Satterthwaite
// degrees of freedom. Everything comes from cross-products by cluster; no matrix is larger than q×q.
//   CR2: V = M [Σ_g U_g'A_g e_g e_g'A_g U_g] M with A_g = (I − H_gg)^(−1/2), H_gg = U_g M U_g', M = (U'U)⁻¹
//   CR3: the same with A_g = (I − H_gg)^(−1), times (G − 1)/G: the cluster jackknife around b.
// df of a coefficient c'b: (tr P)²/tr(P²), P_gh = p_g'(I − H)p_h, p_g = A_g U_g M c (working covariance: identity).
// Sources: Bell & McCaffrey (2002); Pustejovsky & Tipton (2018), J. of Business & Economic Statistics 36(4);
//          MacKinnon, Nielsen & Webb (2023), J. of Applied Econometrics 38(5) for CR3 as a jackknife.
#pragma once

#include "inference/vcov.hpp"

#include <vector>

namespace inference {

/// Cross-products of a basis of the hat matrix by cluster.
struct ClusterBlocks {
  Index k = 0;               ///< the first k of q columns are the coefficients'
  Matrix inverse;            ///< q×q, M = (U'U)⁺
  Matrix root;               ///< q×q, M^(1/2), symmetric
  std::vector<Matrix> gram;  ///< per cluster U_g'U_g
  Matrix scores;             ///< G×q, U_g'e_g
  std::vector<double> rows;  ///< per cluster
};
/// U: n×q; e: n residuals; weights: n or empty (rows are multiplied by their root). Throws core::Error for fewer than
/// two clusters and for more than 2000 columns.
ClusterBlocks cluster_blocks(Matrix U, const Vector& e, const Vector& weights, const Codes& clusters, Index k);

struct LeverageVcov {
  Matrix matrix;   ///< k×k
  Vector df;       ///< Satterthwaite, of each combination asked for
  Index full = 0;  ///< clusters whose 1 − leverage is zero in some direction
};
/// combinations: k×m, whose columns c give the c'b that df is found for.
LeverageVcov leverage_vcov(const ClusterBlocks& blocks, bool jackknife, const Matrix& combinations);

/// Leverage of each cluster, tr H_gg; of coefficient j alone (partial leverage, summing to 1); and the coefficient j
/// without each cluster.
struct ClusterInfluence {
  Vector leverage, partial, without;  ///< G each
};
ClusterInfluence cluster_influence(const ClusterBlocks& blocks, const Vector& coef, Index j);

}  // namespace inference
