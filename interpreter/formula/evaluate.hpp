// A data expression over a frame → a column.
#pragma once

#include "data/frame.hpp"
#include "formula/tree.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace formula {

/// Evaluates a data expression for every row of the frame. Arithmetic and functions elementwise, in blocks; missing in,
/// missing out (comparisons too: they give a boolean column with missing). L. F. D. S. need a declared panel. Text
/// compares with text; a category compares by its label, or by number when it has values. A name alone returns the
/// frame's own column. Throws core::Error for unknown columns and functions (near names), text in arithmetic, lags
/// without panel, with carets or the word to blame.
/// What language.md leaves open: every result that is not finite is missing (log(0), 1/0, exp(1000)); + - * of integers
/// stay integers, as doubles when one would not fit; min, max of several arguments are missing when one is. The column
/// statistics mean, sd, var, sum, count, median, p1 … p99, first, last, and min, max of one argument, ignore missing
/// values and give the same value for every row; rank, cumsum, _n, _N, n() and group(...) follow the rows.
data::ColumnPtr evaluate(const Tree& tree, const data::Frame& frame);
/// The same with column statistics, ranks, running sums, _n and _N within groups (codes over the frame's rows; a row
/// without group gets missing).
data::ColumnPtr evaluate(const Tree& tree, const data::Frame& frame, const data::Grouping& by);
/// The same as doubles (a copy); booleans 0/1. Throws for text.
std::vector<double> evaluate_numbers(const Tree& tree, const data::Frame& frame);
/// Rows where a condition is true (missing is not true). Throws if the result is text.
std::vector<std::uint32_t> rows_where(const Tree& condition, const data::Frame& frame);

/// Is it a function of texts or dates, in whose calls a string of a script is a text and not an expression?
bool takes_literal_text(const std::string& function);

/// Functions a data expression knows: log, exp, sqrt, abs, floor, min, max, missing, …; for completion and near names.
const std::vector<std::string>& function_names();
/// Does the expression hold a statistic over rows (mean, sum, rank, …), or a lag?
bool has_statistic(const Tree& tree);
bool has_lag(const Tree& tree);

}  // namespace formula
