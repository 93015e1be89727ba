#include "formula/evaluate.hpp"

#include "formula/compile.hpp"

#include <algorithm>
#include <cassert>

namespace formula {
namespace {

data::ColumnPtr evaluated(const Tree& tree, const data::Frame& frame, const data::Grouping* by) {
  assert(tree != nullptr);
  try {
    return Compiler(frame, by, true).column(tree);
  } catch (const IntegerOverflow&) {
    return Compiler(frame, by, false).column(tree);
  }
}

}  // namespace

data::ColumnPtr evaluate(const Tree& tree, const data::Frame& frame) { return evaluated(tree, frame, nullptr); }

data::ColumnPtr evaluate(const Tree& tree, const data::Frame& frame, const data::Grouping& by) {
  assert(by.codes.size() == frame.rows());
  return evaluated(tree, frame, &by);
}

std::vector<double> evaluate_numbers(const Tree& tree, const data::Frame& frame) {
  const data::ColumnPtr column = evaluate(tree, frame);
  const bool labels_only = column->type() == data::Type::category && column->level_values().empty();
  if (column->type() == data::Type::text || labels_only) {
    Value value;
    value.text = column;
    throw error_at(tree, describe(tree, value) + "; a number is needed here");
  }
  return column->numbers();
}

std::vector<std::uint32_t> rows_where(const Tree& condition, const data::Frame& frame) {
  const data::ColumnPtr column = evaluate(condition, frame);
  if (!column->is_numeric()) {
    Value value;
    value.text = column;
    throw error_at(condition, describe(condition, value) + ", not a condition")
        .hint("compare it: " + print(condition) + " == '…'");
  }
  if (condition->op == Op::number)
    throw error_at(condition, "'" + print(condition) + "' is no condition: it is the same in every row")
        .hint("compare a column: \"year == 2012\"");
  std::vector<std::uint32_t> rows;
  const auto keep = [&](auto values, auto is_true) {
    for (std::size_t i = 0; i < values.size(); ++i)
      if (is_true(values[i])) rows.push_back(static_cast<std::uint32_t>(i));
  };
  if (column->type() == data::Type::boolean)
    keep(column->booleans(), [](std::uint8_t x) { return x == 1; });
  else if (column->type() == data::Type::real)
    keep(column->reals(), [](double x) { return x != 0 && !std::isnan(x); });
  else
    keep(column->integers(), [](std::int64_t x) { return x != 0 && x != data::missing_integer; });
  return rows;
}

bool takes_literal_text(const std::string& function) {
  static const std::vector<std::string> names = [] {
    std::vector<std::string> out;
    DateFunctions::add_names(out);
    PeriodFunctions::add_names(out);
    TextFunctions::add_names(out);
    std::sort(out.begin(), out.end());
    return out;
  }();
  return std::binary_search(names.begin(), names.end(), function);
}

const std::vector<std::string>& function_names() {
  static const std::vector<std::string> names = [] {
    std::vector<std::string> out;
    Functions::add_names(out);
    Statistics::add_names(out);
    DateFunctions::add_names(out);
    PeriodFunctions::add_names(out);
    RowFunctions::add_names(out);
    TextFunctions::add_names(out);
    std::sort(out.begin(), out.end());
    out.erase(std::unique(out.begin(), out.end()), out.end());
    return out;
  }();
  return names;
}

}  // namespace formula
