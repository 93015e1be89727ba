// Closed forms: one dimension, and dimensions that cross proportionally.
#include "numerics/absorb_method.hpp"

#include <cmath>

namespace numerics::absorption {
namespace {

Interleaved means(const Layer& layer, const Interleaved& sums, int width) {
  Interleaved result(sums.size());
  for (std::size_t j = 0; j < sums.size(); ++j) result[j] = sums[j] * layer.inverse[Index(j) / width];
  return result;
}

/// The layers of one dimension are orthogonal, so each takes its own means.
class OneWay : public Method {
 public:
  explicit OneWay(const Layers& layers) : layers_(layers) {}
  std::string name() const override { return "one-way"; }
  bool direct() const override { return true; }
  Answer solve(const std::vector<Interleaved>& sums, int width, const Demand&, Workspace&) override {
    Answer answer;
    for (std::size_t l = 0; l < layers_.size(); ++l) answer.coefficients.push_back(means(layers_[l], sums[l], width));
    return answer;
  }

 private:
  const Layers& layers_;
};

/// With w_ij = w_i. w_.j / w_.. in every cell, the dimensions are orthogonal once the grand mean is off them.
class Balanced : public Method {
 public:
  explicit Balanced(const Layers& layers) : layers_(layers) {}
  std::string name() const override {
    const std::size_t k = layers_.size();
    return k == 2 ? "balanced two-way" : "balanced " + std::to_string(k) + "-way";
  }
  bool direct() const override { return true; }
  Answer solve(const std::vector<Interleaved>& sums, int width, const Demand&, Workspace&) override {
    Answer answer;
    for (std::size_t l = 0; l < layers_.size(); ++l) {
      answer.coefficients.push_back(means(layers_[l], sums[l], width));
      if (l == 0) continue;
      for (int c = 0; c < width; ++c) {
        double grand = 0;
        for (auto j = std::size_t(c); j < sums[l].size(); j += std::size_t(width)) grand += sums[l][j];
        grand /= layers_[l].gram.sum();
        for (auto j = std::size_t(c); j < sums[l].size(); j += std::size_t(width)) answer.coefficients[l][j] -= grand;
      }
    }
    return answer;
  }

 private:
  const Layers& layers_;
};

bool proportional(const Layers& layers, const Layer& a, const Layer& b) {
  if (a.levels > layers.rows() / b.levels) return false;  // some cell is empty
  Vector cells = Vector::Zero(a.levels * b.levels);
  for (Index i = 0; i < layers.rows(); ++i) {
    const auto row = std::size_t(i);
    cells[Index((*a.codes)[row]) * b.levels + (*b.codes)[row]] += layers.weights().size() > 0 ? layers.weights()[i] : 1;
  }
  const double total = a.gram.sum();
  for (Index i = 0; i < a.levels; ++i)
    for (Index j = 0; j < b.levels; ++j) {
      const double expected = a.gram[i] * b.gram[j] / total;
      if (!(std::abs(cells[i * b.levels + j] - expected) <= 1e-13 * expected)) return false;
    }
  return true;
}

}  // namespace

std::unique_ptr<Method> one_way(const Layers& layers) { return std::make_unique<OneWay>(layers); }

std::unique_ptr<Method> balanced(const Layers& layers) {
  if (layers.effects().size() < 2) return nullptr;
  for (const FixedEffect& effect : layers.effects())
    if (!effect.intercept || !effect.slopes.empty()) return nullptr;
  for (std::size_t a = 1; a < layers.size(); ++a)
    for (std::size_t b = 0; b < a; ++b)
      if (!proportional(layers, layers[a], layers[b])) return nullptr;
  return std::make_unique<Balanced>(layers);
}

}  // namespace numerics::absorption
