#include "measures/growth_between.hpp"

#include "core/error.hpp"
#include "core/text.hpp"

#include <cmath>
#include <limits>

namespace measures {
namespace {

void keep(Growth& out, std::span<const double> x, std::int64_t start, std::int64_t end, double periods) {
  const double x0 = start < 0 ? std::nan("") : x[static_cast<std::size_t>(start)];
  const double x1 = end < 0 ? std::nan("") : x[static_cast<std::size_t>(end)];
  if (std::isnan(x0) || std::isnan(x1)) {
    ++out.left_out;
    return;
  }
  out.growth.push_back((std::log(x1) - std::log(x0)) / periods);
  out.initial.push_back(std::log(x0));
  out.start.push_back(static_cast<std::uint32_t>(start));
  out.end.push_back(static_cast<std::uint32_t>(end));
}

/// Row of each unit at one time; −1: none.
std::vector<std::int64_t> rows_at(std::span<const double> times, const data::Grouping& units, double time) {
  std::vector<std::int64_t> rows(static_cast<std::size_t>(units.levels()), -1);
  for (std::size_t row = 0; row < times.size(); ++row) {
    if (units.codes[row] < 0 || times[row] != time) continue;
    std::int64_t& place = rows[static_cast<std::size_t>(units.codes[row])];
    if (place >= 0)
      throw core::Error("one unit has two rows at time " + core::shortest(time) + ": rows " +
                        std::to_string(place + 1) + " and " + std::to_string(row + 1) + " of those in use")
          .hint("unit= and time= must name a row");
    place = static_cast<std::int64_t>(row);
  }
  return rows;
}

}  // namespace

Growth growth_between(std::span<const double> x, std::span<const double> times, const data::Grouping& units,
                      double from, double to) {
  const std::vector<std::int64_t> start = rows_at(times, units, from), end = rows_at(times, units, to);
  Growth out;
  for (std::size_t u = 0; u < start.size(); ++u) keep(out, x, start[u], end[u], to - from);
  return out;
}

Growth growth_by_period(std::span<const double> x, const data::Panel& panel) {
  const std::vector<std::int64_t> before = panel.shifted_rows(1);
  Growth out;
  for (std::size_t row = 0; row < before.size(); ++row)
    if (before[row] >= 0) keep(out, x, before[row], static_cast<std::int64_t>(row), static_cast<double>(panel.step));
  return out;
}

std::vector<double> unit_means(std::span<const double> values, std::span<const double> times,
                               const data::Grouping& units, double from, double to) {
  const auto levels = static_cast<std::size_t>(units.levels());
  std::vector<double> sum(levels, 0), count(levels, 0);
  for (std::size_t row = 0; row < values.size(); ++row) {
    if (units.codes[row] < 0 || std::isnan(values[row]) || !(times[row] >= from && times[row] <= to)) continue;
    sum[static_cast<std::size_t>(units.codes[row])] += values[row];
    ++count[static_cast<std::size_t>(units.codes[row])];
  }
  for (std::size_t u = 0; u < levels; ++u)
    sum[u] = count[u] > 0 ? sum[u] / count[u] : std::numeric_limits<double>::quiet_NaN();
  return sum;
}

}  // namespace measures
