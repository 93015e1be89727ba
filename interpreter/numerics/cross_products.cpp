// Products are split into exact high and low parts (Dekker 1971) and summed with error-free additions (Ogita, Rump &
// Oishi 2005) in eight fixed lanes per tile, so that the order of additions depends on neither threads nor the width
// of vector registers.
#include "numerics/cross_products.hpp"

#include "core/interrupt.hpp"
#include "core/parallel.hpp"

#include <array>
#include <cmath>
#include <cstddef>
#include <cstring>

namespace numerics {
namespace {

constexpr std::size_t tile_rows = 256, chunk_rows = 8192, lanes = 8;

using Two [[gnu::vector_size(16)]] = double;  // two neighbouring lanes

Two load(const double* p) {
  Two v;
  std::memcpy(&v, p, sizeof v);
  return v;
}

/// A tile of one column: value = high + low, both with 26 bits, and a further `tail` (of a weighted column).
struct Tile {
  alignas(16) std::array<double, tile_rows> value, high, low, tail;

  void set(std::size_t i, DoubleDouble x) {
    const DoubleDouble h = halves(x.hi);
    value[i] = x.hi;
    high[i] = h.hi;
    low[i] = h.lo;
    tail[i] = x.lo;
  }
};

/// Σ a_i b_i over the tile; a without tail, b with its tail when `with_tail`.
template <bool with_tail>
DoubleDouble inner(const Tile& a, const Tile& b) {
  std::array<Two, lanes / 2> s{}, c{};
  for (std::size_t i = 0; i < tile_rows; i += lanes) {
    for (std::size_t l = 0; l < lanes / 2; ++l) {
      const std::size_t at = i + 2 * l;
      const Two x = load(&a.value[at]), xh = load(&a.high[at]), xl = load(&a.low[at]);
      const Two y = load(&b.value[at]), yh = load(&b.high[at]), yl = load(&b.low[at]);
      const Two p = x * y;
      Two e = ((xh * yh - p) + xh * yl + xl * yh) + xl * yl;
      if constexpr (with_tail) e += x * load(&b.tail[at]);
      const Two t = s[l] + p, v = t - s[l];
      e += (s[l] - (t - v)) + (p - v);
      s[l] = t;
      c[l] += e;
    }
  }
  DoubleDouble total;
  for (std::size_t l = 0; l < lanes; ++l) total += two_sum(s[l / 2][l % 2], c[l / 2][l % 2]);
  return total;
}

/// The columns' tiles from row `begin` on, padded with zeros.
void fill(std::vector<Tile>& tiles, const ScaledColumns& columns, std::size_t begin, std::size_t count) {
  for (std::size_t j = 0; j < tiles.size(); ++j) {
    const double* x = columns.data[j] + begin;
    const double scale = columns.scale[j];
    for (std::size_t i = 0; i < count; ++i) tiles[j].set(i, x[i] * scale);
    for (std::size_t i = count; i < tile_rows; ++i) tiles[j].set(i, 0.0);
  }
}

/// tile = w · from, with the rounding error of the product in its tail.
void weigh(Tile& tile, const Tile& from, const double* w, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) {
    const DoubleDouble p = two_product(from.value[i], w[i]);
    tile.set(i, quick_two_sum(p.hi, p.lo + from.tail[i] * w[i]));
  }
  for (std::size_t i = count; i < tile_rows; ++i) tile.set(i, 0.0);
}

/// tile = y − Σ_j x_j coef_j: the last tile less the used ones, in double-double.
void subtract(Tile& tile, const std::vector<Tile>& tiles, const std::vector<Index>& use,
              const DoubleDoubleVector& coef) {
  std::array<double, tile_rows> s = tiles.back().value, c{};
  for (std::size_t j = 0; j < use.size(); ++j) {
    const Tile& x = tiles[static_cast<std::size_t>(use[j])];
    const DoubleDouble b = -coef[j], h = halves(b.hi);
    for (std::size_t i = 0; i < tile_rows; ++i) {
      const double p = x.value[i] * b.hi;
      const double e = ((x.high[i] * h.hi - p) + x.high[i] * h.lo + x.low[i] * h.hi) + x.low[i] * h.lo;
      const double t = s[i] + p, v = t - s[i];
      c[i] += ((s[i] - (t - v)) + (p - v)) + (e + x.value[i] * b.lo);
      s[i] = t;
    }
  }
  for (std::size_t i = 0; i < tile_rows; ++i) tile.set(i, two_sum(s[i], c[i]));
}

template <class Sums>
DoubleDoubleVector added_up(const std::vector<Sums>& parts, std::size_t count) {
  DoubleDoubleVector total(count);
  for (const Sums& part : parts)
    for (std::size_t i = 0; i < count; ++i) total[i] += part[i];
  return total;
}

}  // namespace

ScaledColumns scaled_columns(const Matrix& X, const Vector& y) {
  ScaledColumns out;
  out.rows = y.size();
  for (Index j = 0; j <= X.cols(); ++j) out.data.push_back(j < X.cols() ? X.col(j).data() : y.data());
  out.scale.resize(out.data.size(), 1.0);
  const auto n = static_cast<std::size_t>(out.rows);
  const std::size_t blocks = (n + chunk_rows - 1) / chunk_rows;
  std::vector<std::vector<double>> largest(blocks, std::vector<double>(out.data.size(), 0.0));
  core::for_blocks(n, chunk_rows, [&](std::size_t begin, std::size_t end) {
    for (std::size_t j = 0; j < out.data.size(); ++j)
      largest[begin / chunk_rows][j] =
          Eigen::Map<const Vector>(out.data[j] + begin, static_cast<Index>(end - begin)).cwiseAbs().maxCoeff();
  });
  for (std::size_t j = 0; j < out.data.size(); ++j) {
    double top = 0;
    for (const std::vector<double>& block : largest) top = std::max(top, block[j]);
    if (top > 0) out.scale[j] = std::ldexp(1.0, -(std::ilogb(top) + 1));
  }
  return out;
}

DoubleDoubleMatrix cross_products(const ScaledColumns& columns, const Vector& weights) {
  const std::size_t m = columns.data.size(), pairs = m * (m + 1) / 2;
  const auto n = static_cast<std::size_t>(columns.rows);
  std::vector<DoubleDoubleVector> parts((n + chunk_rows - 1) / chunk_rows);
  core::for_blocks(n, chunk_rows, [&](std::size_t begin, std::size_t end) {
    if (core::interrupt_requested()) return;
    DoubleDoubleVector sums(pairs);
    std::vector<Tile> tiles(m);
    Tile weighted;
    for (std::size_t at = begin; at < end; at += tile_rows) {
      const std::size_t count = std::min(tile_rows, end - at);
      fill(tiles, columns, at, count);
      std::size_t pair = 0;
      for (std::size_t j = 0; j < m; ++j) {
        if (weights.size() != 0) weigh(weighted, tiles[j], weights.data() + at, count);
        for (std::size_t i = 0; i <= j; ++i)
          sums[pair++] += weights.size() != 0 ? inner<true>(tiles[i], weighted) : inner<false>(tiles[i], tiles[j]);
      }
    }
    parts[begin / chunk_rows] = std::move(sums);
  });
  core::poll();
  const DoubleDoubleVector total = added_up(parts, pairs);
  DoubleDoubleMatrix gram(static_cast<Index>(m), static_cast<Index>(m));
  std::size_t pair = 0;
  for (Index j = 0; j < static_cast<Index>(m); ++j)
    for (Index i = 0; i <= j; ++i) gram(i, j) = gram(j, i) = total[pair++];
  return gram;
}

Remainder remainder(const ScaledColumns& columns, const std::vector<Index>& use, const DoubleDoubleVector& coef,
                    const Vector& weights, bool with_gradient) {
  const auto n = static_cast<std::size_t>(columns.rows);
  const std::size_t sums_wanted = 1 + (with_gradient ? use.size() : 0);
  std::vector<DoubleDoubleVector> parts((n + chunk_rows - 1) / chunk_rows);
  Remainder out;
  out.residuals.resize(columns.rows);
  const double unscale = 1 / columns.scale.back();
  core::for_blocks(n, chunk_rows, [&](std::size_t begin, std::size_t end) {
    DoubleDoubleVector sums(sums_wanted);
    std::vector<Tile> tiles(columns.data.size());
    Tile left, weighted;
    for (std::size_t at = begin; at < end; at += tile_rows) {
      const std::size_t count = std::min(tile_rows, end - at);
      fill(tiles, columns, at, count);
      subtract(left, tiles, use, coef);
      for (std::size_t i = 0; i < count; ++i)
        out.residuals[static_cast<Index>(at + i)] = (left.value[i] + left.tail[i]) * unscale;
      if (weights.size() != 0)
        weigh(weighted, left, weights.data() + at, count);
      else
        weighted = left;
      sums[0] += inner<true>(left, weighted);
      if (with_gradient)
        for (std::size_t j = 0; j < use.size(); ++j)
          sums[j + 1] += inner<true>(tiles[static_cast<std::size_t>(use[j])], weighted);
    }
    parts[begin / chunk_rows] = std::move(sums);
  });
  core::poll();
  const DoubleDoubleVector total = added_up(parts, sums_wanted);
  out.rss = static_cast<double>(total[0]) * unscale * unscale;
  if (with_gradient) out.gradient.assign(total.begin() + 1, total.end());
  return out;
}

}  // namespace numerics
