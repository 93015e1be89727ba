#include "spatial/align.hpp"

#include "core/error.hpp"
#include "core/near.hpp"
#include "core/text.hpp"

#include <cmath>
#include <limits>
#include <map>
#include <numeric>
#include <optional>
#include <unordered_map>

namespace spatial {
namespace {

/// The column whose values are the ids.
std::string id_column(const Weights& W, const data::Frame& frame) {
  if (!W.id_column.empty() && frame.has(W.id_column)) return W.id_column;
  if (frame.panel()) return frame.panel()->unit;
  if (!W.id_column.empty()) frame.at(W.id_column);  // throws with near names
  throw core::Error("the weights have ids (" +
                    core::join(std::vector<std::string>(
                                   W.ids.begin(),
                                   W.ids.begin() + static_cast<std::ptrdiff_t>(std::min<std::size_t>(3, W.ids.size()))),
                               ", ") +
                    ", …) and nothing says which column of '" + frame.name() + "' holds them")
      .hint("say so where the weights are made, id=city, or afterwards: W = W:with_id(city)");
}

/// Numbers of the units that ids stand for; ids that come in the order of the weights, as most do, are not looked up.
class UnitNumbers {
 public:
  explicit UnitNumbers(const Weights& W) : W_(W) {}

  std::optional<std::uint32_t> operator()(const std::string& id) {
    if (next_ < W_.units() && W_.ids[next_] == id) return static_cast<std::uint32_t>(next_++);
    if (at_.empty())
      for (std::uint32_t i = 0; i < W_.units(); ++i) at_.emplace(W_.ids[i], i);
    const auto found = at_.find(id);
    if (found == at_.end()) return std::nullopt;
    next_ = found->second + 1;
    return found->second;
  }

 private:
  const Weights& W_;
  std::size_t next_ = 0;
  std::unordered_map<std::string, std::uint32_t> at_;
};

std::vector<std::uint32_t> units_by_row(const Weights& W, const data::Frame& frame,
                                        std::span<const std::uint32_t> rows) {
  const data::RowIds& ids = frame.row_ids();
  if (ids.origin != W.origin)
    throw core::Error("the weights were made from the rows of another frame than '" + frame.name() + "'")
        .hint("make them with id=, the column that names the units: rows then meet by id");
  std::vector<std::uint32_t> numbers(rows.size());
  UnitNumbers number_of(W);
  for (std::size_t r = 0; r < rows.size(); ++r) {
    const auto found = number_of(std::to_string((ids.at ? (*ids.at)[rows[r]] : rows[r]) + 1));
    if (!found) throw core::Error("row " + std::to_string(rows[r] + 1) + " was not there when the weights were made");
    numbers[r] = *found;
  }
  return numbers;
}

std::vector<std::uint32_t> units_by_id(const Weights& W, const data::Frame& frame,
                                       std::span<const std::uint32_t> rows) {
  const std::string name = id_column(W, frame);
  const data::ColumnPtr column = frame.at(name);
  const data::Grouping groups = data::group(*column, rows);
  UnitNumbers number_of(W);
  std::vector<std::uint32_t> unit_of_level, numbers(rows.size());
  for (const std::uint32_t first : groups.first) {
    const std::string id = column->text(first);
    const auto found = number_of(id);
    if (!found)
      throw core::Error("the weights have no unit '" + id + "' of column '" + name + "'; " +
                        core::did_you_mean(id, W.ids, "units"))
          .hint("ids meet by their text: 'Hangzhou', or 330100");
    unit_of_level.push_back(*found);
  }
  for (std::size_t r = 0; r < rows.size(); ++r) {
    if (groups.codes[r] < 0)
      throw core::Error("'" + name + "' is missing in row " + std::to_string(rows[r] + 1)).word(name);
    numbers[r] = unit_of_level[static_cast<std::size_t>(groups.codes[r])];
  }
  return numbers;
}

void set_periods(const data::Frame& frame, std::span<const std::uint32_t> rows, Periods& at) {
  const data::Panel* panel = frame.panel();
  at.period.assign(rows.size(), 0);
  if (!panel || panel->unit.empty()) {
    at.names = {""};
    return;
  }
  std::map<std::int64_t, std::uint32_t> order;
  for (const std::uint32_t row : rows) order.emplace(panel->times[row], row);
  const data::ColumnPtr time = frame.at(panel->time);
  std::map<std::int64_t, std::uint32_t> number;
  for (const auto& [value, row] : order) {
    number.emplace(value, static_cast<std::uint32_t>(at.names.size()));
    at.names.push_back(time->text(row));
  }
  for (std::size_t r = 0; r < rows.size(); ++r) at.period[r] = number[panel->times[rows[r]]];
}

}  // namespace

Periods align(const Weights& W, const data::Frame& frame, std::span<const std::uint32_t> rows) {
  Periods at;
  at.units = W.units();
  const bool by_row = W.id_column.empty() && W.origin != 0;
  at.unit = by_row ? units_by_row(W, frame, rows) : units_by_id(W, frame, rows);
  set_periods(frame, rows, at);
  std::vector<bool> seen(at.units * at.periods(), false);
  for (std::size_t r = 0; r < rows.size(); ++r) {
    const std::size_t cell = at.period[r] * at.units + at.unit[r];
    if (seen[cell]) {
      core::Error error("unit '" + W.ids[at.unit[r]] + "' stands in more than one row" +
                        (at.names[at.period[r]].empty() ? "" : " of period " + at.names[at.period[r]]));
      if (!frame.panel()) error.hint("declare the panel, panel(unit, time), or keep one period with where=");
      throw error;
    }
    seen[cell] = true;
  }
  return at;
}

Periods align(const Weights& W, const data::Frame& frame) {
  std::vector<std::uint32_t> rows(frame.rows());
  std::iota(rows.begin(), rows.end(), 0U);
  return align(W, frame, rows);
}

void require_complete(const Weights& W, const Periods& at) {
  if (at.unit.size() == at.units * at.periods()) return;
  std::vector<bool> seen(at.units * at.periods(), false);
  for (std::size_t r = 0; r < at.unit.size(); ++r) seen[at.period[r] * at.units + at.unit[r]] = true;
  for (std::size_t t = 0; t < at.periods(); ++t) {
    std::size_t there = 0;
    std::string missing;
    for (std::size_t i = 0; i < at.units; ++i) {
      there += seen[t * at.units + i];
      if (!seen[t * at.units + i] && missing.empty()) missing = W.ids[i];
    }
    if (there == at.units) continue;
    throw core::Error("W has " + std::to_string(at.units) + " units but " +
                      (at.names[t].empty() ? "the sample" : "period " + at.names[t]) + " has " + std::to_string(there) +
                      " (no row in use for '" + missing + "')")
        .hint("fill in the missing rows, or keep the units that are there: W:subset(data, \"condition\")");
  }
}

std::vector<double> lag_rows(const Weights& whole, const data::Frame& frame, const std::vector<double>& x) {
  const Periods at = align(whole, frame);
  std::vector<const Weights*> of(at.periods(), &whole);
  if (!whole.by_period.empty()) {
    const auto shared = std::make_shared<const Weights>(whole);
    for (std::size_t t = 0; t < of.size(); ++t) of[t] = in_period(shared, at.names[t]).get();  // held by `whole`
  }
  std::vector<std::int64_t> row_of(at.units * at.periods(), -1);
  for (std::size_t r = 0; r < x.size(); ++r)
    row_of[at.period[r] * at.units + at.unit[r]] = static_cast<std::int64_t>(r);
  std::vector<double> out(x.size(), 0);
  for (std::size_t r = 0; r < x.size(); ++r) {
    const std::size_t i = at.unit[r];
    const Weights& W = *of[at.period[r]];
    for (std::size_t p = W.start[i]; p < W.start[i + 1]; ++p) {
      const std::int64_t other = row_of[at.period[r] * at.units + W.to[p]];
      if (other < 0)
        throw core::Error("the neighbour '" + W.ids[W.to[p]] + "' of '" + W.ids[i] + "' has no row" +
                          (at.names[at.period[r]].empty() ? "" : " in period " + at.names[at.period[r]]))
            .hint("a lag over part of the neighbours is no lag: fill in the row, or take W:subset(...)");
      out[r] += W.value[p] * x[static_cast<std::size_t>(other)];
    }
  }
  return out;
}

}  // namespace spatial
