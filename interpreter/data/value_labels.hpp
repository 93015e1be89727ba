// Value labels: texts for the numbers of a column. A column that has them is a category with numbers behind its levels.
#pragma once

#include "data/column.hpp"

#include <map>
#include <string>
#include <vector>

namespace data {

using ValueLabels = std::map<double, std::string>;

/// A text for each number, all different: equal labels and empty ones get their number behind them.
std::vector<std::string> distinct_labels(const ValueLabels& labels);

enum class UnusedLabels { keep, leave_out };
/// A category with a level for each value, by number; values without a label read as numbers. Labels of numbers that do
/// not occur are levels too where they are kept. Throws core::Error beyond 65,536 levels.
ColumnPtr labelled_numbers(const std::vector<double>& values, const ValueLabels& labels, UnusedLabels unused);

/// The labels a column carries: those of its levels that say more than their number. Empty for other columns.
ValueLabels value_labels(const Column& column);
/// The column with these labels in place of those it has. Throws core::Error for text, dates and categories without
/// numbers.
ColumnPtr with_value_labels(const Column& column, const ValueLabels& labels);
/// The numbers behind the labels: integers where all are whole.
ColumnPtr without_value_labels(const Column& column);

}  // namespace data
