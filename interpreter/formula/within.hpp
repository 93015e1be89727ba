// What column statistics share: the groups of the rows, and the functions that give each row its own value.
#pragma once

#include "data/verbs/keys.hpp"
#include "data/verbs/picked.hpp"
#include "formula/compile.hpp"

#include <numeric>
#include <vector>

namespace formula {

/// The groups of the rows; one group of all rows when the expression has none.
class Groups {
 public:
  Groups(const data::Grouping* by, std::size_t rows) : by_(by), rows_(rows) {}
  std::size_t count() const { return by_ ? static_cast<std::size_t>(by_->levels()) : 1; }
  std::size_t rows() const { return rows_; }
  const data::Grouping* by() const { return by_; }
  bool has(std::size_t row) const { return by_ == nullptr || by_->codes[row] >= 0; }
  std::size_t of(std::size_t row) const { return by_ ? static_cast<std::size_t>(by_->codes[row]) : 0; }

  data::GroupRows rows_by_group() const {
    if (by_ != nullptr) return data::rows_by_group(by_->codes, count());
    data::GroupRows all{std::vector<std::uint32_t>(rows_), {0, static_cast<std::uint32_t>(rows_)}};
    std::iota(all.rows.begin(), all.rows.end(), 0U);
    return all;
  }

  /// The group's value in each of its rows.
  data::ColumnPtr spread(const data::Column& of_group) const {
    std::vector<std::uint32_t> from(rows_, data::no_row);
    for (std::size_t i = 0; i < rows_; ++i)
      if (has(i)) from[i] = static_cast<std::uint32_t>(of(i));
    return data::picked(of_group, from);
  }

 private:
  const data::Grouping* by_;
  std::size_t rows_;
};

data::ColumnPtr whole_numbers(const std::vector<double>& values);  ///< NaN is missing

/// rank(x, ties=…): ranks of the known values; missing stays missing.
data::ColumnPtr ranks(const Groups& groups, const Tree& tree, const std::vector<double>& x);
/// (x − mean) / sd within the group, then moved to another mean and sd.
data::ColumnPtr standardized(const Groups& groups, std::vector<double> x, double mean, double sd);
/// mode(x, ties=…): the most frequent known value of each group; of several the smallest, the largest, or none.
data::ColumnPtr mode(const Groups& groups, const Tree& tree, const data::ColumnPtr& column);
/// tag(x, y, missing=…): true in the first row of each combination within its group, false elsewhere; where a value is
/// missing too, unless missing values are levels like others.
data::ColumnPtr tagged(const Groups& groups, const Tree& tree, const std::vector<data::ColumnPtr>& columns);
/// group(x, y, missing=…, label=…, truncate=…): 1, 2, … for the sorted combinations; with labels that join their
/// values.
data::ColumnPtr numbered(const Tree& tree, const std::vector<data::ColumnPtr>& columns);
/// Stata's seq(): from, from + 1, … to, each `block` times, over and over within the group.
data::ColumnPtr sequence(const Groups& groups, const Tree& tree);
/// Stata's cut(): the left end of the interval [at_i, at_i+1) that holds x; or, with groups=, which of so many groups
/// of (nearly) equal size, from 0.
data::ColumnPtr cut(const Groups& groups, const Tree& tree, std::vector<double> x);

}  // namespace formula
