// The reduced system solved: Cholesky where its cost is small, conjugate gradient otherwise.
#include "core/error.hpp"
#include "numerics/absorb_gradient.hpp"
#include "numerics/absorb_method.hpp"

#include <algorithm>

namespace numerics::absorption {
namespace {

constexpr Index dense_limit = 1500;  // coefficients that a dense factor may have

class ReducedSystem : public Method {
 public:
  ReducedSystem(const Layers& layers, AbsorbStrategy strategy) : reduced_(layers) {
    const bool small = reduced_.size() <= (strategy == AbsorbStrategy::direct ? dense_limit : 300);
    if (small && strategy != AbsorbStrategy::conjugate_gradient) {
      exact_ = true;
      name_ = "dense Cholesky";
      preconditioner_ = dense_cholesky(reduced_);
    } else {
      preconditioner_ = diagonal_preconditioner(reduced_);
    }
  }
  std::string name() const override { return name_; }
  bool direct() const override { return exact_; }

  Answer solve(const std::vector<Interleaved>& sums, int width, const Demand& demand, Workspace& work) override {
    Interleaved r = reduced_.right_side(sums, width, work), u(r.size(), 0.0);
    Demand inner = demand;
    for (int c = 0; c < width; ++c) {
      const auto column = std::size_t(c);
      inner.residual[column] *= exact_ ? 1e-5 : 0.5;  // room for rounding between here and the rows
      if (exact_) inner.iterations[column] = std::min(inner.iterations[column], 6);
    }
    Answer answer;
    answer.iterations = conjugate_gradient(reduced_, *preconditioner_, r, u, width, inner, work).iterations;
    if (exact_) answer.iterations = {};
    answer.coefficients = reduced_.coefficients(u, sums, width);
    return answer;
  }

 private:
  Reduced reduced_;
  bool exact_ = false;
  std::string name_ = "conjugate gradient";
  std::unique_ptr<Preconditioner> preconditioner_;
};

}  // namespace

std::unique_ptr<Method> reduced_system(const Layers& layers, AbsorbStrategy strategy) {
  return std::make_unique<ReducedSystem>(layers, strategy);
}

}  // namespace numerics::absorption
