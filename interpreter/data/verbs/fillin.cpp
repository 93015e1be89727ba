#include "data/verbs/fillin.hpp"

#include "core/error.hpp"
#include "core/interrupt.hpp"
#include "core/text.hpp"
#include "data/date.hpp"
#include "data/verbs/keys.hpp"
#include "data/verbs/picked.hpp"

#include <algorithm>
#include <limits>

namespace data {
namespace {

/// The time that stands `steps` steps after the panel's first, as its column would hold it.
class Clock {
 public:
  Clock(const Panel& panel, const Column& time) : panel_(panel) {
    if (panel.time_unit != TimeUnit::month) return;
    const auto days = time.integers();
    day_ = civil_from_days(days.front()).day;
    for (const std::int64_t day : days) last_day_ = last_day_ || civil_from_days(day).day != day_;
  }
  std::int64_t at(std::int64_t steps) const {
    const std::int64_t time = panel_.first + steps * panel_.step;
    if (panel_.time_unit != TimeUnit::month) return time;
    CivilDate date{time / 12, static_cast<int>(time % 12) + 1, day_};
    if (last_day_) date.day = days_in_month(date.year, date.month);
    return days_from_civil(date);
  }

 private:
  const Panel& panel_;
  int day_ = 1;
  bool last_day_ = false;  ///< dates stand on the last day of their months, whatever its number
};

ColumnPtr time_column(const std::vector<std::int64_t>& steps, const Panel& panel, const Column& time) {
  const Clock clock(panel, time);
  if (time.type() == Type::real) {
    std::vector<double> values(steps.size());
    std::transform(steps.begin(), steps.end(), values.begin(),
                   [&](std::int64_t s) { return static_cast<double>(clock.at(s)); });
    return Column::reals(std::move(values))->described_as(time);
  }
  std::vector<std::int64_t> values(steps.size());
  std::transform(steps.begin(), steps.end(), values.begin(), [&](std::int64_t s) { return clock.at(s); });
  ColumnPtr out = time.type() == Type::date ? Column::dates(std::move(values)) : Column::integers(std::move(values));
  return out->described_as(time);
}

}  // namespace

Filled fillin(const Frame& frame, std::span<const std::string> columns) {
  const std::vector<ColumnPtr> by = columns_of(frame, columns);
  std::vector<Grouping> levels;
  double product = 1;
  for (const ColumnPtr& column : by) {
    const std::vector<ColumnPtr> one = {column};
    levels.push_back(keyed_in_order(one, frame.rows()));
    product *= static_cast<double>(levels.back().first.size());
  }
  check_size(product + static_cast<double>(frame.rows()), frame.width(), "fillin");
  const auto cells = static_cast<std::size_t>(product);
  if (cells > static_cast<std::size_t>(std::numeric_limits<std::int32_t>::max()))
    throw core::Error("fillin would make " + core::grouped(static_cast<long long>(cells)) + " rows, more than it can")
        .hint("fill in fewer columns, or keep fewer rows");
  // The combinations, the first column slowest, are numbered 0 … cells − 1.
  std::vector<std::uint32_t> cell(frame.rows(), 0);
  for (const Grouping& level : levels)
    for (std::size_t r = 0; r < cell.size(); ++r)
      cell[r] = cell[r] * static_cast<std::uint32_t>(level.first.size()) + static_cast<std::uint32_t>(level.codes[r]);
  std::vector<std::int32_t> codes(cell.begin(), cell.end());
  const GroupRows rows = rows_by_group(codes, cells);

  Filled out;
  std::vector<std::uint32_t> source;       // row of the frame, or no_row
  std::vector<std::uint32_t> combination;  // of each row of the result
  for (std::size_t c = 0; c < cells; ++c) {
    const auto here = rows.of(c);
    if (here.empty()) {
      source.push_back(no_row);
      combination.push_back(static_cast<std::uint32_t>(c));
      out.added.push_back(1);
      ++out.count;
    }
    for (const std::uint32_t row : here) {
      source.push_back(row);
      combination.push_back(static_cast<std::uint32_t>(c));
      out.added.push_back(0);
    }
  }
  core::poll();
  out.frame = Frame(frame.name());
  for (const std::string& name : frame.names()) {
    const auto at = std::find(columns.begin(), columns.end(), name);
    if (at == columns.end()) {
      out.frame = out.frame.with(name, picked(*frame.at(name), source));
      continue;
    }
    const auto k = static_cast<std::size_t>(at - columns.begin());
    std::uint32_t faster = 1;  // combinations of the columns after this one
    for (std::size_t l = k + 1; l < levels.size(); ++l) faster *= static_cast<std::uint32_t>(levels[l].first.size());
    std::vector<std::uint32_t> from(combination.size());
    for (std::size_t r = 0; r < from.size(); ++r)
      from[r] = levels[k].first[combination[r] / faster % levels[k].first.size()];
    out.frame = out.frame.with(name, picked(*frame.at(name), from));
  }
  out.frame = follow_panel(frame, std::move(out.frame), out.notes);
  return out;
}

Filled fill_times(const Frame& frame, bool full) {
  const Panel* panel = frame.panel();
  if (panel == nullptr)
    throw core::Error("no panel is declared").word("tsfill").hint("declare it first: panel(unit, time)");
  Filled out;
  const std::size_t units = panel->start.empty() ? 0 : panel->start.size() - 1;
  std::int64_t last = 0;
  for (const std::int64_t time : panel->times) last = std::max(last, time);
  double total = 0;
  for (std::size_t u = 0; u < units; ++u)
    total += full ? static_cast<double>(last) + 1
                  : static_cast<double>(panel->times[panel->order[panel->start[u + 1] - 1]] -
                                        panel->times[panel->order[panel->start[u]]] + 1);
  check_size(total, frame.width(), "tsfill");
  std::vector<std::uint32_t> source, unit_row;
  std::vector<std::int64_t> steps;
  for (std::size_t u = 0; u < units; ++u) {
    core::poll();
    const std::uint32_t first_row = panel->order[panel->start[u]];
    std::uint32_t at = panel->start[u];
    const std::int64_t from = full ? 0 : panel->times[first_row];
    const std::int64_t to = full ? last : panel->times[panel->order[panel->start[u + 1] - 1]];
    for (std::int64_t t = from; t <= to; ++t) {
      const bool there = at < panel->start[u + 1] && panel->times[panel->order[at]] == t;
      source.push_back(there ? panel->order[at++] : no_row);
      unit_row.push_back(first_row);
      steps.push_back(t);
      out.added.push_back(there ? 0 : 1);
      out.count += there ? 0 : 1;
    }
  }
  out.frame = Frame(frame.name());
  for (const std::string& name : frame.names()) {
    const ColumnPtr column = frame.at(name);
    out.frame = out.frame.with(name, name == panel->time   ? time_column(steps, *panel, *column)
                                     : name == panel->unit ? picked(*column, unit_row)
                                                           : picked(*column, source));
  }
  out.frame = follow_panel(frame, std::move(out.frame), out.notes);
  return out;
}

}  // namespace data
