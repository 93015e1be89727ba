// The normal equations of the other dimensions once the largest is eliminated exactly.
// With D = [Q O], Q the layers of the largest dimension and A = O'WO, C = Q'WO, B = Q'WQ (diagonal), the reduced system
// is S u = s, S = A − C'B⁻¹C (the Schur complement), s = O'Wx − C'B⁻¹Q'Wx. S is applied row by row, never formed here.
#pragma once

#include "numerics/absorb_layers.hpp"

namespace numerics::absorption {

class Reduced {
 public:
  /// Sorts the rows by the dimension with the most coefficients, which is the one eliminated.
  explicit Reduced(const Layers& layers);
  Reduced(const Reduced&) = delete;
  Reduced& operator=(const Reduced&) = delete;

  Index size() const { return size_; }  ///< coefficients of O
  Index rows() const { return layers_.rows(); }
  const Vector& gram() const { return gram_; }  ///< diagonal of A; 0 where redundant

  /// out = S u. u, out: size × width, interleaved.
  void apply(const Interleaved& u, Interleaved& out, int width, Workspace& work) const;
  /// s from the sums D'Wx of all layers.
  Interleaved right_side(const std::vector<Interleaved>& sums, int width, Workspace& work) const;
  /// All layers' coefficients from u: the eliminated ones are B⁻¹(Q'Wx − C u).
  std::vector<Interleaved> coefficients(const Interleaved& u, const std::vector<Interleaved>& sums, int width) const;

  /// A layer over the sorted rows.
  struct Part {
    std::size_t layer = 0;                ///< in Layers
    Index offset = 0;                     ///< of its coefficients in u (other layers)
    const std::int32_t* codes = nullptr;  ///< its level in each sorted row (other layers)
    const double* values = nullptr;       ///< in each sorted row; null: 1
    Integers sorted_codes;                ///< owned, unless the rows came sorted
    Vector sorted_values;
    double value(std::size_t row) const { return values ? values[row] : 1.0; }
  };
  /// Larger dimensions first.
  const std::vector<Part>& others() const { return others_; }
  const std::vector<Part>& own() const { return own_; }
  std::size_t dimension(const Part& part) const { return layers_[part.layer].dimension; }
  Index levels(const Part& part) const { return layers_[part.layer].levels; }
  const Vector& inverse(const Part& part) const { return layers_[part.layer].inverse; }
  const std::vector<std::int32_t>& starts() const { return starts_; }  ///< first row of each eliminated level, and end
  double weight(std::size_t row) const { return weights_ ? weights_[row] : 1.0; }

 private:
  template <int width, int others, bool plain>
  void apply_levels(std::size_t begin, std::size_t end, const double* u, double* out, double* fitted) const;
  template <int width, bool plain>
  void scatter_levels(std::size_t begin, std::size_t end, const std::vector<Interleaved>& sums, double* out) const;
  template <int width, bool plain>
  void gather_levels(std::size_t begin, std::size_t end, const double* u, const std::vector<Interleaved>& sums,
                     std::vector<Interleaved>& result) const;
  void sort_rows();

  const Layers& layers_;
  std::size_t dimension_ = 0, longest_ = 0;
  Index size_ = 0;
  bool plain_ = true;  ///< no weights, no slopes
  std::vector<Part> others_, own_;
  std::vector<std::int32_t> starts_;
  const double* weights_ = nullptr;
  Vector sorted_weights_;
  std::vector<std::size_t> chunks_;  ///< first level of each block of levels that keeps its own sums, and end
  Vector gram_;
};

}  // namespace numerics::absorption
