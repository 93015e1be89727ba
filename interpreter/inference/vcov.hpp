// Covariance matrices of coefficients from scores and bread. Arrays in, k×k out.
#pragma once

#include "numerics/types.hpp"

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace inference {

using numerics::Codes;
using numerics::Index;
using numerics::Matrix;
using numerics::Vector;

enum class VcovKind { iid, hc0, hc1, hc2, hc3, hc4, cluster, newey_west, driscoll_kraay, conley, cr2, cr3 };

/// Small-sample rules, as fixest's ssc() names them (conventions.md items 1–6).
struct Ssc {
  bool k_adjust = true;  ///< (n−1)/(n−K)
  enum class KFixef { none, nonnested, full } k_fixef = KFixef::nonnested;
  bool k_exact = true;   ///< count the rank of the fixed effects instead of levels
  bool g_adjust = true;  ///< G/(G−1); for Newey–West and Driscoll–Kraay T/(T−1)
  enum class GDf { min, conventional } g_df = GDf::min;
  enum class TDf { min, conventional } t_df = TDf::min;
  bool t_at_most_residual = false;  ///< t never has more than n − K degrees of freedom (reghdfe)
  double t_fixed = 0;               ///< > 0: these degrees of freedom
  /// What becomes of an indefinite multi-way matrix: as it is; without its negative eigenvalues, in the block without
  /// the constant (reghdfe) or as a whole (fixest). Conley matrices are repaired as a whole unless `none`.
  enum class Repair { none, without_constant, whole } repair = Repair::without_constant;
  std::string like = "moontide";  ///< the preset it came from: moontide, fixest, reghdfe, stata, none
};
/// "moontide" (reghdfe and fixest's shared ground with exact rank), "fixest", "reghdfe", "stata" (areg/regress),
/// "none". Throws core::Error with near names.
Ssc ssc_preset(const std::string& name);

/// What the user asked for, before it meets data.
struct VcovSpec {
  VcovKind kind = VcovKind::iid;
  std::vector<std::string> cluster;  ///< expressions: "city", "origin^dest"; one per way
  int first_effects = 0;             ///< > 0: no cluster was named, and that many of the first fixed effects are meant
  int lag = -1;                      ///< periods; −1: T^0.25 rounded down
  bool lag_auto = false;             ///< the lag is chosen from the scores (automatic_lag)
  double cutoff_km = 0;              ///< conley; required
  std::string kernel = "uniform";    ///< conley: uniform, bartlett
  int time_lag = 0;                  ///< conley with panel: serial correlation within units up to this lag
  std::string lat, lon;              ///< conley: columns; "" means lat/latitude, lon/lng/longitude by name
  std::optional<Ssc> ssc;            ///< empty: the preset in force
};
/// "iid", "hetero"/"robust"/"hc1", "HC0" … "HC4", "cluster city year", "cluster city + year", "cluster o^d", "twoway a
/// b", "cr2 city", "cr3 city", "nw", "nw 2", "newey_west lag=2", "nw auto", "dk", "conley 100", "conley 100 bartlett
/// time_lag=2". Throws with near names and carets. "~city + year" is fixest's spelling of "cluster city year";
/// "cluster" and "twoway" alone mean the first and the first two fixed effects.
VcovSpec parse_vcov(const std::string& text);
/// Throws core::Error when a needed part is missing: cluster variables, the cutoff, a known kernel.
void check(const VcovSpec& spec);
/// Text that parse_vcov reads back as the same.
std::string print(const VcovSpec& spec);
/// Does the kind weigh residuals by their leverage (hc2, hc3, hc4, cr2, cr3)? Only least squares has one.
bool uses_leverage(VcovKind kind);
/// Does the kind sum over clusters (cluster, cr2, cr3)?
bool is_clustered(VcovKind kind);

/// The sphere on which conley measures distances.
inline constexpr double earth_radius_km = 6371.01;

/// Group codes and positions the chosen vcov needs, over the n rows in use (the caller finds them in its data).
struct VcovData {
  std::vector<Codes> clusters;           ///< one per way, dense 0 … G−1
  std::vector<std::vector<bool>> nests;  ///< [way][fe dimension]: dimension nested in that cluster
  Codes units;                           ///< nw, conley with time lag
  std::vector<std::int64_t> times;       ///< nw, dk, conley: in steps
  Vector lat, lon;                       ///< degrees
};

/// What the estimate left behind. `leverage` is called only by hc2, hc3 and hc4, `hat_basis` only by cr2 and cr3.
struct Sandwich {
  const Matrix& scores;              ///< n×k: x_i w_i u_i (for IV: projected x)
  const Matrix& bread;               ///< k×k: (X'WX)⁻¹
  const Vector& residuals;           ///< n
  const Vector& weights;             ///< n or empty
  bool frequency = false;            ///< weights are frequencies: n is their sum
  double n = 0;                      ///< observations (sum of frequency weights)
  double rss = 0;                    ///< Σ w u²
  Index k = 0;                       ///< coefficients, the constant among them
  Index constant = -1;               ///< its position, or −1 (left out when a multi-way matrix is repaired)
  std::vector<double> fe_levels;     ///< parameters per absorbed dimension
  std::vector<double> fe_redundant;  ///< of these, redundant given earlier ones (exact or bound)
  std::vector<bool> fe_nestable;     ///< intercept-only dimensions can be nested in a cluster
  std::function<Vector()> leverage;
  std::function<Matrix(const Codes&)> hat_basis = {};  ///< n×q, given the clusters
  bool likelihood = false;                             ///< bread is the inverse information: itself the iid covariance
  std::vector<double> fe_slopes = {};  ///< of fe_levels, slopes; where there are some, the rest can be nested, too
};

struct Vcov {
  Matrix matrix;               ///< k×k
  double df_t = 0;             ///< degrees of freedom of t; infinity: normal
  Vector df;                   ///< of each coefficient (cr2, cr3; df_t is the least); empty: df_t for all
  double K = 0;                ///< parameters counted in the small-sample factor
  std::vector<double> groups;  ///< clusters per way (periods for nw/dk)
  std::string label;           ///< "clustered by city (41)", as printed
  VcovSpec spec;
  std::vector<std::string> notes;  ///< repair of an indefinite matrix, few clusters

  double df_of(Index coefficient) const { return df.size() > 0 ? df[coefficient] : df_t; }
};

/// Throws core::Error: fewer than two clusters, lag without times, no cutoff.
/// Sources: White (1980); MacKinnon & White (1985); Cribari-Neto (2004) for hc4; Cameron, Gelbach & Miller (2011);
/// Newey & West (1987); Driscoll & Kraay (1998); Conley (1999); those of cluster_leverage.hpp for cr2 and cr3.
Vcov vcov(const VcovSpec& spec, const Sandwich& sandwich, const VcovData& data, const Ssc& preset);

}  // namespace inference
