#include "formula/rows.hpp"

#include "core/error.hpp"
#include "core/interrupt.hpp"
#include "core/parallel.hpp"
#include "core/text.hpp"
#include "formula/evaluate.hpp"

#include <algorithm>
#include <cmath>

namespace formula {

using data::Type;

namespace {

constexpr std::size_t rows_per_task = 65'536;

template <class T, class Bad>
void find_bad(std::span<const T> values, std::vector<std::uint8_t>& bad_task, const Bad& bad) {
  core::for_blocks(values.size(), rows_per_task, [&](std::size_t begin, std::size_t end) {
    bool any = false;
    for (std::size_t i = begin; i < end; ++i) any |= bad(values[i]);
    bad_task[begin / rows_per_task] = any ? 1 : 0;
  });
}

/// Blocks of rows that hold a missing or infinite value: nearly always none.
std::vector<std::uint8_t> bad_tasks(const data::Column& column) {
  std::vector<std::uint8_t> out(column.size() / rows_per_task + 1, 0);
  switch (column.type()) {
    case Type::real:
      find_bad(column.reals(), out, [](double x) { return !std::isfinite(x); });
      break;
    case Type::integer:
    case Type::date:
      find_bad(column.integers(), out, [](std::int64_t x) { return x == data::missing_integer; });
      break;
    case Type::boolean:
      find_bad(column.booleans(), out, [](std::uint8_t x) { return x == data::missing_boolean; });
      break;
    case Type::text:
    case Type::category:
      find_bad(column.codes(), out, [](std::int32_t x) { return x < 0; });
      break;
  }
  return out;
}

bool is_bad(const data::Column& column, std::size_t row) {
  return column.missing(row) || (column.type() == Type::real && !std::isfinite(column.reals()[row]));
}

}  // namespace

bool has_lag(const Tree& tree) {
  if ((tree->op == Op::prefix || (tree->op == Op::call && tree->text.size() == 1)) && is_lag_word(tree->text))
    return true;
  return std::any_of(tree->children.begin(), tree->children.end(), has_lag);
}

namespace {

void remember(std::vector<std::string>& names, const std::string& name) {
  if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
}

}  // namespace

void RowFilter::mark_outside(const Tree& condition, const data::Frame& frame, Flag flag) {
  std::vector<std::uint8_t> inside(flags_.size(), 0);
  for (const std::uint32_t row : rows_where(condition, frame)) inside[row] = 1;
  for (std::size_t i = 0; i < flags_.size(); ++i)
    if (!inside[i]) flags_[i] |= flag;
}

void RowFilter::where(const Tree& condition, const data::Frame& frame) { mark_outside(condition, frame, outside); }

void RowFilter::require(const Tree& condition, const data::Frame& frame, std::string reason) {
  mark_outside(condition, frame, unfit);
  unfit_reason_ = std::move(reason);
}

void RowFilter::complete(const Tree& expression, Columns& columns) {
  const data::ColumnPtr column = columns.at(expression);
  const std::vector<std::uint8_t> tasks = bad_tasks(*column);
  for (std::size_t task = 0; task < tasks.size(); ++task) {
    if (!tasks[task]) continue;
    const std::size_t end = std::min(column->size(), (task + 1) * rows_per_task);
    for (std::size_t row = task * rows_per_task; row < end; ++row)
      if ((flags_[row] & (outside | unfit)) == 0 && is_bad(*column, row)) mark(expression, columns, row);
  }
  core::poll();
}

/// A row without a value: because a column has none there, or because the function has none (log of 0).
void RowFilter::mark(const Tree& expression, Columns& columns, std::size_t row) {
  bool missing = false;
  for (const std::string& name : names_in(expression)) {
    const data::ColumnPtr column = columns.frame().find(name);
    if (!column || !column->missing(row)) continue;
    remember(missing_in_, name);
    missing = true;
  }
  if (!missing && (has_lag(expression) || !columns.at(expression)->is_numeric())) {
    remember(missing_in_, print(expression));
    missing = true;
  }
  if (!missing) remember(not_finite_in_, print(expression));
  flags_[row] |= missing ? incomplete : not_finite;
}

void RowFilter::weights(const Tree& expression, Columns& columns) {
  std::vector<std::uint32_t> all(flags_.size());
  for (std::size_t i = 0; i < all.size(); ++i) all[i] = static_cast<std::uint32_t>(i);
  std::vector<double> values(all.size());
  gather(expression, *columns.at(expression), all, values.data());
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (values[i] > 0 && std::isfinite(values[i])) continue;
    if (values[i] < 0 && flags_[i] == 0)
      throw core::Error("the weight " + print(expression) + " is negative in row " + std::to_string(i + 1) + ": " +
                        core::shortest(values[i]))
          .hint("leave such rows out: where=\"" + print(expression) + " >= 0\"");
    flags_[i] |= no_weight;
  }
}

std::vector<std::uint32_t> RowFilter::rows() const {
  std::vector<std::uint32_t> out;
  out.reserve(flags_.size());
  for (std::size_t i = 0; i < flags_.size(); ++i)
    if (flags_[i] == 0) out.push_back(static_cast<std::uint32_t>(i));
  return out;
}

std::vector<Dropped> RowFilter::dropped() const {
  std::size_t counts[5] = {0, 0, 0, 0, 0};
  for (const std::uint8_t flags : flags_)
    for (int reason = 0; reason < 5; ++reason)
      if (flags & (1 << reason)) {
        ++counts[reason];
        break;
      }
  std::vector<Dropped> out;
  const auto add = [&](std::string reason, std::size_t count) {
    if (count > 0) out.push_back({std::move(reason), count});
  };
  add("where", counts[0]);
  add(unfit_reason_, counts[1]);
  add("missing in " + core::join(missing_in_, ", "), counts[2]);
  add("not finite in " + core::join(not_finite_in_, ", "), counts[3]);
  add("weight zero or missing", counts[4]);
  return out;
}

}  // namespace formula
