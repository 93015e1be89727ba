// The values a measure of a distribution works on: without missing ones, with weights, checked against its domain.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace measures {

/// What a measure is defined for.
enum class Domain { any, nonnegative, positive };

struct Values {
  std::vector<double> x;        ///< n, none missing
  std::vector<double> weights;  ///< n, all positive; empty: every row counts once
  bool frequency = false;       ///< a weight is a number of identical rows
  std::size_t left_out = 0;     ///< rows without a value or a weight

  double weight(std::size_t i) const { return weights.empty() ? 1.0 : weights[i]; }
  std::size_t size() const { return x.size(); }
  double total_weight() const;
  /// Observations: n, or Σw of frequency weights.
  double count() const { return frequency ? total_weight() : static_cast<double>(x.size()); }
  /// Σ w x / Σ w, in double-double until the last rounding. NaN of no values.
  double mean() const;
};

/// The values x[rows[i]] that are known and have a weight. weights: like x, or empty. Throws core::Error naming `what`
/// and the row when a value lies outside the domain or a weight is negative; row r is called origin[r] + 1, or r + 1
/// when `origin` is empty.
Values values_of(std::span<const double> x, std::span<const double> weights, bool frequency,
                 std::span<const std::uint32_t> rows, Domain domain, const std::string& what,
                 std::span<const std::uint32_t> origin = {});

/// The same values from the smallest on.
Values sorted(const Values& values);

}  // namespace measures
