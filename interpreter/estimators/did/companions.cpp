#include "estimators/did/companions.hpp"

#include "core/error.hpp"
#include "formula/evaluate.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>

namespace estimators {
namespace {

using numerics::Index;
using numerics::Vector;

const formula::Tree& inner(const formula::Tree& factor) {
  return factor->op == formula::Op::prefix && factor->text == "c" ? factor->children.front() : factor;
}

bool same_factor(const formula::Tree& a, const formula::Tree& b) { return formula::same(inner(a), inner(b)); }

bool holds(const formula::Term& term, const formula::Tree& factor) {
  return std::any_of(term.factors.begin(), term.factors.end(),
                     [&](const formula::Tree& own) { return same_factor(own, factor); });
}

bool reads_any(const formula::Tree& factor, const std::vector<std::string>& names) {
  for (const std::string& name : formula::names_in(factor))
    if (std::find(names.begin(), names.end(), name) != names.end()) return true;
  return false;
}

[[noreturn]] void refuse(const formula::Term& term, const Treatment& treatment, const std::string& why) {
  throw core::Error("the term '" + term.label + "' holds the treatment '" + treatment.name +
                    "' and cannot be rebuilt for a reassigned one: " + why)
      .hint("estimate without it, or name another coefficient: placebo(m, treatment=\"…\")")
      .word(term.label);
}

/// A factor as a number per row, or nothing when it is coded by levels.
std::optional<Vector> numbers(const formula::Tree& factor, const Context& context) {
  if ((factor->op == formula::Op::prefix || factor->op == formula::Op::call) && factor->text == "i")
    return std::nullopt;
  const data::ColumnPtr column = formula::evaluate(inner(factor), context.frame);
  if (!column->is_numeric()) return std::nullopt;
  Vector out(static_cast<Index>(context.rows.size()));
  for (std::size_t i = 0; i < context.rows.size(); ++i) out[static_cast<Index>(i)] = column->number(context.rows[i]);
  return out;
}

/// The value of each group, or nothing when it changes within one.
std::optional<Vector> by_group(const Vector& values, const numerics::Codes& groups, std::size_t count) {
  constexpr double unset = std::numeric_limits<double>::quiet_NaN();
  Vector out = Vector::Constant(static_cast<Index>(count), unset);
  for (std::size_t i = 0; i < groups.size(); ++i) {
    double& known = out[groups[i]];
    if (std::isnan(known)) known = values[static_cast<Index>(i)];
    if (known != values[static_cast<Index>(i)]) return std::nullopt;
  }
  return out;
}

}  // namespace

Companions::Companions(const results::Fit& fit, const Context& context, const Treatment& treatment, const Cells& cells,
                       Assignment assign)
    : cells_(cells) {
  std::vector<std::string> names;
  for (const formula::Tree& factor : treatment.term.factors)
    for (const std::string& name : formula::names_in(factor)) names.push_back(name);
  for (const formula::Term& term : context.parts.exogenous) {
    if (term.label == treatment.name) continue;
    const bool related = std::any_of(term.factors.begin(), term.factors.end(),
                                     [&](const formula::Tree& factor) { return reads_any(factor, names); });
    const bool numeric = std::all_of(term.factors.begin(), term.factors.end(),
                                     [&](const formula::Tree& factor) { return numbers(factor, context).has_value(); });
    const bool dropped = numeric && std::find(fit.names.begin(), fit.names.end(), term.label) == fit.names.end();
    if (!related || dropped) continue;
    for (const formula::Tree& factor : term.factors) {
      const bool own = std::any_of(treatment.term.factors.begin(), treatment.term.factors.end(),
                                   [&](const formula::Tree& part) { return same_factor(part, factor); });
      if (!own && reads_any(factor, names)) refuse(term, treatment, "'" + formula::print(factor) + "' is made from it");
    }
    if (!numeric) refuse(term, treatment, "it has a column for each level");
    add(term, context, treatment, assign);
  }
}

void Companions::add(const formula::Term& term, const Context& context, const Treatment& treatment, Assignment assign) {
  Rebuilt made;
  made.whole = std::all_of(treatment.term.factors.begin(), treatment.term.factors.end(),
                           [&](const formula::Tree& factor) { return holds(term, factor); });
  made.rest = Vector::Ones(static_cast<Index>(context.rows.size()));
  Vector moved = Vector::Ones(cells_.unit_count);
  bool moves = false;
  for (const formula::Tree& factor : term.factors) {
    const Vector values = *numbers(factor, context);
    const bool part = std::any_of(treatment.term.factors.begin(), treatment.term.factors.end(),
                                  [&](const formula::Tree& own) { return same_factor(own, factor); });
    if (part && made.whole) continue;
    if (!part) {
      made.rest.array() *= values.array();
    } else if (const auto unit = by_group(values, cells_.units, static_cast<std::size_t>(cells_.unit_count))) {
      moved.array() *= unit->array();
      moves = true;
    } else if (assign == Assignment::unit && by_group(values, cells_.periods, cells_.period_names.size())) {
      made.rest.array() *= values.array();
    } else {
      refuse(term, treatment, "'" + formula::print(factor) + "' changes over time");
    }
  }
  if (!made.whole && !moves) return;  // post alone: it stays as it is
  if (!made.whole) made.by_unit = std::move(moved);
  names_.push_back(term.label);
  terms_.push_back(std::move(made));
}

void Companions::rebuild(const Eigen::Ref<const Vector>& treatment, const std::vector<std::int32_t>& from,
                         Eigen::Ref<numerics::Matrix> out) const {
  for (std::size_t t = 0; t < terms_.size(); ++t) {
    const Rebuilt& term = terms_[t];
    auto column = out.col(static_cast<Index>(t));
    if (term.whole) {
      column = term.rest.cwiseProduct(treatment);
      continue;
    }
    for (std::size_t i = 0; i < cells_.units.size(); ++i)
      column[static_cast<Index>(i)] =
          term.rest[static_cast<Index>(i)] * term.by_unit[from[static_cast<std::size_t>(cells_.units[i])]];
  }
}

}  // namespace estimators
