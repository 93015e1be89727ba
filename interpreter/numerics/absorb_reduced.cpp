#include "numerics/absorb_reduced.hpp"

#include "core/parallel.hpp"

#include <algorithm>
#include <numeric>

namespace numerics::absorption {
namespace {

/// Rows in the order of their level, equal levels in the order given; empty when they are so already.
std::vector<std::int32_t> order_by(const Codes& codes, std::vector<std::int32_t>& starts) {
  for (const std::int32_t code : codes) ++starts[std::size_t(code) + 1];
  std::partial_sum(starts.begin(), starts.end(), starts.begin());
  if (std::is_sorted(codes.begin(), codes.end())) return {};
  std::vector<std::int32_t> next(starts.begin(), starts.end() - 1), order(codes.size());
  for (std::size_t i = 0; i < codes.size(); ++i) order[std::size_t(next[std::size_t(codes[i])]++)] = std::int32_t(i);
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
      if (d == dimension_) {
        own_.push_back({l, 0, {}, {}});
      } else {
        others_.push_back({l, size_, {}, {}});
        size_ += layers[l].levels;
      }
    }
  gram_.resize(size_);
  for (const Part& part : others_) gram_.segment(part.offset, layers[part.layer].levels) = layers[part.layer].gram;
  sort_rows();

  const std::size_t levels = starts_.size() - 1;
  const auto parts = std::size_t(partial_sums(Index(cells_), size_));
  chunks_.push_back(0);
  for (std::size_t level = 0; level < levels; ++level) {
    longest_ = std::max(longest_, std::size_t(starts_[level + 1] - starts_[level]));
    if (std::size_t(starts_[level + 1]) * parts >= cells_ * chunks_.size() && chunks_.size() < parts)
      chunks_.push_back(level + 1);
  }
  chunks_.push_back(levels);
}

void Reduced::sort_rows() {
  const FixedEffect& effect = layers_.effects()[dimension_];
  const auto n = std::size_t(layers_.rows());
  starts_.assign(std::size_t(effect.levels) + 1, 0);
  std::vector<std::int32_t> order = order_by(effect.codes, starts_);
  cells_ = n;
  const auto row = [&](std::size_t i) { return order.empty() ? i : std::size_t(order[i]); };
  const auto take = [&](const Vector& from, std::vector<double>& to) {
    if (from.size() == 0) return;
    to.resize(n);
    core::for_blocks(n, 65'536, [&](std::size_t begin, std::size_t end) {
      for (std::size_t i = begin; i < end; ++i) to[i] = from[Index(row(i))];
    });
  };
  for (Part& part : others_) {
    const Codes& codes = *layers_[part.layer].codes;
    part.column.resize(n);
    core::for_blocks(n, 65'536, [&](std::size_t begin, std::size_t end) {
      for (std::size_t i = begin; i < end; ++i) part.column[i] = std::int32_t(part.offset) + codes[row(i)];
    });
    take(layers_[part.layer].values, part.values);
  }
  for (Part& part : own_) take(layers_[part.layer].values, part.values);
  take(layers_.weights(), weights_);
}

template <int width, int others, bool plain>
void Reduced::levels_apply(std::size_t begin, std::size_t end, const double* u, double* out, double* fitted) const {
  const std::size_t parts = others > 0 ? std::size_t(others) : others_.size();
  const bool weighted = !plain && !weights_.empty();
  for (std::size_t level = begin; level < end; ++level) {
    const auto first = std::size_t(starts_[level]), last = std::size_t(starts_[level + 1]);
    // fitted = O u, and its residual after the eliminated layers
    for (std::size_t i = first; i < last; ++i) {
      double* f = fitted + (i - first) * width;
      for (int c = 0; c < width; ++c) f[c] = 0;
      for (std::size_t p = 0; p < parts; ++p) {
        const double* from = u + std::size_t(others_[p].column[i]) * width;
        const double value = plain || others_[p].values.empty() ? 1.0 : others_[p].values[i];
        for (int c = 0; c < width; ++c) f[c] += plain ? from[c] : value * from[c];
      }
    }
    for (const Part& own : own_) {
      double total[width] = {};
      for (std::size_t i = first; i < last; ++i) {
        const double* f = fitted + (i - first) * width;
        const double value = plain ? 1.0 : (weighted ? weights_[i] : 1.0) * (own.values.empty() ? 1.0 : own.values[i]);
        for (int c = 0; c < width; ++c) total[c] += plain ? f[c] : value * f[c];
      }
      const double inverse = layers_[own.layer].inverse[Index(level)];
      for (int c = 0; c < width; ++c) total[c] *= inverse;
      for (std::size_t i = first; i < last; ++i) {
        double* f = fitted + (i - first) * width;
        const double value = plain || own.values.empty() ? 1.0 : own.values[i];
        for (int c = 0; c < width; ++c) f[c] -= plain ? total[c] : value * total[c];
      }
    }
    for (std::size_t i = first; i < last; ++i) {
      const double* f = fitted + (i - first) * width;
      for (std::size_t p = 0; p < parts; ++p) {
        double* to = out + std::size_t(others_[p].column[i]) * width;
        const double value =
            plain ? 1.0 : (weighted ? weights_[i] : 1.0) * (others_[p].values.empty() ? 1.0 : others_[p].values[i]);
        for (int c = 0; c < width; ++c) to[c] += plain ? f[c] : value * f[c];
      }
    }
  }
}

void Reduced::apply(const Interleaved& u, Interleaved& out, int width, Workspace& work) const {
  const std::size_t length = std::size_t(size_) * std::size_t(width), parts = chunks_.size() - 1;
  const std::size_t scratch = longest_ * std::size_t(width);
  out.assign(length, 0);
  work.partial.resize(std::max(work.partial.size(), (parts - 1) * length + parts * scratch));
  const bool sloped = std::any_of(others_.begin(), others_.end(), [](const Part& p) { return !p.values.empty(); }) ||
                      std::any_of(own_.begin(), own_.end(), [](const Part& p) { return !p.values.empty(); });
  const bool plain = !sloped && weights_.empty();
  with_width(width, [&](auto w) {
    core::for_blocks(parts, 1, [&](std::size_t part, std::size_t) {
      double* target = out.data();
      if (part > 0) {
        target = work.partial.data() + (part - 1) * length;
        std::fill_n(target, length, 0.0);
      }
      double* fitted = work.partial.data() + (parts - 1) * length + part * scratch;
      const std::size_t begin = chunks_[part], end = chunks_[part + 1];
      if (!plain)
        levels_apply<w.value, 0, false>(begin, end, u.data(), target, fitted);
      else if (others_.size() == 1)
        levels_apply<w.value, 1, true>(begin, end, u.data(), target, fitted);
      else if (others_.size() == 2)
        levels_apply<w.value, 2, true>(begin, end, u.data(), target, fitted);
      else
        levels_apply<w.value, 0, true>(begin, end, u.data(), target, fitted);
    });
  });
  core::for_blocks(length, 4096, [&](std::size_t begin, std::size_t end) {
    for (std::size_t part = 1; part < parts; ++part) {
      const double* source = work.partial.data() + (part - 1) * length;
      for (std::size_t j = begin; j < end; ++j) out[j] += source[j];
    }
  });
}

Interleaved Reduced::right_side(const std::vector<Interleaved>& sums, int width, Workspace& work) const {
  const auto w = std::size_t(width);
  const std::size_t length = std::size_t(size_) * w, parts = chunks_.size() - 1;
  work.partial.resize(std::max(work.partial.size(), parts * length));
  core::for_blocks(parts, 1, [&](std::size_t part, std::size_t) {
    double* target = work.partial.data() + part * length;
    std::fill_n(target, length, 0.0);
    for (std::size_t level = chunks_[part]; level < chunks_[part + 1]; ++level) {
      for (const Part& own : own_) {
        double fit[max_width];
        for (std::size_t c = 0; c < w; ++c)
          fit[c] = sums[own.layer][level * w + c] * layers_[own.layer].inverse[Index(level)];
        for (auto i = std::size_t(starts_[level]); i < std::size_t(starts_[level + 1]); ++i) {
          const double factor = (weights_.empty() ? 1.0 : weights_[i]) * (own.values.empty() ? 1.0 : own.values[i]);
          for (const Part& other : others_) {
            double* to = target + std::size_t(other.column[i]) * w;
            const double value = other.values.empty() ? factor : factor * other.values[i];
            for (std::size_t c = 0; c < w; ++c) to[c] += value * fit[c];
          }
        }
      }
    }
  });
  Interleaved out(length);
  for (const Part& other : others_)
    std::copy(sums[other.layer].begin(), sums[other.layer].end(), out.begin() + other.offset * width);
  core::for_blocks(length, 4096, [&](std::size_t begin, std::size_t end) {
    for (std::size_t part = 0; part < parts; ++part) {
      const double* source = work.partial.data() + part * length;
      for (std::size_t j = begin; j < end; ++j) out[j] -= source[j];
    }
  });
  return out;
}

std::vector<Interleaved> Reduced::coefficients(const Interleaved& u, const std::vector<Interleaved>& sums,
                                               int width) const {
  const auto w = std::size_t(width);
  std::vector<Interleaved> result(layers_.size());
  for (const Part& other : others_) {
    const auto begin = u.begin() + other.offset * width;
    result[other.layer].assign(begin, begin + layers_[other.layer].levels * width);
  }
  for (const Part& own : own_) result[own.layer].resize(sums[own.layer].size());
  core::for_blocks(starts_.size() - 1, 1024, [&](std::size_t begin, std::size_t end) {
    for (std::size_t level = begin; level < end; ++level) {
      for (const Part& own : own_) {
        double total[max_width] = {};
        for (auto i = std::size_t(starts_[level]); i < std::size_t(starts_[level + 1]); ++i) {
          const double factor = (weights_.empty() ? 1.0 : weights_[i]) * (own.values.empty() ? 1.0 : own.values[i]);
          for (const Part& other : others_) {
            const double* from = u.data() + std::size_t(other.column[i]) * w;
            const double value = other.values.empty() ? factor : factor * other.values[i];
            for (std::size_t c = 0; c < w; ++c) total[c] += value * from[c];
          }
        }
        const double inverse = layers_[own.layer].inverse[Index(level)];
        for (std::size_t c = 0; c < w; ++c)
          result[own.layer][level * w + c] = inverse * (sums[own.layer][level * w + c] - total[c]);
      }
    }
  });
  return result;
}

}  // namespace numerics::absorption
