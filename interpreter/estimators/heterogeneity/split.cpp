#include "estimators/heterogeneity/split.hpp"

#include "core/error.hpp"
#include "core/interrupt.hpp"
#include "core/text.hpp"
#include "formula/evaluate.hpp"

#include <algorithm>
#include <memory>
#include <numeric>

namespace estimators {
namespace {

constexpr const char* part_column = "(part of the sample)";

/// Is every panel unit in one part? Rows in no part do not matter.
bool split_by_units(const data::Panel& panel, const std::vector<std::int32_t>& part) {
  constexpr std::int32_t unseen = -2;
  std::vector<std::int32_t> known(static_cast<std::size_t>(panel.units.levels()), unseen);
  for (std::size_t i = 0; i < part.size(); ++i) {
    if (part[i] == data::missing_code || panel.units.codes[i] == data::missing_code) continue;
    std::int32_t& of_unit = known[static_cast<std::size_t>(panel.units.codes[i])];
    if (of_unit == unseen) of_unit = part[i];
    if (of_unit != part[i]) return false;
  }
  return true;
}

}  // namespace

Split split_rows(const data::Frame& frame, const formula::Tree& where, const formula::Tree& by) {
  Split out;
  out.by = formula::print(by);
  std::vector<std::uint32_t> rows(frame.rows());
  std::iota(rows.begin(), rows.end(), 0U);
  if (where != nullptr) rows = formula::rows_where(where, frame);
  const data::ColumnPtr column = formula::evaluate(by, where == nullptr ? frame : frame.take(rows));
  const data::Grouping groups = data::sorted(data::group(*column), *column);
  if (groups.levels() < 2)
    throw core::Error("'" + out.by + "' has fewer than two values in these rows: nothing to split by").word(out.by);
  if (groups.levels() > 50)
    throw core::Error("'" + out.by + "' has " + std::to_string(groups.levels()) + " values: too many groups")
        .hint("make a few groups first: gen(high = x > median(x))")
        .word(out.by);
  out.part.assign(frame.rows(), data::missing_code);
  for (std::size_t i = 0; i < rows.size(); ++i) out.part[rows[i]] = groups.codes[i];
  for (const std::uint32_t first : groups.first) out.levels.push_back(column->text(first));

  const data::Panel* panel = frame.panel() != nullptr && !frame.panel()->unit.empty() ? frame.panel() : nullptr;
  out.by_units = panel != nullptr && split_by_units(*panel, out.part);
  if (out.by_units) {
    out.units = panel->units.codes;
  } else {
    out.units.resize(frame.rows());
    std::iota(out.units.begin(), out.units.end(), 0);
  }
  const auto missing = std::count(groups.codes.begin(), groups.codes.end(), data::missing_code);
  if (missing > 0) out.notes.push_back(core::counted(missing, "row") + " without '" + out.by + "' left out");
  out.notes.push_back(out.by_units       ? "split by units: each " + panel->unit + " is in one group"
                      : panel != nullptr ? "split by observations: a " + panel->unit + " may be in several groups"
                                         : "split by observations");
  return out;
}

Request on_part(const Request& request, const std::vector<std::int32_t>& part, std::int32_t level) {
  Request out = request;
  std::vector<double> values(part.begin(), part.end());
  out.frame = request.frame.with(part_column, data::Column::reals(std::move(values)));
  formula::Tree inside = formula::node(formula::Op::equal, {formula::name(part_column), formula::number(level)});
  if (const auto where = request.options.get<formula::Tree>("where"); where != nullptr)
    inside = formula::node(formula::Op::conjunction, {where, inside});
  out.options.set("where", inside);
  return out;
}

SplitFits fit_parts(const Request& request, const formula::Tree& by, const Fitter& fitter) {
  SplitFits out{request, fitter, split_rows(request.frame, request.options.get<formula::Tree>("where"), by), {}};
  for (std::size_t g = 0; g < out.split.levels.size(); ++g) {
    core::poll();
    try {
      results::Fit fit = fitter(on_part(request, out.split.part, static_cast<std::int32_t>(g)));
      fit.split_by = out.split.by;
      fit.split_level = out.split.levels[g];
      fit.notes.insert(fit.notes.end(), out.split.notes.begin(), out.split.notes.end());
      out.fits.push_back(std::make_shared<const results::Fit>(std::move(fit)));
    } catch (core::Error& error) {
      throw core::Error(out.split.by + " = " + out.split.levels[g] + ": " + error.message())
          .hint("leave that group out with where=");
    }
  }
  return out;
}

}  // namespace estimators
