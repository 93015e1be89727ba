// Rules that give values new ones: "1/3=1 4=. else=0".
#pragma once

#include "data/column.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace data {

/// One rule: what it takes and what that becomes.
struct RecodeRule {
  std::vector<std::pair<double, double>> ranges = {};  ///< both ends belong to it
  std::vector<std::string> words = {};
  bool missing = false, nonmissing = false, otherwise = false;
  /// What it becomes: missing, a number (with a label, perhaps), a text, or itself.
  enum class Becomes { missing, number, text, itself } becomes = Becomes::missing;
  double number = 0;
  std::string text = {};  ///< the text, or the number's label
  std::string written;    ///< as the user wrote it, for errors
};

/// Reads rules, in parentheses or not: VALUES=NEW. VALUES: numbers, ranges a/b (min/5, 5/max), 'texts', missing (or .),
/// nonmissing, else (or *). NEW: a number, perhaps followed by a 'label', a 'text', . for missing, copy for the value
/// itself. `text_source`: the column is text, so that outside parentheses a quoted word after NEW begins the next rule.
/// Throws core::Error with a caret.
std::vector<RecodeRule> parse_recode(const std::string& text, bool text_source);

struct Recoded {
  ColumnPtr column;
  std::size_t changed = 0;  ///< rows whose value is another now
  std::size_t unruled = 0;  ///< rows with a value that no rule took
};

/// The column after the rules; for each value the first rule that takes it. Rows outside `rows` (when given) and values
/// without a rule stay as they are. A missing value is taken by `missing` and `else` alone (as in Stata). Numbers that
/// get labels become a category. Throws core::Error when texts and numbers would stand in one column.
Recoded recode(const Column& column, const std::vector<RecodeRule>& rules,
               const std::optional<std::vector<std::uint8_t>>& rows = std::nullopt);

}  // namespace data
