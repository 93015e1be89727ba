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
  /// A condition of the estimator's own: rows outside are booked under `reason`.
  void require(const Tree& condition, const data::Frame& frame, std::string reason);
  /// Rows in which `expression` is missing or not finite.
  void complete(const Tree& expression, Columns& columns);
  /// Rows whose weight is zero, negative or missing. Throws for text.
  void weights(const Tree& expression, Columns& columns);

  std::vector<std::uint32_t> rows() const;
  /// In the order where, the estimator's own condition, missing, not finite, weight; only reasons that dropped rows.
  std::vector<Dropped> dropped() const;

 private:
  enum Flag : std::uint8_t { outside = 1, unfit = 2, incomplete = 4, not_finite = 8, no_weight = 16 };
  void mark_outside(const Tree& condition, const data::Frame& frame, Flag flag);
  void mark(const Tree& expression, Columns& columns, std::size_t row);

  std::vector<std::uint8_t> flags_;
  std::string unfit_reason_;
  std::vector<std::string> missing_in_, not_finite_in_;
};

}  // namespace formula
