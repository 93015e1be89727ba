#include "inference/vcov.hpp"

#include "core/error.hpp"
#include "core/text.hpp"
#include "inference/cluster_leverage.hpp"
#include "inference/meat.hpp"
#include "inference/ssc.hpp"

#include "numerics/dense.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <limits>

namespace inference {
namespace {

/// Everything a kind needs; each fills in `out` and returns the meat (small-sample factors in).
struct Work {
  const VcovSpec& spec;
  const Sandwich& s;
  const VcovData& data;
  const Ssc& ssc;
  Vcov& out;

  double residual_df() const { return s.n - out.K; }
  /// (n − 1)/(n − K), or 1.
  double k_factor() const {
    if (!ssc.k_adjust) return 1;
    if (!(residual_df() > 0))
      throw core::Error("no degrees of freedom are left: " + core::shortest(s.n) + " observations, " +
                        core::shortest(out.K) + " parameters counted")
          .hint("drop regressors or fixed effects");
    return (s.n - 1) / residual_df();
  }
  double g_factor(double groups) const { return ssc.g_adjust ? groups / (groups - 1) : 1; }
};

/// The rows of a fit that the fixed effects and regressors fit perfectly by construction (leverage 1) carry no
/// information on the variance.
constexpr double full_leverage = 1 - 1e-10;

/// What 1 − h is raised to, for a row of leverage h where the mean leverage is `mean`.
double exponent(VcovKind kind, double h, double mean) {
  if (kind == VcovKind::hc4) return -std::min(4.0, h / mean);
  return kind == VcovKind::hc3 ? -2 : -1;
}

Matrix rows_meat(Work& w) {
  const Vector* weights = w.s.frequency && w.s.weights.size() != 0 ? &w.s.weights : nullptr;
  Vector factor;
  if (uses_leverage(w.spec.kind)) {
    assert(w.s.leverage);
    factor = w.s.leverage();
    const double mean = factor.sum() / w.s.n;
    if (weights) factor.array() /= weights->array();  // of one of the repeated rows
    Index full = 0;
    for (double& h : factor) {
      full += h > full_leverage;
      h = h > full_leverage ? 0 : std::pow(1 - h, exponent(w.spec.kind, h, mean));
    }
    if (full > 0)
      w.out.notes.push_back(core::counted(full, "row") +
                            " with leverage 1 left out of the covariance: nothing else informs on them");
  }
  if (weights) factor = factor.size() == 0 ? Vector(weights->cwiseInverse()) : factor.cwiseQuotient(*weights);
  return meat_rows(w.s.scores, factor);
}

Matrix cluster_meat(Work& w) {
  check(w.spec);
  const ClusterMeat clusters = meat_clusters(w.s.scores, w.data.clusters, w.spec.cluster);
  w.out.groups = clusters.groups;
  const double least = *std::min_element(clusters.groups.begin(), clusters.groups.end());
  Matrix meat = Matrix::Zero(w.s.scores.cols(), w.s.scores.cols());
  for (const ClusterTerm& term : clusters.terms)
    meat += term.sign * w.g_factor(w.ssc.g_df == Ssc::GDf::min ? least : term.groups) * term.meat;
  for (std::size_t way = 0; way < clusters.groups.size(); ++way) {
    const double groups = clusters.groups[way];
    if (groups < 10)
      w.out.notes.push_back("few clusters: " + w.spec.cluster[way] + " has " + core::shortest(groups) + "; t with " +
                            core::shortest(least - 1) +
                            " degrees of freedom, and inference with few clusters is unreliable");
  }
  w.out.df_t = least - 1;
  return w.k_factor() * meat;
}

/// As given, chosen from the scores, or T^0.25 rounded down.
int lag_of(const Work& w, bool pooled, std::size_t periods) {
  if (w.spec.lag_auto && pooled) return lag_driscoll_kraay(w.s.scores, w.data.times, w.s.constant);
  if (w.spec.lag_auto) return lag_newey_west(w.s.scores, w.data.units, w.data.times, w.s.constant);
  if (w.spec.lag >= static_cast<int>(periods))
    throw core::Error("vcov lag " + std::to_string(w.spec.lag) + ": the sample has " + std::to_string(periods) +
                      " periods, so that lags end at " + std::to_string(periods - 1));
  return w.spec.lag >= 0 ? w.spec.lag : static_cast<int>(std::floor(std::pow(static_cast<double>(periods), 0.25)));
}

Matrix serial_meat(Work& w) {
  const bool pooled = w.spec.kind == VcovKind::driscoll_kraay;
  if (w.data.times.empty())
    throw core::Error(std::string("vcov '") + (pooled ? "driscoll_kraay" : "newey_west") +
                      "' needs to know the periods")
        .hint("declare them first: panel(unit, time)");
  if (!pooled && w.s.frequency)
    throw core::Error("vcov 'newey_west' does not take frequency weights")
        .hint("repeated rows of a period have no order in time; use vcov=\"driscoll_kraay\" or a cluster");
  const std::size_t count = periods(w.data.times).size();
  if (count < 2) throw core::Error("serial correlation needs at least two periods; the sample has one");
  w.out.spec.lag = lag_of(w, pooled, count);
  w.out.groups = {static_cast<double>(count)};
  const bool series = !pooled && w.data.units.empty();
  w.out.df_t = series ? w.residual_df() : w.out.groups[0] - 1;
  const Matrix meat = pooled ? meat_driscoll_kraay(w.s.scores, w.data.times, w.out.spec.lag)
                             : meat_newey_west(w.s.scores, w.data.units, w.data.times, w.out.spec.lag);
  return w.k_factor() * w.g_factor(w.out.groups[0]) * meat;
}

/// n/(n − K), as for heteroskedasticity: n rows are n groups of one.
double rows_factor(const Work& w) { return w.ssc.k_adjust ? w.k_factor() * w.s.n / (w.s.n - 1) : 1; }

Matrix conley_meat(Work& w) {
  check(w.spec);
  if (w.data.lat.size() != w.s.scores.rows() || w.data.lon.size() != w.s.scores.rows())
    throw core::Error("vcov 'conley' needs the latitude and longitude of every row")
        .hint("name the columns: conley(100, lat=lat, lon=lon)");
  w.out.same_period = !w.ssc.pool_periods && !w.data.times.empty();
  if (w.spec.time_lag > 0 && w.ssc.pool_periods)
    throw core::Error(
        "vcov 'conley' with time_lag counts rows of one period as near, and the rules of fixest all periods")
        .hint("leave time_lag or like=\"fixest\" out");
  Matrix meat =
      meat_conley(w.s.scores, w.data.lat, w.data.lon, w.out.same_period ? w.data.times : std::vector<std::int64_t>{},
                  w.spec.cutoff_km, core::starts_with(w.spec.kernel, "bartlett"), is_planar(w.spec.kernel));
  if (w.spec.time_lag > 0) {
    if (w.data.units.empty() || w.data.times.empty())
      throw core::Error("vcov 'conley' with time_lag needs to know units and periods")
          .hint("declare them first: panel(unit, time)");
    meat += meat_serial(w.s.scores, w.data.units, w.data.times, w.spec.time_lag);
  }
  return rows_factor(w) * meat;
}

Matrix meat_of(Work& w) {
  switch (w.spec.kind) {
    case VcovKind::hc1:
      return rows_factor(w) * rows_meat(w);
    case VcovKind::cluster:
      return cluster_meat(w);
    case VcovKind::newey_west:
    case VcovKind::driscoll_kraay:
      return serial_meat(w);
    case VcovKind::conley:
      return conley_meat(w);
    case VcovKind::hc0:
    case VcovKind::hc2:
    case VcovKind::hc3:
    case VcovKind::hc4:
    case VcovKind::iid:
    case VcovKind::cr2:
    case VcovKind::cr3:
      break;
  }
  return rows_meat(w);
}

/// cr2 and cr3: the matrix and its degrees of freedom. No small-sample factor of the preset applies.
void adjust_clusters(Work& w) {
  check(w.spec);
  const std::string name = w.spec.kind == VcovKind::cr3 ? "cr3" : "cr2";
  if (!w.s.hat_basis)
    throw core::Error("vcov '" + name + "' is for least squares: it needs the leverage of clusters")
        .hint("use vcov=cluster(…)")
        .word("vcov");
  if (w.s.frequency)
    throw core::Error("vcov '" + name + "' does not take frequency weights").hint("expand(n) repeats the rows");
  const Codes& clusters = w.data.clusters.front();
  const Index k = w.s.scores.cols();
  const LeverageVcov v = leverage_vcov(cluster_blocks(w.s.hat_basis(clusters), w.s.residuals, w.s.weights, clusters, k),
                                       w.spec.kind == VcovKind::cr3, Matrix::Identity(k, k));
  w.out.matrix = v.matrix;
  w.out.df = v.df;
  w.out.df_t = v.df.minCoeff();
  w.out.groups = {static_cast<double>(*std::max_element(clusters.begin(), clusters.end()) + 1)};
  if (v.full > 0)
    w.out.notes.push_back(core::counted(v.full, "cluster") + (v.full == 1 ? " determines" : " determine") +
                          " a direction alone: adjusted by the pseudo-inverse");
}

/// Sets the negative eigenvalues of the matrix, or of its block without the constant, to zero. Source: Cameron, Gelbach
/// & Miller (2011), section 2.3.
void repair(Vcov& out, const Sandwich& s, Ssc::Repair how) {
  std::vector<Index> block;
  for (Index i = 0; i < out.matrix.rows(); ++i)
    if (i != s.constant || how != Ssc::Repair::without_constant) block.push_back(i);
  const Matrix V = out.matrix(block, block);
  if (V.size() == 0) return;
  // Signs of eigenvalues survive a change of units: judged in those of the bread, where zero can be told from rounding.
  const Vector unit = s.bread.diagonal()(block).cwiseSqrt().cwiseInverse();
  const Vector scaled = numerics::symmetric_eigen(unit.asDiagonal() * V * unit.asDiagonal()).values;
  if (!(scaled[0] < -1e-12 * scaled.cwiseAbs().maxCoeff())) return;
  const auto [values, vectors] = numerics::symmetric_eigen(V);
  const std::string smallest = "(smallest eigenvalue " + core::significant(values[0], 4) + ")";
  if (how == Ssc::Repair::none) {
    out.notes.push_back("the covariance matrix is not positive semi-definite " + smallest);
    return;
  }
  const Matrix fixed = numerics::sandwich(vectors, Matrix(values.cwiseMax(0).asDiagonal()));
  out.matrix(block, block) = (fixed + fixed.transpose()) / 2;
  out.notes.push_back("the covariance matrix was not positive semi-definite " + smallest +
                      ": negative eigenvalues set to zero");
}

std::string lag_text(const VcovSpec& spec) {
  return (spec.lag_auto ? "automatic lag " : "lag ") + std::to_string(spec.lag);
}

std::string label_of(const Vcov& v) {
  const VcovSpec& spec = v.spec;
  switch (spec.kind) {
    case VcovKind::iid:
      return "iid";
    case VcovKind::hc0:
      return "heteroskedasticity-robust (HC0)";
    case VcovKind::hc1:
      return "heteroskedasticity-robust (HC1)";
    case VcovKind::hc2:
      return "heteroskedasticity-robust (HC2)";
    case VcovKind::hc3:
      return "heteroskedasticity-robust (HC3)";
    case VcovKind::hc4:
      return "heteroskedasticity-robust (HC4)";
    case VcovKind::cluster: {
      std::vector<std::string> ways;
      for (std::size_t i = 0; i < spec.cluster.size(); ++i)
        ways.push_back(spec.cluster[i] + " (" + core::grouped(static_cast<long long>(v.groups[i])) + ")");
      return "clustered by " + core::join(ways, " and ");
    }
    case VcovKind::newey_west:
      return "Newey–West (" + lag_text(spec) + ")";
    case VcovKind::driscoll_kraay:
      return "Driscoll–Kraay (" + lag_text(spec) + ")";
    case VcovKind::cr2:
    case VcovKind::cr3:
      return (spec.kind == VcovKind::cr3 ? "CR3" : "CR2") + std::string(", clustered by ") + spec.cluster.front() +
             " (" + core::grouped(static_cast<long long>(v.groups.front())) + ")";
    case VcovKind::conley:
      break;
  }
  return "Conley (" + core::shortest(spec.cutoff_km) + (is_planar(spec.kernel) ? ", " : " km, ") + spec.kernel +
         (v.same_period ? ", same period" : "") +
         (spec.time_lag > 0 ? ", and own rows up to " + core::counted(spec.time_lag, "period") + " apart" : "") + ")";
}

/// Is each absorbed dimension nested in some cluster variable?
std::vector<bool> nested_dimensions(const VcovData& data) {
  std::vector<bool> out;
  for (const std::vector<bool>& way : data.nests) {
    out.resize(std::max(out.size(), way.size()), false);
    for (std::size_t q = 0; q < way.size(); ++q) out[q] = out[q] || way[q];
  }
  return out;
}

}  // namespace

Vcov vcov(const VcovSpec& spec, const Sandwich& s, const VcovData& data, const Ssc& preset) {
  assert(s.scores.cols() == s.bread.rows() && s.bread.rows() == s.bread.cols());
  const Ssc ssc = spec.ssc.value_or(preset);
  const bool clustered = is_clustered(spec.kind);
  Vcov out;
  out.spec = spec;
  out.spec.ssc = ssc;
  out.K = parameters_counted(ssc, s, clustered ? nested_dimensions(data) : std::vector<bool>{});
  Work work{spec, s, data, ssc, out};
  out.df_t = work.residual_df();
  if (spec.kind == VcovKind::iid) {
    const double variance = s.likelihood ? 1 : s.rss / (s.n - 1);
    out.matrix = s.bread * (variance * work.k_factor());
  } else if (spec.kind == VcovKind::cr2 || spec.kind == VcovKind::cr3) {
    adjust_clusters(work);
  } else {
    const Matrix meat = meat_of(work);
    out.matrix = s.bread * meat * s.bread;
    out.matrix = ((out.matrix + out.matrix.transpose()) / 2).eval();
    if (clustered && data.clusters.size() > 1) repair(out, s, ssc.repair);
    if (spec.kind == VcovKind::conley)
      repair(out, s, ssc.repair == Ssc::Repair::none ? ssc.repair : Ssc::Repair::whole);
  }
  if (ssc.t_df == Ssc::TDf::conventional) out.df_t = work.residual_df();
  if (ssc.t_at_most_residual) out.df_t = std::min(out.df_t, work.residual_df());
  if (ssc.t_fixed > 0) out.df_t = ssc.t_fixed;
  if (ssc.t_df == Ssc::TDf::conventional || ssc.t_fixed > 0) out.df.resize(0);
  if (ssc.t_at_most_residual && out.df.size() > 0) out.df = out.df.cwiseMin(work.residual_df());
  out.label = label_of(out);
  return out;
}

}  // namespace inference
