// Conditional and hybrid (C-LF) confidence sets by test inversion. For a polyhedron A δ ≤ d and l'τ = θ, with
// τ = g θ + N τ̃ (l'g = 1, l'N = 0):
//   Y = A β̂ − d − A_post g θ,  X = A_post N:  H0 says that E[Y − X τ̃] ≤ 0 for some τ̃.
//   η̂ = min η: Y − X τ̃ ≤ η σ   =   max γ'Y: γ ≥ 0, γ'X = 0, γ'σ = 1          (σ_i² = Var Y_i)
// Given the maximising vertex γ and S = Y − Σ_Y γ (γ'Σ_Yγ)⁻¹ η̂, η̂ is normal truncated to where γ stays the maximiser;
// the conditional test rejects above max(0, its 1 − α quantile). The hybrid first rejects above c, the 1 − κ quantile
// of max γ'ξ, ξ ~ N(0, Σ_Y), κ = α/10, and then tests at (α − κ)/(1 − κ), truncated at c, too. Source: Andrews, Roth &
// Pakes (2023), Review of Economic Studies 90(6), sections 4–5; Rambachan & Roth (2023), 4.2. Peers:  HonestDiD (R).
#include "core/error.hpp"
#include "core/interrupt.hpp"
#include "core/parallel.hpp"
#include "estimators/did/honest_intervals.hpp"
#include "numerics/dense.hpp"
#include "numerics/distributions.hpp"
#include "numerics/linear_program.hpp"
#include "numerics/random.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace estimators {
namespace {

/// The p quantile of N(0, 1) between low and high; tails are taken from the nearer end.
double truncated_normal_quantile(double p, double low, double high) {
  if (low > 0) {
    const double from = numerics::normal_cdf(-low), to = numerics::normal_cdf(-high);
    const double tail = from - p * (from - to);
    if (tail > 0) return std::clamp(-numerics::normal_quantile(tail), low, high);
    return std::min(high, low - std::log1p(-p) / low);  // beyond doubles: exponential
  }
  const double from = numerics::normal_cdf(low), to = numerics::normal_cdf(high);
  const double level = from + p * (to - from);
  if (level <= 0) return high;
  return std::clamp(numerics::normal_quantile(level), low, high);
}

/// Linear interpolation between order statistics (R's type 7).
double quantile(std::vector<double> values, double p) {
  std::sort(values.begin(), values.end());
  const double at = p * static_cast<double>(values.size() - 1);
  const auto below = static_cast<std::size_t>(at);
  if (below + 1 >= values.size()) return values.back();
  return values[below] + (at - std::floor(at)) * (values[below + 1] - values[below]);
}

/// Lower-triangular root of a positive semi-definite matrix by its eigenvalues.
Matrix root_of(const Matrix& S) {
  const numerics::SymmetricEigen e = numerics::symmetric_eigen(S);
  return e.vectors * e.values.cwiseMax(0).cwiseSqrt().asDiagonal();
}

}  // namespace

/// One polyhedron: everything is divided by σ, so that statistics are in standard errors.
struct ConditionalTests::Set {
  Vector level, slope;  ///< Y = level − slope θ
  Matrix omega;         ///< of Y
  numerics::LinearProgram program;
  double alpha = 0.05, critical = std::numeric_limits<double>::infinity();

  bool accepts(double theta) {
    if (!program.feasible()) return true;
    const Vector Y = level - theta * slope;
    if (!program.maximise(Y)) return false;  // an exact inequality is violated
    const double eta = program.value();
    if (eta <= 0) return true;
    if (eta > critical) return false;
    const Vector gamma = program.vertex();
    const Vector covariance = numerics::product(omega, gamma);
    const double variance = gamma.dot(covariance);
    if (!(variance > 1e-14)) return false;
    const Vector step = covariance / variance;
    const auto stays = program.stays_optimal(Y - eta * step, step, eta);
    const double sd = std::sqrt(variance);
    const double low = stays.low / sd, high = std::min(stays.high, critical) / sd;
    if (!(low < high)) return eta <= 0;
    return eta / sd <= std::max(0.0, truncated_normal_quantile(1 - alpha, low, high));
  }
};

ConditionalTests::~ConditionalTests() = default;
ConditionalTests::ConditionalTests(ConditionalTests&&) noexcept = default;

ConditionalTests::ConditionalTests(const EventPath& path, const RestrictionSet& restriction, double M,
                                   const Vector& weights, double alpha, const ConditionalOptions& options)
    : options_(options) {
  const Index P = path.after;
  const Vector g = weights / weights.squaredNorm();
  const Matrix N = numerics::orthogonal_complement(weights);
  estimate_ = weights.dot(path.estimates.tail(P));
  se_ = std::sqrt(weights.dot(numerics::product(Matrix(path.vcov.bottomRightCorner(P, P)), weights)));
  if (!(se_ > 0)) throw core::Error("the effect has a standard error of 0");
  const double kappa = alpha / 10;
  const Matrix root = root_of(path.vcov);
  const std::vector<Polyhedron> all = polyhedra(path, restriction, M);
  sets_.resize(all.size());
  core::for_blocks(all.size(), 1, [&](std::size_t s, std::size_t) {
    const Polyhedron& one = all[s];
    const Matrix after = one.A.rightCols(P);
    Matrix omega = numerics::sandwich(one.A, path.vcov);
    Vector sd = omega.diagonal().cwiseMax(0).cwiseSqrt();
    const double largest = sd.maxCoeff();
    Matrix constraints(P, one.A.rows());
    Vector scale(sd.size());
    for (Index i = 0; i < sd.size(); ++i) {
      const bool exact = sd[i] <= 1e-10 * largest;  // an inequality without sampling error
      scale[i] = exact ? 1 / se_ : 1 / sd[i];
      constraints(P - 1, i) = exact ? 0 : 1;
    }
    const Matrix X = numerics::product(after, N);
    for (Index j = 0; j + 1 < P; ++j) constraints.row(j) = X.col(j).cwiseProduct(scale).transpose();
    Vector b = Vector::Zero(P);
    b[P - 1] = 1;
    omega = scale.asDiagonal() * omega * scale.asDiagonal();
    auto set = std::unique_ptr<Set>(new Set{scale.cwiseProduct(numerics::product(one.A, path.estimates) - one.d),
                                            scale.cwiseProduct(numerics::product(after, g)), std::move(omega),
                                            numerics::LinearProgram(constraints, b), alpha,
                                            std::numeric_limits<double>::infinity()});
    if (options.hybrid && set->program.feasible()) {
      const Matrix spread = numerics::scale_rows(numerics::product(one.A, root), scale);
      std::vector<double> draws(static_cast<std::size_t>(options.draws));
      for (std::size_t r = 0; r < draws.size() && !core::interrupt_requested(); ++r) {
        numerics::Random random(options.seed, r);  // the same draws for every set
        Vector z(root.cols());
        for (Index i = 0; i < z.size(); ++i) z[i] = random.normal();
        const bool bounded = set->program.maximise(numerics::product(spread, z));
        draws[r] = bounded ? set->program.value() : std::numeric_limits<double>::infinity();
      }
      set->critical = quantile(std::move(draws), 1 - kappa);
      set->alpha = (alpha - kappa) / (1 - kappa);
    }
    sets_[s] = std::move(set);
  });
  core::poll();
}

bool ConditionalTests::accepts(double theta) {
  return std::any_of(sets_.begin(), sets_.end(), [&](const auto& set) { return set->accepts(theta); });
}

HonestInterval ConditionalTests::invert() {
  const double nan = std::nan(""), infinity = std::numeric_limits<double>::infinity();
  HonestInterval range =
      options_.range.value_or(HonestInterval{std::min(0.0, estimate_) - 20 * se_, std::max(0.0, estimate_) + 20 * se_});
  const auto points = static_cast<std::size_t>(options_.grid);
  std::vector<std::vector<std::uint8_t>> accepted(sets_.size());
  std::size_t first = points, last = 0;
  for (int widening = 0;; ++widening) {
    const double step = (range.high - range.low) / static_cast<double>(points - 1);
    core::for_blocks(sets_.size(), 1, [&](std::size_t s, std::size_t) {
      accepted[s].assign(points, 0);
      for (std::size_t i = 0; i < points && !core::interrupt_requested(); ++i)
        accepted[s][i] = sets_[s]->accepts(range.low + static_cast<double>(i) * step);
    });
    core::poll();
    first = points;
    last = 0;
    for (const auto& of_set : accepted)
      for (std::size_t i = 0; i < points; ++i)
        if (of_set[i]) {
          first = std::min(first, i);
          last = std::max(last, i);
        }
    const bool open = first == 0 || (first < points && last + 1 == points);
    if (!open || options_.range || widening == 4) break;
    const double width = range.high - range.low;
    range = {range.low - width, range.high + width};
  }
  if (first == points) return {nan, nan};
  const double step = (range.high - range.low) / static_cast<double>(points - 1);
  const auto edge = [&](double inside, double outside) {
    for (int round = 0; round < 40; ++round) {
      const double middle = (inside + outside) / 2;
      (accepts(middle) ? inside : outside) = middle;
    }
    return inside;
  };
  HonestInterval out{range.low + static_cast<double>(first) * step, range.low + static_cast<double>(last) * step};
  out.low = first > 0 ? edge(out.low, out.low - step) : options_.range ? range.low : -infinity;
  out.high = last + 1 < points ? edge(out.high, out.high + step) : options_.range ? range.high : infinity;
  return out;
}

}  // namespace estimators
