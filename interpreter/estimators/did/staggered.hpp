// Units, periods and first treated periods of the rows in use: what the estimators for staggered adoption start from.
#pragma once

#include "estimators/pipeline.hpp"

#include <cstdint>
#include <limits>
#include <string>
#include <vector>

namespace estimators {

using numerics::Codes;

/// The cohort of units that are never treated (within the periods of the data).
constexpr std::int64_t never_treated = std::numeric_limits<std::int64_t>::max();

struct Staggered {
  Problem problem;                 ///< columns: y, then the right side; rows, weights and notes of the sample
  std::string unit, time, cohort;  ///< as the user calls them; unit is "" in repeated cross-sections
  bool panel = true;               ///< false: repeated cross-sections, where each row is a unit of its own
  Codes units;                     ///< n: 0 … unit_count − 1, in order of first appearance
  std::int32_t unit_count = 0;
  std::vector<std::int32_t> periods;      ///< n: rank of the row's period
  std::vector<std::int64_t> times;        ///< of each rank, in steps of the panel since its first period, ascending
  std::vector<std::string> period_names;  ///< of each rank
  std::vector<std::int64_t> cohorts;      ///< of each unit: first treated time in the same steps, or never_treated
  std::vector<std::uint32_t> first;       ///< of each unit: its first row, a position in the sample
  bool balanced = true;                   ///< every unit has every period, once
  double origin = 0, step = 1;            ///< of `times` where they are numbers

  Index n() const { return problem.n(); }
  std::int32_t period_count() const { return static_cast<std::int32_t>(times.size()); }
  /// A time as the user knows it: "2004".
  std::string name_of(std::int64_t time) const;
  /// Cohorts with a first treated period, ascending, and how many units they have.
  std::vector<std::pair<std::int64_t, std::int64_t>> cohort_sizes() const;
  /// "2004: 20, 2006: 40; never treated: 309".
  std::string cohort_table() const;
};

/// The options that name units, periods and cohorts: cohort, unit, time, and panel when `sections`.
std::vector<core::OptionSpec> staggered_options(bool sections);
/// The common options of estimators by unit and time, without those named.
std::vector<core::OptionSpec> unit_time_options(const std::vector<std::string>& without = {});
/// Those of estimators by influence functions, which take no fixed effects and count no parameters.
std::vector<core::OptionSpec> influence_options();

/// Reads the formula (y ~ x), and cohort=, unit=, time=, panel= of the request. A cohort after the last period counts
/// as never treated; one between two periods starts at the later. Throws core::Error: no cohort=, no panel and no unit=
/// and time=, a cohort that changes within a unit, repeated pairs, fewer than two periods.
Staggered read_staggered(const Request& request, Settings& settings, formula::Parts parts);

/// Without a vcov of the user's: clustered by unit; by rows in repeated cross-sections. To be called before
/// read_staggered, so that rows without a cluster are left out.
void default_staggered_vcov(const Request& request, Settings& settings);

}  // namespace estimators
