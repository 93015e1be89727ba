#include "estimators/inference/boottest.hpp"

#include "core/error.hpp"
#include "core/interrupt.hpp"
#include "core/text.hpp"
#include "estimators/linear/hat_basis.hpp"
#include "estimators/linear/linear.hpp"
#include "inference/meat.hpp"
#include "numerics/dense.hpp"
#include "results/combination.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>

namespace estimators {
namespace {

using inference::WildMap;
using numerics::FixedEffect;
using numerics::Index;
using numerics::Matrix;
using numerics::Vector;

/// Σ w x by (parameter of the effects, cluster): rows as dummy_columns has its columns.
Matrix effect_sums(const std::vector<FixedEffect>& effects, const Vector& x, const Vector& weights,
                   const ClusterRows& clusters) {
  Index width = 0;
  for (const FixedEffect& effect : effects)
    width += effect.levels * ((effect.intercept ? 1 : 0) + static_cast<Index>(effect.slopes.size()));
  Matrix out = Matrix::Zero(width, clusters.groups);
  Index base = 0;
  for (const FixedEffect& effect : effects) {
    const auto add = [&](const Vector* slope) {
      for (std::size_t i = 0; i < clusters.codes.size(); ++i) {
        const auto at = static_cast<Index>(i);
        const double value = x[at] * (weights.size() > 0 ? weights[at] : 1) * (slope ? (*slope)[at] : 1);
        out(base + effect.codes[i], clusters.codes[i]) += value;
      }
      base += effect.levels;
    };
    if (effect.intercept) add(nullptr);
    for (const Vector& slope : effect.slopes) add(&slope);
  }
  return out;
}

bool plain(const FixedEffect& effect) { return effect.intercept && effect.slopes.empty(); }

/// D'WM₁D for plain effects D and one plain nested effect (or none): from counts, without building dummies.
Matrix reduced_gram(const std::vector<FixedEffect>& across, const FixedEffect* inside, const Vector& weights) {
  Index width = 0;
  for (const FixedEffect& effect : across) width += effect.levels;
  const auto n = across.front().codes.size();
  Matrix K = Matrix::Zero(width, width);
  Matrix N = Matrix::Zero(inside ? inside->levels : 0, width);
  Vector total = Vector::Zero(inside ? inside->levels : 0);
  std::vector<Index> at(across.size());
  for (std::size_t i = 0; i < n; ++i) {
    const double w = weights.size() > 0 ? weights[static_cast<Index>(i)] : 1;
    Index base = 0;
    for (std::size_t q = 0; q < across.size(); ++q) {
      at[q] = base + across[q].codes[i];
      base += across[q].levels;
    }
    for (const Index a : at) {
      for (const Index b : at) K(a, b) += w;
      if (inside) N(inside->codes[i], a) += w;
    }
    if (inside) total[inside->codes[i]] += w;
  }
  if (inside) K -= numerics::crossprod(N, total.cwiseInverse(), N);
  return K;
}

/// What the model takes out of v∘e within clusters: z_g'W P (e_h∘e) = left_g(z) · right_h(e).
/// Columns X̃ of the model by (X̃'WX̃)⁻¹, and fixed effects that cross the clusters by (D'WM₁D)⁺; beyond 2000 of those
/// the projection of each cluster's part is found by absorbing it.
class Removal {
 public:
  /// `clusters`: whose levels share a weight; `ways`: others that the variance is summed over.
  Removal(const Context& context, const ClusterRows& clusters, Matrix X, Matrix bread,
          const std::vector<ClusterRows>& ways = {})
      : context_(context), clusters_(clusters), X_(std::move(X)), bread_(std::move(bread)) {
    std::vector<bool> nested = nested_effects(context, clusters.codes);
    for (const ClusterRows& way : ways) {
      const std::vector<bool> here = nested_effects(context, way.codes);
      for (std::size_t q = 0; q < nested.size(); ++q) nested[q] = nested[q] && here[q];
    }
    for (std::size_t q = 0; q < nested.size(); ++q) (nested[q] ? inside_ : across_).push_back(context.fe[q]);
    Index width = 0;
    bool simple = inside_.size() <= 1 && (inside_.empty() || plain(inside_[0]));
    for (const FixedEffect& effect : across_) {
      width += effect.levels * ((effect.intercept ? 1 : 0) + static_cast<Index>(effect.slopes.size()));
      simple = simple && plain(effect);
    }
    if (width == 0) return;
    explicit_ = width > 2000;
    if (explicit_) return;
    const Index nested_levels = inside_.empty() ? 0 : inside_[0].levels;
    Matrix K;
    if (simple && nested_levels * width < 50'000'000) {
      K = reduced_gram(across_, inside_.empty() ? nullptr : &inside_[0], context.weights);
    } else {
      const Matrix D = dummy_columns(across_, inside_, context.weights, X_.rows());
      K = numerics::crossprod(D, context.weights, D);
    }
    inverse_ = numerics::pseudo_inverse(K, 1e-11);
  }

  /// The map of residual e (orthogonal to the model) seen from z: left depends on z alone, right on e alone. The pair
  /// (`z`, `e`) may be anything that the nested fixed effects leave as it is.
  WildMap map(const Vector& z, const Vector& e) const {
    WildMap out;
    out.m = cluster_sums(z.cwiseProduct(e), context_.weights, clusters_);
    const Index k = X_.cols(), p = inverse_.rows(), G = clusters_.groups;
    out.left.resize(G, k + p + (explicit_ ? G : 0));
    out.right.resize(out.left.cols(), G);
    for (Index j = 0; j < k; ++j) {
      out.left.col(j) = cluster_sums(z.cwiseProduct(X_.col(j)), context_.weights, clusters_);
      out.right.row(j) = cluster_sums(e.cwiseProduct(X_.col(j)), context_.weights, clusters_).transpose();
    }
    out.right.topRows(k) = numerics::product(bread_, Matrix(out.right.topRows(k)));
    if (p > 0) {
      out.left.middleCols(k, p) = effect_sums(across_, z, context_.weights, clusters_).transpose();
      out.right.middleRows(k, p) = numerics::product(inverse_, effect_sums(across_, e, context_.weights, clusters_));
    }
    if (explicit_) {
      out.left.rightCols(G) = removed(z, e);
      out.right.bottomRows(G).setIdentity();
    }
    return out;
  }

  /// The same with z summed over the clusters of `way`: z_c'W [(e_h∘e) − P(e_h∘e)].
  WildMap map_over(const ClusterRows& way, const Vector& z, const Vector& e) const {
    if (explicit_)
      throw core::Error("with several ways of clustering at most 2,000 fixed-effect parameters may cross them")
          .hint("cluster at a level that holds the fixed effects")
          .word("cluster");
    WildMap out;
    out.cross = Matrix::Zero(way.groups, clusters_.groups);
    for (std::size_t i = 0; i < way.codes.size(); ++i) {
      const auto at = static_cast<Index>(i);
      out.cross(way.codes[i], clusters_.codes[i]) +=
          z[at] * e[at] * (context_.weights.size() > 0 ? context_.weights[at] : 1);
    }
    const Index k = X_.cols(), p = inverse_.rows();
    out.left.resize(way.groups, k + p);
    out.right.resize(k + p, clusters_.groups);
    for (Index j = 0; j < k; ++j) {
      out.left.col(j) = cluster_sums(z.cwiseProduct(X_.col(j)), context_.weights, way);
      out.right.row(j) = cluster_sums(e.cwiseProduct(X_.col(j)), context_.weights, clusters_).transpose();
    }
    out.right.topRows(k) = numerics::product(bread_, Matrix(out.right.topRows(k)));
    if (p > 0) {
      out.left.rightCols(p) = effect_sums(across_, z, context_.weights, way).transpose();
      out.right.bottomRows(p) = numerics::product(inverse_, effect_sums(across_, e, context_.weights, clusters_));
    }
    return out;
  }

 private:
  /// G×G: (e_g∘z)'W [(e_h∘e) − M_D(e_h∘e)].
  Matrix removed(const Vector& z, const Vector& e) const {
    constexpr Index width = 8;
    const Index G = clusters_.groups, n = e.size();
    const numerics::Absorber absorber(context_.fe, context_.weights);
    Matrix out(G, G);
    for (Index first = 0; first < G; first += width) {
      const Index count = std::min(width, G - first);
      Matrix block = Matrix::Zero(n, count);
      for (Index i = 0; i < n; ++i) {
        const Index h = clusters_.codes[static_cast<std::size_t>(i)] - first;
        if (h >= 0 && h < count) block(i, h) = e[i];
      }
      Matrix left = block;
      absorber.apply(left);
      block -= left;
      for (Index h = 0; h < count; ++h)
        out.col(first + h) = cluster_sums(z.cwiseProduct(block.col(h)), context_.weights, clusters_);
    }
    return out;
  }

  const Context& context_;
  const ClusterRows& clusters_;
  Matrix X_, bread_, inverse_;
  std::vector<FixedEffect> inside_, across_;
  bool explicit_ = false;
};

/// Names of the fit's regressors without a _cons row that only stands for absorbed effects.
std::vector<std::string> regressor_matrix(const results::Fit& fit, const Context& context) {
  std::vector<std::string> names = fit.names;
  if (!context.fe.empty() && fit.constant >= 0) names.erase(names.begin() + fit.constant);
  return names;
}

void require_linear(const results::Fit& fit) {
  if (fit.scores.rows() != fit.residuals.size() || fit.residuals.size() == 0 || fit.title.rfind("LIML", 0) == 0 ||
      !(fit.title.rfind("OLS", 0) == 0 || fit.title.rfind("WLS", 0) == 0 || fit.title.rfind("2SLS", 0) == 0 ||
        !std::isnan(fit.stat("rmse"))))
    throw core::Error("the wild bootstrap is for least squares and 2SLS, and '" + fit.command + "' gave '" + fit.title +
                      "'");
  if (fit.frequency_weights)
    throw core::Error("the wild bootstrap does not take frequency weights").hint("expand(n) repeats the rows");
}

/// Small-sample factor of the clustered variance: what the rules of the fit give over the plain sum.
double small_sample_factor(const results::Fit& fit, const ClusterRows& clusters) {
  inference::VcovSpec spec;
  spec.kind = inference::VcovKind::cluster;
  spec.cluster = {clusters.name};
  const results::Fit clustered = results::vcov_as(fit, spec);
  const Matrix sums = numerics::group_sums(fit.scores, clusters.codes, clusters.groups);
  const Index j = 0;
  const double plain_sum = numerics::product(sums, Vector(fit.bread.col(j))).squaredNorm();
  return plain_sum > 0 ? clustered.vcov.matrix(j, j) / plain_sum : 1;
}

/// The terms of a variance clustered in several ways: every subset, with its sign and small-sample factor.
struct ClusterSubset {
  ClusterRows rows;
  double factor = 1;
};
std::vector<ClusterSubset> cluster_subsets(const results::Fit& fit, const std::vector<ClusterRows>& ways) {
  inference::VcovSpec spec;
  spec.kind = inference::VcovKind::cluster;
  double least = std::numeric_limits<double>::infinity();
  for (const ClusterRows& way : ways) {
    spec.cluster.push_back(way.name);
    least = std::min(least, static_cast<double>(way.groups));
  }
  const inference::Vcov clustered = results::vcov_as(fit, spec).vcov;
  const inference::Ssc ssc = clustered.spec.ssc.value_or(fit.ssc);
  const double k_factor = ssc.k_adjust ? (fit.nobs - 1) / (fit.nobs - clustered.K) : 1;
  std::vector<ClusterSubset> out;
  for (std::size_t set = 1; set < std::size_t{1} << ways.size(); ++set) {
    ClusterRows rows;
    double sign = -1;
    for (std::size_t way = 0; way < ways.size(); ++way) {
      if ((set >> way & 1) == 0) continue;
      sign = -sign;
      if (rows.groups == 0) {
        rows = ways[way];
        continue;
      }
      const auto [codes, groups] =
          inference::intersection(rows.codes, static_cast<std::int32_t>(rows.groups), ways[way].codes,
                                  static_cast<std::int32_t>(ways[way].groups));
      rows.codes = codes;
      rows.groups = groups;
    }
    const double G = ssc.g_df == inference::Ssc::GDf::min ? least : static_cast<double>(rows.groups);
    out.push_back({std::move(rows), sign * k_factor * (ssc.g_adjust ? G / (G - 1) : 1)});
  }
  return out;
}

inference::WildIv wild_iv(const results::Fit& fit, const Context& context, const ClusterRows& clusters,
                          const std::vector<ClusterRows>& ways) {
  formula::Design design = formula::design(context.parts, context.frame, context.options);
  if (design.endogenous.cols() != 1)
    throw core::Error("the wild bootstrap with instruments takes one endogenous regressor, and the fit has " +
                      std::to_string(design.endogenous.cols()));
  const Vector& w = context.weights;
  Matrix columns(design.y.size(), 2 + design.instruments.cols() + design.X.cols());
  columns << design.y, design.endogenous, design.instruments, design.X;
  if (!context.fe.empty()) numerics::Absorber(context.fe, w).apply(columns);
  const Index L = design.instruments.cols(), n = columns.rows();
  // Exogenous columns that are not collinear with earlier ones, then instruments that are not collinear with those.
  numerics::LeastSquaresOptions tolerance;
  tolerance.reference_tol = 1e-9;
  tolerance.reference_norms = columns.rightCols(design.X.cols()).colwise().norm().transpose();
  Matrix X(n, 0), bread(0, 0);
  if (design.X.cols() > 0) {
    const numerics::LeastSquares ls =
        numerics::least_squares(columns.rightCols(design.X.cols()), columns.col(0), w, tolerance);
    X = columns.rightCols(design.X.cols())(Eigen::all, ls.kept);
    bread = ls.bread;
  }
  const auto partial = [&](const Vector& x) -> Vector {
    if (X.cols() == 0) return x;
    return x - numerics::product(
                   X, numerics::product(bread, numerics::crossprod(X, w.size() > 0 ? Vector(w.cwiseProduct(x)) : x)));
  };
  const Vector y = partial(columns.col(0)), d = partial(columns.col(1));
  std::vector<Vector> z;
  for (Index l = 0; l < L; ++l) {
    const Vector given = columns.col(2 + l);
    Vector left = partial(given);
    Vector rest = left;
    for (const Vector& earlier : z) rest -= earlier * (earlier.dot(rest) / earlier.squaredNorm());
    if (rest.norm() > 1e-8 * given.norm()) z.push_back(left);
  }
  if (z.empty()) throw core::Error("no instrument is left beside the exogenous regressors");
  const auto dot = [&](const Vector& a, const Vector& b) {
    return w.size() > 0 ? a.dot(Vector(w.cwiseProduct(b))) : a.dot(b);
  };
  inference::WildIv out;
  const auto count = static_cast<Index>(z.size());
  out.yz.resize(count);
  out.dz.resize(count);
  out.zz.resize(count, count);
  out.yy = dot(y, y);
  out.yd = dot(y, d);
  out.dd = dot(d, d);
  const Removal removal(context, clusters, X, bread, ways);
  for (Index l = 0; l < count; ++l) {
    const Vector& zl = z[static_cast<std::size_t>(l)];
    out.yz[l] = dot(zl, y);
    out.dz[l] = dot(zl, d);
    for (Index j = 0; j < count; ++j) out.zz(l, j) = dot(zl, z[static_cast<std::size_t>(j)]);
  }
  const auto maps = [&](const auto& map) {
    inference::WildIvMaps all;
    for (const Vector& zl : z) {
      std::vector<WildMap>& of_instrument = all.emplace_back();
      of_instrument.push_back(map(zl, y));
      of_instrument.push_back(map(zl, d));
      for (const Vector& other : z) of_instrument.push_back(map(zl, other));
      core::poll();
    }
    return all;
  };
  out.maps = maps([&](const Vector& a, const Vector& e) { return removal.map(a, e); });
  if (!ways.empty())
    for (const ClusterSubset& subset : cluster_subsets(fit, ways))
      out.terms.push_back(
          {subset.factor, maps([&](const Vector& a, const Vector& e) { return removal.map_over(subset.rows, a, e); })});
  out.estimate = fit.coef[0];
  return out;
}

/// The regressors without fixed effects, the direction z = X A R' of a restriction, and q = R A R'.
struct Restriction {
  Matrix X, bread;
  Vector z;
  double q = 0;
};

Restriction restriction_of(const results::Fit& fit, const Context& context, const Vector& R) {
  const std::vector<std::string> names = regressor_matrix(fit, context);
  const Matrix columns = absorbed_columns(context, names);
  const auto k = static_cast<Index>(names.size());
  std::vector<Index> kept;
  for (Index j = 0; j < R.size(); ++j)
    if (context.fe.empty() || j != fit.constant) kept.push_back(j);
  if (R.size() > k && R[fit.constant] != 0)
    throw core::Error("_cons stands for absorbed fixed effects and has no wild bootstrap").word("_cons");
  Restriction out{columns.rightCols(k), fit.bread(kept, kept), {}, 0};
  const Vector direction = numerics::product(out.bread, Vector(R(kept)));
  out.z = numerics::product(out.X, direction);
  out.q = direction.dot(R(kept));
  return out;
}

inference::WildOls wild_ols(const results::Fit& fit, const Context& context, const ClusterRows& boot,
                            const std::vector<ClusterRows>& ways, const Vector& R) {
  const Restriction r = restriction_of(fit, context, R);
  const Removal removal(context, boot, r.X, r.bread, ways);
  inference::WildOls out;
  out.estimate = R.dot(fit.coef);
  out.residual = removal.map(r.z, fit.residuals);
  out.restriction = removal.map(r.z, r.z / r.q);
  for (const ClusterSubset& subset : cluster_subsets(fit, ways))
    out.terms.push_back({subset.factor, removal.map_over(subset.rows, r.z, fit.residuals),
                         removal.map_over(subset.rows, r.z, r.z / r.q)});
  return out;
}

}  // namespace

inference::WildOls wild_ols(const results::Fit& fit, const Context& context, const ClusterRows& clusters,
                            const Vector& R) {
  const Restriction r = restriction_of(fit, context, R);
  const Removal removal(context, clusters, r.X, r.bread);
  inference::WildOls out;
  out.estimate = R.dot(fit.coef);
  out.residual = removal.map(r.z, fit.residuals);
  out.restriction = removal.map(r.z, r.z / r.q);
  return out;
}

Boottest boottest(const results::Fit& fit, const std::string& hypothesis, const BoottestOptions& options) {
  const Context& context = context_of(fit, "boottest");
  require_linear(fit);
  const std::vector<results::Combination> rows = results::parse_hypothesis(hypothesis, fit.names, fit.collinear);
  if (rows.size() != 1)
    throw core::Error("boottest takes one restriction, and '" + hypothesis + "' holds " + std::to_string(rows.size()))
        .hint("test them one by one");
  const std::vector<ClusterRows> ways = cluster_ways(fit, context, options.cluster, "boottest");
  ClusterRows clusters = *std::min_element(
      ways.begin(), ways.end(), [](const ClusterRows& a, const ClusterRows& b) { return a.groups < b.groups; });
  if (options.bootcluster != nullptr) clusters = cluster_rows(fit, context, options.bootcluster, "boottest");
  const bool own_variance = ways.size() > 1 || ways.front().name != clusters.name;
  const Vector& R = rows[0].weights;
  Boottest out;
  out.iv = !context.parts.endogenous.empty();
  out.cluster = clusters.name;
  out.groups = clusters.groups;
  if (own_variance)
    for (const ClusterRows& way : ways) out.ways.push_back(way.name);
  out.r = -rows[0].constant;
  out.term = core::trim(hypothesis.substr(0, hypothesis.find('=')));
  out.hypothesis = hypothesis.find('=') == std::string::npos ? hypothesis + " = 0" : hypothesis;
  out.estimate = R.dot(fit.coef);
  out.weights = options.weights;
  const bool all_signs = clusters.groups < 31 && (std::int64_t{1} << clusters.groups) <= options.reps;
  if (!options.weights_given && clusters.groups <= 12 && !all_signs) {
    out.weights = inference::WildWeights::webb;
    out.notes.push_back("Webb weights: " + std::to_string(clusters.groups) + " clusters have few sign vectors");
  }
  inference::WildQuestion question;
  question.r = out.r;
  question.level = options.level;
  question.null_imposed = options.null_imposed;
  question.equal_tailed = options.equal_tailed;
  question.interval = options.interval;
  question.factor = own_variance ? 1 : small_sample_factor(fit, clusters);
  const Matrix v = inference::wild_draws(out.weights, clusters.groups, options.reps, options.seed, out.enumerated);
  out.draws = v.cols();
  if (out.iv) {
    if (!options.null_imposed)
      throw core::Error("with instruments the bootstrap imposes the null (WRE): null=false is for least squares")
          .word("null");
    if (R[0] != 1 || R.cwiseAbs().sum() != 1)
      throw core::Error("with instruments the hypothesis is on the endogenous regressor '" + fit.names[0] + "'")
          .hint("boottest(m, \"" + fit.names[0] + "\")");
    const std::vector<ClusterRows> of_variance = own_variance ? ways : std::vector<ClusterRows>{};
    out.test = inference::wild_test(wild_iv(fit, context, clusters, of_variance), v, question);
  } else if (own_variance) {
    out.test = inference::wild_test(wild_ols(fit, context, clusters, ways, R), v, question);
  } else {
    out.test = inference::wild_test(wild_ols(fit, context, clusters, R), v, question);
  }
  out.se = std::abs((out.estimate - out.r) / out.test.t);
  const auto lost = std::count_if(out.test.draws.begin(), out.test.draws.end(), [](double t) { return std::isnan(t); });
  if (lost > 0) out.notes.push_back(core::counted(lost, "draw") + " without variance left out");
  if (options.interval && (std::isinf(out.test.low) || std::isinf(out.test.high)))
    out.notes.push_back("the interval is unbounded: no value far out is rejected at this level with these clusters");
  return out;
}

}  // namespace estimators
