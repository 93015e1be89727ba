// The normal equations of the other dimensions once the largest is eliminated exactly.
// With D = [Q O], Q the layers of the largest dimension and A = O'WO, C = Q'WO, B = Q'WQ (diagonal), the reduced system
// is S u = s, S = A − C'B⁻¹C (the Schur complement), s = O'Wx − C'B⁻¹Q'Wx. S is applied row by row, never formed here.
#pragma once

#include "numerics/absorb_layers.hpp"

namespace numerics::absorption {

class Reduced {
 public:
  /// Cells (rows, with equal ones merged where many are equal) sorted by the dimension with the most coefficients.
  explicit Reduced(const Layers& layers);

  Index size() const { return size_; }           ///< coefficients of O
  Index cells() const { return Index(cells_); }  ///< rows, or merged rows
  const Vector& gram() const { return gram_; }   ///< diagonal of A; 0 where redundant
  std::size_t eliminated() const { return dimension_; }

  /// out = S u. u, out: size × width, interleaved.
  void apply(const Interleaved& u, Interleaved& out, int width, Workspace& work) const;
  /// s from the sums D'Wx of all layers.
  Interleaved right_side(const std::vector<Interleaved>& sums, int width, Workspace& work) const;
  /// All layers' coefficients from u: the eliminated ones are B⁻¹(Q'Wx − C u).
  std::vector<Interleaved> coefficients(const Interleaved& u, const std::vector<Interleaved>& sums, int width) const;

  /// One cell's place in the layers: what the direct solvers assemble S from.
  struct Part {
    std::size_t layer = 0;             ///< in Layers
    Index offset = 0;                  ///< of its coefficients in u (other layers)
    std::vector<std::int32_t> column;  ///< other layers: offset + code of each cell
    std::vector<double> values;        ///< of each cell; empty: 1
  };
  const std::vector<Part>& others() const { return others_; }
  const std::vector<Part>& own() const { return own_; }
  std::size_t dimension(const Part& part) const { return layers_[part.layer].dimension; }
  const Vector& inverse(const Part& part) const { return layers_[part.layer].inverse; }
  const std::vector<std::int32_t>& starts() const { return starts_; }  ///< first cell of each eliminated level, and end
  const std::vector<double>& weights() const { return weights_; }      ///< of each cell; empty: 1

 private:
  template <int width, int others, bool plain>
  void levels_apply(std::size_t begin, std::size_t end, const double* u, double* out, double* scratch) const;
  void sort_rows();

  const Layers& layers_;
  std::size_t dimension_ = 0, cells_ = 0, longest_ = 0;
  Index size_ = 0;
  std::vector<Part> others_, own_;
  std::vector<std::int32_t> starts_;
  std::vector<double> weights_;
  std::vector<std::size_t> chunks_;  ///< first level of each block of levels that keeps its own sums, and end
  Vector gram_;
};

}  // namespace numerics::absorption
