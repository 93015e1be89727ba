// P F P' = L Δ L' of a sparse positive semidefinite matrix, and solves with several right sides side by side.
#pragma once

#include "numerics/absorb_schur.hpp"

#include <memory>

namespace numerics::absorption {

struct SparseFactor {
  std::vector<std::int64_t> starts;       ///< of L's columns below the unit diagonal, and end
  std::vector<std::int32_t> rows, order;  ///< order: the matrix's index of each pivot
  std::vector<double> values;
  Vector inverse_pivots;  ///< Δ⁻¹, 0 where the pivot is rounding

  /// x (size × width, in pivot order) becomes L⁻¹x.
  template <int width>
  void forward(double* x) const {
    for (std::size_t j = 0; j < order.size(); ++j) {
      double pivot[width];
      for (std::size_t c = 0; c < width; ++c) pivot[c] = x[j * width + c];
      for (std::int64_t p = starts[j]; p < starts[j + 1]; ++p) {
        double* to = x + std::size_t(rows[std::size_t(p)]) * width;
        const double value = values[std::size_t(p)];
        for (int c = 0; c < width; ++c) to[c] -= value * pivot[c];
      }
    }
  }
  /// x becomes L'⁻¹x.
  template <int width>
  void backward(double* x) const {
    for (std::size_t j = order.size(); j-- > 0;) {
      double sum[width] = {};
      for (std::int64_t p = starts[j]; p < starts[j + 1]; ++p) {
        const double* from = x + std::size_t(rows[std::size_t(p)]) * width;
        const double value = values[std::size_t(p)];
        for (int c = 0; c < width; ++c) sum[c] += value * from[c];
      }
      for (std::size_t c = 0; c < width; ++c) x[j * width + c] -= sum[c];
    }
  }
};

/// Share of A's diagonal below which a pivot of S is rounding: that coefficient is redundant, and held at 0.
inline constexpr double null_pivot = 1e-12;

/// Factor of S.F (unit or zero diagonal) by CHOLMOD, ordered by approximate minimum degree; nothing if it would take
/// more than `most_flops`. Throws core::Error when memory does not suffice.
std::unique_ptr<SparseFactor> factorise(Schur& S, double most_flops);

}  // namespace numerics::absorption
