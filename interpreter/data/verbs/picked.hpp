// Rows of columns in a new order, some of them missing; columns one under another: what the verbs build frames with.
#pragma once

#include "data/frame.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace data {

/// A place in a list of rows where nothing is: the value there is missing.
constexpr std::uint32_t no_row = 0xFFFFFFFFU;

/// The column's values at `rows`, missing where a row is no_row. Type, levels and label stay.
ColumnPtr picked(const Column& column, std::span<const std::uint32_t> rows);
/// The other way round: `values` of `rows`, missing in the others of `size` rows.
ColumnPtr placed(const Column& values, std::span<const std::uint32_t> rows, std::size_t size);

/// A piece of a stacked column. A null column is `rows` missing values.
struct Part {
  ColumnPtr column;
  std::size_t rows = 0;
  std::string_view frame = {};  ///< what errors call its frame
};

/// The parts one under another, in the narrowest type that holds them all: booleans widen to integers, these to
/// doubles, categories to text. Categories that all have values behind their levels are joined by value (the first
/// label of a value wins), others by label; the first label of the column that is not empty stays.
/// Throws core::Error, naming the column and both types, where numbers meet text or dates meet anything else, and
/// where an integer beyond 2^53 would have to become a double.
ColumnPtr stacked(std::span<const Part> parts, const std::string& name);

/// The parts, all of n rows, row by row: value r of part k is value r·K + k of the result. Types as in stacked().
ColumnPtr interleaved(std::span<const Part> parts, const std::string& name);

/// Do these two rows hold the same value, or are both missing? `other` has the type of `column` or widens to it.
bool same_value(const Column& column, std::size_t row, const Column& other, std::size_t other_row);

/// Throws core::Error "would make N rows" when a verb's result cannot be: more rows than a frame takes, or more
/// memory than the machine has.
void check_size(double rows, std::size_t columns, std::string_view what);

/// `after` with the panel index of `before` declared again, if its columns are there and still identify the rows;
/// else without, and `notes` says why.
Frame follow_panel(const Frame& before, Frame after, std::vector<std::string>& notes);

}  // namespace data
