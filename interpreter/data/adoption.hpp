// A table of when units adopted a policy → the first treated period of each unit of a panel.
#pragma once

#include "data/panel.hpp"

#include <cstdint>
#include <limits>
#include <string>
#include <vector>

namespace data {

/// In which period a day puts the adoption.
enum class DatingRule {
  same_period,  ///< the period that holds the day (announcement or effective date, whichever the table gives)
  half_period,  ///< that period when the day is before the cut-off inside it, else the next
  full_period,  ///< the first period that is treated from its first day to its last
};

constexpr std::int64_t no_period = std::numeric_limits<std::int64_t>::min();

/// First day of a period, counted in steps of the panel (Panel::times): years when time is a number (2014 is the year
/// 2014), months or days when it is a date.
std::int64_t period_start(const Panel& panel, std::int64_t period);
/// The period (in steps) that holds a day; may lie outside the panel's own times.
std::int64_t period_of(const Panel& panel, std::int64_t day);

/// The first treated period for a day. `cutoff`: for half_period, the first day (1 = the period's first) that belongs
/// to the second half; 0: the middle of the period (1 July for years).
std::int64_t adoption_period(const Panel& panel, std::int64_t day, DatingRule rule, int cutoff_month = 0,
                             int cutoff_day = 0);

struct Adoption {
  std::vector<std::int64_t> unit_period;  ///< one per unit of the panel: its first treated period, no_period: never
  struct Finding {
    std::string kind;  ///< unmatched, no date, double entry, before the panel, first period, after the panel
    std::string unit;
    std::string detail;
  };
  std::vector<Finding> findings;
  std::size_t used = 0;  ///< entries that gave a unit its period
};
struct Entry {
  std::string unit;
  std::int64_t period = no_period;  ///< no_period: the date is missing
  std::string date;                 ///< as written
};
/// Assigns entries to the units named `unit_names` (in the panel's order). Of several entries of one unit the earliest
/// counts. Units without an entry never adopt.
Adoption assign_adoption(const std::vector<Entry>& entries, const std::vector<std::string>& unit_names,
                         std::int64_t first_period, std::int64_t last_period);

}  // namespace data
