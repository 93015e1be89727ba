#include "estimators/spatial/stacked_weights.hpp"

#include "core/error.hpp"
#include "core/text.hpp"
#include "numerics/dense.hpp"

#include <algorithm>
#include <cmath>
#include <map>

namespace estimators {

StackedWeights::StackedWeights(spatial::WeightsPtr W, std::vector<std::vector<std::uint32_t>> units,
                               const std::vector<std::string>& periods)
    : W_(std::move(W)) {
  std::map<std::pair<spatial::WeightsPtr, std::vector<std::uint32_t>>, std::size_t> known;
  for (std::size_t t = 0; t < units.size(); ++t) {
    const spatial::WeightsPtr here = spatial::in_period(W_, periods[t]);
    starts_.push_back(starts_.back() + static_cast<Index>(units[t].size()));
    const auto [at, added] = known.emplace(std::pair{here, std::move(units[t])}, parts_.size());
    if (added) {
      const std::vector<std::uint32_t>& there = at->first.second;
      const bool all = there.size() == here->units();
      parts_.push_back({all ? here : std::make_shared<const spatial::Weights>(spatial::subset(*here, there)), 0});
    }
    part_.push_back(at->second);
    parts_[at->second].periods += 1;
  }
}

Vector StackedWeights::lag(const Vector& x) const {
  Vector y(rows());
  for (std::size_t t = 0; t < part_.size(); ++t)
    y.segment(starts_[t], starts_[t + 1] - starts_[t]) =
        spatial::lag(*parts_[part_[t]].W, Vector(x.segment(starts_[t], starts_[t + 1] - starts_[t])));
  return y;
}

Matrix StackedWeights::lag(const Matrix& X) const {
  Matrix Y(X.rows(), X.cols());
  for (Index j = 0; j < X.cols(); ++j) Y.col(j) = lag(Vector(X.col(j)));
  return Y;
}

Vector StackedWeights::lag_transposed(const Vector& x) const {
  Vector y(rows());
  for (std::size_t t = 0; t < part_.size(); ++t)
    y.segment(starts_[t], starts_[t + 1] - starts_[t]) =
        spatial::lag_transposed(*parts_[part_[t]].W, Vector(x.segment(starts_[t], starts_[t + 1] - starts_[t])));
  return y;
}

Vector inverse_times(const StackedWeights& W, double rho, const Vector& x, bool transposed) {
  constexpr Index most_dense = 3000;
  Vector y = x;
  for (int i = 0; i < 5000; ++i) {
    Vector next = x + rho * (transposed ? W.lag_transposed(y) : W.lag(y));
    const double change = (next - y).cwiseAbs().maxCoeff();
    y = std::move(next);
    if (!std::isfinite(change) || change > 1e12 * (1 + x.cwiseAbs().maxCoeff())) break;
    if (change <= 1e-15 * y.cwiseAbs().maxCoeff()) return y;
  }
  const auto n = static_cast<Index>(W.whole().units());
  if (W.parts().size() > 1 || n > most_dense || W.rows() % n != 0)
    throw core::Error("(I - rho W)^-1 did not converge: " + core::significant(rho, 4) + " is too near its bound");
  Matrix A = Matrix::Identity(n, n) - rho * spatial::dense(W.whole());
  if (transposed) A.transposeInPlace();
  const Matrix solution = numerics::solve(A, Matrix(Eigen::Map<const Matrix>(x.data(), n, W.rows() / n)), "I - rho W");
  return Eigen::Map<const Vector>(solution.data(), x.size());
}

bool StackedWeights::rows_sum_alike() const {
  return std::all_of(parts_.begin(), parts_.end(), [](const Part& part) {
    const Vector sums = spatial::row_sums(*part.W);
    return sums.size() == 0 || sums.maxCoeff() - sums.minCoeff() <= 1e-10 * (1 + std::abs(sums[0]));
  });
}

bool StackedWeights::rows_sum_to_one() const {
  return std::all_of(parts_.begin(), parts_.end(), [](const Part& part) {
    return (spatial::row_sums(*part.W).array() - 1).abs().maxCoeff() < 1e-10;
  });
}

StackedLogDet::StackedLogDet(const StackedWeights& W, const std::string& method, int probes) {
  for (const StackedWeights::Part& part : W.parts()) {
    of_.push_back(std::make_shared<const spatial::LogDet>(*part.W, method, probes));
    times_.push_back(part.periods);
  }
}
double StackedLogDet::value(double rho) const {
  double sum = 0;
  for (std::size_t p = 0; p < of_.size(); ++p) sum += times_[p] * of_[p]->value(rho);
  return sum;
}
double StackedLogDet::trace(double rho) const {
  double sum = 0;
  for (std::size_t p = 0; p < of_.size(); ++p) sum += times_[p] * of_[p]->trace(rho);
  return sum;
}
double StackedLogDet::trace_square(double rho) const {
  double sum = 0;
  for (std::size_t p = 0; p < of_.size(); ++p) sum += times_[p] * of_[p]->trace_square(rho);
  return sum;
}
spatial::Interval StackedLogDet::interval() const {
  spatial::Interval all{-1e9, 1e9};
  for (const auto& one : of_) {
    const spatial::Interval here = one->interval();
    if (here.low > all.low) {
      all.low = here.low;
      all.open_low = here.open_low;
      all.about_low = here.about_low;
    }
    if (here.high < all.high) {
      all.high = here.high;
      all.open_high = here.open_high;
      all.about_high = here.about_high;
    }
  }
  return all;
}
std::string StackedLogDet::method() const { return of_[0]->method(); }
bool StackedLogDet::exact() const { return of_[0]->exact(); }
double StackedLogDet::error(double rho) const {
  double square = 0;
  for (std::size_t p = 0; p < of_.size(); ++p) square += std::pow(times_[p] * of_[p]->error(rho), 2);
  return std::sqrt(square);
}

}  // namespace estimators
