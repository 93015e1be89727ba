// Wild cluster bootstrap from cross-products by cluster: no draw touches the data.
//   y* = fitted + v_g u_g, v_g by cluster. With z = X A R' (A the bread, R b = r the hypothesis) and P the projection
//   on everything in the model, the numerator of a draw is Σ_g v_g m_g with m_g = z_g'W u_g, and cluster g's part of
//   its variance (C v)_g with
//     C = diag(m) − [what P takes out] = diag(m) − left · right.
//   WCR (null imposed): u(r) = û + z δ/q, δ = R b − r, q = z'Wz, so that m and C are linear in δ and the interval by
//   inversion costs one pass over the draws for each r. WCU: u = û.
//   With errors clustered in several ways the draws stay by one variable, and the variance is the sum over subsets of
//   ways, with signs, of ‖C_s v‖², C_s = (z_c'W u_cg) − left_s · right over the subset's clusters c.
// Sources: Roodman, MacKinnon, Nielsen & Webb (2019), Stata Journal 19(1); MacKinnon, Nielsen & Webb (2023), J. of
//   Econometrics 232(2), and (2021), J. of Business & Economic Statistics 39(2) for two ways; Webb (2023) for six-point
//   weights; Davidson & MacKinnon (2010), J. of Business & Economic Statistics 28(1) for instruments (WRE).
// Peers: boottest, fwildclusterboot (tests/reference/boottest/).
#pragma once

#include "numerics/types.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace inference {

using numerics::Index;
using numerics::Matrix;
using numerics::Vector;

enum class WildWeights { rademacher, webb, mammen, normal };
/// Throws core::Error with near names.
WildWeights wild_weights(const std::string& name);
std::string wild_name(WildWeights weights);

/// v: G × draws. Rademacher with 2^G ≤ reps: every vector of signs once (seed unused), and `enumerated` is set.
/// Otherwise column b is drawn from the stream (seed, b).
Matrix wild_draws(WildWeights weights, Index groups, int reps, std::uint64_t seed, bool& enumerated);

/// diag(m) − left·right, or cross − left·right, for one residual vector.
struct WildMap {
  Vector m;                             ///< G
  Matrix cross;                         ///< C×G: sums by another clustering; empty: diag(m)
  Matrix left, right;                   ///< G×p, p×G
  Matrix apply(const Matrix& v) const;  ///< (diag(m) − left·right) v
};

/// One term of a variance with several ways of clustering: sign and small-sample factor, and its maps.
struct WildTerm {
  double factor = 1;
  WildMap residual, restriction;
};
/// Least squares: the maps of û and of z/q over the clusters that share a weight.
struct WildOls {
  double estimate = 0;  ///< R b
  WildMap residual, restriction;
  std::vector<WildTerm> terms;  ///< of the variance; empty: that of the same clusters
};
/// Of an instrumental-variables fit: [instrument l][of y, of d, of z_1 … z_L], the sums z_lg'W e_g by cluster.
using WildIvMaps = std::vector<std::vector<WildMap>>;
struct WildIvTerm {
  double factor = 1;
  WildIvMaps maps;
};
/// One endogenous regressor and L instruments; y, d and Z without what X and the fixed effects explain.
struct WildIv {
  double estimate = 0;
  Vector yz, dz;                  ///< Z'Wy, Z'Wd
  Matrix zz;                      ///< Z'WZ
  double yy = 0, yd = 0, dd = 0;  ///< y'Wy, …
  WildIvMaps maps;                ///< over the clusters that share a weight
  std::vector<WildIvTerm> terms;  ///< of the variance; empty: that of the same clusters
};

struct WildTest {
  double t = 0;  ///< observed, with the small-sample factor
  double p = 1;
  double low = 0, high = 0;   ///< confidence set by inversion; infinite: the p-value never falls below 1 − level
  std::vector<double> draws;  ///< t of each draw at r
};

struct WildQuestion {
  double r = 0;       ///< H0: R b = r
  double factor = 1;  ///< of the variance, for the printed t
  double level = 0.95;
  bool null_imposed = true;
  bool equal_tailed = false;  ///< p = 2 min of the two tails; false: share of |t*| > |t|
  bool interval = true;
};
WildTest wild_test(const WildOls& model, const Matrix& v, const WildQuestion& question);
/// WRE: the reduced form is estimated under the null, efficiently. The null is always imposed.
WildTest wild_test(const WildIv& model, const Matrix& v, const WildQuestion& question);

}  // namespace inference
