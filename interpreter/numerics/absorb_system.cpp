// The reduced system solved: Cholesky where its cost is small, conjugate gradient otherwise.
#include "numerics/absorb_gradient.hpp"
#include "numerics/absorb_method.hpp"
#include "numerics/absorb_schur.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <mutex>

namespace numerics::absorption {
namespace {

constexpr double dense_share = 0.25;      // filled entries from which S counts as dense
constexpr Index dense_limit = 1500;       // coefficients that a dense factor may have
constexpr double products_per_cell = 60;  // multiplications a row is worth when S is assembled …
constexpr double flops_per_cell = 400;    // … and factorised, measured in rows times dimensions
constexpr double probe_products = 4;      // below this a factor costs no more than finding out whether it is needed
constexpr int probe_iterations = 6;       // of conjugate gradient on noise …
constexpr double probe_residual = 1e-4;  // … that must leave so little of it for the graph to count as well connected
constexpr int direct_iterations = 30;    // with a factor: one or two, unless S is nearly singular
constexpr int simple_iterations = 40;    // with the diagonal, before a stronger preconditioner is worth making

/// Weakly connected levels make conjugate gradient slow, but their S has little fill; where S fills up, levels are well
/// connected and conjugate gradient is fast. So the factor is taken where it is cheap.
class ReducedSystem : public Method {
 public:
  ReducedSystem(const Layers& layers, AbsorbStrategy strategy) : reduced_(layers) {
    const Index inner = inner_size(reduced_);
    if (strategy == AbsorbStrategy::direct) {
      const bool dense =
          reduced_.size() <= 300 || (reduced_.size() <= dense_limit && sampled_density(reduced_, inner) > dense_share);
      factorise(dense ? 0 : inner, std::numeric_limits<double>::infinity());
    } else if (strategy == AbsorbStrategy::automatic) {
      const double cells = double(reduced_.rows()) * double(reduced_.others().size());
      const double size = double(reduced_.size()), products = assembly_products(reduced_);
      if (products + size * size * size / 3 <= products_per_cell * cells && reduced_.size() <= dense_limit)
        factorise(0, 0);
      else if (products <= products_per_cell * cells && sampled_density(reduced_, inner) <= dense_share &&
               (products <= probe_products * cells || !well_connected(layers.size())))
        factorise(inner, flops_per_cell * cells);
    }
    if (!preconditioner_) preconditioner_ = diagonal_preconditioner(reduced_);
  }
  std::string name() const override { return name_; }
  bool direct() const override { return exact_; }

  Answer solve(const std::vector<Interleaved>& sums, int width, const Demand& demand, Workspace& work) override {
    Interleaved r = reduced_.right_side(sums, width, work), u(r.size(), 0.0);
    Demand inner = demand;
    for (std::size_t c = 0; c < std::size_t(width); ++c) {
      inner.residual[c] *= exact_ ? 1e-5 : 0.5;  // room for rounding between here and the rows
      inner.iterations[c] = std::min(inner.iterations[c], exact_ ? direct_iterations : simple_iterations);
    }
    Answer answer;
    GradientResult result = conjugate_gradient(reduced_, *preconditioner_, r, u, width, inner, work);
    if (!exact_) answer.iterations = result.iterations;
    if (!exact_ && !result.all_converged(width)) {
      for (std::size_t c = 0; c < std::size_t(width); ++c)
        inner.iterations[c] = result.converged[c] ? 0 : demand.iterations[c] - answer.iterations[c];
      result = conjugate_gradient(reduced_, stronger(), r, u, width, inner, work);
      for (std::size_t c = 0; c < std::size_t(width); ++c) answer.iterations[c] += result.iterations[c];
    }
    answer.coefficients = reduced_.coefficients(u, sums, width);
    return answer;
  }

 private:
  /// Whether conjugate gradient with the diagonal makes short work of S, found by a few iterations on noise: the answer
  /// depends on the fixed effects alone, never on the columns.
  bool well_connected(std::size_t layer_count) const {
    std::vector<Interleaved> sums(layer_count);
    for (const Reduced::Part& own : reduced_.own()) sums[own.layer].assign(reduced_.starts().size() - 1, 0.0);
    for (const Reduced::Part& other : reduced_.others())
      sums[other.layer].assign(std::size_t(reduced_.levels(other)), 0.0);
    for (std::size_t level = 0; level + 1 < reduced_.starts().size(); ++level)
      for (auto i = std::size_t(reduced_.starts()[level]); i < std::size_t(reduced_.starts()[level + 1]); ++i) {
        const std::uint64_t mixed = (i + 1) * 0x9e3779b97f4a7c15U;
        const double noise = (double((mixed ^ (mixed >> 32U)) & 0xffffU) / 65536.0 - 0.5) * reduced_.weight(i);
        for (const Reduced::Part& own : reduced_.own()) sums[own.layer][level] += own.value(i) * noise;
        for (const Reduced::Part& other : reduced_.others())
          sums[other.layer][std::size_t(other.codes[i])] += other.value(i) * noise;
      }
    Workspace work;
    Interleaved r = reduced_.right_side(sums, 1, work), u(r.size(), 0.0);
    const auto largest = [&] {
      double most = 0;
      for (std::size_t j = 0; j < r.size(); ++j)
        if (reduced_.gram()[Index(j)] > 0) most = std::max(most, std::abs(r[j]) / std::sqrt(reduced_.gram()[Index(j)]));
      return most;
    };
    const double before = largest();
    Demand demand;
    demand.iterations[0] = probe_iterations;
    demand.residual[0] = probe_residual * before;
    return conjugate_gradient(reduced_, *diagonal_preconditioner(reduced_), r, u, 1, demand, work).converged[0];
  }

  void factorise(Index inner, double most_flops) {
    preconditioner_ = cholesky(reduced_, inner, most_flops);
    exact_ = preconditioner_ != nullptr;
    if (exact_) name_ = inner > 0 ? "sparse Cholesky" : "dense Cholesky";
  }

  /// A better preconditioner than the diagonal where there is one, made when a column first needs it.
  const Preconditioner& stronger() {
    std::call_once(made_, [&] { stronger_ = approximate_cholesky(reduced_); });
    return stronger_ ? *stronger_ : *preconditioner_;
  }

  Reduced reduced_;
  bool exact_ = false;
  std::string name_ = "conjugate gradient";
  std::unique_ptr<Preconditioner> preconditioner_, stronger_;
  std::once_flag made_;
};

}  // namespace

std::unique_ptr<Method> reduced_system(const Layers& layers, AbsorbStrategy strategy) {
  return std::make_unique<ReducedSystem>(layers, strategy);
}

}  // namespace numerics::absorption
