#include "estimators/spatial/likelihood.hpp"

#include "core/error.hpp"
#include "core/interrupt.hpp"
#include "core/numbers.hpp"
#include "core/text.hpp"
#include "numerics/dense.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <map>
#include <numbers>

namespace estimators {
namespace {
using core::infinity;
constexpr double difference_step = 1e-3;  // of numerical derivatives
}  // namespace

struct Likelihood::State {
  const SpatialModel& m;
  LikelihoodOptions o;
  Index k = 0, p = 0;
  double n = 0;
  Vector scale;     // norms of X's columns: cross-products are of columns of length 1
  Matrix columns;   // [y, Wy, My, MWy, X, MX] without effects; M parts only with lambda
  Matrix within;    // their cross-products
  struct Between {  // of random effects, for units with the same number of rows: cross-products of √T_i times means
    double rows = 0, units = 0;
    Matrix cross;
  };
  std::vector<Between> between;
  Vector unit_rows;   // rows of each unit
  Matrix unit_means;  // √T times unit means of [y, Wy, X], N rows, for random effects outside B
  Matrix D;           // M densely, for the same
  // Unit effects under a filter that differs between periods (an unbalanced panel, weights that change over time) are
  // dummies, filtered with the rest and concentrated out: [E, ME] of independent ones, less means of periods.
  Matrix dummies;
  Matrix of_dummies, with_dummies;  // their cross-products, and those with `columns`
  std::shared_ptr<const StackedLogDet> lag_det, error_det, lag_coarse, error_coarse;
  bool lee_yu_time = false, outside = false;

  State(const SpatialModel& model, const LikelihoodOptions& options) : m(model), o(options) {}

  double factor() const {  // periods that the log-determinants count
    return o.lee_yu && (m.effects == Effects::unit || m.effects == Effects::both)
               ? static_cast<double>(m.periods - 1) / static_cast<double>(m.periods)
               : 1;
  }
  double log_det(const StackedLogDet& d, double rho) const {
    double value = d.value(rho);
    if (lee_yu_time) value -= static_cast<double>(m.periods) * std::log(1 - rho);
    return factor() * value;
  }
  /// Means of each unit's rows, N rows; 0 of a unit without rows.
  Matrix means_by_unit(const Matrix& X) const {
    Matrix out = Matrix::Zero(m.units, X.cols());
    for (Index i = 0; i < X.rows(); ++i) out.row(m.unit[static_cast<std::size_t>(i)]) += X.row(i);
    for (Index u = 0; u < m.units; ++u) out.row(u) /= std::max(unit_rows[u], 1.0);
    return out;
  }
  bool by_dummies() const { return dummies.cols() > 0; }
  /// Less means of periods where there are effects of time.
  Matrix without_time(Matrix X) const {
    if (m.effects != Effects::both) return X;
    Matrix means = Matrix::Zero(m.periods, X.cols());
    Vector rows = Vector::Zero(m.periods);
    for (Index i = 0; i < X.rows(); ++i) {
      means.row(m.period[static_cast<std::size_t>(i)]) += X.row(i);
      rows[m.period[static_cast<std::size_t>(i)]] += 1;
    }
    for (Index i = 0; i < X.rows(); ++i) {
      const Index t = m.period[static_cast<std::size_t>(i)];
      X.row(i) -= means.row(t) / rows[t];
    }
    return X;
  }
  /// Makes the dummies: of every unit, with effects of time but one in each group of units that share periods.
  void make_dummies() {
    constexpr double most_cells = 2e7;
    numerics::Codes unit, period;
    std::map<Index, std::int32_t> number;  // of the units that are there
    for (const Index u : m.unit)
      unit.push_back(number.emplace(u, static_cast<std::int32_t>(number.size())).first->second);
    for (const Index t : m.period) period.push_back(static_cast<std::int32_t>(t));
    const auto units = static_cast<Index>(number.size());
    std::vector<Index> column(static_cast<std::size_t>(units), 0);
    Index kept = 0;
    const auto [group, groups] = numerics::connected_components(unit, units, period, m.periods);
    std::vector<bool> begun(static_cast<std::size_t>(groups), m.effects != Effects::both);
    for (std::size_t u = 0; u < column.size(); ++u) {
      const bool first = !begun[static_cast<std::size_t>(group[u])];
      begun[static_cast<std::size_t>(group[u])] = true;
      column[u] = first ? -1 : kept++;
    }
    if (static_cast<double>(m.n()) * static_cast<double>(kept) > most_cells)
      throw core::Error(
          "spatial errors with unit effects in an unbalanced panel take dense dummies: rows times units "
          "are over 20 million")
          .hint("fill in the missing rows, or use sar or sdm");
    Matrix E = Matrix::Zero(m.n(), kept);
    for (std::size_t i = 0; i < unit.size(); ++i)
      if (const Index j = column[static_cast<std::size_t>(unit[i])]; j >= 0) E(static_cast<Index>(i), j) = 1;
    dummies.resize(m.n(), 2 * kept);
    dummies << without_time(E), without_time(m.context->M.lag(E));
    of_dummies = numerics::crossprod(dummies);
    with_dummies = numerics::crossprod(dummies, columns);
  }
  /// (E − λME)'(E − λME).
  Matrix filtered_dummies_cross(double lambda) const {
    const Index d = dummies.cols() / 2;
    const Matrix mixed = of_dummies.topRightCorner(d, d);
    return of_dummies.topLeftCorner(d, d) - lambda * (mixed + mixed.transpose()) +
           lambda * lambda * of_dummies.bottomRightCorner(d, d);
  }
  /// The dummies' coefficients in the regression of filtered columns on them.
  Matrix dummies_coefficients(double lambda, const Matrix& filtered) const {
    const Index d = dummies.cols() / 2;
    const Matrix both = numerics::crossprod(dummies, filtered);
    return numerics::solve_spd(filtered_dummies_cross(lambda), Matrix(both.topRows(d) - lambda * both.bottomRows(d)),
                               "the unit effects");
  }
  Matrix without_dummies(double lambda, const Matrix& filtered) const {
    const Index d = dummies.cols() / 2;
    const Matrix a = dummies_coefficients(lambda, filtered);
    return filtered - numerics::product(Matrix(dummies.leftCols(d)), a) +
           lambda * numerics::product(Matrix(dummies.rightCols(d)), a);
  }
  /// Takes a share of the unit's mean away: `share` of unit u with T_u rows.
  Matrix less_unit_means(Matrix X, const std::function<double(double)>& share) const {
    const Matrix means = means_by_unit(X);
    for (Index i = 0; i < X.rows(); ++i) {
      const Index u = m.unit[static_cast<std::size_t>(i)];
      X.row(i) -= share(unit_rows[u]) * means.row(u);
    }
    return X;
  }
  /// Rows whose covariance is σ² I: (1 + φ ιι')^(-1/2) leaves √(1/(1 + T_u φ)) of the mean.
  Matrix less_random_effects(const Matrix& X, double phi) const {
    return less_unit_means(X, [phi](double rows) { return 1 - 1 / std::sqrt(1 + rows * phi); });
  }
  void group_between(const Matrix& means) {
    std::map<double, std::vector<Index>> of;
    for (Index u = 0; u < m.units; ++u)
      if (unit_rows[u] > 0) of[unit_rows[u]].push_back(u);
    for (const auto& [rows, members] : of)
      between.push_back(
          {rows, static_cast<double>(members.size()), rows * numerics::crossprod(Matrix(means(members, Eigen::all)))});
  }
};

Likelihood::Likelihood(const SpatialModel& model, const LikelihoodOptions& options)
    : state_(std::make_unique<State>(model, options)) {
  State& s = *state_;
  const SpatialContext& c = *model.context;
  s.k = model.X.cols();
  s.p = options.rho + options.lambda + options.phi;
  s.n = static_cast<double>(model.n());
  const bool by_unit = model.effects == Effects::unit || model.effects == Effects::both;
  const bool by_time = model.effects == Effects::time || model.effects == Effects::both;
  if (options.lee_yu) {
    if (!model.balanced) throw core::Error("Lee and Yu's transformation needs a balanced panel").word("lee_yu");
    if (!c.W.constant() || !c.M.constant())
      throw core::Error("Lee and Yu's transformation mixes periods: it needs one W for all of them").word("lee_yu");
    if (!by_unit && !by_time)
      throw core::Error("Lee and Yu's transformation is for fixed effects")
          .hint("give fe=\"unit\", \"time\" or \"both\"")
          .word("lee_yu");
    if (by_time && !(c.W.rows_sum_to_one() && c.M.rows_sum_to_one()))
      throw core::Error("with time effects Lee and Yu's transformation needs weights whose rows sum to one")
          .hint("W:standardize(\"row\"), and no islands")
          .word("lee_yu");
    s.n = static_cast<double>((model.units - (by_time ? 1 : 0)) * (model.periods - (by_unit ? 1 : 0)));
    s.lee_yu_time = by_time;
  }
  if (options.phi && model.periods < 2) throw core::Error("random effects need a panel of two periods or more");
  if (options.phi && !model.balanced && options.lambda && !options.kkp)
    throw core::Error("random effects outside the spatial error need a balanced panel")
        .hint("error=\"kkp\" puts them inside it, and takes unbalanced panels");
  if (s.n <= static_cast<double>(s.k + s.p + 1))
    throw core::Error("no degrees of freedom left: " + core::shortest(s.n) + " observations, " +
                      std::to_string(s.k + s.p + 1) + " parameters")
        .hint("drop regressors, or keep more rows");
  const bool dummies = options.lambda && by_unit && !(model.balanced && c.M.constant());
  if (dummies && model.demeaned_first)
    throw core::Error(
        "demean=\"first\" with a spatial error needs a balanced panel and the same weights in all periods")
        .word("demean");

  const Index blocks = options.lambda ? 2 : 1;
  Matrix raw(model.n(), 2 + s.k);
  raw.col(0) = model.y;
  raw.col(1) = options.rho ? c.W.lag(model.y) : Vector(Vector::Zero(model.n()));
  raw.rightCols(s.k) = model.X;
  raw = model.without_effects(std::move(raw));
  if (options.rho && model.demeaned_first) raw.col(1) = c.W.lag(Vector(raw.col(0)));
  s.scale = raw.rightCols(s.k).colwise().norm().transpose();
  for (Index j = 0; j < s.k; ++j) {
    if (!(s.scale[j] > 0)) s.scale[j] = 1;
    raw.col(2 + j) /= s.scale[j];
  }
  s.columns.resize(model.n(), blocks * (2 + s.k));
  s.columns.leftCols(2 + s.k) = raw;
  // Effects are removed once more after the error filter, which brings them back: W ι = ι, but ι'W is not ι'.
  if (options.lambda)
    s.columns.rightCols(2 + s.k) = dummies ? s.without_time(c.M.lag(raw)) : model.without_effects_again(c.M.lag(raw));
  if (dummies) s.make_dummies();
  core::poll();
  if (options.phi) {
    s.unit_rows = Vector::Zero(model.units);
    for (const Index u : model.unit) s.unit_rows[u] += 1;
    s.within = numerics::crossprod(s.less_unit_means(s.columns, [](double) { return 1; }));
    const Matrix means = s.means_by_unit(s.columns);
    s.group_between(means);
    s.outside = options.lambda && !options.kkp;
    if (s.outside) {
      spatial::require_constant(c.M.whole(), "a random effect outside the spatial error");
      if (model.units > 2000)
        throw core::Error("random effects outside the spatial error need dense matrices of all units: 2,000 at most")
            .hint("error=\"kkp\" does not");
      s.unit_means = means.leftCols(2 + s.k) * std::sqrt(static_cast<double>(model.periods));
      s.D = spatial::dense(c.M.whole());
    }
  } else {
    s.within = numerics::crossprod(s.columns);
  }
  const bool large =
      c.W.whole().units() > spatial::LogDet::most_eigen && options.logdet != "chebyshev" && options.logdet != "eigen";
  if (options.rho) s.lag_det = std::make_shared<const StackedLogDet>(c.W, options.logdet);
  if (options.lambda)
    s.error_det = options.rho && c.W.pointer() == c.M.pointer()
                      ? s.lag_det
                      : std::make_shared<const StackedLogDet>(c.M, options.logdet);
  s.lag_coarse = s.lag_det;
  s.error_coarse = s.error_det;
  if (large && s.lag_det && s.lag_det->exact())
    s.lag_coarse = std::make_shared<const StackedLogDet>(c.W, "chebyshev", 4);
  if (large && s.error_det && s.error_det->exact())
    s.error_coarse = options.rho && c.W.pointer() == c.M.pointer()
                         ? s.lag_coarse
                         : std::make_shared<const StackedLogDet>(c.M, "chebyshev", 4);
}
Likelihood::~Likelihood() = default;

double Likelihood::rho_of(const Vector& theta) const { return state_->o.rho ? theta[0] : 0; }
double Likelihood::lambda_of(const Vector& theta) const { return state_->o.lambda ? theta[state_->o.rho ? 1 : 0] : 0; }
double Likelihood::phi_of(const Vector& theta) const { return state_->o.phi ? std::exp(theta[state_->p - 1]) : 0; }
Index Likelihood::size() const { return state_->p; }
double Likelihood::n() const { return state_->n; }
bool Likelihood::counts_deviations() const { return state_->lee_yu_time; }
std::shared_ptr<const StackedLogDet> Likelihood::lag_logdet() const { return state_->lag_det; }
std::shared_ptr<const StackedLogDet> Likelihood::error_logdet() const { return state_->error_det; }

std::vector<std::string> Likelihood::names() const {
  std::vector<std::string> out;
  if (state_->o.rho) out.emplace_back("rho");
  if (state_->o.lambda) out.emplace_back("lambda");
  if (state_->o.phi) out.emplace_back("phi");
  return out;
}

std::vector<spatial::Interval> Likelihood::bounds() const {
  std::vector<spatial::Interval> out;
  if (state_->o.rho) out.push_back(state_->lag_det->interval());
  if (state_->o.lambda) out.push_back(state_->error_det->interval());
  if (state_->o.phi) out.push_back({-16, 12});
  return out;
}

bool Likelihood::moments(const Vector& theta, bool coarse, Matrix& C, double& logs) const {
  const State& s = *state_;
  const std::vector<spatial::Interval> ends = bounds();
  for (Index j = 0; j < theta.size(); ++j)
    if (!(theta[j] > ends[static_cast<std::size_t>(j)].low && theta[j] < ends[static_cast<std::size_t>(j)].high))
      return false;
  const double rho = rho_of(theta), lambda = lambda_of(theta), phi = phi_of(theta);
  logs = 0;
  if (s.o.rho) logs += s.log_det(coarse ? *s.lag_coarse : *s.lag_det, rho);
  if (s.o.lambda) logs += s.log_det(coarse ? *s.error_coarse : *s.error_det, lambda);
  if (!std::isfinite(logs)) return false;
  // S maps the stored columns to [B A y, B X].
  const Index k = s.k, width = s.columns.cols();
  Matrix S = Matrix::Zero(width, 1 + k);
  S(0, 0) = 1;
  S(1, 0) = -rho;
  for (Index j = 0; j < k; ++j) S(2 + j, 1 + j) = 1;
  if (s.o.lambda) {
    S(2 + k, 0) = -lambda;
    S(3 + k, 0) = rho * lambda;
    for (Index j = 0; j < k; ++j) S(4 + k + j, 1 + j) = -lambda;
  }
  C = S.transpose() * s.within * S;
  if (s.by_dummies()) {
    const Index d = s.dummies.cols() / 2;
    const Matrix H = (s.with_dummies.topRows(d) - lambda * s.with_dummies.bottomRows(d)) * S;
    C -= numerics::crossprod(H, numerics::solve_spd(s.filtered_dummies_cross(lambda), H, "the unit effects"));
  }
  const double T = static_cast<double>(s.m.periods);
  if (s.o.phi && !s.outside) {
    for (const State::Between& group : s.between) {
      C += S.transpose() * group.cross * S / (1 + group.rows * phi);
      logs -= group.units / 2 * std::log(1 + group.rows * phi);
    }
  } else if (s.outside) {
    const Matrix B = Matrix::Identity(s.m.units, s.m.units) - lambda * s.D;
    const Matrix K = Matrix::Identity(s.m.units, s.m.units) + T * phi * numerics::product(B, Matrix(B.transpose()));
    Matrix Z(s.m.units, 1 + k);
    Z.col(0) = s.unit_means.col(0) - rho * s.unit_means.col(1);
    Z.rightCols(k) = s.unit_means.rightCols(k);
    Z = numerics::product(B, Z);
    C += numerics::crossprod(Z, numerics::solve_spd(K, Z, "the random effects"));
    logs -= numerics::log_det_spd(K, "the random effects") / 2;
  }
  return true;
}

Matrix Likelihood::coefficient_inverse(const Vector& theta) const {
  Matrix C;
  double logs = 0;
  moments(theta, false, C, logs);
  const Vector inverse_scale = state_->scale.cwiseInverse();
  return inverse_scale.asDiagonal() *
         numerics::inverse_spd(C.bottomRightCorner(state_->k, state_->k), "the regressors") *
         inverse_scale.asDiagonal();
}

Likelihood::Point Likelihood::at(const Vector& theta, bool coarse) const {
  const State& s = *state_;
  const Index k = s.k;
  Point point;
  point.value = -infinity;
  Matrix C;
  double logs = 0;
  if (!moments(theta, coarse, C, logs)) return point;
  const Matrix XX = C.bottomRightCorner(k, k);
  const Vector Xy = C.col(0).tail(k);
  Vector b = k > 0 ? Vector(numerics::solve_spd(XX, Xy, "the regressors")) : Vector();
  point.sse = C(0, 0) - (k > 0 ? b.dot(Xy) : 0);
  if (!(point.sse > 0)) return point;
  point.sigma2 = point.sse / s.n;
  point.value = -s.n / 2 * (std::log(2 * std::numbers::pi * point.sigma2) + 1) + logs;
  point.beta = b.array() / s.scale.array();
  return point;
}

namespace {

/// Gradient and Hessian by central differences of fourth and second order.
void derivatives(const std::function<double(const Vector&)>& f, const Vector& x, const Vector& h, double centre,
                 Vector& gradient, Matrix& hessian) {
  const Index p = x.size();
  gradient.resize(p);
  hessian.resize(p, p);
  const auto moved = [&](Index i, double a, Index j = -1, double b = 0) {
    Vector y = x;
    y[i] += a * h[i];
    if (j >= 0) y[j] += b * h[j];
    return f(y);
  };
  for (Index i = 0; i < p; ++i) {
    const double u1 = moved(i, 1), d1 = moved(i, -1), u2 = moved(i, 2), d2 = moved(i, -2);
    gradient[i] = (8 * (u1 - d1) - (u2 - d2)) / (12 * h[i]);
    hessian(i, i) = (16 * (u1 + d1) - (u2 + d2) - 30 * centre) / (12 * h[i] * h[i]);
    for (Index j = 0; j < i; ++j) {
      const auto cross = [&](double a) {
        return moved(i, a, j, a) - moved(i, a, j, -a) - moved(i, -a, j, a) + moved(i, -a, j, -a);
      };
      hessian(i, j) = hessian(j, i) = (16 * cross(1) - cross(2)) / (48 * h[i] * h[j]);
    }
  }
}

/// Where the search starts: within ten times the nearer bound, which measures the scale of the weights. A bound that is
/// open, or far beyond the other, is no scale.
struct Searched {
  double low, high, unit;  ///< unit: of ρ on that scale, for steps
};
Searched searched(const spatial::Interval& e, bool phi) {
  if (phi) return {-10, 10, 1};
  const double scale = e.open_low && e.open_high ? 1 : std::min(std::abs(e.low), std::abs(e.high));
  const double low = std::max(e.low, -10 * scale), high = std::min(e.high, 10 * scale);
  return {low, high, scale > 1 ? scale : std::min(1.0, (high - low) / 2)};
}

/// Steps that stay inside the bounds. phi: the last parameter is ln φ.
Vector steps(const Vector& x, const std::vector<spatial::Interval>& ends, bool phi) {
  Vector h(x.size());
  for (Index i = 0; i < x.size(); ++i) {
    const auto& e = ends[static_cast<std::size_t>(i)];
    const double unit = searched(e, phi && i + 1 == static_cast<Index>(ends.size())).unit;
    h[i] = std::min(difference_step * unit, std::min(x[i] - e.low, e.high - x[i]) / 8);
  }
  return h;
}

}  // namespace

Vector Likelihood::maximise() const {
  const std::vector<spatial::Interval> ends = bounds();
  const Index p = size();
  if (p == 0) return {};
  // A grid, from all of whose best corners Newton's method starts.
  const int points = p == 1 ? 40 : p == 2 ? 14 : 9;
  std::vector<std::pair<double, Vector>> starts;
  std::vector<int> at(static_cast<std::size_t>(p), 0);
  for (bool more = true; more;) {
    Vector theta(p);
    for (Index j = 0; j < p; ++j) {
      const auto& e = ends[static_cast<std::size_t>(j)];
      const bool phi = state_->o.phi && j == p - 1;
      const Searched range = searched(e, phi);
      const double low = phi ? -5 : range.low, high = phi ? 6 : range.high;
      theta[j] = low + (high - low) * (at[static_cast<std::size_t>(j)] + 0.5) / points;
    }
    starts.emplace_back(this->at(theta, true).value, theta);
    more = false;
    for (std::size_t j = 0; j < at.size() && !more; ++j) {
      if (++at[j] < points)
        more = true;
      else
        at[j] = 0;
    }
    core::poll();
  }
  std::sort(starts.begin(), starts.end(), [](const auto& a, const auto& b) { return a.first > b.first; });
  std::vector<Vector> chosen;
  Vector widths(p);
  for (Index j = 0; j < p; ++j) {
    const Searched range = searched(ends[static_cast<std::size_t>(j)], state_->o.phi && j == p - 1);
    widths[j] = range.high - range.low;
  }
  for (const auto& start : starts) {
    if (!std::isfinite(start.first)) break;
    const Vector& theta = start.second;
    const bool near = std::any_of(chosen.begin(), chosen.end(), [&](const Vector& other) {
      return ((other - theta).array() / widths.array()).abs().maxCoeff() < 0.2;
    });
    if (!near) chosen.push_back(theta);
    if (chosen.size() == (p == 1 ? 1 : 3)) break;
  }
  if (chosen.empty())
    throw core::Error("the likelihood is not defined anywhere in the interval of rho")
        .hint("check the scale of the weights: W shows its eigenvalues");
  const auto f = [&](const Vector& x) { return this->at(x).value; };
  Vector best;
  double best_value = -infinity;
  for (Vector x : chosen) {
    double value = f(x);
    bool settled = false;
    for (int iteration = 0; iteration < 100 && !settled; ++iteration) {
      core::poll();
      Vector g;
      Matrix H;
      derivatives(f, x, steps(x, ends, state_->o.phi), value, g, H);
      if (!g.allFinite() || !H.allFinite()) break;
      const numerics::SymmetricEigen e = numerics::symmetric_eigen(H);
      Vector inverse = e.values;
      for (double& v : inverse) v = -1 / std::max(std::abs(v), 1e-8);  // uphill also where the surface is not concave
      Vector direction = -(e.vectors * (inverse.asDiagonal() * (e.vectors.transpose() * g)));
      const double longest = (direction.array() / widths.array()).abs().maxCoeff();
      if (longest > 0.3) direction *= 0.3 / longest;
      double length = 1;
      bool moved = false;
      for (int half = 0; half < 40; ++half, length /= 2) {
        const Vector next = x + length * direction;
        const double there = f(next);
        if (there >= value - 1e-13 * std::abs(value)) {
          settled = length * (direction.array() / widths.array()).abs().maxCoeff() < 1e-10;
          x = next;
          value = there;
          moved = true;
          break;
        }
      }
      if (!moved || longest < 1e-10) settled = true;
    }
    if (value > best_value) {
      best_value = value;
      best = x;
    }
  }
  if (best.size() == 0)
    throw core::Error("the likelihood has no maximum that could be found").hint("drop regressors, or use stsls");
  for (Index j = 0; j < p; ++j) {
    const auto& e = ends[static_cast<std::size_t>(j)];
    const bool phi = state_->o.phi && j == p - 1;
    if (!phi && std::min(best[j] - e.low, e.high - best[j]) < 1e-5 * widths[j])
      throw core::Error("the likelihood rises up to the bound " + core::significant(best[j], 5) + " of " +
                        names()[static_cast<std::size_t>(j)] + ", where I - " + names()[static_cast<std::size_t>(j)] +
                        " W is singular")
          .hint("the model does not fit these weights: try others, fewer regressors, or stsls");
  }
  return best;
}

Matrix Likelihood::covariance(const Vector& theta) const {
  const Index p = theta.size();
  // Without variance of the random effects the likelihood is flat in its logarithm: phi is taken as known, 0.
  const Index free = state_->o.phi && theta[p - 1] < no_variance ? p - 1 : p;
  Matrix all = Matrix::Zero(p, p);
  if (free == 0) return all;
  Vector g;
  Matrix H;
  const auto f = [&](const Vector& x) {
    Vector whole = theta;
    whole.head(free) = x;
    return this->at(whole).value;
  };
  const Vector start = theta.head(free);
  derivatives(f, start, steps(start, bounds(), state_->o.phi), f(start), g, H);
  const Matrix V = numerics::inverse(-H, "the information");
  for (Index j = 0; j < free; ++j)
    if (!(V(j, j) > 0))
      throw core::Error("the likelihood is flat at its maximum: " + names()[static_cast<std::size_t>(j)] +
                        " is not identified")
          .hint("drop regressors or one of the spatial terms");
  all.topLeftCorner(free, free) = V;
  return all;
}

Matrix Likelihood::slopes(const Vector& theta) const {
  const Vector h = steps(theta, bounds(), state_->o.phi);
  Matrix J(state_->k, theta.size());
  for (Index j = 0; j < theta.size(); ++j) {
    Vector up = theta, down = theta;
    up[j] += h[j];
    down[j] -= h[j];
    J.col(j) = (at(up).beta - at(down).beta) / (2 * h[j]);
  }
  return J;
}

bool Likelihood::filters_effects() const { return state_->by_dummies(); }

Vector Likelihood::without_filtered_effects(const Vector& theta, const Vector& filtered) const {
  const State& s = *state_;
  if (!s.by_dummies()) return s.m.without_effects(Matrix(filtered)).col(0);
  return s.without_dummies(lambda_of(theta), s.without_time(Matrix(filtered))).col(0);
}

Vector Likelihood::disturbances(const Vector& theta, const Vector& unfiltered) const {
  const State& s = *state_;
  Vector u = s.m.without_effects(Matrix(unfiltered)).col(0);
  if (!s.by_dummies()) return u;
  const double lambda = lambda_of(theta);
  const Matrix filtered = s.without_time(Matrix(u - lambda * s.m.context->M.lag(u)));
  const Matrix E = s.dummies.leftCols(s.dummies.cols() / 2);
  return u - numerics::product(E, s.dummies_coefficients(lambda, filtered)).col(0);
}

Vector Likelihood::filtered_y(const Vector& theta) const {
  const State& s = *state_;
  const double rho = rho_of(theta), lambda = lambda_of(theta);
  Vector y = s.columns.col(0) - rho * s.columns.col(1);
  if (s.o.lambda) y -= lambda * (s.columns.col(2 + s.k) - rho * s.columns.col(3 + s.k));
  if (s.o.phi) y = s.less_random_effects(Matrix(y), phi_of(theta)).col(0);
  if (s.by_dummies()) y = s.without_dummies(lambda, Matrix(y)).col(0);
  return y;
}

Matrix Likelihood::filtered_X(const Vector& theta) const {
  const State& s = *state_;
  Matrix X = s.columns.middleCols(2, s.k);
  if (s.o.lambda) X -= lambda_of(theta) * s.columns.rightCols(s.k);
  if (s.o.phi) X = s.less_random_effects(X, phi_of(theta));
  if (s.by_dummies()) X = s.without_dummies(lambda_of(theta), X);
  for (Index j = 0; j < s.k; ++j) X.col(j) *= s.scale[j];
  return X;
}

}  // namespace estimators
