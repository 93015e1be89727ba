// Summary statistics of one variable: moments, extremes, percentiles; weighted, and by groups.
#pragma once

#include "data/column.hpp"

#include <cstddef>
#include <span>
#include <vector>

namespace measures {

/// Weights as Stata's summarize takes them. analytic (aw): precision, rescaled to sum to n; frequency (fw): whole
/// numbers of identical rows.
enum class Weighting { none, analytic, frequency };

/// Sample quantiles by the numbers of Hyndman & Fan (1996), The American Statistician 50(4), 361-365:
/// 2 averages at ties of np (Stata's summarize), 6 is Stata's centile, 7 is R's, NumPy's and pandas' default.
enum class QuantileType { type2, type6, type7 };

struct DescribeOptions {
  Weighting weighting = Weighting::none;
  bool detail = false;  ///< also skewness, kurtosis and percentiles, which need a sort
  QuantileType quantile_type = QuantileType::type2;
  std::vector<double> percents = {1, 5, 10, 25, 50, 75, 90, 95, 99};  ///< each in [0, 100]
};

struct Description {
  double n = 0;            ///< rows used; the sum of weights for frequency weights
  double sum_weights = 0;  ///< n without weights
  double mean = 0, sd = 0, variance = 0, min = 0, max = 0;
  double sum = 0;                        ///< Σ w x
  double skewness = 0, kurtosis = 0;     ///< m3 / m2^1.5 and m4 / m2², without small-sample corrections; detail only
  std::vector<double> percentiles = {};  ///< as options.percents; detail only
};

/// x: n values, NaN missing; weights: n, or empty without weighting. Rows with a missing value, or a weight that is
/// missing or zero, are left out. Statistics that the rows do not determine (everything of no rows, sd of one row,
/// skewness of a constant) are NaN.
/// The variance is Σ w (x − mean)² / (n − 1), with analytic weights rescaled to sum to n. Mean and variance are
/// accumulated in double-double, in an order that does not depend on threads: the error is that of one rounding, and
/// the rounding of the input. Throws core::Error on a negative weight, on frequency weights that are not whole, and on
/// quantile types 6 and 7 with analytic weights, where they are not defined.
Description describe(std::span<const double> x, std::span<const double> weights = {},
                     const DescribeOptions& options = {});

/// The same for each level of `groups` (rows with code −1 belong to none).
std::vector<Description> describe_by(std::span<const double> x, const data::Grouping& groups,
                                     std::span<const double> weights = {}, const DescribeOptions& options = {});

/// Quantile at probability p in [0, 1] of values sorted upwards, n ≥ 1, without missing.
double quantile(std::span<const double> sorted, double p, QuantileType type = QuantileType::type2);

/// The same with positive weights that sum to `total` (type 2): the first value whose cumulated weight exceeds p·total,
/// or the mean of it and the one before where p·total is met exactly.
double weighted_quantile(std::span<const double> sorted, std::span<const double> weights, double p, double total);

}  // namespace measures
