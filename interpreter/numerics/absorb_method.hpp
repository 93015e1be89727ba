// A way of solving the normal equations D'WD a = D'Wx, chosen once per Absorber.
#pragma once

#include "numerics/absorb_layers.hpp"

#include <memory>
#include <string>

namespace numerics::absorption {

struct Demand {
  std::array<double, max_width> residual{};  ///< per column: max_j |d_j'W r| / ‖d_j‖_W wanted of an iterative method
  std::array<int, max_width> iterations{};   ///< per column: allowed
};

struct Answer {
  std::vector<Interleaved> coefficients;    ///< per layer
  std::array<int, max_width> iterations{};  ///< per column; 0 for a direct method
};

class Method {
 public:
  Method() = default;
  Method(const Method&) = delete;
  Method& operator=(const Method&) = delete;
  virtual ~Method() = default;
  virtual std::string name() const = 0;
  /// Direct methods solve up to rounding and are repeated on what is left only while that helps.
  virtual bool direct() const = 0;
  virtual Answer solve(const std::vector<Interleaved>& sums, int width, const Demand& demand, Workspace& work) = 0;
};

/// B⁻¹Q'Wx for a single dimension.
std::unique_ptr<Method> one_way(const Layers& layers);
/// Closed form for intercepts of dimensions that cross proportionally; nothing when they do not.
std::unique_ptr<Method> balanced(const Layers& layers);
/// Elimination of the largest dimension; then Cholesky or conjugate gradient, by `strategy`.
std::unique_ptr<Method> reduced_system(const Layers& layers, AbsorbStrategy strategy);
/// Gauss–Seidel sweeps over the dimensions with Irons–Tuck extrapolation.
std::unique_ptr<Method> alternating_projections(const Layers& layers);

/// Moves levels between intercept dimensions along null directions of D: within each connected component of the first
/// intercept dimension and a later one, the first level of the later one becomes 0 and the first dimension carries it.
void normalise(const std::vector<FixedEffect>& effects, std::vector<Matrix>& coefficients);

}  // namespace numerics::absorption
