#include "estimators/did/treatment.hpp"

#include "core/error.hpp"
#include "core/near.hpp"
#include "core/text.hpp"
#include "formula/evaluate.hpp"

#include <algorithm>
#include <limits>
#include <map>

namespace estimators {
namespace {

using numerics::Index;
using numerics::Vector;

/// Ranks of the values of a column over rows, in the column's order, and their names.
void rank_periods(const data::Column& column, const std::vector<std::uint32_t>& rows, Cells& cells) {
  data::Grouping grouping = data::sorted(data::group(column, rows), column);
  cells.periods = std::move(grouping.codes);
  for (const std::uint32_t row : grouping.first) cells.period_names.push_back(column.text(row));
}

void take_units(const formula::Tree& unit, const Context& context, Cells& cells) {
  data::Grouping grouping = formula::group_of(unit, context.frame, context.rows);
  if (std::find(grouping.codes.begin(), grouping.codes.end(), data::missing_code) != grouping.codes.end()) {
    throw core::Error("unit '" + formula::print(unit) + "' is missing in rows of the sample")
        .word(formula::print(unit));
  }
  cells.unit = formula::print(unit);
  cells.unit_count = grouping.levels();
  cells.units = std::move(grouping.codes);
}

/// A term as a number per row of the sample, or nothing when it is a factor or text.
std::optional<Vector> term_values(const formula::Term& term, const Context& context) {
  Vector product = Vector::Ones(static_cast<Index>(context.rows.size()));
  for (const formula::Tree& factor : term.factors) {
    if (factor->op == formula::Op::prefix && factor->text == "i") return std::nullopt;
    if (factor->op == formula::Op::call && factor->text == "i") return std::nullopt;
    const bool continuous = factor->op == formula::Op::prefix && factor->text == "c";
    const data::ColumnPtr column = formula::evaluate(continuous ? factor->children.front() : factor, context.frame);
    if (!column->is_numeric()) return std::nullopt;
    for (std::size_t i = 0; i < context.rows.size(); ++i) {
      product[static_cast<Index>(i)] *= column->number(context.rows[i]);
    }
  }
  return product;
}

bool is_binary(const Vector& values) {
  bool zero = false, one = false;
  for (const double value : values) {
    zero |= value == 0;
    one |= value == 1;
    if (value != 0 && value != 1) return false;
  }
  return zero && one;
}

}  // namespace

Cells cells_of(const Context& context, const std::string& command, const formula::Tree& unit) {
  Cells cells;
  const data::Panel* panel = context.frame.panel();
  std::vector<formula::Tree> plain;
  for (const formula::Tree& tree : context.parts.fe) {
    const formula::Tree& effect = tree->op == formula::Op::slopes ? tree->children.front() : tree;
    if (effect->op == formula::Op::name) plain.push_back(effect);
  }
  if (panel == nullptr && plain.size() < 2) {
    throw core::Error(command + " needs to know units and periods")
        .hint("declare them first: panel(unit, time); or absorb both: fe=\"unit + time\"");
  }
  take_units(unit != nullptr ? unit : panel != nullptr ? formula::name(panel->unit) : plain[0], context, cells);
  cells.time = panel != nullptr ? panel->time : plain[1]->text;
  rank_periods(*context.frame.at(cells.time), context.rows, cells);
  return cells;
}

std::optional<Treatment> find_treatment(const results::Fit& fit, const Context& context, const std::string& wanted) {
  for (const std::string& name : fit.names) {
    if (!wanted.empty() && name != wanted) continue;
    for (const formula::Term& term : context.parts.exogenous) {
      if (term.label != name) continue;
      std::optional<Vector> values = term_values(term, context);
      if (values && is_binary(*values)) return Treatment{name, std::move(*values)};
      if (!wanted.empty()) throw core::Error("treatment '" + wanted + "' is not a 0/1 column").word(wanted);
    }
  }
  if (!wanted.empty()) {
    throw core::Error("no coefficient '" + wanted + "'")
        .hint(core::did_you_mean(wanted, fit.names, "coefficients"))
        .word(wanted);
  }
  return std::nullopt;
}

Adoption adoption_of(const Cells& cells, const Vector& treatment) {
  const auto units = static_cast<std::size_t>(cells.unit_count);
  constexpr std::int32_t never = std::numeric_limits<std::int32_t>::max();
  Adoption adoption;
  adoption.start.assign(units, never);
  std::vector<std::uint8_t> reverts(units, 0), untreated(units, 0);
  for (std::size_t i = 0; i < cells.units.size(); ++i) {
    const auto u = static_cast<std::size_t>(cells.units[i]);
    if (treatment[static_cast<Index>(i)] == 1) {
      adoption.start[u] = std::min(adoption.start[u], cells.periods[i]);
      ++adoption.treated_rows;
    } else {
      untreated[u] = 1;
    }
  }
  for (std::size_t i = 0; i < cells.units.size(); ++i) {
    const auto u = static_cast<std::size_t>(cells.units[i]);
    if (treatment[static_cast<Index>(i)] == 0 && cells.periods[i] >= adoption.start[u]) reverts[u] = 1;
  }
  std::map<std::int32_t, std::int32_t> cohorts;
  for (std::size_t u = 0; u < units; ++u) {
    if (adoption.start[u] == never) {
      adoption.start[u] = -1;
      continue;
    }
    ++adoption.treated_units;
    adoption.always_treated += untreated[u] == 0;
    adoption.reverting += reverts[u];
    ++cohorts[adoption.start[u]];
  }
  adoption.absorbing = adoption.reverting == 0;
  adoption.cohorts.assign(cohorts.begin(), cohorts.end());
  return adoption;
}

std::string cohort_table(const Cells& cells, const Adoption& adoption) {
  std::vector<std::string> entries;
  for (const auto& [period, units] : adoption.cohorts) {
    entries.push_back(cells.period_names[static_cast<std::size_t>(period)] + ": " + core::grouped(units));
  }
  constexpr std::size_t most = 15;
  const std::size_t left = entries.size() > most ? entries.size() - most : 0;
  entries.resize(entries.size() - left);
  std::string text = core::join(entries, ", ");
  if (left > 0) text += ", and " + core::counted(static_cast<long long>(left), "later cohort");
  return text + "; never treated: " + core::grouped(cells.unit_count - adoption.treated_units);
}

}  // namespace estimators
