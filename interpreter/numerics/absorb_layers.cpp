#include "numerics/absorb_layers.hpp"

#include "core/error.hpp"
#include "core/parallel.hpp"
#include "core/text.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>

namespace numerics::absorption {
namespace {

constexpr std::size_t row_block = 2048;    // rows of a few columns stay in the first cache while all layers see them
constexpr double redundant_share = 1e-10;  // of a slope's size within its level

template <int width>
void add_rows(const Layer& layer, const Vector& weights, const Columns& x, std::size_t begin, std::size_t end,
              double* sums) {
  const std::int32_t* codes = layer.codes->data();
  const bool sloped = layer.values.size() > 0, weighted = weights.size() > 0;
  if (!sloped && !weighted) {
    for (std::size_t i = begin; i < end; ++i) {
      double* sum = sums + std::size_t(codes[i]) * width;
      for (int c = 0; c < width; ++c) sum[c] += x.at[std::size_t(c)][i];
    }
    return;
  }
  for (std::size_t i = begin; i < end; ++i) {
    double* sum = sums + std::size_t(codes[i]) * width;
    const auto row = Index(i);
    const double factor = (weighted ? weights[row] : 1.0) * (sloped ? layer.values[row] : 1.0);
    for (int c = 0; c < width; ++c) sum[c] += factor * x.at[std::size_t(c)][i];
  }
}

template <int width>
void subtract_rows(const Layer& layer, const double* coefficients, const Columns& x, std::size_t begin,
                   std::size_t end) {
  const std::int32_t* codes = layer.codes->data();
  if (layer.values.size() == 0) {
    for (std::size_t i = begin; i < end; ++i) {
      const double* a = coefficients + std::size_t(codes[i]) * width;
      for (int c = 0; c < width; ++c) x.at[std::size_t(c)][i] -= a[c];
    }
    return;
  }
  for (std::size_t i = begin; i < end; ++i) {
    const double* a = coefficients + std::size_t(codes[i]) * width;
    const double value = layer.values[Index(i)];
    for (int c = 0; c < width; ++c) x.at[std::size_t(c)][i] -= value * a[c];
  }
}

template <int width>
void add_moments(const Vector& weights, const Columns& x, std::size_t begin, std::size_t end, Moments& total) {
  for (std::size_t i = begin; i < end; ++i) {
    const double weight = weights.size() > 0 ? weights[Index(i)] : 1.0;
    total.weight += weight;
    for (std::size_t c = 0; c < width; ++c) {
      const double weighted = weight * x.at[c][i];
      total.sum[c] += weighted;
      total.squares[c] += weighted * x.at[c][i];
    }
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

/// Σ w v² by level (v empty: 1).
Vector squares_by_level(const Codes& codes, Index levels, const Vector& weights, const Vector& values) {
  const std::size_t n = codes.size();
  const auto parts = std::size_t(partial_sums(Index(n), levels)), part_rows = (n + parts - 1) / parts;
  Matrix sums = Matrix::Zero(levels, Index(parts));
  core::for_blocks(parts, 1, [&](std::size_t part, std::size_t) {
    double* mine = &sums(0, Index(part));
    for (std::size_t i = part * part_rows; i < std::min((part + 1) * part_rows, n); ++i) {
      const double v = values.size() > 0 ? values[Index(i)] : 1.0;
      mine[codes[i]] += (weights.size() > 0 ? weights[Index(i)] : 1.0) * v * v;
    }
  });
  Vector total = sums.col(0);
  for (Index part = 1; part < Index(parts); ++part) total += sums.col(part);
  return total;
}

}  // namespace

Index partial_sums(Index rows, Index levels) {
  if (rows < 32'768) return 1;
  return std::clamp<Index>(rows / (4 * std::max<Index>(levels, 1)), 2, 16);
}

void add_partial_sums(double* total, const double* partial, std::size_t blocks, std::size_t length) {
  core::for_blocks(length, 4096, [&](std::size_t begin, std::size_t end) {
    for (std::size_t block = 1; block < blocks; ++block) {
      const double* source = partial + (block - 1) * length;
      for (std::size_t j = begin; j < end; ++j) total[j] += source[j];
    }
  });
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
  layer.gram = squares_by_level(*layer.codes, layer.levels, weights_, layer.values);
  layer.inverse = layer.gram.unaryExpr([](double g) { return g > 0 ? 1 / g : 0.0; });
  given_norms_.emplace_back(layer.gram.cwiseSqrt());
  const bool opens = layers_.empty() || layers_.back().dimension != dimension;
  first_of_dimension_.push_back(opens ? layers_.size() : first_of_dimension_.back());
  layers_.push_back(std::move(layer));
  taken_.emplace_back();
}

void Layers::orthogonalise(std::size_t dimension, Vector& values, std::vector<Vector>& taken) const {
  std::size_t earlier = 0;
  for (const Layer& layer : layers_) {
    if (layer.dimension != dimension) continue;
    const Columns x{{values.data()}, 1};
    Vector share = Vector::Zero(layer.levels);
    add_rows<1>(layer, weights_, x, 0, std::size_t(rows_), share.data());
    share.array() *= layer.inverse.array();
    subtract_rows<1>(layer, share.data(), x, 0, std::size_t(rows_));
    if (earlier < taken.size())
      taken[earlier] += share;
    else
      taken.push_back(std::move(share));
    ++earlier;
  }
}

void Layers::add_slope(std::size_t dimension, const Vector& slope) {
  const FixedEffect& effect = effects_[dimension];
  const Vector before = squares_by_level(effect.codes, effect.levels, weights_, slope);
  Vector values = slope;
  std::vector<Vector> taken;
  orthogonalise(dimension, values, taken);
  orthogonalise(dimension, values, taken);
  const Vector after = squares_by_level(effect.codes, effect.levels, weights_, values);
  constexpr double least = redundant_share * redundant_share;
  for (Index i = 0; i < rows_; ++i) {
    const std::int32_t level = effect.codes[std::size_t(i)];
    if (!(after[level] > least * before[level])) values[i] = 0;
  }
  add_layer(dimension, std::move(values));
  taken_.back() = std::move(taken);
  given_norms_.back() = before.cwiseSqrt();
}

Moments Layers::pass(const Columns& x, const std::vector<Interleaved>* coefficients, std::vector<Interleaved>& sums,
                     Workspace& work) const {
  const auto width = std::size_t(x.width), n = std::size_t(rows_);
  std::size_t length = 0;
  for (const Layer& layer : layers_) length += std::size_t(layer.levels) * width;
  const auto parts = std::size_t(partial_sums(rows_, Index(length / width)));
  const std::size_t part_rows = (n + parts - 1) / parts;
  double* partial = work.at_least(parts * length);
  std::vector<Moments> moments(parts);
  with_width(x.width, [&](auto w) {
    core::for_blocks(parts, 1, [&](std::size_t part, std::size_t) {
      std::fill_n(partial + part * length, length, 0.0);
      for (std::size_t begin = part * part_rows; begin < std::min((part + 1) * part_rows, n); begin += row_block) {
        const std::size_t end = std::min({begin + row_block, (part + 1) * part_rows, n});
        if (coefficients)
          for (std::size_t l = 0; l < layers_.size(); ++l)
            subtract_rows<w.value>(layers_[l], (*coefficients)[l].data(), x, begin, end);
        else
          add_moments<w.value>(weights_, x, begin, end, moments[part]);
        double* to = partial + part * length;
        for (const Layer& layer : layers_) {
          add_rows<w.value>(layer, weights_, x, begin, end, to);
          to += std::size_t(layer.levels) * width;
        }
      }
    });
  });
  add_partial_sums(partial, partial + length, parts, length);
  sums.resize(layers_.size());
  const double* from = partial;
  for (std::size_t l = 0; l < layers_.size(); ++l) {
    const std::size_t size = std::size_t(layers_[l].levels) * width;
    sums[l].assign(from, from + size);
    from += size;
  }
  for (std::size_t part = 1; part < parts; ++part) {
    moments[0].weight += moments[part].weight;
    for (std::size_t c = 0; c < width; ++c) {
      moments[0].sum[c] += moments[part].sum[c];
      moments[0].squares[c] += moments[part].squares[c];
    }
  }
  return moments[0];
}

double Layers::given_sum(std::size_t i, Index level, const std::vector<Interleaved>& sums, int width,
                         int column) const {
  const auto at = std::size_t(level * width + column);
  double sum = sums[i][at];
  for (std::size_t p = 0; p < taken_[i].size(); ++p) sum += taken_[i][p][level] * sums[first_of_dimension_[i] + p][at];
  return sum;
}

std::vector<Matrix> Layers::on_effects(const std::vector<Interleaved>& coefficients) const {
  std::vector<Matrix> result;
  for (const FixedEffect& effect : effects_)
    result.emplace_back(Matrix::Zero(effect.levels, Index(effect.intercept) + Index(effect.slopes.size())));
  // The last slope's coefficient stands; each slope gives back what was taken off it, last first.
  for (std::size_t l = layers_.size(); l-- > 0;) {
    Matrix& mine = result[layers_[l].dimension];
    const auto s = Index(l - first_of_dimension_[l]);
    mine.col(s) += Eigen::Map<const Vector>(coefficients[l].data(), layers_[l].levels);
    for (std::size_t p = 0; p < taken_[l].size(); ++p)
      mine.col(Index(p)).array() -= mine.col(s).array() * taken_[l][p].array();
  }
  return result;
}

}  // namespace numerics::absorption
