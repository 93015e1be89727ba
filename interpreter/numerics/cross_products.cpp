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

// One program for several processors: the wider registers change the speed and, lanes being fixed, no digit.
#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__) && !defined(__SANITIZE_ADDRESS__)
#define MOONTIDE_WIDE [[gnu::target_clones("avx2", "default")]]
#else
#define MOONTIDE_WIDE
#endif

using Four [[gnu::vector_size(32), gnu::may_alias]] = double;  // four neighbouring lanes
using Column = std::array<double, tile_rows>;

/// A tile of one column: value = high + low, both with 26 bits; of a computed column, a further `tail`.
struct Tile {
  alignas(32) Column value, high, low, tail;
};

MOONTIDE_WIDE void split(Tile& tile) {
  for (std::size_t i = 0; i < tile_rows; ++i) {
    const DoubleDouble h = halves(tile.value[i]);
    tile.high[i] = h.hi;
    tile.low[i] = h.lo;
  }
}

/// `count` rows of x times a power of two, padded with zeros.
MOONTIDE_WIDE void fill(Tile& tile, const double* x, double scale, std::size_t count) {
  if (count < tile_rows) tile.value.fill(0);
  std::memcpy(tile.value.data(), x, count * sizeof(double));
  for (std::size_t i = 0; i < tile_rows; ++i) tile.value[i] *= scale;
  split(tile);
}

/// Σ a_i b_i over the tile as lane sums and their errors; b with its tail when `with_tail`.
template <bool with_tail>
[[gnu::always_inline]] inline void multiply(const Tile& a, const Tile& b, std::array<double, lanes>& sum,
                                            std::array<double, lanes>& error) {
  const auto* x = reinterpret_cast<const Four*>(a.value.data());
  const auto* xh = reinterpret_cast<const Four*>(a.high.data());
  const auto* xl = reinterpret_cast<const Four*>(a.low.data());
  const auto* y = reinterpret_cast<const Four*>(b.value.data());
  const auto* yh = reinterpret_cast<const Four*>(b.high.data());
  const auto* yl = reinterpret_cast<const Four*>(b.low.data());
  const auto* yt = reinterpret_cast<const Four*>(b.tail.data());
  Four s0 = {}, s1 = {}, c0 = {}, c1 = {};
  const auto add = [&](std::size_t at, Four & s, Four & c) __attribute__((always_inline)) {
    const Four p = x[at] * y[at];
    Four e = ((xh[at] * yh[at] - p) + xh[at] * yl[at] + xl[at] * yh[at]) + xl[at] * yl[at];
    if constexpr (with_tail) e += x[at] * yt[at];
    const Four t = s + p, v = t - s;
    c += e + ((s - (t - v)) + (p - v));
    s = t;
  };
  for (std::size_t at = 0; at < tile_rows / 4; at += 2) {
    add(at, s0, c0);
    add(at + 1, s1, c1);
  }
  for (std::size_t l = 0; l < 4; ++l) {
    sum[l] = s0[l];
    sum[l + 4] = s1[l];
    error[l] = c0[l];
    error[l + 4] = c1[l];
  }
}
MOONTIDE_WIDE void multiply_plain(const Tile& a, const Tile& b, std::array<double, lanes>& sum,
                                  std::array<double, lanes>& error) {
  multiply<false>(a, b, sum, error);
}
MOONTIDE_WIDE void multiply_tailed(const Tile& a, const Tile& b, std::array<double, lanes>& sum,
                                   std::array<double, lanes>& error) {
  multiply<true>(a, b, sum, error);
}

DoubleDouble inner(const Tile& a, const Tile& b, bool with_tail) {
  std::array<double, lanes> sum, error;
  (with_tail ? multiply_tailed : multiply_plain)(a, b, sum, error);
  DoubleDouble total;
  for (std::size_t l = 0; l < lanes; ++l) total += two_sum(sum[l], error[l]);
  return total;
}

/// product = w · x, with the rounding error of the product in its tail. x with its tail when `with_tail`.
MOONTIDE_WIDE void weigh(Tile& product, const Tile& x, const Tile& w, bool with_tail) {
  for (std::size_t i = 0; i < tile_rows; ++i) {
    const double p = x.value[i] * w.value[i];
    product.value[i] = p;
    product.tail[i] = ((x.high[i] * w.high[i] - p) + x.high[i] * w.low[i] + x.low[i] * w.high[i]) + x.low[i] * w.low[i];
  }
  if (with_tail)
    for (std::size_t i = 0; i < tile_rows; ++i) product.tail[i] += x.tail[i] * w.value[i];
  split(product);
}

/// left −= x · b, in double-double without its halves.
MOONTIDE_WIDE void subtract(Tile& left, const Tile& x, const DoubleDouble& b) {
  const DoubleDouble c = -b, h = halves(c.hi);
  for (std::size_t i = 0; i < tile_rows; ++i) {
    const double p = x.value[i] * c.hi;
    const double e = ((x.high[i] * h.hi - p) + x.high[i] * h.lo + x.low[i] * h.hi) + x.low[i] * h.lo;
    const double t = left.value[i] + p, v = t - left.value[i];
    left.tail[i] += ((left.value[i] - (t - v)) + (p - v)) + (e + x.value[i] * c.lo);
    left.value[i] = t;
  }
}
MOONTIDE_WIDE void normalise(Tile& tile) {
  for (std::size_t i = 0; i < tile_rows; ++i) {
    const DoubleDouble s = two_sum(tile.value[i], tile.tail[i]);
    tile.value[i] = s.hi;
    tile.tail[i] = s.lo;
  }
  split(tile);
}

/// Tiles of every column from row `begin` on.
void fill(std::vector<Tile>& tiles, const ScaledColumns& columns, std::size_t begin, std::size_t count) {
  for (std::size_t j = 0; j < tiles.size(); ++j) fill(tiles[j], columns.data[j] + begin, columns.scale[j], count);
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
  const bool weighted = weights.size() != 0;
  std::vector<DoubleDoubleVector> parts((n + chunk_rows - 1) / chunk_rows);
  core::for_blocks(n, chunk_rows, [&](std::size_t begin, std::size_t end) {
    if (core::interrupt_requested()) return;
    DoubleDoubleVector sums(pairs);
    std::vector<Tile> tiles(m);
    Tile w, product;
    for (std::size_t at = begin; at < end; at += tile_rows) {
      const std::size_t count = std::min(tile_rows, end - at);
      fill(tiles, columns, at, count);
      if (weighted) fill(w, weights.data() + at, 1, count);
      std::size_t pair = 0;
      for (std::size_t j = 0; j < m; ++j) {
        if (weighted) weigh(product, tiles[j], w, false);
        for (std::size_t i = 0; i <= j; ++i) sums[pair++] += inner(tiles[i], weighted ? product : tiles[j], weighted);
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
  const bool weighted = weights.size() != 0;
  std::vector<DoubleDoubleVector> parts((n + chunk_rows - 1) / chunk_rows);
  Remainder out;
  out.residuals.resize(columns.rows);
  const double unscale = 1 / columns.scale.back();
  core::for_blocks(n, chunk_rows, [&](std::size_t begin, std::size_t end) {
    DoubleDoubleVector sums(sums_wanted);
    std::vector<Tile> tiles(columns.data.size());
    Tile left, w, product;
    for (std::size_t at = begin; at < end; at += tile_rows) {
      const std::size_t count = std::min(tile_rows, end - at);
      fill(tiles, columns, at, count);
      left.value = tiles.back().value;
      left.tail.fill(0);
      for (std::size_t j = 0; j < use.size(); ++j) subtract(left, tiles[static_cast<std::size_t>(use[j])], coef[j]);
      normalise(left);
      for (std::size_t i = 0; i < count; ++i)
        out.residuals[static_cast<Index>(at + i)] = (left.value[i] + left.tail[i]) * unscale;
      if (weighted) {
        fill(w, weights.data() + at, 1, count);
        weigh(product, left, w, true);
      }
      const Tile& weighted_left = weighted ? product : left;
      sums[0] += inner(left, weighted_left, true);
      if (with_gradient)
        for (std::size_t j = 0; j < use.size(); ++j)
          sums[j + 1] += inner(tiles[static_cast<std::size_t>(use[j])], weighted_left, true);
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
