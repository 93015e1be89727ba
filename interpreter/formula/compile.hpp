// Data expression → pieces over a frame: names, types and functions are settled here, row by row work in piece.cpp.
#pragma once

#include "data/frame.hpp"
#include "formula/piece.hpp"
#include "formula/tree.hpp"

#include <atomic>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace formula {

/// What a subtree means: a numeric piece, or text as a whole column (text or category), or one constant text.
struct Value {
  PiecePtr piece;
  data::ColumnPtr text;
  std::optional<std::string> word;
  bool numeric() const { return piece != nullptr; }
};

/// Thrown inside when + - * of integers do not fit: evaluate() starts again with doubles.
struct IntegerOverflow {};

class Compiler {
 public:
  /// by: groups for column statistics, or null for one group of all rows. exact: integers stay integers.
  Compiler(const data::Frame& frame, const data::Grouping* by, bool exact) : frame_(frame), by_(by), exact_(exact) {}

  /// The tree's values as a whole column.
  data::ColumnPtr column(const Tree& tree);
  data::ColumnPtr column(Value value);

 private:
  friend struct Functions;
  friend struct TextFunctions;
  friend struct DateFunctions;
  friend struct PeriodFunctions;
  friend struct Statistics;
  friend struct RowFunctions;

  Value value(const Tree& tree);
  /// A number; categories by the values behind their labels. Throws for text: `use` says what needs a number.
  PiecePtr number(const Tree& tree, const std::string& use);
  PiecePtr number(const Tree& tree, Value value, const std::string& use);
  std::vector<double> numbers(const Tree& tree, const std::string& use);
  PiecePtr condition(const Tree& tree);

  Value name(const Tree& tree);
  Value prefixed(const Tree& tree);
  Value arithmetic(const Tree& tree);
  Value compared(const Tree& tree);
  Value member_of(const Tree& tree);
  Value call_of(const Tree& tree);
  /// The column `by` periods ago (negative: ahead), unit by unit.
  data::ColumnPtr shifted(const Tree& blame, const data::ColumnPtr& column, std::int64_t by);
  PiecePtr difference(PiecePtr a, PiecePtr b);  ///< of dates: days; of a date and days: a date
  Value lagged(const Tree& blame, const Tree& inner, char letter, std::int64_t order);
  PiecePtr integer_pair(IntegerFunction2 f, PiecePtr a, PiecePtr b, data::Type type) {
    return integer_function2(f, std::move(a), std::move(b), type, overflow_);
  }

  const data::Frame& frame_;
  const data::Grouping* by_;
  bool exact_;
  std::atomic<bool> overflow_{false};
  std::map<std::int64_t, std::vector<std::int64_t>> shifts_;
};

/// The column's values at `rows`, missing where a row is −1.
data::ColumnPtr pick(const data::Column& column, const std::vector<std::int64_t>& rows);
/// A comparison of text or categories with the same or with a constant.
PiecePtr compare_texts(const Tree& tree, Compare op, const Value& a, const Value& b);
/// How an error calls the value of a tree: "column 'province' is text", "'a' is text".
std::string describe(const Tree& tree, const Value& value);
/// A whole number written in the tree, or an error that blames it: "the lag must be a whole number".
std::int64_t whole_constant(const Tree& tree, const std::string& what);

/// Throws unless the call has `least` to `most` arguments and no keyword.
void check_arguments(const Tree& call, std::size_t least, std::size_t most);
/// The value of an option of a call, or null. Throws core::Error for an option that is none of `known`.
Tree keyword(const Tree& call, const std::vector<std::string>& known, const std::string& name);
Value value_of(PiecePtr piece);
Value value_of(data::ColumnPtr column);  ///< text and categories stay columns

/// The functions by kind. apply() is false when the name is not theirs. Here: elementwise on numbers, and of any type.
struct Functions {
  static bool apply(Compiler& compiler, const Tree& tree, Value& out);
  static void add_names(std::vector<std::string>& names);
};
struct TextFunctions {
  static bool apply(Compiler& compiler, const Tree& tree, Value& out);
  static void add_names(std::vector<std::string>& names);
};
/// Dates out of text and numbers, their parts, their arithmetic.
struct DateFunctions {
  static bool apply(Compiler& compiler, const Tree& tree, Value& out);
  static void add_names(std::vector<std::string>& names);
};
/// Weeks, months, quarters, half-years and years counted from 1960.
struct PeriodFunctions {
  static bool apply(Compiler& compiler, const Tree& tree, Value& out);
  static void add_names(std::vector<std::string>& names);
};
/// "%tm" for the functions that give months, and so on; "" for others.
std::string period_format(const std::string& function);
/// Column statistics, within groups when there are some.
struct Statistics {
  static bool apply(Compiler& compiler, const Tree& tree, Value& out);
  static void add_names(std::vector<std::string>& names);
  /// _n and _N.
  static Value position(Compiler& compiler, bool last);
};
/// Across the columns of a row, passing over missing values: rowmean(x, y, z), …
struct RowFunctions {
  static bool apply(Compiler& compiler, const Tree& tree, Value& out);
  static void add_names(std::vector<std::string>& names);
};

}  // namespace formula
