// Weights over the rows of a panel, stacked by period and unit of W.
#pragma once

#include "spatial/align.hpp"
#include "spatial/logdet.hpp"

#include <memory>
#include <string>
#include <vector>

namespace estimators {

using numerics::Index;
using numerics::Matrix;
using numerics::Vector;

/// W over stacked rows: one matrix for each period, one shared by all when the panel is balanced.
class StackedWeights {
 public:
  StackedWeights() = default;
  /// units[t]: the units with a row in period t, ascending; periods[t] its name, by which weights that change over time
  /// are found. A matrix whose rows sum to one is standardised again over the units that are there.
  StackedWeights(spatial::WeightsPtr W, std::vector<std::vector<std::uint32_t>> units,
                 const std::vector<std::string>& periods);
  Vector lag(const Vector& x) const;
  Matrix lag(const Matrix& X) const;
  Vector lag_transposed(const Vector& x) const;
  Index rows() const { return starts_.back(); }
  Index periods() const { return static_cast<Index>(starts_.size()) - 1; }
  const spatial::Weights& whole() const { return *W_; }
  bool constant() const { return W_->by_period.empty(); }
  spatial::WeightsPtr pointer() const { return W_; }
  /// The different matrices, and in how many periods each stands.
  struct Part {
    spatial::WeightsPtr W;
    double periods = 0;
  };
  const std::vector<Part>& parts() const { return parts_; }
  bool rows_sum_to_one() const;
  /// Wι = cι in every period: only then does a filter of I − λW turn effects of time into effects of time.
  bool rows_sum_alike() const;

 private:
  spatial::WeightsPtr W_;
  std::vector<Part> parts_;
  std::vector<std::size_t> part_;  // of each period
  std::vector<Index> starts_ = {0};
};

/// (I − ρW)⁻¹x, or with W' in its place. Throws core::Error when the series does not converge and W is too large, or
/// not the same in all periods, for a dense solution.
Vector inverse_times(const StackedWeights& W, double rho, const Vector& x, bool transposed = false);

/// Σ_t ln |I − ρW_t| and its derivatives.
class StackedLogDet {
 public:
  StackedLogDet() = default;
  StackedLogDet(const StackedWeights& W, const std::string& method, int probes = 24);
  double value(double rho) const;
  double trace(double rho) const;
  double trace_square(double rho) const;
  spatial::Interval interval() const;
  std::string method() const;
  double error(double rho) const;
  bool exact() const;
  const spatial::LogDet& first() const { return *of_[0]; }

 private:
  std::vector<std::shared_ptr<const spatial::LogDet>> of_;
  std::vector<double> times_;
};

}  // namespace estimators
