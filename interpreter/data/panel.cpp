#include "data/panel.hpp"

#include "core/error.hpp"
#include "core/parallel.hpp"
#include "data/date.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

namespace data {
namespace {

std::string row_of(std::size_t row) { return "row " + std::to_string(row + 1); }

/// Times as whole numbers, or the Error that names the first row that has none.
std::vector<std::int64_t> whole_times(const Column& time, const std::string& name) {
  if (!time.is_numeric())
    throw core::Error("time '" + name + "' is a " + std::string(name_of(time.type())) + " column")
        .hint("time must be whole numbers (2011, 2012, …) or dates")
        .word(name);
  std::vector<std::int64_t> out(time.size());
  for (std::size_t i = 0; i < out.size(); ++i) {
    if (time.missing(i))
      throw core::Error("time '" + name + "' is missing in " + row_of(i)).hint("drop such rows first").word(name);
    const double t = time.number(i);
    if (t != std::floor(t) || std::abs(t) > 0x1p53)
      throw core::Error("time '" + name + "' is not a whole number in " + row_of(i) + ": " + time.text(i))
          .hint("periods must be whole numbers (2011, 2012, …) or dates")
          .word(name);
    out[i] = static_cast<std::int64_t>(t);  // exact: no whole number beyond 2^53 gets here
  }
  return out;
}

/// Days to months when every date is on the same day of its month, or on its last day.
bool count_in_months(std::vector<std::int64_t>& days) {
  bool same_day = true;
  bool last_day = true;
  std::vector<std::int64_t> months(days.size());
  const int day = days.empty() ? 0 : civil_from_days(days.front()).day;
  for (std::size_t i = 0; i < days.size(); ++i) {
    const CivilDate date = civil_from_days(days[i]);
    same_day = same_day && date.day == day;
    last_day = last_day && date.day == days_in_month(date.year, date.month);
    if (!same_day && !last_day) return false;
    months[i] = date.year * 12 + date.month - 1;
  }
  // One date only, or two within a month, say nothing about months.
  if (std::adjacent_find(months.begin(), months.end(), std::not_equal_to<>()) == months.end()) return false;
  days = std::move(months);
  return true;
}

/// Positions of `keys` (values 0 … range − 1) taken in the order of `before`, sorted stably by key; fills `start`.
std::vector<std::uint32_t> counting_sort(std::span<const std::int32_t> keys, std::size_t range,
                                         const std::vector<std::uint32_t>& before, std::vector<std::uint32_t>& start) {
  start.assign(range + 1, 0);
  for (const std::int32_t key : keys) ++start[static_cast<std::size_t>(key) + 1];
  std::partial_sum(start.begin(), start.end(), start.begin());
  std::vector<std::uint32_t> next(start.begin(), start.end() - 1);
  std::vector<std::uint32_t> out(keys.size());
  for (const std::uint32_t row : before) out[next[static_cast<std::size_t>(keys[row])]++] = row;
  return out;
}

/// Fills order, start, periods, balanced and gaps from units and times.
void index_rows(Panel& panel, const Grouping& periods) {
  const std::size_t n = panel.times.size();
  std::vector<std::uint32_t> rows(n);
  std::iota(rows.begin(), rows.end(), 0U);
  std::vector<std::uint32_t> start;
  rows = counting_sort(periods.codes, static_cast<std::size_t>(periods.levels()), rows, start);
  const auto units = static_cast<std::size_t>(panel.units.levels());
  panel.order = counting_sort(panel.units.codes, units, rows, panel.start);
  panel.periods = periods.levels();
  panel.balanced = true;
  panel.gaps = false;
  for (std::size_t u = 0; u < units; ++u) {
    const std::int64_t rows_of_unit = panel.start[u + 1] - panel.start[u];
    const std::int64_t first = panel.times[panel.order[panel.start[u]]];
    const std::int64_t last = panel.times[panel.order[panel.start[u + 1] - 1]];
    panel.balanced = panel.balanced && rows_of_unit == panel.periods;
    panel.gaps = panel.gaps || rows_of_unit < last - first + 1;
  }
}

/// The first position in `order` whose row repeats the unit and time of the one before, or the number of rows.
std::size_t repeated_pair(const Panel& panel) {
  for (std::size_t i = 1; i < panel.order.size(); ++i) {
    const std::uint32_t a = panel.order[i - 1];
    const std::uint32_t b = panel.order[i];
    if (panel.units.codes[a] == panel.units.codes[b] && panel.times[a] == panel.times[b]) return i;
  }
  return panel.order.size();
}

}  // namespace

Panel make_panel(const Column& unit, const Column& time, std::string unit_name, std::string time_name) {
  Panel panel;
  panel.unit = std::move(unit_name);
  panel.time = std::move(time_name);
  panel.units = group(unit);
  const auto hole = std::find(panel.units.codes.begin(), panel.units.codes.end(), -1);
  if (hole != panel.units.codes.end())
    throw core::Error("unit '" + panel.unit + "' is missing in " +
                      row_of(static_cast<std::size_t>(hole - panel.units.codes.begin())))
        .hint("drop such rows first")
        .word(panel.unit);
  panel.times = whole_times(time, panel.time);
  if (time.type() == Type::date) panel.time_unit = count_in_months(panel.times) ? TimeUnit::month : TimeUnit::day;

  const ColumnPtr whole = Column::integers(panel.times);
  const Grouping periods = sorted(group(*whole), *whole);
  if (periods.levels() > 0) panel.first = panel.times[periods.first.front()];
  std::int64_t step = 0;
  for (const std::uint32_t row : periods.first) step = std::gcd(step, panel.times[row] - panel.first);
  panel.step = step > 0 ? step : 1;
  for (std::int64_t& t : panel.times) t = (t - panel.first) / panel.step;
  index_rows(panel, periods);

  const std::size_t twice = repeated_pair(panel);
  if (twice < panel.order.size()) {
    const std::uint32_t a = panel.order[twice - 1];
    const std::uint32_t b = panel.order[twice];
    const std::string who =
        panel.unit.empty() ? "time series: " : "panel: " + panel.unit + " " + unit.text(a) + " has ";
    throw core::Error(who + panel.time + " " + time.text(a) + " twice, in rows " + std::to_string(a + 1) + " and " +
                      std::to_string(b + 1))
        .hint(panel.unit.empty()
                  ? "drop the repeated rows, or declare the unit too: panel(unit, time)"
                  : "each unit may have a period once; drop the repeated rows, or name another unit or time")
        .word(panel.unit.empty() ? panel.time : panel.unit);
  }
  return panel;
}

std::optional<Panel> take_rows(const Panel& panel, std::span<const std::uint32_t> rows) {
  Panel out;
  out.unit = panel.unit;
  out.time = panel.time;
  out.first = panel.first;
  out.step = panel.step;
  out.time_unit = panel.time_unit;
  std::vector<std::int32_t> codes(rows.size());
  out.times.resize(rows.size());
  for (std::size_t i = 0; i < rows.size(); ++i) {
    codes[i] = panel.units.codes[rows[i]];
    out.times[i] = panel.times[rows[i]];
  }
  const ColumnPtr units = Column::texts(
      std::move(codes), std::make_shared<std::vector<std::string>>(static_cast<std::size_t>(panel.units.levels())));
  out.units = group(*units);
  const ColumnPtr whole = Column::integers(out.times);
  index_rows(out, sorted(group(*whole), *whole));
  if (repeated_pair(out) < out.order.size()) return std::nullopt;
  return out;
}

std::vector<std::int64_t> Panel::shifted_rows(std::int64_t by) const {
  std::vector<std::int64_t> out(order.size(), -1);
  constexpr std::size_t units_per_block = 4096;
  core::for_blocks(start.empty() ? 0 : start.size() - 1, units_per_block, [&](std::size_t begin, std::size_t end) {
    for (std::size_t u = begin; u < end; ++u) {
      std::uint32_t source = start[u];  // walks up with the times, which are sorted within the unit
      for (std::uint32_t at = start[u]; at < start[u + 1]; ++at) {
        const std::int64_t wanted = times[order[at]] - by;
        while (source < start[u + 1] && times[order[source]] < wanted) ++source;
        if (source == start[u + 1]) break;
        if (times[order[source]] == wanted) out[order[at]] = order[source];
      }
    }
  });
  return out;
}

}  // namespace data
