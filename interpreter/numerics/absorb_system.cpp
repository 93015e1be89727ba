// The reduced system solved: Cholesky where its cost is small, conjugate gradient otherwise.
#include "numerics/absorb_gradient.hpp"
#include "numerics/absorb_method.hpp"
#include "numerics/absorb_sparse_schur.hpp"

#include <algorithm>
#include <limits>

namespace numerics::absorption {
namespace {

constexpr double dense_share = 0.25;      // filled entries from which S counts as dense
constexpr Index dense_limit = 1500;       // coefficients that a dense factor may have
constexpr double products_per_cell = 60;  // multiplications a row is worth when S is assembled …
constexpr double flops_per_cell = 400;    // … and factorised, measured in rows times dimensions

/// Weakly connected levels make conjugate gradient slow, but their S has little fill; where S fills up, levels are well
/// connected and conjugate gradient is fast. So the factor is taken where it is cheap.
class ReducedSystem : public Method {
 public:
  ReducedSystem(const Layers& layers, AbsorbStrategy strategy) : reduced_(layers) {
    if (strategy == AbsorbStrategy::direct) {
      factorise(std::numeric_limits<double>::infinity());
    } else if (strategy == AbsorbStrategy::automatic) {
      const double cells = double(reduced_.cells()) * double(reduced_.others().size());
      const double size = double(reduced_.size());
      const double products = assembly_products(reduced_);
      if (size <= 600 ? products + size * size * size / 3 <= products_per_cell * cells
                      : products <= products_per_cell * cells && sampled_density(reduced_) <= dense_share)
        factorise(flops_per_cell * cells);
    }
    if (!preconditioner_) preconditioner_ = diagonal_preconditioner(reduced_);
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
  void factorise(double most_flops) {
    if (reduced_.size() <= 300 || (reduced_.size() <= dense_limit && sampled_density(reduced_) > dense_share)) {
      preconditioner_ = dense_cholesky(reduced_);
      name_ = "dense Cholesky";
    } else {
      preconditioner_ = sparse_cholesky(reduced_, most_flops);
      if (preconditioner_) name_ = "sparse Cholesky";
    }
    exact_ = preconditioner_ != nullptr;
  }

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
