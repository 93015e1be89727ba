// Alternating projections: each dimension in turn takes its means off what the others leave.
#include "core/interrupt.hpp"
#include "numerics/absorb_method.hpp"
#include "numerics/absorb_reduced.hpp"

#include <algorithm>
#include <cmath>

namespace numerics::absorption {
namespace {

/// Works on the coefficients of all dimensions but the largest, whose projection follows every other one.
/// Every third sweep is replaced by the Irons–Tuck extrapolation of the last three points.
/// Source: Gaure (2013), CSDA 66; Irons & Tuck (1969), IJNME 1.
class Projections : public Method {
 public:
  explicit Projections(const Layers& layers) : layers_(layers), reduced_(layers) {}
  std::string name() const override { return "alternating projections"; }
  bool direct() const override { return false; }

  Answer solve(const std::vector<Interleaved>& sums, int width, const Demand& demand, Workspace& work) override {
    const Interleaved s = reduced_.right_side(sums, width, work);
    Interleaved u(s.size(), 0.0), before, last, image;
    Answer answer;
    std::array<bool, max_width> stopped{};
    for (int sweep = 0;; ++sweep) {
      core::poll();
      const PerColumn left = residual(u, s, width, image, work);
      bool all = true;
      for (std::size_t c = 0; c < std::size_t(width); ++c) {
        stopped[c] = stopped[c] || left[c] <= 0.5 * demand.residual[c] || sweep >= demand.iterations[c];
        if (!stopped[c]) answer.iterations[c] = sweep + 1;
        all = all && stopped[c];
      }
      if (all) break;
      before = std::move(last);
      last = u;
      for (std::size_t p = 0; p < reduced_.others().size(); ++p) {
        if (p > 0) residual(u, s, width, image, work);
        project(reduced_.others()[p], s, image, stopped, width, u);
      }
      if (sweep % 3 == 2) extrapolate(before, last, stopped, width, u);
    }
    answer.coefficients = reduced_.coefficients(u, sums, width);
    return answer;
  }

 private:
  /// image = S u; returns max_j |s_j − image_j| / √A_jj.
  PerColumn residual(const Interleaved& u, const Interleaved& s, int width, Interleaved& image, Workspace& work) const {
    reduced_.apply(u, image, width, work);
    PerColumn largest{};
    for (std::size_t j = 0; j < s.size(); ++j) {
      const double gram = reduced_.gram()[Index(j) / width];
      double& mine = largest[j % std::size_t(width)];
      if (gram > 0) mine = std::max(mine, std::abs(s[j] - image[j]) / std::sqrt(gram));
    }
    return largest;
  }

  void project(const Reduced::Part& part, const Interleaved& s, const Interleaved& image,
               const std::array<bool, max_width>& stopped, int width, Interleaved& u) const {
    const auto begin = std::size_t(part.offset * width), w = std::size_t(width);
    const std::size_t end = begin + std::size_t(layers_[part.layer].levels) * w;
    for (std::size_t j = begin; j < end; ++j)
      if (!stopped[j % w]) u[j] += layers_[part.layer].inverse[Index((j - begin) / w)] * (s[j] - image[j]);
  }

  /// u − t (u − last), t = Δ²'(u − last) / Δ²'Δ², Δ² = (u − last) − (last − before).
  static void extrapolate(const Interleaved& before, const Interleaved& last,
                          const std::array<bool, max_width>& stopped, int width, Interleaved& u) {
    const auto w = std::size_t(width);
    for (std::size_t c = 0; c < w; ++c) {
      if (stopped[c]) continue;
      double step = 0, square = 0;
      for (std::size_t j = c; j < u.size(); j += w) {
        const double now = u[j] - last[j], second = now - (last[j] - before[j]);
        step += second * now;
        square += second * second;
      }
      if (!(square > 0)) continue;
      for (std::size_t j = c; j < u.size(); j += w) u[j] -= step / square * (u[j] - last[j]);
    }
  }

  const Layers& layers_;
  Reduced reduced_;
};

}  // namespace

std::unique_ptr<Method> alternating_projections(const Layers& layers) {
  if (layers.effects().size() == 1) return one_way(layers);
  return std::make_unique<Projections>(layers);
}

}  // namespace numerics::absorption
