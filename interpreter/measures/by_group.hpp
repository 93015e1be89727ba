// Statistics of one variable within groups: what collapse makes rows of, and what gen and egen give back to the rows.
#pragma once

#include "data/verbs/keys.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace measures {

enum class GroupStatistic {
  count,       ///< known values; with aw as many, with fw and pw the sum of their weights
  mean,        ///< Σwx / Σw
  sum,         ///< Σwx, with aw rescaled to sum to the group's count; 0 where nothing is known
  rawsum,      ///< Σx whatever the weights
  sd,          ///< √variance
  variance,    ///< Σw(x − mean)² / (n − 1), n as count
  semean,      ///< sd / √n
  sebinomial,  ///< √(mean (1 − mean) / n), of zeros and ones
  sepoisson,   ///< √(mean / n), of counts
  min,
  max,
  percentile,  ///< type 2 of Hyndman & Fan, as summarize
  iqr,         ///< p75 − p25
  percent,     ///< 100 · count / count over all groups
  share,       ///< sum / sum over all groups
  skewness,    ///< m3 / m2^1.5
  kurtosis,    ///< m4 / m2²
  mode,        ///< the most frequent value, the smallest of several
  mad,         ///< median |x − median|
  mdev         ///< mean |x − mean|
};

struct Asked {
  GroupStatistic statistic = GroupStatistic::mean;
  double percent = 50;  ///< of percentile
};
/// "mean", "total", "var", "median", "p25", "iqr", …; nothing for other words.
std::optional<Asked> group_statistic(std::string_view word);
/// Every word that group_statistic() knows, p5 to p95 for all pNN.
const std::vector<std::string>& group_statistic_names();

/// As Stata's collapse takes them. Rows with a missing or zero weight are left out of every statistic.
enum class GroupWeighting { none, analytic, frequency, probability };

/// One value per group; NaN where the rows do not determine it (mean of nothing, sd of one value). x: NaN is missing;
/// weights: one per row, or empty without weighting. Sums are formed in double-double, group by group in row order:
/// the same digits for any number of threads. Throws core::Error on negative weights, frequency weights that are not
/// whole, sd and semean with probability weights, sebinomial of other values than 0 and 1.
std::vector<double> by_group(std::span<const double> x, const data::GroupRows& groups, const Asked& asked,
                             std::span<const double> weights = {}, GroupWeighting weighting = GroupWeighting::none);

/// Which row of each group: the first or last, or the first or last with a known value, or the row of the smallest or
/// largest value; data::no_row where there is none.
enum class GroupRow { first, last, first_known, last_known, smallest, largest };
std::optional<GroupRow> group_row(std::string_view word);  ///< "first", "last", "firstnm", "lastnm", "min", "max"
std::vector<std::uint32_t> row_of_group(const data::Column& column, const data::GroupRows& groups, GroupRow which);

}  // namespace measures
