#include "numerics/absorb_reduced.hpp"

#include "core/parallel.hpp"

#include <algorithm>
#include <numeric>
#include <utility>

namespace numerics::absorption {
namespace {

constexpr std::size_t sort_block = 65'536;

/// Fills `starts` (zeros, levels + 1) with the first place of each level and returns the rows in the order of their
/// level, equal levels in the order given; empty when they are so already.
Integers order_by(const Codes& codes, std::vector<std::int32_t>& starts) {
  const std::size_t n = codes.size(), levels = starts.size() - 1;
  const auto parts = std::size_t(partial_sums(Index(n), Index(levels))), part_rows = (n + parts - 1) / parts;
  // next[part][level]: how many, then where that part's rows of the level go
  std::vector<std::int32_t> next(parts * levels, 0);
  std::vector<char> sorted(parts, 1);
  core::for_blocks(parts, 1, [&](std::size_t part, std::size_t) {
    std::int32_t* mine = next.data() + part * levels;
    bool ascending = true;
    for (std::size_t i = part * part_rows; i < std::min((part + 1) * part_rows, n); ++i) {
      ++mine[codes[i]];
      ascending = ascending && (i == 0 || codes[i - 1] <= codes[i]);
    }
    sorted[part] = ascending;
  });
  std::int32_t place = 0;
  for (std::size_t level = 0; level < levels; ++level) {
    starts[level] = place;
    for (std::size_t part = 0; part < parts; ++part) {
      std::int32_t& count = next[part * levels + level];
      place += std::exchange(count, place);
    }
  }
  starts[levels] = place;
  if (std::all_of(sorted.begin(), sorted.end(), [](char s) { return s != 0; })) return {};
  Integers order{Index(n)};
  core::for_blocks(parts, 1, [&](std::size_t part, std::size_t) {
    std::int32_t* mine = next.data() + part * levels;
    for (std::size_t i = part * part_rows; i < std::min((part + 1) * part_rows, n); ++i)
      order[mine[codes[i]]++] = std::int32_t(i);
  });
  return order;
}

}  // namespace

Reduced::Reduced(const Layers& layers) : layers_(layers) {
  const auto parameters = [&](std::size_t d) {
    return Index(layers.effects()[d].levels) *
           (Index(layers.effects()[d].intercept) + Index(layers.effects()[d].slopes.size()));
  };
  // Largest dimension first; of equal ones, the first given.
  std::vector<std::size_t> by_size(layers.effects().size());
  std::iota(by_size.begin(), by_size.end(), std::size_t{0});
  std::stable_sort(by_size.begin(), by_size.end(),
                   [&](std::size_t a, std::size_t b) { return parameters(a) > parameters(b); });
  dimension_ = by_size[0];
  for (const std::size_t d : by_size)
    for (std::size_t l = 0; l < layers.size(); ++l) {
      if (layers[l].dimension != d) continue;
      Part& part = d == dimension_ ? own_.emplace_back() : others_.emplace_back();
      part.layer = l;
      if (d == dimension_) continue;
      part.offset = size_;
      size_ += layers[l].levels;
    }
  gram_.resize(size_);
  for (const Part& part : others_) gram_.segment(part.offset, layers[part.layer].levels) = layers[part.layer].gram;
  sort_rows();

  const std::size_t levels = starts_.size() - 1, n = std::size_t(rows());
  const auto parts = std::size_t(partial_sums(rows(), size_));
  chunks_.push_back(0);
  for (std::size_t level = 0; level < levels; ++level) {
    longest_ = std::max(longest_, std::size_t(starts_[level + 1] - starts_[level]));
    if (std::size_t(starts_[level + 1]) * parts >= n * chunks_.size() && chunks_.size() < parts)
      chunks_.push_back(level + 1);
  }
  chunks_.push_back(levels);
}

void Reduced::sort_rows() {
  const FixedEffect& effect = layers_.effects()[dimension_];
  const auto n = std::size_t(rows());
  starts_.assign(std::size_t(effect.levels) + 1, 0);
  const Integers order = order_by(effect.codes, starts_);
  const auto sorted = [&](const auto* from, auto& to) -> decltype(from) {
    if (order.size() == 0) return from;
    to.resize(Index(n));
    core::for_blocks(n, sort_block, [&](std::size_t begin, std::size_t end) {
      for (std::size_t i = begin; i < end; ++i) to[Index(i)] = from[order[Index(i)]];
    });
    return to.data();
  };
  for (std::vector<Part>* parts : {&others_, &own_})
    for (Part& part : *parts) {
      const Layer& layer = layers_[part.layer];
      if (parts == &others_) part.codes = sorted(layer.codes->data(), part.sorted_codes);
      if (layer.values.size() > 0) part.values = sorted(layer.values.data(), part.sorted_values);
      plain_ = plain_ && !part.values;
    }
  if (layers_.weights().size() > 0) weights_ = sorted(layers_.weights().data(), sorted_weights_);
  plain_ = plain_ && !weights_;
}

template <int width, int others, bool plain>
void Reduced::apply_levels(std::size_t begin, std::size_t end, const double* u, double* out, double* fitted) const {
  const std::size_t parts = others > 0 ? std::size_t(others) : others_.size();
  for (std::size_t level = begin; level < end; ++level) {
    const auto first = std::size_t(starts_[level]), last = std::size_t(starts_[level + 1]);
    // fitted = O u, and its residual after the eliminated layers
    for (std::size_t i = first; i < last; ++i) {
      double* f = fitted + (i - first) * width;
      for (int c = 0; c < width; ++c) f[c] = 0;
      for (std::size_t p = 0; p < parts; ++p) {
        const Part& part = others_[p];
        const double* from = u + std::size_t(part.offset + part.codes[i]) * width;
        const double value = plain ? 1.0 : part.value(i);
        for (int c = 0; c < width; ++c) f[c] += plain ? from[c] : value * from[c];
      }
    }
    for (const Part& own : own_) {
      double total[width] = {};
      for (std::size_t i = first; i < last; ++i) {
        const double* f = fitted + (i - first) * width;
        const double value = plain ? 1.0 : weight(i) * own.value(i);
        for (int c = 0; c < width; ++c) total[c] += plain ? f[c] : value * f[c];
      }
      const double inverse = layers_[own.layer].inverse[Index(level)];
      for (int c = 0; c < width; ++c) total[c] *= inverse;
      for (std::size_t i = first; i < last; ++i) {
        double* f = fitted + (i - first) * width;
        const double value = plain ? 1.0 : own.value(i);
        for (int c = 0; c < width; ++c) f[c] -= plain ? total[c] : value * total[c];
      }
    }
    for (std::size_t i = first; i < last; ++i) {
      const double* f = fitted + (i - first) * width;
      for (std::size_t p = 0; p < parts; ++p) {
        const Part& part = others_[p];
        double* to = out + std::size_t(part.offset + part.codes[i]) * width;
        const double value = plain ? 1.0 : weight(i) * part.value(i);
        for (int c = 0; c < width; ++c) to[c] += plain ? f[c] : value * f[c];
      }
    }
  }
}

void Reduced::apply(const Interleaved& u, Interleaved& out, int width, Workspace& work) const {
  const std::size_t length = std::size_t(size_) * std::size_t(width), parts = chunks_.size() - 1;
  const std::size_t scratch = longest_ * std::size_t(width);
  out.assign(length, 0);
  double* partial = work.at_least((parts - 1) * length + parts * scratch);
  with_width(width, [&](auto w) {
    core::for_blocks(parts, 1, [&](std::size_t part, std::size_t) {
      double* target = part > 0 ? partial + (part - 1) * length : out.data();
      if (part > 0) std::fill_n(target, length, 0.0);
      double* fitted = partial + (parts - 1) * length + part * scratch;
      const std::size_t begin = chunks_[part], end = chunks_[part + 1];
      if (!plain_)
        apply_levels<w.value, 0, false>(begin, end, u.data(), target, fitted);
      else if (others_.size() == 1)
        apply_levels<w.value, 1, true>(begin, end, u.data(), target, fitted);
      else if (others_.size() == 2)
        apply_levels<w.value, 2, true>(begin, end, u.data(), target, fitted);
      else
        apply_levels<w.value, 0, true>(begin, end, u.data(), target, fitted);
    });
  });
  add_partial_sums(out.data(), partial, parts, length);
}

template <int width, bool plain>
void Reduced::scatter_levels(std::size_t begin, std::size_t end, const std::vector<Interleaved>& sums,
                             double* out) const {
  for (std::size_t level = begin; level < end; ++level)
    for (const Part& own : own_) {
      double fit[width];
      const double inverse = layers_[own.layer].inverse[Index(level)];
      for (std::size_t c = 0; c < width; ++c) fit[c] = sums[own.layer][level * width + c] * inverse;
      for (const Part& other : others_) {
        double* block = out + other.offset * width;
        for (auto i = std::size_t(starts_[level]); i < std::size_t(starts_[level + 1]); ++i) {
          double* to = block + std::size_t(other.codes[i]) * width;
          const double value = plain ? 1.0 : weight(i) * own.value(i) * other.value(i);
          for (int c = 0; c < width; ++c) to[c] += plain ? fit[c] : value * fit[c];
        }
      }
    }
}

Interleaved Reduced::right_side(const std::vector<Interleaved>& sums, int width, Workspace& work) const {
  const std::size_t length = std::size_t(size_) * std::size_t(width), parts = chunks_.size() - 1;
  double* partial = work.at_least(parts * length);
  with_width(width, [&](auto w) {
    core::for_blocks(parts, 1, [&](std::size_t part, std::size_t) {
      double* target = partial + part * length;
      std::fill_n(target, length, 0.0);
      if (plain_)
        scatter_levels<w.value, true>(chunks_[part], chunks_[part + 1], sums, target);
      else
        scatter_levels<w.value, false>(chunks_[part], chunks_[part + 1], sums, target);
    });
  });
  add_partial_sums(partial, partial + length, parts, length);
  Interleaved out(length);
  for (const Part& other : others_)
    std::copy(sums[other.layer].begin(), sums[other.layer].end(), out.begin() + other.offset * width);
  for (std::size_t j = 0; j < length; ++j) out[j] -= partial[j];
  return out;
}

template <int width, bool plain>
void Reduced::gather_levels(std::size_t begin, std::size_t end, const double* u, const std::vector<Interleaved>& sums,
                            std::vector<Interleaved>& result) const {
  for (std::size_t level = begin; level < end; ++level)
    for (const Part& own : own_) {
      double total[width] = {};
      for (const Part& other : others_) {
        const double* block = u + other.offset * width;
        for (auto i = std::size_t(starts_[level]); i < std::size_t(starts_[level + 1]); ++i) {
          const double* from = block + std::size_t(other.codes[i]) * width;
          const double value = plain ? 1.0 : weight(i) * own.value(i) * other.value(i);
          for (int c = 0; c < width; ++c) total[c] += plain ? from[c] : value * from[c];
        }
      }
      const double inverse = layers_[own.layer].inverse[Index(level)];
      for (std::size_t c = 0; c < width; ++c)
        result[own.layer][level * width + c] = inverse * (sums[own.layer][level * width + c] - total[c]);
    }
}

std::vector<Interleaved> Reduced::coefficients(const Interleaved& u, const std::vector<Interleaved>& sums,
                                               int width) const {
  std::vector<Interleaved> result(layers_.size());
  for (const Part& other : others_) {
    const auto begin = u.begin() + other.offset * width;
    result[other.layer].assign(begin, begin + levels(other) * width);
  }
  for (const Part& own : own_) result[own.layer].resize(sums[own.layer].size());
  with_width(width, [&](auto w) {
    core::for_blocks(starts_.size() - 1, 1024, [&](std::size_t begin, std::size_t end) {
      if (plain_)
        gather_levels<w.value, true>(begin, end, u.data(), sums, result);
      else
        gather_levels<w.value, false>(begin, end, u.data(), sums, result);
    });
  });
  return result;
}

}  // namespace numerics::absorption
