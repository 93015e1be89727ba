// The design D of absorbed effects as layers: one scalar coefficient per level.
// A dimension with slopes becomes several layers that are W-orthogonal within each level, so that its block of D'WD is
// diagonal. Kernels stream rows in the order given and touch one array per layer.
#pragma once

#include "numerics/absorb.hpp"

#include <array>
#include <type_traits>

namespace numerics::absorption {

/// Columns handled side by side in one pass.
inline constexpr int max_width = 4;

using PerColumn = std::array<double, max_width>;
using Integers = Eigen::Array<std::int32_t, Eigen::Dynamic, 1>;

struct Columns {
  std::array<double*, max_width> at{};
  int width = 0;
};

/// Calls body(std::integral_constant<int, width>) so that inner loops over columns unroll.
template <class Body>
void with_width(int width, const Body& body) {
  switch (width) {
    case 1:
      return body(std::integral_constant<int, 1>());
    case 2:
      return body(std::integral_constant<int, 2>());
    case 3:
      return body(std::integral_constant<int, 3>());
    default:
      return body(std::integral_constant<int, 4>());
  }
}

struct Layer {
  std::size_t dimension = 0;
  const Codes* codes = nullptr;
  Index levels = 0;
  Vector values;   ///< n; empty: 1 in every row (an intercept)
  Vector gram;     ///< levels: Σ w v²; 0 where the coefficient is redundant within its dimension
  Vector inverse;  ///< levels: 1 / gram, or 0
};

/// Coefficients or sums of one layer: levels × width, the columns of a level side by side.
using Interleaved = std::vector<double>;

/// Scratch that is reused from pass to pass.
struct Workspace {
  Vector partial;
  double* at_least(std::size_t size) {
    if (partial.size() < Index(size)) partial.resize(Index(size));
    return partial.data();
  }
};

/// Weighted moments of the columns, uncentred.
struct Moments {
  double weight = 0;
  PerColumn sum{}, squares{};
};

class Layers {
 public:
  /// Splits the effects into layers. Slopes are orthogonalised within their levels by twice repeated Gram–Schmidt; a
  /// slope whose part left is below 1e-10 of its size is redundant in that level.
  Layers(std::vector<FixedEffect> effects, Vector weights);
  Layers(const Layers&) = delete;
  Layers& operator=(const Layers&) = delete;

  Index rows() const { return rows_; }
  const std::vector<FixedEffect>& effects() const { return effects_; }
  const Vector& weights() const { return weights_; }
  std::size_t size() const { return layers_.size(); }
  const Layer& operator[](std::size_t i) const { return layers_[i]; }
  bool has_intercept() const;

  /// One pass over the rows: x −= Σ over layers of v · coefficient where coefficients are given; then, per layer,
  /// sums[level] = Σ w v x. Same digits for any number of threads.
  Moments pass(const Columns& x, const std::vector<Interleaved>* coefficients, std::vector<Interleaved>& sums,
               Workspace& work) const;
  /// ‖d‖_W of one coefficient's column as it was given, before Gram–Schmidt.
  double given_norm(std::size_t i, Index level) const { return given_norms_[i][level]; }
  /// d'Wr of that column, from the sums of the layers.
  double given_sum(std::size_t i, Index level, const std::vector<Interleaved>& sums, int width, int column) const;
  /// From coefficients of the layers (width 1) to those of the effects as given: per dimension, levels × (intercept,
  /// slopes…).
  std::vector<Matrix> on_effects(const std::vector<Interleaved>& coefficients) const;

 private:
  void add_layer(std::size_t dimension, Vector values);
  void add_slope(std::size_t dimension, const Vector& slope);
  void orthogonalise(std::size_t dimension, Vector& values, std::vector<Vector>& taken) const;

  std::vector<FixedEffect> effects_;
  Vector weights_;
  Index rows_ = 0;
  std::vector<Layer> layers_;
  /// For each layer, what Gram–Schmidt took off it: the coefficients on the earlier layers of its dimension.
  std::vector<std::vector<Vector>> taken_;
  std::vector<std::size_t> first_of_dimension_;  ///< for each layer, the first layer of its dimension
  std::vector<Vector> given_norms_;
};

/// How many blocks of rows keep sums of their own, from the sizes alone.
Index partial_sums(Index rows, Index levels);
/// Adds the partial sums of blocks 1, 2, … (length each, one after another) to those of block 0 in `total`.
void add_partial_sums(double* total, const double* partial, std::size_t blocks, std::size_t length);

}  // namespace numerics::absorption
