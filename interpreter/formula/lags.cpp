// Lags, leads and differences within the panel, and picking rows of a column.
#include "formula/compile.hpp"

#include <cstdlib>
#include <utility>

namespace formula {

using data::Type;

Value Compiler::prefixed(const Tree& tree) {
  const Tree& inner = tree->children[0];
  if (tree->text == "c") return value(inner);
  if (tree->text == "i")
    throw error_at(tree, "'" + print(tree) + "' is a factor, which belongs to the right side of a formula")
        .hint("in a data expression compare: " + print(inner) + " == 1");
  if (!is_lag_word(tree->text))
    throw error_at(tree, "unknown prefix '" + tree->text + ".'").hint("prefixes: i c L F D S");
  const std::int64_t order = tree->text.size() == 1 ? 1 : std::atoll(tree->text.c_str() + 1);
  return lagged(tree, inner, tree->text[0], order);
}

Value Compiler::lagged(const Tree& blame, const Tree& inner, char letter, std::int64_t order) {
  data::ColumnPtr now = column(inner);
  if (letter == 'L' || letter == 'F') return value_of(shifted(blame, now, letter == 'L' ? order : -order));
  if (order < 0) throw error_at(blame, "a difference needs a positive order");
  // D2 is the difference of the difference, S2 the difference from two periods ago.
  const int times = letter == 'D' ? static_cast<int>(order) : 1;
  const std::int64_t by = letter == 'D' ? 1 : order;
  for (int i = 0; i < times; ++i) {
    PiecePtr before = number(inner, value_of(shifted(blame, now, by)), "a difference");
    PiecePtr current = number(inner, value_of(now), "a difference");
    now = column(value_of(difference(std::move(current), std::move(before))));
  }
  return value_of(now);
}

data::ColumnPtr Compiler::shifted(const Tree& blame, const data::ColumnPtr& column, std::int64_t by) {
  if (frame_.panel() == nullptr)
    throw error_at(blame, "'" + print(blame) + "' needs a panel").hint("declare it first: panel(unit, time)");
  if (by == 0) return column;
  auto found = shifts_.find(by);
  if (found == shifts_.end()) found = shifts_.emplace(by, frame_.panel()->shifted_rows(by)).first;
  return pick(*column, found->second);
}

data::ColumnPtr pick(const data::Column& column, const std::vector<std::int64_t>& rows) {
  const auto picked = [&](auto values, auto missing) {
    std::vector<std::remove_const_t<typename decltype(values)::element_type>> out(rows.size());
    for (std::size_t i = 0; i < rows.size(); ++i)
      out[i] = rows[i] < 0 ? missing : values[static_cast<std::size_t>(rows[i])];
    return out;
  };
  switch (column.type()) {
    case Type::real:
      return data::Column::reals(picked(column.reals(), missing_real));
    case Type::integer:
      return data::Column::integers(picked(column.integers(), data::missing_integer));
    case Type::date:
      return data::Column::dates(picked(column.integers(), data::missing_integer));
    case Type::boolean:
      return data::Column::booleans(picked(column.booleans(), data::missing_boolean));
    case Type::text:
      return data::Column::texts(picked(column.codes(), data::missing_code), column.dictionary());
    case Type::category:
      break;
  }
  const auto values = column.level_values();
  return data::Column::categories(picked(column.codes(), data::missing_code), column.dictionary(),
                                  {values.begin(), values.end()});
}

}  // namespace formula
