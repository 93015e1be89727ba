// One column of a frame: typed, immutable, shared by reference.
#pragma once

#include "data/buffer.hpp"

#include <cstdint>
#include <limits>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace data {

enum class Type { real, integer, boolean, text, category, date };

std::string_view name_of(Type type);  ///< "double", "integer", "boolean", "string", "category", "date"

/// Missing values: NaN in reals; these marks elsewhere.
constexpr std::int64_t missing_integer = std::numeric_limits<std::int64_t>::min();
constexpr std::uint8_t missing_boolean = 2;
constexpr std::int32_t missing_code = -1;

using Dictionary = std::shared_ptr<const std::vector<std::string>>;

class Column;
using ColumnPtr = std::shared_ptr<const Column>;

class Column {
 public:
  static ColumnPtr reals(std::vector<double> values);
  static ColumnPtr integers(std::vector<std::int64_t> values);
  static ColumnPtr booleans(std::vector<std::uint8_t> values);  ///< 0, 1, missing_boolean
  /// Strings, dictionary-coded: codes index `words` in order of first appearance, or missing_code.
  static ColumnPtr texts(std::vector<std::int32_t> codes, Dictionary words);
  static ColumnPtr texts(const std::vector<std::string>& values);  ///< "" is missing
  /// Categories: like texts, but the order of `levels` means something, and `values` may hold the number behind each
  /// level (Stata value labels); empty otherwise.
  static ColumnPtr categories(std::vector<std::int32_t> codes, Dictionary levels, std::vector<double> values = {});
  static ColumnPtr dates(std::vector<std::int64_t> days);  ///< days since 1970-01-01
  // The same from buffers that readers fill, taken over without a copy.
  static ColumnPtr from_buffer(Buffer<double> reals);
  static ColumnPtr from_buffer(Buffer<std::uint8_t> booleans);
  static ColumnPtr from_buffer(Type integer_or_date, Buffer<std::int64_t> values);
  static ColumnPtr from_buffer(Buffer<std::int32_t> text_codes, Dictionary words);
  // The same over memory that `owner` keeps alive: a mapped file. Codes must index `words`, or be missing_code.
  static ColumnPtr view(std::span<const double> reals, std::shared_ptr<const void> owner);
  static ColumnPtr view(std::span<const std::uint8_t> booleans, std::shared_ptr<const void> owner);
  static ColumnPtr view(Type integer_or_date, std::span<const std::int64_t> values, std::shared_ptr<const void> owner);
  static ColumnPtr view(Type text_or_category, std::span<const std::int32_t> codes, std::shared_ptr<const void> owner,
                        Dictionary words, std::vector<double> level_values = {});

  Type type() const { return type_; }
  std::size_t size() const { return size_; }
  bool is_numeric() const {
    return type_ == Type::real || type_ == Type::integer || type_ == Type::boolean || type_ == Type::date;
  }
  bool missing(std::size_t row) const;
  std::size_t count_missing() const;

  std::span<const double> reals() const { return reals_; }              ///< Type::real only
  std::span<const std::int64_t> integers() const { return integers_; }  ///< Type::integer and Type::date only
  std::span<const std::uint8_t> booleans() const { return booleans_; }  ///< Type::boolean only
  std::span<const std::int32_t> codes() const { return codes_; }        ///< Type::text and Type::category only
  const Dictionary& dictionary() const { return dictionary_; }
  std::span<const double> level_values() const { return level_values_; }

  /// The value as a double: NaN when missing; 0/1 for booleans; days for dates; for categories with level_values the
  /// value. Asserts on text.
  double number(std::size_t row) const;
  /// All values as doubles (a copy). Throws core::Error for text and for categories without values.
  std::vector<double> numbers() const;
  /// The value as people read it: "" when missing; dates as 2020-03-15.
  std::string text(std::size_t row) const;

  ColumnPtr take(std::span<const std::uint32_t> rows) const;  ///< the rows in that order
  const std::string& label() const { return label_; }
  ColumnPtr labelled(std::string label) const;  ///< the same column with a variable label
  /// How values are shown, in Stata's notation ("%9.2f", "%tm"; data/display_format.hpp); "" is our own way.
  const std::string& format() const { return format_; }
  ColumnPtr formatted(std::string format) const;      ///< the same column shown so
  ColumnPtr described_as(const Column& other) const;  ///< the same column with the label and the format of another

 private:
  Column() = default;
  template <class Values>
  static std::shared_ptr<Column> make(Type type, Values values);
  template <class Values>
  static ColumnPtr coded(Type type, Values codes, Dictionary words, std::vector<double> values);
  Type type_ = Type::real;
  std::size_t size_ = 0;
  std::span<const double> reals_;  // of these four, the one of the type; owner_ keeps what it points to
  std::span<const std::int64_t> integers_;
  std::span<const std::uint8_t> booleans_;
  std::span<const std::int32_t> codes_;
  std::shared_ptr<const void> owner_;
  Dictionary dictionary_;
  std::vector<double> level_values_;
  std::string label_;
  std::string format_;
};

/// Does it hold words: text or categories?
inline bool is_coded(const Column& column) { return column.type() == Type::text || column.type() == Type::category; }

/// Dense group codes 0..levels-1 in order of first appearance over `rows` of the column; missing is an own code -1.
/// Works for every type. `first` holds for each level the row of the column where it first appears.
struct Grouping {
  std::vector<std::int32_t> codes;
  std::vector<std::uint32_t> first;
  std::int32_t levels() const { return static_cast<std::int32_t>(first.size()); }
};
Grouping group(const Column& column);
Grouping group(const Column& column, std::span<const std::uint32_t> rows);
/// Combined groups of one or more columns (a row missing in any is missing).
Grouping group(std::span<const ColumnPtr> columns);
/// Groups by pairs of codes of two groupings over the same rows. `first` holds positions in `codes`.
Grouping combine(const Grouping& a, const Grouping& b);
/// Renumbers so that levels are in the sorted order of the column's values (numbers by value, text by bytes,
/// categories by level).
Grouping sorted(Grouping grouping, const Column& column);

}  // namespace data
