// Which rows of the frame an estimation uses, and why the others are left out.
#pragma once

#include "formula/columns.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace formula {

class RowFilter {
 public:
  explicit RowFilter(std::size_t rows) : flags_(rows, 0) {}

  void where(const Tree& condition, const data::Frame& frame);
  /// Rows in which `expression` is missing or not finite.
  void complete(const Tree& expression, Columns& columns);
  /// Rows whose weight is zero, negative or missing. Throws for text.
  void weights(const Tree& expression, Columns& columns);

  std::vector<std::uint32_t> rows() const;
  /// In the order where, missing, not finite, weight; only reasons that dropped rows.
  std::vector<Dropped> dropped() const;

 private:
  enum Flag : std::uint8_t { outside = 1, incomplete = 2, not_finite = 4, no_weight = 8 };
  void mark(const Tree& expression, Columns& columns, std::size_t row);

  std::vector<std::uint8_t> flags_;
  std::vector<std::string> missing_in_, not_finite_in_;
  bool negative_weight_ = false;
};

}  // namespace formula
