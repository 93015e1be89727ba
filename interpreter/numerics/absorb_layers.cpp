#include "numerics/absorb_layers.hpp"

#include "core/error.hpp"
#include "core/parallel.hpp"
#include "core/text.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>

namespace numerics::absorption {
namespace {

constexpr std::size_t row_block = 8192;
constexpr double redundant_share = 1e-10;  // of a slope's size within its level

template <int width>
void add_rows(const Layer& layer, const Vector& weights, const Columns& x, std::size_t begin, std::size_t end,
              double* sums) {
  const std::int32_t* codes = layer.codes->data();
  const bool sloped = layer.values.size() > 0, weighted = weights.size() > 0;
  if (!sloped && !weighted) {
    for (std::size_t i = begin; i < end; ++i) {
      double* sum = sums + std::size_t(codes[i]) * width;
      for (int c = 0; c < width; ++c) sum[c] += x.at[c][i];
    }
    return;
  }
  for (std::size_t i = begin; i < end; ++i) {
    double* sum = sums + std::size_t(codes[i]) * width;
    const auto row = Index(i);
    const double factor = (weighted ? weights[row] : 1.0) * (sloped ? layer.values[row] : 1.0);
    for (int c = 0; c < width; ++c) sum[c] += factor * x.at[c][i];
  }
}

template <int width>
void subtract_rows(const Layer& layer, const double* coefficients, const Columns& x, std::size_t begin,
                   std::size_t end) {
  const std::int32_t* codes = layer.codes->data();
  if (layer.values.size() == 0) {
    for (std::size_t i = begin; i < end; ++i) {
      const double* a = coefficients + std::size_t(codes[i]) * width;
      for (int c = 0; c < width; ++c) x.at[c][i] -= a[c];
    }
    return;
  }
  for (std::size_t i = begin; i < end; ++i) {
    const double* a = coefficients + std::size_t(codes[i]) * width;
    const double value = layer.values[Index(i)];
    for (int c = 0; c < width; ++c) x.at[c][i] -= value * a[c];
  }
}

void check(const FixedEffect& effect, Index rows) {
  if (Index(effect.codes.size()) != rows)
    throw core::Error("a fixed effect has " + core::grouped(std::int64_t(effect.codes.size())) +
                      " codes, but the data have " + core::counted(rows, "row"));
  for (const Vector& slope : effect.slopes)
    if (slope.size() != rows)
      throw core::Error("a varying slope has " + core::grouped(std::int64_t(slope.size())) +
                        " values, but the data have " + core::counted(rows, "row"));
  assert(effect.intercept || !effect.slopes.empty());
}

}  // namespace

Index partial_sums(Index rows, Index levels) {
  if (rows < 32'768) return 1;
  return std::clamp<Index>(rows / (2 * std::max<Index>(levels, 1)), 2, 16);
}

Layers::Layers(std::vector<FixedEffect> effects, Vector weights)
    : effects_(std::move(effects)), weights_(std::move(weights)) {
  rows_ = weights_.size();
  if (!effects_.empty()) {
    const auto first = Index(effects_[0].codes.size());
    if (weights_.size() > 0 && first != weights_.size())
      throw core::Error("there are " + core::counted(weights_.size(), "weight") + " for " +
                        core::counted(first, "row"));
    rows_ = first;
  }
  for (std::size_t d = 0; d < effects_.size(); ++d) {
    check(effects_[d], rows_);
    if (effects_[d].intercept) add_layer(d, {});
    for (const Vector& slope : effects_[d].slopes) add_slope(d, slope);
  }
}

bool Layers::has_intercept() const {
  return std::any_of(effects_.begin(), effects_.end(), [](const FixedEffect& e) { return e.intercept; });
}

void Layers::add_layer(std::size_t dimension, Vector values) {
  Layer layer{dimension, &effects_[dimension].codes, effects_[dimension].levels, std::move(values), {}, {}};
  layer.gram = Vector::Zero(layer.levels);
  for (Index i = 0; i < rows_; ++i) {
    const double v = layer.values.size() > 0 ? layer.values[i] : 1.0;
    layer.gram[(*layer.codes)[std::size_t(i)]] += (weights_.size() > 0 ? weights_[i] : 1.0) * v * v;
  }
  layer.inverse = layer.gram.unaryExpr([](double g) { return g > 0 ? 1 / g : 0.0; });
  given_norms_.push_back(layer.gram.cwiseSqrt());
  const bool opens = layers_.empty() || layers_.back().dimension != dimension;
  first_of_dimension_.push_back(opens ? layers_.size() : first_of_dimension_.back());
  layers_.push_back(std::move(layer));
  taken_.emplace_back();
}

void Layers::add_slope(std::size_t dimension, const Vector& slope) {
  const Codes& codes = effects_[dimension].codes;
  Vector values = slope, before = Vector::Zero(effects_[dimension].levels), after = before;
  const auto weight = [&](Index i) { return weights_.size() > 0 ? weights_[i] : 1.0; };
  for (Index i = 0; i < rows_; ++i) before[codes[std::size_t(i)]] += weight(i) * slope[i] * slope[i];

  std::vector<Vector> taken;
  Workspace work;
  for (int round = 0; round < 2; ++round) {
    std::size_t earlier = 0;
    for (std::size_t l = 0; l < layers_.size(); ++l) {
      if (layers_[l].dimension != dimension) continue;
      Interleaved sum;
      const Columns x{{values.data()}, 1};
      sums(l, x, sum, work);
      const Vector share = Eigen::Map<const Vector>(sum.data(), layers_[l].levels).cwiseProduct(layers_[l].inverse);
      subtract_rows<1>(layers_[l], share.data(), x, 0, std::size_t(rows_));
      if (round == 0)
        taken.push_back(share);
      else
        taken[earlier] += share;
      ++earlier;
    }
  }
  for (Index i = 0; i < rows_; ++i) after[codes[std::size_t(i)]] += weight(i) * values[i] * values[i];
  constexpr double least = redundant_share * redundant_share;
  for (Index i = 0; i < rows_; ++i) {
    const std::int32_t level = codes[std::size_t(i)];
    if (!(after[level] > least * before[level])) values[i] = 0;
  }
  add_layer(dimension, std::move(values));
  taken_.back() = std::move(taken);
  given_norms_.back() = before.cwiseSqrt();
}

void Layers::sums(std::size_t i, const Columns& x, Interleaved& out, Workspace& work) const {
  const Layer& layer = layers_[i];
  const std::size_t size = std::size_t(layer.levels) * std::size_t(x.width);
  const auto parts = std::size_t(partial_sums(rows_, layer.levels));
  const std::size_t part_rows = (std::size_t(rows_) + parts - 1) / parts;
  out.assign(size, 0);
  if (work.partial.size() < (parts - 1) * size) work.partial.resize((parts - 1) * size);
  with_width(x.width, [&](auto width) {
    core::for_blocks(parts, 1, [&](std::size_t part, std::size_t) {
      double* target = out.data();
      if (part > 0) {
        target = work.partial.data() + (part - 1) * size;
        std::fill_n(target, size, 0.0);
      }
      const std::size_t begin = part * part_rows, end = std::min(begin + part_rows, std::size_t(rows_));
      if (begin < end) add_rows<width.value>(layer, weights_, x, begin, end, target);
    });
  });
  core::for_blocks(size, 4096, [&](std::size_t begin, std::size_t end) {
    for (std::size_t part = 1; part < parts; ++part) {
      const double* source = work.partial.data() + (part - 1) * size;
      for (std::size_t j = begin; j < end; ++j) out[j] += source[j];
    }
  });
}

double Layers::given_sum(std::size_t i, Index level, const std::vector<Interleaved>& sums, int width,
                         int column) const {
  const auto at = std::size_t(level * width + column);
  double sum = sums[i][at];
  for (std::size_t p = 0; p < taken_[i].size(); ++p) sum += taken_[i][p][level] * sums[first_of_dimension_[i] + p][at];
  return sum;
}

void Layers::subtract(const std::vector<Interleaved>& coefficients, const Columns& x) const {
  with_width(x.width, [&](auto width) {
    core::for_blocks(std::size_t(rows_), row_block, [&](std::size_t begin, std::size_t end) {
      for (std::size_t l = 0; l < layers_.size(); ++l)
        subtract_rows<width.value>(layers_[l], coefficients[l].data(), x, begin, end);
    });
  });
}

std::vector<Matrix> Layers::on_effects(const std::vector<Interleaved>& coefficients) const {
  std::vector<Matrix> result;
  for (const FixedEffect& effect : effects_)
    result.push_back(Matrix::Zero(effect.levels, Index(effect.intercept) + Index(effect.slopes.size())));
  std::vector<std::vector<std::size_t>> of_dimension(effects_.size());
  for (std::size_t l = 0; l < layers_.size(); ++l) {
    auto& mine = of_dimension[layers_[l].dimension];
    result[layers_[l].dimension].col(Index(mine.size())) =
        Eigen::Map<const Vector>(coefficients[l].data(), layers_[l].levels);
    mine.push_back(l);
  }
  // The last slope's coefficient stands; each slope gives back what was taken off it, last first.
  for (std::size_t d = 0; d < effects_.size(); ++d)
    for (std::size_t s = of_dimension[d].size(); s-- > 0;)
      for (std::size_t p = 0; p < taken_[of_dimension[d][s]].size(); ++p)
        result[d].col(Index(p)).array() -= result[d].col(Index(s)).array() * taken_[of_dimension[d][s]][p].array();
  return result;
}

}  // namespace numerics::absorption
