// Text ↔ category ↔ number.
#pragma once

#include "data/column.hpp"

#include <string>
#include <vector>

namespace data {

enum class LevelOrder { alphabetical, appearance };

/// A text column as a category whose levels are numbered 1, 2, … `order` puts the levels in order when `levels` is
/// empty; else they are `levels`, and every word must be one of them. Throws core::Error for a word that is none and
/// for columns that hold no text.
ColumnPtr encode(const Column& text, LevelOrder order, const std::vector<std::string>& levels = {});
/// A category as text. Throws core::Error for other columns.
ColumnPtr decode(const Column& category);

struct DestringOptions {
  std::string ignore = {};  ///< characters (of UTF-8) taken out of the text before it is read
  bool percent = false;     ///< "12.5%" is 0.125
  bool comma = false;       ///< the decimal mark is a comma
};
struct Destrung {
  ColumnPtr column;                        ///< integer when every value is whole and written so, else double
  std::size_t failed = 0;                  ///< rows with text that is no number: missing
  std::vector<std::string> examples = {};  ///< the first few of those texts
};
/// Numbers out of text; blanks around them are allowed. Throws core::Error for columns that hold no text.
Destrung destring(const Column& text, const DestringOptions& options);

struct Tostrung {
  ColumnPtr column;
  std::size_t inexact = 0;  ///< rows whose text reads back as another number
};
/// Numbers as text: the shortest that reads back as the same number, or by one printf conversion ("%06.2f", "%05d",
/// width and precision up to 99). Throws core::Error for a format of another kind and for columns of text.
Tostrung tostring(const Column& numbers, const std::string& format = {});

}  // namespace data
