#include "formula/design.hpp"

#include "core/text.hpp"
#include "formula/compile.hpp"
#include "formula/effects.hpp"
#include "formula/rows.hpp"
#include "formula/terms.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace formula {
namespace {

using numerics::Index;
using numerics::Matrix;
using numerics::Vector;

bool absorbs_constant(const Parts& parts) {
  return std::any_of(parts.fe.begin(), parts.fe.end(), [](const Tree& fe) { return fe->op != Op::slopes_only; });
}

std::vector<Term> endogenous_terms(const Parts& parts) {
  std::vector<Term> out;
  for (const Tree& tree : parts.endogenous)
    for (Term& term : expand(tree, "the endogenous part").terms) out.push_back(std::move(term));
  return out;
}

[[noreturn]] void no_rows(const std::vector<Dropped>& dropped, std::size_t rows) {
  core::Error error("no rows left" + (rows == 0 ? std::string(": the frame is empty") : std::string()));
  for (const Dropped& one : dropped)
    error.hint(core::counted(static_cast<long long>(one.rows), "row") + " dropped: " + one.reason);
  throw error;
}

std::vector<std::uint32_t> rows_in_use(const Parts& parts, const std::vector<Term>& endogenous, Columns& columns,
                                       const DesignOptions& options, std::vector<Dropped>& dropped) {
  const data::Frame& frame = columns.frame();
  RowFilter filter(frame.rows());
  if (options.where) filter.where(options.where, frame);
  if (options.further) filter.require(options.further, frame, options.further_reason);
  for (const Tree& y : parts.lhs) filter.complete(y, columns);
  for (const std::vector<Term>* terms : {&parts.exogenous, &endogenous, &parts.instruments})
    for (const Term& term : *terms)
      for (const Tree& variable : variables(term)) filter.complete(variable, columns);
  for (const Tree& effect : parts.fe)
    for (const Tree& variable : variables_of_effect(effect)) filter.complete(variable, columns);
  for (const Tree& expression : options.complete)
    for (const Tree& variable : variables_of_effect(expression)) filter.complete(variable, columns);
  if (options.weights.kind != WeightKind::none) filter.weights(options.weights.expression, columns);
  dropped = filter.dropped();
  std::vector<std::uint32_t> rows = filter.rows();
  if (rows.empty()) no_rows(dropped, frame.rows());
  return rows;
}

Vector numbers(const Tree& tree, Columns& columns, const std::vector<std::uint32_t>& rows) {
  Vector out(static_cast<Index>(rows.size()));
  gather(tree, *columns.at(tree), rows, out.data());
  return out;
}

void check_frequencies(const Tree& expression, const Vector& weights) {
  for (Index i = 0; i < weights.size(); ++i)
    if (weights[i] != std::floor(weights[i]))
      throw error_at(expression, "frequency weights must be whole numbers; '" + print(expression) + "' has " +
                                     core::shortest(weights[i]))
          .hint("for analytic weights write aw(" + print(expression) + ")");
}

struct Block {
  Matrix values;
  std::vector<std::string> names;
};
Block columns_of(const std::vector<Term>& terms, Columns& columns, const std::vector<std::uint32_t>& rows, bool spanned,
                 bool constant, std::vector<std::string>& notes) {
  Plan made = plan(terms, columns, rows, spanned);
  const auto width = static_cast<Index>(made.names.size());
  Block out;
  out.values.resize(static_cast<Index>(rows.size()), width + (constant ? 1 : 0));
  fill(made, columns, rows, out.values, 0);
  out.names = std::move(made.names);
  if (constant) {
    out.values.col(width).setOnes();
    out.names.emplace_back("_cons");
  }
  notes.insert(notes.end(), made.notes.begin(), made.notes.end());
  return out;
}

void check_left(const Parts& parts, Columns& columns) {
  if (parts.lhs.size() > 1) throw error_at(parts.lhs[1], "one outcome at a time").hint("loop over the outcomes");
  for (const Tree& y : parts.lhs) {
    const data::ColumnPtr column = columns.at(y);
    const bool labels_only = column->type() == data::Type::category && column->level_values().empty();
    if (column->type() == data::Type::text || labels_only)
      throw error_at(y, "the left side '" + print(y) + "' is " + (labels_only ? "a category" : "text"))
          .hint("an outcome is a number; a 0/1 outcome is made by gen(d = \"" + print(y) + " == '…'\")");
  }
}

}  // namespace

Design design(const Parts& parts, const data::Frame& frame, const DesignOptions& options) {
  Design out;
  Columns columns(frame);
  const std::vector<Term> endogenous = endogenous_terms(parts);
  check_left(parts, columns);
  out.frame_rows = frame.rows();
  out.rows = rows_in_use(parts, endogenous, columns, options, out.dropped);

  Effects effects = encode(parts.fe, columns, out.rows);
  if (!options.keep_singletons && !effects.fe.empty()) {
    const std::vector<bool> keep = numerics::without_singletons(effects.fe);
    const auto alone = static_cast<std::size_t>(std::count(keep.begin(), keep.end(), false));
    if (alone > 0) {
      out.dropped.push_back({"singleton", alone});
      if (alone == out.rows.size()) no_rows(out.dropped, frame.rows());
      keep_rows(effects, out.rows, keep);
    }
  }
  out.fe_info = describe_effects(parts.fe, effects, columns);
  out.fe = std::move(effects.fe);

  if (!parts.lhs.empty()) {
    out.y_name = print(parts.lhs[0]);
    out.y = numbers(parts.lhs[0], columns, out.rows);
  }
  if (options.weights.kind != WeightKind::none) {
    out.weight_kind = options.weights.kind;
    out.weights = numbers(options.weights.expression, columns, out.rows);
    if (out.weight_kind == WeightKind::frequency) check_frequencies(options.weights.expression, out.weights);
  }

  const bool absorbed = absorbs_constant(parts);
  const bool spanned = absorbed || parts.constant;
  out.constant = parts.constant && !absorbed;
  Block X = columns_of(parts.exogenous, columns, out.rows, spanned, out.constant, out.notes);
  out.X = std::move(X.values);
  out.names = std::move(X.names);
  if (std::count(out.names.begin(), out.names.end(), "_cons") > 1)
    throw core::Error("a column called '_cons' has the name of the constant").hint("rename it first").word("_cons");
  Block d = columns_of(endogenous, columns, out.rows, spanned, false, out.notes);
  out.endogenous = std::move(d.values);
  out.endogenous_names = std::move(d.names);
  Block z = columns_of(parts.instruments, columns, out.rows, spanned, false, out.notes);
  out.instruments = std::move(z.values);
  out.instrument_names = std::move(z.names);
  return out;
}

TermColumns design_for_prediction(const Parts& parts, const data::Frame& original,
                                  const std::vector<std::uint32_t>& rows, const data::Frame& frame) {
  Columns known(original);
  const bool absorbed = absorbs_constant(parts);
  Plan made = plan(parts.exogenous, known, rows, absorbed || parts.constant);
  const bool constant = parts.constant && !absorbed;

  std::vector<std::uint32_t> all(frame.rows());
  for (std::size_t i = 0; i < all.size(); ++i) all[i] = static_cast<std::uint32_t>(i);
  Columns columns(frame);
  TermColumns out;
  out.values.resize(static_cast<Index>(all.size()), static_cast<Index>(made.names.size()) + (constant ? 1 : 0));
  fill(made, columns, all, out.values, 0);
  out.names = std::move(made.names);
  if (constant) {
    out.values.col(out.values.cols() - 1).setOnes();
    out.names.emplace_back("_cons");
  }
  return out;
}

}  // namespace formula
