// Meats: k×k sums of products of scores, each for one notion of which rows are related. No small-sample factors here.
#pragma once

#include "inference/vcov.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace inference {

/// Σ_i f_i s_i s_i'. factor: n or empty for 1. Source: White (1980).
Matrix meat_rows(const Matrix& scores, const Vector& factor);

/// Σ_g (Σ_{i in g} s_i)(Σ_{i in g} s_i)'. codes: n values 0 … groups − 1.
Matrix meat_groups(const Matrix& scores, const Codes& codes, std::int32_t groups);

/// One term of the inclusion–exclusion sum over subsets of cluster variables.
struct ClusterTerm {
  Matrix meat;
  double sign = 1;    ///< + for odd subsets, − for even ones
  double groups = 0;  ///< clusters of the intersection
};
struct ClusterMeat {
  std::vector<ClusterTerm> terms;
  std::vector<double> groups;  ///< clusters of each way
};
/// All 2^ways − 1 subsets. Throws core::Error when a way has fewer than two clusters, or there are more than eight
/// ways. names: of the ways, for messages. Source: Cameron, Gelbach & Miller (2011), section 2.3.
ClusterMeat meat_clusters(const Matrix& scores, const std::vector<Codes>& ways, const std::vector<std::string>& names);
/// Dense codes of the pairs (a_i, b_i), numbered within the groups of a, and their number.
std::pair<Codes, std::int32_t> intersection(const Codes& a, std::int32_t groups_a, const Codes& b,
                                            std::int32_t groups_b);

/// Bartlett-weighted autocovariances within units: Σ_l (1 − l/(L+1)) (Γ_l + Γ_l'). Rows l periods apart are l steps of
/// `times` apart: gaps are respected. units: n, or empty for a single series. Throws core::Error when a unit has two
/// rows in one period. Source: Newey & West (1987).
Matrix meat_newey_west(const Matrix& scores, const Codes& units, const std::vector<std::int64_t>& times, int lag);
/// The same over sums of scores per period. Source: Driscoll & Kraay (1998).
Matrix meat_driscoll_kraay(const Matrix& scores, const std::vector<std::int64_t>& times, int lag);
/// The number of lags that suits the scores: floor(1.1447 (s1/s0)^(2/3) T^(1/3)) with s_q = Σ_{|l| <= m} |l|^q σ_l over
/// the autocovariances σ_l of the scores' sum over the columns other than `constant` (−1: none), m = floor(4
/// (T/100)^(2/9)), T periods; at most T − 1. Depends on the units of the regressors. Source: Newey & West (1994),
/// section 2 (Bartlett kernel, no prewhitening).
int lag_newey_west(const Matrix& scores, const Codes& units, const std::vector<std::int64_t>& times, Index constant);
/// The same for sums of scores per period.
int lag_driscoll_kraay(const Matrix& scores, const std::vector<std::int64_t>& times, Index constant);
/// Lags 1 … `lag` of meat_newey_west alone.
Matrix meat_serial(const Matrix& scores, const Codes& units, const std::vector<std::int64_t>& times, int lag);

/// Σ_ij K(d_ij) s_i s_j' over rows of the same period (all rows without times) within the cutoff of each other along
/// the great circle, lat and lon in degrees and the cutoff in km; `planar`: in the plane, all three in one unit.
/// `bartlett`: K = 1 − d/cutoff, otherwise 1. Source: Conley (1999).
Matrix meat_conley(const Matrix& scores, const Vector& lat, const Vector& lon, const std::vector<std::int64_t>& times,
                   double cutoff, bool bartlett, bool planar = false);

/// A conley spec's kernel is "uniform" or "bartlett", with this behind it when distances are planar.
inline constexpr std::string_view planar_suffix = " planar";
inline bool is_planar(const std::string& kernel) {
  return kernel.size() > planar_suffix.size() && kernel.ends_with(planar_suffix);
}

/// Different values among `times`.
std::vector<std::int64_t> periods(const std::vector<std::int64_t>& times);

}  // namespace inference
