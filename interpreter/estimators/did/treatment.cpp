#include "estimators/did/treatment.hpp"

#include "core/error.hpp"
#include "core/near.hpp"
#include "core/text.hpp"
#include "formula/evaluate.hpp"

#include <algorithm>
#include <cmath>
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

std::vector<formula::Tree> plain_effects(const std::vector<formula::Tree>& effects) {
  std::vector<formula::Tree> plain;
  for (const formula::Tree& tree : effects) {
    const formula::Tree& effect = tree->op == formula::Op::slopes ? tree->children.front() : tree;
    if (effect->op == formula::Op::name) plain.push_back(effect);
  }
  return plain;
}

}  // namespace

void require_unit_first(const data::Frame& frame, const std::vector<formula::Tree>& effects) {
  const std::vector<formula::Tree> plain = plain_effects(effects);
  if (frame.panel() != nullptr || plain.size() < 2) return;
  const std::string &first = plain[0]->text, &second = plain[1]->text;
  if (!frame.has(first) || !frame.has(second)) return;
  if (!frame.at(first)->is_numeric() || frame.at(second)->is_numeric()) return;
  throw core::Error("'" + second + "' is text and stands where periods are looked for, second among the fixed effects")
      .hint("put the unit first, fe=\"" + second + " + " + first + "\"; or declare them: panel(" + second + ", " +
            first + ")")
      .word(second);
}

void require_right_way_round(const Context& context, const Vector& treatment, const Adoption& adoption) {
  const std::vector<formula::Tree> plain = plain_effects(context.parts.fe);
  if (context.frame.panel() != nullptr || plain.size() < 2 || adoption.absorbing) return;
  const std::string &first = plain[0]->text, &second = plain[1]->text;
  if (!context.frame.at(first)->is_numeric()) return;
  Cells turned;
  take_units(plain[1], context, turned);
  turned.time = first;
  rank_periods(*context.frame.at(first), context.rows, turned);
  if (!adoption_of(turned, treatment).absorbing) return;
  throw core::Error("with '" + first + "' for the units and '" + second +
                    "' for the periods treatment ends again; the other way round it does not")
      .hint("put the unit first, fe=\"" + second + " + " + first + "\"; or declare them: panel(" + second + ", " +
            first + ")")
      .word(first);
}

Cells cells_of(const Context& context, const std::string& command, const formula::Tree& unit) {
  Cells cells;
  const data::Panel* panel = context.frame.panel();
  const std::vector<formula::Tree> plain = plain_effects(context.parts.fe);
  if (panel == nullptr && plain.size() < 2) {
    throw core::Error(command + " needs to know units and periods")
        .hint("declare them first: panel(unit, time); or absorb both: fe=\"unit + time\"");
  }
  require_unit_first(context.frame, context.parts.fe);
  take_units(unit != nullptr ? unit : panel != nullptr ? formula::name(panel->unit) : plain[0], context, cells);
  cells.time = panel != nullptr ? panel->time : plain[1]->text;
  rank_periods(*context.frame.at(cells.time), context.rows, cells);
  return cells;
}

namespace {

/// Does it begin in some units after others, or in some and never in others? A column that is the same in all units of
/// a period (post), or in all periods of a unit (treat), does not.
bool turns_on(const Cells& cells, const Vector& values) {
  const Adoption adoption = adoption_of(cells, values);
  const bool same_for_all = adoption.cohorts.size() == 1 && adoption.treated_units == cells.unit_count;
  return adoption.treated_units > adoption.always_treated && !same_for_all;
}

/// Units and periods, or nothing when they are not known.
std::optional<Cells> known_cells(const Context& context) {
  const data::Panel* panel = context.frame.panel();
  if (panel != nullptr && panel->unit.empty()) return std::nullopt;
  if (panel == nullptr && plain_effects(context.parts.fe).size() < 2) return std::nullopt;
  return cells_of(context, "did");
}

std::vector<Treatment> binary_terms(const results::Fit& fit, const Context& context) {
  std::vector<Treatment> out;
  for (const std::string& name : fit.names) {
    for (const formula::Term& term : context.parts.exogenous) {
      if (term.label != name) continue;
      std::optional<Vector> values = term_values(term, context);
      if (values && is_binary(*values)) out.push_back({name, std::move(*values), term});
    }
  }
  return out;
}

Treatment treatment_called(const std::string& wanted, const results::Fit& fit, const Context& context) {
  for (const formula::Term& term : context.parts.exogenous) {
    if (!core::same_but_spaces(term.label, wanted)) continue;
    if (std::find(fit.names.begin(), fit.names.end(), term.label) == fit.names.end()) continue;
    std::optional<Vector> values = term_values(term, context);
    if (values && is_binary(*values)) return {term.label, std::move(*values), term};
    throw core::Error("treatment '" + wanted + "' is not a 0/1 column").word(wanted);
  }
  throw core::Error("no coefficient '" + wanted + "'")
      .hint(core::did_you_mean(wanted, fit.names, "coefficients"))
      .word(wanted);
}

}  // namespace

TreatmentSearch find_treatment(const results::Fit& fit, const Context& context, const std::string& wanted) {
  if (!wanted.empty()) return {treatment_called(wanted, fit, context), {}};
  std::vector<Treatment> terms = binary_terms(fit, context);
  std::vector<std::size_t> chosen;
  const auto choose = [&](const auto& suits) {
    chosen.clear();
    for (std::size_t i = 0; i < terms.size(); ++i)
      if (suits(terms[i])) chosen.push_back(i);
  };
  const auto product = [](const Treatment& term) { return term.term.factors.size() > 1; };
  if (const std::optional<Cells> cells = known_cells(context)) {
    choose([&](const Treatment& term) { return turns_on(*cells, term.values); });
    std::stable_sort(chosen.begin(), chosen.end(),
                     [&](std::size_t a, std::size_t b) { return product(terms[a]) < product(terms[b]); });
  }
  TreatmentSearch out;
  if (chosen.empty()) {
    choose([](const Treatment&) { return true; });
    if (chosen.size() > 1) choose(product);
    if (chosen.size() != 1) {
      for (const Treatment& term : terms) out.others.push_back(term.name);
      return out;
    }
  }
  for (std::size_t i = 1; i < chosen.size(); ++i) out.others.push_back(terms[chosen[i]].name);
  out.found = std::move(terms[chosen.front()]);
  return out;
}

bool has_time_effects(const Context& context, const Cells& cells) {
  const auto names_time = [&](const formula::Tree& tree) {
    const std::vector<std::string> names = formula::names_in(tree);
    return std::find(names.begin(), names.end(), cells.time) != names.end();
  };
  if (std::any_of(context.parts.fe.begin(), context.parts.fe.end(), names_time)) return true;
  for (const formula::Tree& effect : context.parts.fe) {  // each level in one period
    if (effect->op == formula::Op::slopes || effect->op == formula::Op::slopes_only) continue;
    const data::Grouping levels = formula::group_of(effect, context.frame, context.rows);
    std::vector<std::int32_t> period(static_cast<std::size_t>(levels.levels()), -1);
    bool nested = true;
    for (std::size_t i = 0; i < cells.periods.size() && nested; ++i) {
      if (levels.codes[i] == data::missing_code) continue;
      std::int32_t& known = period[static_cast<std::size_t>(levels.codes[i])];
      nested = known == -1 || known == cells.periods[i];
      known = cells.periods[i];
    }
    if (nested) return true;
  }
  for (const formula::Term& term : context.parts.exogenous) {
    if (std::any_of(term.factors.begin(), term.factors.end(), names_time)) return true;
    const std::optional<Vector> values = term_values(term, context);
    if (!values || values->maxCoeff() == values->minCoeff()) continue;
    std::vector<double> of(cells.period_names.size(), std::nan(""));
    bool same = true;
    for (std::size_t i = 0; i < cells.periods.size() && same; ++i) {
      double& known = of[static_cast<std::size_t>(cells.periods[i])];
      same = std::isnan(known) || known == (*values)[static_cast<Index>(i)];
      known = (*values)[static_cast<Index>(i)];
    }
    if (same) return true;
  }
  return false;
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
