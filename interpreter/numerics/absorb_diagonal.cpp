#include "core/parallel.hpp"
#include "numerics/absorb_preconditioner.hpp"

namespace numerics::absorption {
namespace {

class Diagonal : public Preconditioner {
 public:
  explicit Diagonal(const Reduced& reduced)
      : inverse_(reduced.gram().unaryExpr([](double g) { return g > 0 ? 1 / g : 0.0; })) {}

  void apply(const Interleaved& r, Interleaved& z, int width) const override {
    z.resize(r.size());
    core::for_blocks(std::size_t(inverse_.size()), 8192, [&](std::size_t begin, std::size_t end) {
      for (std::size_t j = begin; j < end; ++j)
        for (std::size_t c = 0, at = j * std::size_t(width); c < std::size_t(width); ++c)
          z[at + c] = inverse_[Index(j)] * r[at + c];
    });
  }

 private:
  Vector inverse_;
};

}  // namespace

std::unique_ptr<Preconditioner> diagonal_preconditioner(const Reduced& reduced) {
  return std::make_unique<Diagonal>(reduced);
}

}  // namespace numerics::absorption
