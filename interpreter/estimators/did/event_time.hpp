// Periods since treatment, and the dummies of an event study.
#pragma once

#include "data/frame.hpp"
#include "formula/tree.hpp"

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <vector>

namespace estimators {

struct EventWindow {
  std::int64_t low = std::numeric_limits<std::int64_t>::min(), high = std::numeric_limits<std::int64_t>::max();
  bool bin = true;  ///< event times beyond the window count as its ends; false: those rows are left out
};

/// Event time of each row of a frame: (time − cohort) / step of the panel; nothing for never treated (cohort 0 or
/// missing, or further beyond the last period than the data are long), and for rows without a time. `time`: a column
/// name; with dates, cohort is a date too and time counts in the panel's steps. Throws core::Error when cohort is text,
/// is not whole, or differs within a panel unit.
std::vector<std::optional<std::int64_t>> event_times(const data::Frame& frame, const formula::Tree& cohort,
                                                     const std::string& time);

/// A date as a count of the panel's time unit: months since year 0, or days.
std::int64_t calendar_units(double days, data::TimeUnit unit);

/// "event::-4".
std::string event_name(std::int64_t event);

}  // namespace estimators
