// Honest difference-in-differences: intervals for l'τ that hold when δ, the difference in trends, lies in a set that
// the effects before treatment calibrate. Source: Rambachan & Roth (2023), "A more credible approach to parallel
// trends", Review of Economic Studies 90(5),
//         2555–2591.
// Peers:  HonestDiD (R), honestdid (Stata).
#include "estimators/did/honest.hpp"

#include "core/error.hpp"
#include "core/interrupt.hpp"
#include "core/text.hpp"
#include "numerics/dense.hpp"
#include "numerics/distributions.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace estimators {
namespace {

/// A scale for M: 1 of what is relative; of second differences the largest one before treatment and what sampling adds.
double scale_of(const EventPath& path, const HonestOptions& options) {
  if (options.set.kind != TrendRestriction::smoothness) return 1;
  const auto value = [&](Index t) { return t == 0 ? 0.0 : path.estimates[path.at(t)]; };
  const double z = numerics::normal_quantile(1 - options.alpha / 2);
  double most = 0;
  for (Index t = 1 - path.before; t < 0; ++t) {
    Vector bend = Vector::Zero(path.size());
    bend[path.at(t - 1)] = 1;
    bend[path.at(t)] = -2;
    if (t + 1 != 0) bend[path.at(t + 1)] = 1;
    const double se = std::sqrt(bend.dot(numerics::product(path.vcov, bend)));
    most = std::max(most, std::abs(value(t + 1) - 2 * value(t) + value(t - 1)) + z * se);
  }
  if (path.before == 1) most = std::sqrt(path.vcov(path.at(-1), path.at(-1)));
  return most;
}

std::vector<double> usual_M(const EventPath& path, const HonestOptions& options) {
  const double scale = scale_of(path, options);
  if (options.set.kind != TrendRestriction::smoothness) return {0, 0.5, 1, 1.5, 2};
  return {0, scale / 4, scale / 2, 3 * scale / 4, scale};
}

bool takes_fixed_length(const HonestOptions& options) {
  const bool plain = options.set.kind == TrendRestriction::smoothness && options.set.bias == Direction::none &&
                     options.set.trend == Direction::none;
  if (options.method == "flci" && !plain)
    throw core::Error("fixed-length intervals are for smoothness alone (restriction=\"sd\", no bias= nor trend=)")
        .hint("take method=\"c-lf\"")
        .word("method");
  return options.method == "flci" || (options.method == "auto" && plain);
}

class Intervals {
 public:
  Intervals(const EventPath& path, const HonestOptions& options, bool fixed_length)
      : path_(path), options_(options), fixed_length_(fixed_length) {}
  HonestInterval at(double M) const {
    if (fixed_length_) return fixed_length_interval(path_, options_.weights, M, options_.alpha);
    return tests(M).invert();
  }
  bool leaves_out_zero(double M) const {
    core::poll();
    if (!fixed_length_) return !tests(M).accepts(0);
    const HonestInterval one = fixed_length_interval(path_, options_.weights, M, options_.alpha);
    return one.low > 0 || one.high < 0;
  }

 private:
  ConditionalTests tests(double M) const {
    return ConditionalTests(path_, options_.set, M, options_.weights, options_.alpha, options_.tests);
  }
  const EventPath& path_;
  const HonestOptions& options_;
  bool fixed_length_;
};

double breakdown_of(const Intervals& intervals, double scale) {
  if (!intervals.leaves_out_zero(0)) return 0;
  double low = 0, high = scale;
  while (intervals.leaves_out_zero(high)) {
    low = high;
    high *= 2;
    if (high > 64 * scale) return std::numeric_limits<double>::infinity();
  }
  for (int step = 0; step < 24; ++step) {
    const double middle = (low + high) / 2;
    (intervals.leaves_out_zero(middle) ? low : high) = middle;
  }
  return low;
}

}  // namespace

HonestDid honest_did(const EventPath& path, HonestOptions options) {
  const bool fixed_length = takes_fixed_length(options);
  options.tests.hybrid = options.method != "conditional";
  if (options.M.empty()) options.M = usual_M(path, options);
  std::sort(options.M.begin(), options.M.end());
  if (options.M.front() < 0) throw core::Error("M is not negative: " + core::shortest(options.M.front())).word("M");
  HonestDid out;
  out.fixed_length = fixed_length;
  out.simulated = !fixed_length && options.tests.hybrid;
  const Matrix after = path.vcov.bottomRightCorner(path.after, path.after);
  out.estimate = options.weights.dot(path.estimates.tail(path.after));
  out.se = std::sqrt(options.weights.dot(numerics::product(after, options.weights)));
  const double z = numerics::normal_quantile(1 - options.alpha / 2);
  out.original = {out.estimate - z * out.se, out.estimate + z * out.se};
  const Intervals intervals(path, options, fixed_length);
  core::Progress progress("restrictions", options.M.size() + 1);
  for (const double M : options.M) {
    out.rows.push_back({M, intervals.at(M)});
    progress.step();
  }
  out.breakdown = options.breakdown ? breakdown_of(intervals, std::max(scale_of(path, options), 1e-300)) : std::nan("");
  progress.step();
  return out;
}

}  // namespace estimators
